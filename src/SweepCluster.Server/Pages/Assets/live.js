// Live pages: takes parts that changed from the server and swaps what differs, keeps the visitor's place, and sends forms without leaving the page. Everything works without it.
(function () {
  "use strict";
  var root = document.documentElement, main = document.getElementById("main"), live = main && main.getAttribute("data-live");
  var notice = document.querySelector(".link-state");
  function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }
  function closest(event, selector) { return event.target.closest ? event.target.closest(selector) : null; }
  function say(text, tone) { notice.hidden = !text; notice.textContent = text || ""; notice.className = "link-state " + (tone || ""); }

  // The next page has the chosen colours from its first moment.
  document.addEventListener("click", function (event) {
    if (closest(event, ".theme")) {
      setTimeout(function () {
        var theme = root.getAttribute("data-theme");
        document.cookie = "theme=" + (theme || "") + "; path=/; samesite=lax; max-age=" + (theme ? 31536000 : 0);
      });
    }
  });

  // Times in the visitor's own zone.
  function localize(within) {
    all("time[datetime]", within).forEach(function (item) {
      var at = new Date(item.getAttribute("datetime"));
      if (!isNaN(at)) {
        item.title = item.getAttribute("datetime");
        item.textContent = at.toLocaleString(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", year: at.getFullYear() === new Date().getFullYear() ? undefined : "numeric" });
      }
    });
  }
  localize(document);

  // Makes one tree read like another, touching only what differs: focus, open details, selection and scrolling stay where they are.
  var kept = { open: ["DETAILS", "DIALOG"], tabindex: null, value: ["INPUT", "SELECT", "TEXTAREA"], checked: ["INPUT"], selected: ["OPTION"] };
  function keeps(item, name) { return name === "tabindex" || (kept[name] && kept[name].indexOf(item.tagName) !== -1); }
  function keyOf(node) { return node.nodeType === 1 ? node.id || (node.getAttribute("data-trial") ? node.nodeName + node.getAttribute("data-trial") : "") : ""; }
  function like(a, b) { return a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b); }
  function morph(from, to) {
    if (from.isEqualNode(to)) { return; }
    if (from.nodeType !== 1) { if (from.nodeValue !== to.nodeValue) { from.nodeValue = to.nodeValue; } return; }
    var i, name;
    for (i = 0; i < to.attributes.length; i++) {
      name = to.attributes[i].name;
      if (from.getAttribute(name) !== to.attributes[i].value && !(keeps(from, name) && (from.hasAttribute(name) || name === "open" || name === "selected" || name === "checked"))) {
        from.setAttribute(name, to.attributes[i].value);
      }
    }
    for (i = from.attributes.length - 1; i >= 0; i--) {
      name = from.attributes[i].name;
      if (!to.hasAttribute(name) && !keeps(from, name)) { from.removeAttribute(name); }
    }
    // A field that nobody changed says what the server says.
    if (from.tagName === "INPUT" && to.hasAttribute("value") && from.getAttribute("value") !== to.getAttribute("value") && document.activeElement !== from) {
      var touched = from.value !== from.defaultValue;
      from.setAttribute("value", to.getAttribute("value"));
      if (!touched) { from.value = to.getAttribute("value"); }
    }
    children(from, to);
  }
  function children(from, to) {
    var keyed = {}, node, next, key;
    for (node = from.firstChild; node; node = node.nextSibling) { key = keyOf(node); if (key) { keyed[key] = node; } }
    var at = from.firstChild;
    for (node = to.firstChild; node; node = next) {
      next = node.nextSibling;
      key = keyOf(node);
      var match = key ? keyed[key] : at && !keyOf(at) && like(at, node) ? at : null;
      if (match && like(match, node)) {
        if (match === at) { at = at.nextSibling; } else { from.insertBefore(match, at); }
        if (key) { delete keyed[key]; }
        morph(match, node);
      } else {
        from.insertBefore(node, at);
      }
    }
    while (at) { next = at.nextSibling; from.removeChild(at); at = next; }
  }

  // Parts.
  var waiting = {};
  function partOf(name) { return document.querySelector('[data-part="' + name + '"]'); }
  function isBusy(part) {
    var focus = document.activeElement, chosen = document.getSelection();
    if (focus && part.contains(focus) && /^(INPUT|SELECT|TEXTAREA)$/.test(focus.tagName)) { return true; }
    if (part.querySelector(":popover-open")) { return true; }
    return chosen && !chosen.isCollapsed && chosen.anchorNode && part.contains(chosen.anchorNode);
  }
  function build(html) { var fresh = document.createElement("div"); fresh.innerHTML = html; localize(fresh); document.dispatchEvent(new CustomEvent("sweep:prepare", { detail: fresh })); return fresh; }
  function swap(data, force) {
    var part = partOf(data.name);
    if (!part) {
      part = document.createElement("div");
      part.className = "part part-" + data.name;
      part.setAttribute("data-part", data.name);
      var before = data.after && partOf(data.after);
      main.insertBefore(part, before ? before.nextSibling : null);
    }
    if (part.getAttribute("data-hash") === data.hash && !force) { return; }
    if (isBusy(part) && !force) { waiting[data.name] = data; return; }
    delete waiting[data.name];
    var focus = document.activeElement, key = focus && part.contains(focus) ? keyOf(focus.closest("[id],[data-trial]") || focus) : "";
    var chosen = all(".on[data-trial]", part).map(function (item) { return item.getAttribute("data-trial"); });
    children(part, build(data.html));
    part.setAttribute("data-hash", data.hash);
    all("[data-trial]", part).forEach(function (item) { if (chosen.indexOf(item.getAttribute("data-trial")) !== -1) { item.classList.add("on"); } });
    if (focus && focus !== document.activeElement && focus.isConnected && part.contains(focus)) { focus.focus({ preventScroll: true }); }
    else if (focus && !focus.isConnected) {
      // What had the focus is gone: the nearest thing that a person can go on from takes it.
      var heir = (key && document.getElementById(key)) || part.querySelector("button, a[href]") || main;
      heir.focus({ preventScroll: true });
    }
  }
  function settle() { Object.keys(waiting).forEach(function (name) { swap(waiting[name]); }); }
  document.addEventListener("focusout", function () { setTimeout(settle); });
  document.addEventListener("toggle", function () { setTimeout(settle); }, true);
  document.addEventListener("selectionchange", function () { if (document.getSelection().isCollapsed) { settle(); } });

  // The stream. A hidden page looks now and then, so that its title is right and few connections are open.
  var stream = null, silence = 0, again = 0, failures = 0, over = false, LONGEST = 45000, HIDDEN = 20000;
  function address() {
    var have = all("[data-part]").map(function (part) { return part.getAttribute("data-part") + ":" + part.getAttribute("data-hash"); }).join(",");
    return live + (location.search ? location.search + "&" : "?") + "have=" + encodeURIComponent(have);
  }
  function close() { if (stream) { stream.close(); stream = null; } clearTimeout(silence); clearTimeout(again); }
  function listen() { clearTimeout(silence); silence = setTimeout(lost, LONGEST); }
  function open() {
    close();
    if (!live || over) { return; }
    stream = new EventSource(address());
    listen();
    stream.onopen = function () { if (failures > 0) { say(""); } failures = 0; listen(); };
    stream.onerror = lost;
    stream.addEventListener("part", function (event) { listen(); swap(JSON.parse(event.data)); });
    stream.addEventListener("title", function (event) {
      var data = JSON.parse(event.data), line = document.querySelector("[data-said]");
      document.title = data.title + " – SweepCluster";
      if (line && line.textContent !== data.said) { line.textContent = data.said; }
    });
    stream.addEventListener("current", function () { listen(); if (document.hidden) { close(); again = setTimeout(open, HIDDEN); } });
    stream.addEventListener("over", function () { over = true; close(); root.classList.add("over"); });
    stream.addEventListener("gone", function (event) { over = true; close(); say(JSON.parse(event.data).said, "bad"); });
  }
  function lost() {
    close();
    failures++;
    if (failures > 1) {
      say("The server does not answer. Trying again …", "warn");
      fetch(live, { method: "HEAD", headers: { Accept: "application/json" } }).then(function (answer) { if (answer.status === 401) { say("You were signed out. Load the page again to sign in.", "warn"); } }, function () { });
    }
    again = setTimeout(open, Math.min(10000, 500 * Math.pow(2, failures)));
  }
  document.addEventListener("visibilitychange", function () { if (!document.hidden && live && !over && !stream) { open(); } });
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", function (event) { if (event.persisted) { open(); } });

  // Another order, filter or page of a table: that part alone is fetched, and the address says what is shown.
  function show(url, name, focus) {
    fetch(url, { headers: { "X-Live": "1" } }).then(function (answer) {
      if (!answer.ok) { throw new Error(); }
      return answer.text();
    }).then(function (text) {
      var page = new DOMParser().parseFromString(text, "text/html");
      history.replaceState(null, "", url);
      all("[data-part]", page).forEach(function (part) {
        var mine = part.getAttribute("data-part");
        swap({ name: mine, hash: part.getAttribute("data-hash"), html: part.innerHTML }, mine === name);
      });
      if (focus) { focus(); }
      if (live) { over = false; open(); }
    }).catch(function () { location.href = url; });
  }
  document.addEventListener("click", function (event) {
    var link = closest(event, "a[data-swap]"), point = closest(event, ".pt, .part-trials a[href*='trial=']");
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) { return; }
    if (link) {
      event.preventDefault();
      var box = link.closest(".scroll"), left = box ? box.scrollLeft : 0;
      show(link.href, link.getAttribute("data-swap"), function () { var after = document.querySelector(".part-trials .scroll"); if (after) { after.scrollLeft = left; if (link.closest(".pager")) { after.scrollTop = 0; } } });
    } else if (point && point.getAttribute("href")) {
      event.preventDefault();
      var target = point.getAttribute("href").split("#")[1];
      show(new URL(point.getAttribute("href"), location.href).href, target === "export" ? "export" : "trials", function () {
        var item = document.getElementById(target);
        if (!item) { return; }
        if (item.hasAttribute("data-trial")) { all(".on").forEach(function (other) { other.classList.remove("on"); }); all('[data-trial="' + item.getAttribute("data-trial") + '"]').forEach(function (other) { other.classList.add("on"); }); }
        item.scrollIntoView({ block: target === "export" ? "start" : "center" });
        var field = target === "export" ? item.querySelector("select") : null;
        if (field) { field.focus({ preventScroll: true }); }
      });
    }
  });
  document.addEventListener("change", function (event) {
    var form = event.target.form;
    if (form && form.hasAttribute("data-swap")) { form.requestSubmit(); }
  });
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.hasAttribute("data-swap")) {
      event.preventDefault();
      var query = new URLSearchParams(new FormData(form));
      all("input, select", form).forEach(function (field) { if (query.get(field.name) === "") { query.delete(field.name); } });
      show(location.pathname + "?" + query.toString() + "#" + form.closest("[id]").id, form.getAttribute("data-swap"));
    }
  });

  // Pause, resume and the like: the stream shows what came of it.
  document.addEventListener("submit", function (event) {
    var button = event.submitter;
    if (!button || !button.hasAttribute("data-act") || event.defaultPrevented) { return; }
    event.preventDefault();
    var data = new FormData(event.target, button), box = button.closest("[popover]");
    button.setAttribute("aria-busy", "true");
    fetch(button.formAction, { method: "POST", body: new URLSearchParams(data), headers: { "X-Live": "1" } }).then(function (answer) {
      return answer.text().then(function (text) {
        if (!answer.ok) { try { text = JSON.parse(text).detail || text; } catch (plain) { } throw new Error(text); }
      });
    }).then(function () {
      if (box) { box.hidePopover(); }
      if (document.activeElement && document.activeElement.tagName === "INPUT") { button.focus(); }
      say("");
      over = false;
      open();
    }).catch(function (error) { say(error.message || "The server does not answer.", "bad"); }).then(function () { button.removeAttribute("aria-busy"); });
  });

  // What takes a while says so.
  document.addEventListener("submit", function (event) {
    var text = event.target.getAttribute("data-busy");
    if (text && !event.defaultPrevented) {
      say(text, "busy");
      if (event.target.id === "export-form") { setTimeout(function () { say(""); }, 8000); }
    }
  });

  // The submit form: its bar shows the upload, faults and count come without leaving the page, and what was typed stays.
  document.addEventListener("submit", function (event) {
    var form = event.target, button = event.submitter;
    if (!form.hasAttribute("data-upload") || event.defaultPrevented) { return; }
    event.preventDefault();
    var request = new XMLHttpRequest(), bar = form.querySelector("progress.upload"), data = new FormData(form, button), where = form.getAttribute("action");
    var buttons = all("button", form);
    buttons.forEach(function (item) { item.disabled = true; });
    say(button && button.value === "submit" ? "Handing in …" : "Checking …", "busy");
    request.upload.onprogress = function (progress) { if (progress.lengthComputable && progress.total > 1000000) { bar.hidden = false; bar.value = progress.loaded / progress.total; say("Uploading, " + Math.floor(100 * progress.loaded / progress.total) + " %", "busy"); } };
    function done(text, tone) { bar.hidden = true; buttons.forEach(function (item) { item.disabled = false; }); say(text, tone); }
    request.onerror = function () { done("The server does not answer. Nothing was handed in.", "bad"); };
    request.onload = function () {
      var landed = new URL(request.responseURL || where, location.href), page = new DOMParser().parseFromString(request.responseText, "text/html"), fresh = page.getElementById("main");
      if (landed.pathname !== where) { location.href = landed.href; return; }
      done("");
      if (!fresh || !fresh.querySelector("[data-upload]")) { done((page.querySelector("main") || page.body).textContent.trim(), "bad"); return; }
      var chosen = all("select", fresh).map(function (field) { var said = field.querySelector("option[selected]"); return [field.id, said ? said.value : ""]; });
      children(main, fresh);
      all("input[type=file]", main).forEach(function (field) { field.value = ""; });
      all("input[type=hidden]", main).forEach(function (field) { field.value = field.getAttribute("value") || ""; });
      chosen.forEach(function (said) { var field = document.getElementById(said[0]); if (field) { field.value = said[1]; } });
      grow();
      var result = main.querySelector("[data-result]");
      if (result) { result.focus({ preventScroll: true }); result.scrollIntoView({ block: "nearest" }); }
    };
    request.open("POST", where);
    request.setRequestHeader("X-Form-Token", form.querySelector("input[type=hidden]").value);
    request.send(data);
  });
  function grow() {
    var text = document.getElementById("spec"), gutter = document.querySelector(".gutter");
    if (!text || !gutter) { return; }
    var lines = Math.max(14, text.value.split("\n").length);
    text.rows = lines;
    while (gutter.children.length < lines) { gutter.appendChild(document.createElement("i")).textContent = String(gutter.children.length); }
    while (gutter.children.length > lines) { gutter.lastElementChild.remove(); }
  }
  document.addEventListener("input", function (event) { if (event.target.id === "spec") { grow(); } });
  document.addEventListener("click", function (event) {
    var link = closest(event, "a[data-line]"), text = document.getElementById("spec");
    if (!link || !text) { return; }
    event.preventDefault();
    var lines = text.value.split("\n"), line = Number(link.getAttribute("data-line")) - 1, from = lines.slice(0, line).join("\n").length + (line > 0 ? 1 : 0);
    text.focus();
    text.setSelectionRange(from, from + (lines[line] || "").length);
  });
  window.addEventListener("pageshow", grow);

  if (live) { open(); }
})();
