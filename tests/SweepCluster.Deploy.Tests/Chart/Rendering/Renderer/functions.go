package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"sigs.k8s.io/yaml"
)

const deepest = 1000

// functions are sprig's without those that look at this machine, and helm's own; those that every supported helm has.
func functions(t *template.Template, objects []map[string]any) template.FuncMap {
	all := sprig.TxtFuncMap()
	delete(all, "env")
	delete(all, "expandenv")
	all["getHostByName"] = func(string) string { return "" }
	all["toYaml"] = toYaml
	all["toJson"] = toJSON
	all["fromYaml"] = fromYaml
	all["fromYamlArray"] = fromYamlArray
	all["fromJson"] = fromJSON
	all["fromJsonArray"] = fromJSONArray
	all["lookup"] = func(apiVersion, kind, namespace, name string) (map[string]any, error) {
		return lookup(objects, apiVersion, kind, namespace, name), nil
	}
	all["fail"] = func(message string) (string, error) { return "", told(message) }
	all["required"] = func(message string, value any) (any, error) {
		if value == nil || value == "" {
			return value, told(message)
		}
		return value, nil
	}
	return bound(all, t, map[string]int{})
}

// bound adds the functions that know the templates around them.
func bound(all template.FuncMap, t *template.Template, depths map[string]int) template.FuncMap {
	all["include"] = func(name string, data any) (string, error) {
		if depths[name] > deepest {
			return "", fmt.Errorf("rendering template has a nested reference name: %s: unable to execute template", name)
		}
		depths[name]++
		defer func() { depths[name]-- }()
		var text strings.Builder
		err := t.ExecuteTemplate(&text, name, data)
		return text.String(), err
	}
	all["tpl"] = func(source string, data any) (string, error) {
		inner, err := t.Clone()
		if err != nil {
			return "", err
		}
		inner.Option("missingkey=zero") // a clone forgets it
		inner.Funcs(bound(template.FuncMap{}, inner, depths))
		if inner, err = inner.New(t.Name()).Parse(source); err != nil {
			return "", fmt.Errorf("cannot parse template %q: %w", source, err)
		}
		var text strings.Builder
		if err := inner.Execute(&text, data); err != nil {
			return "", fmt.Errorf("error during tpl function execution for %q: %w", source, err)
		}
		return strings.ReplaceAll(text.String(), "<no value>", ""), nil
	}
	return all
}

// A message of the chart's author, told without what Go says around it.
type message string

func (m message) Error() string { return string(m) }

func told(text string) error { return message(text) }

func messageOf(err error) (string, bool) {
	var m message
	if errors.As(err, &m) {
		return string(m), true
	}
	return "", false
}

func lookup(objects []map[string]any, apiVersion, kind, namespace, name string) map[string]any {
	items := []any{}
	for _, object := range objects {
		about, _ := object["metadata"].(map[string]any)
		if object["apiVersion"] != apiVersion || object["kind"] != kind || (namespace != "" && about["namespace"] != namespace) {
			continue
		}
		if name != "" && about["name"] == name {
			return object
		}
		items = append(items, object)
	}
	if name == "" && len(items) > 0 {
		return map[string]any{"items": items}
	}
	return map[string]any{}
}

func toYaml(value any) string {
	data, err := yaml.Marshal(value)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(string(data), "\n")
}

func fromYaml(text string) map[string]any {
	table := map[string]any{}
	if err := yaml.Unmarshal([]byte(text), &table); err != nil {
		table["Error"] = err.Error()
	}
	return table
}

func fromYamlArray(text string) []any {
	items := []any{}
	if err := yaml.Unmarshal([]byte(text), &items); err != nil {
		items = []any{err.Error()}
	}
	return items
}

func toJSON(value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(data)
}

func fromJSON(text string) map[string]any {
	table := map[string]any{}
	if err := json.Unmarshal([]byte(text), &table); err != nil {
		table["Error"] = err.Error()
	}
	return table
}

func fromJSONArray(text string) []any {
	items := []any{}
	if err := json.Unmarshal([]byte(text), &items); err != nil {
		items = []any{err.Error()}
	}
	return items
}
