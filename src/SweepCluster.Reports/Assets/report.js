(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");
  function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }

  // Colours: as the system has it, light, dark.
  var themes = ["system", "light", "dark"], marks = { system: "◐", light: "☀", dark: "☾" };
  var names = { system: "as the system has it", light: "light", dark: "dark" };
  var theme = "system", toggle = document.querySelector(".theme");
  function remember(value) { try { if (value) { localStorage.setItem("sweepcluster-theme", value); } return localStorage.getItem("sweepcluster-theme"); } catch (error) { return null; } }
  function paint(value) {
    theme = themes.indexOf(value) > 0 ? value : "system";
    if (theme === "system") { root.removeAttribute("data-theme"); } else { root.setAttribute("data-theme", theme); }
    if (toggle) { toggle.textContent = marks[theme]; toggle.setAttribute("aria-label", "Colours: " + names[theme]); toggle.title = "Colours: " + names[theme]; }
  }
  paint(root.getAttribute("data-theme") || remember());
  if (toggle) {
    toggle.hidden = false;
    toggle.addEventListener("click", function () { paint(themes[(themes.indexOf(theme) + 1) % themes.length]); remember(theme); });
  }

  // Tooltips: the titles, shown at once and for the keyboard too.
  var tip = document.querySelector(".tip");
  function words(item) { return item && item.getAttribute("data-tip"); }
  function prepare(within) {
    all(".pt", within).forEach(function (point) {
      var title = point.querySelector("title");
      if (title) { point.setAttribute("data-tip", title.textContent); point.setAttribute("aria-label", title.textContent.replace(/\n/g, ", ")); title.remove(); }
    });
    all(".heat [title]", within).forEach(function (cell) { cell.setAttribute("data-tip", cell.title); cell.removeAttribute("title"); });
    all(".points", within).forEach(function (group) { ordered(group).forEach(function (point, index) { point.setAttribute("tabindex", index === 0 ? "0" : "-1"); }); });
    all(".heat tbody tr:first-child td:nth-child(2)", within).forEach(function (cell) { cell.setAttribute("tabindex", "0"); });
  }
  function show(item) {
    tip.textContent = words(item);
    tip.hidden = false;
    var box = item.getBoundingClientRect(), size = tip.getBoundingClientRect();
    var left = Math.min(Math.max(8, box.left + box.width / 2 - size.width / 2), root.clientWidth - size.width - 8);
    var above = box.top - size.height - 8;
    tip.style.left = left + "px";
    tip.style.top = (above > 4 ? above : box.bottom + 8) + "px";
  }
  function hide() { tip.hidden = true; }
  function holderOf(event, selector) { return event.target.closest ? event.target.closest(selector) : null; }
  function holder(event) { return holderOf(event, "[data-tip]"); }
  if (tip) {
    document.addEventListener("mouseover", function (event) { var item = holder(event); if (item) { show(item); } else { hide(); } });
    document.addEventListener("focusin", function (event) { var item = holder(event); if (item) { show(item); } else { hide(); } });
    document.addEventListener("keydown", function (event) { if (event.key === "Escape") { hide(); } });
    document.addEventListener("scroll", hide, true);
  }

  // One stop of the Tab key for each canvas and for the map; arrows move within.
  function place(point) { return parseFloat(point.querySelector("svg").getAttribute("x")); }
  function ordered(group) { return all(".pt", group).sort(function (a, b) { return place(a) - place(b); }); }
  document.addEventListener("keydown", function (event) {
    var point = holderOf(event, ".points .pt"), step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!step || !point) { return; }
    var points = ordered(point.closest(".points")), at = points.indexOf(point);
    event.preventDefault();
    move(point, points[Math.min(points.length - 1, Math.max(0, at + step))]);
  });
  function move(from, to) { from.setAttribute("tabindex", "-1"); to.setAttribute("tabindex", "0"); to.focus(); }
  document.addEventListener("keydown", function (event) {
    var step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key], cell = holderOf(event, ".heat tbody td");
    if (!step || !cell) { return; }
    var map = all("tr", cell.closest("tbody")).map(function (row) { return all("td", row); }), row = cell.parentNode.sectionRowIndex, column = map[row].indexOf(cell);
    var next = map[row + step[0]] && map[row + step[0]][column + step[1]];
    if (next) { event.preventDefault(); move(cell, next); next.scrollIntoView({ block: "nearest", inline: "nearest" }); show(next); }
  });
  prepare(document);
  document.addEventListener("sweep:prepare", function (event) { prepare(event.detail); }); // a live page has a part that it is about to show

  // A point and its row are selected together.
  var table = document.querySelector(".trials"), body = table && table.tBodies[0], rows = body ? all("tr", body) : [];
  function select(id, from) {
    all(".on").forEach(function (item) { item.classList.remove("on"); });
    all("[data-trial]").forEach(function (item) { if (item.getAttribute("data-trial") === id) { item.classList.add("on"); } });
    var row = rowOf(id);
    if (row && from === "plot") {
      if (row.hidden) { clear(); }
      var fold = row.closest("details");
      if (fold) { fold.open = true; }
      row.scrollIntoView({ block: "center" });
    }
  }
  function rowOf(id) { return all(".trials tbody tr").find(function (item) { return item.getAttribute("data-trial") === id; }); }
  document.addEventListener("click", function (event) {
    var point = holderOf(event, ".pt"), id = point && point.getAttribute("data-trial");
    if (point && rowOf(id)) { event.preventDefault(); hide(); select(id, "plot"); }
    var row = holderOf(event, ".trials tbody tr");
    if (row && !event.target.closest("details, a, button")) { select(row.getAttribute("data-trial"), "table"); }
  });

  // Sorting: empty cells last, the baseline's row moves like any other, a third click restores the order of proposal.
  function key(row, column, numeric) {
    var cell = row.cells[column], text = cell && !cell.hasAttribute("colspan") ? cell.getAttribute("data-v") || (numeric ? "" : cell.textContent.trim()) : "";
    return numeric ? (text === "" ? null : parseFloat(text)) : text;
  }
  all(".trials th[data-sort]").forEach(function (head) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.textContent = "";
    head.appendChild(button);
    button.addEventListener("click", function () {
      var was = head.getAttribute("aria-sort"), now = was === "ascending" ? "descending" : was === "descending" ? null : "ascending";
      all(".trials th[aria-sort]").forEach(function (other) { other.removeAttribute("aria-sort"); });
      var order = rows.slice();
      if (now) {
        head.setAttribute("aria-sort", now);
        var numeric = head.getAttribute("data-sort") === "number", sign = now === "ascending" ? 1 : -1, column = head.cellIndex;
        var keyed = order.map(function (row) { return { row: row, key: failed(row, column) ? null : key(row, column, numeric) }; });
        keyed.sort(function (a, b) {
          if (a.key === null || b.key === null) { return (a.key === null) - (b.key === null); }
          return sign * (numeric ? a.key - b.key : a.key.localeCompare(b.key, "en", { numeric: true }));
        });
        order = keyed.map(function (item) { return item.row; });
      }
      var fragment = document.createDocumentFragment();
      order.forEach(function (row) { fragment.appendChild(row); });
      body.appendChild(fragment);
    });
  });
  function failed(row, column) { return row.classList.contains("failed") && column >= 4 && column < table.tHead.rows[0].cells.length - 2; }

  // Filters.
  var filters = all("[data-filter]"), output = document.querySelector(".filters output");
  function filter() {
    var want = {};
    filters.forEach(function (input) { want[input.getAttribute("data-filter")] = input.type === "checkbox" ? input.checked : input.value === "all" ? null : input.value; });
    var shown = 0;
    rows.forEach(function (row) {
      var keep = (!want.kind || row.getAttribute("data-kind") === want.kind)
        && (!want.families || row.getAttribute("data-families").split(" ").indexOf(want.families) !== -1)
        && (!want.front || row.classList.contains("front"));
      row.hidden = !keep;
      shown += keep ? 1 : 0;
    });
    if (output) { output.textContent = shown === rows.length ? "" : shown + " of " + rows.length + " rows"; }
  }
  function clear() { filters.forEach(function (input) { if (input.type === "checkbox") { input.checked = false; } else { input.value = "all"; } }); filter(); }
  filters.forEach(function (input) { input.addEventListener("change", filter); });

  // Copying the command.
  all(".copy").forEach(function (button) {
    if (!navigator.clipboard) { return; }
    button.hidden = false;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(button.parentNode.querySelector("code").textContent).then(function () {
        button.textContent = "Copied";
        setTimeout(function () { button.textContent = "Copy"; }, 1500);
      });
    });
  });

  // On paper the details are open.
  window.addEventListener("beforeprint", function () { all("#skipped details, .fold, .gains + details").forEach(function (item) { item.open = true; }); });
})();
