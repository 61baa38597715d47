package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"sigs.k8s.io/yaml"
)

// metadata is Chart.yaml; templates see it as .Chart.
type metadata struct {
	APIVersion  string            `json:"apiVersion"`
	Name        string            `json:"name"`
	Version     string            `json:"version"`
	AppVersion  string            `json:"appVersion"`
	KubeVersion string            `json:"kubeVersion"`
	Description string            `json:"description"`
	Type        string            `json:"type"`
	Home        string            `json:"home"`
	Keywords    []string          `json:"keywords"`
	Sources     []string          `json:"sources"`
	Annotations map[string]string `json:"annotations"`
	IsRoot      bool              `json:"-"`
}

type chart struct {
	metadata  metadata
	values    map[string]any
	templates map[string]string
	files     files
}

// loadChart reads a chart's folder. As helm does it follows symbolic links, those to folders too, and takes a byte order mark away.
func loadChart(folder string) (*chart, error) {
	c := &chart{templates: map[string]string{}, files: files{}, values: map[string]any{}}
	all := map[string][]byte{}
	if err := walk(folder, "", all); err != nil {
		return nil, err
	}

	for name, data := range all {
		data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
		switch {
		case name == "Chart.yaml":
			if err := yaml.UnmarshalStrict(data, &c.metadata); err != nil {
				return nil, fmt.Errorf("cannot load Chart.yaml: %w", err)
			}
		case name == "values.yaml":
			if err := yaml.UnmarshalStrict(data, &c.values); err != nil {
				return nil, fmt.Errorf("cannot load values.yaml: %w", err)
			}
		case name == "values.schema.json":
		case strings.HasPrefix(name, "templates/"):
			c.templates[name] = string(data)
		case name == ".helmignore" || name == "Chart.lock" || name == "requirements.yaml" || strings.HasPrefix(name, "charts/") || strings.HasPrefix(name, "crds/"):
			return nil, fmt.Errorf("%s: this renderer does not know what helm does with it", name)
		default:
			c.files[name] = data
		}
	}

	if c.metadata.Name == "" || c.metadata.Version == "" || c.metadata.APIVersion != "v2" {
		return nil, fmt.Errorf("Chart.yaml: expected apiVersion v2, a name and a version")
	}
	c.metadata.IsRoot = true
	return c, nil
}

func walk(folder, prefix string, all map[string][]byte) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	sort.Slice(entries, func(a, b int) bool { return entries[a].Name() < entries[b].Name() })
	for _, entry := range entries {
		place, err := filepath.EvalSymlinks(filepath.Join(folder, entry.Name()))
		if err != nil {
			return fmt.Errorf("error evaluating symlink %s: %w", prefix+entry.Name(), err)
		}
		info, err := os.Lstat(place)
		if err != nil {
			return err
		}
		switch {
		case info.IsDir():
			if err := walk(place, prefix+entry.Name()+"/", all); err != nil {
				return err
			}
		case strings.HasPrefix(prefix, "templates/") && strings.HasPrefix(entry.Name(), "."): // helm's one rule of its own
		case !info.Mode().IsRegular():
			return fmt.Errorf("cannot load irregular file %s", prefix+entry.Name())
		default:
			data, err := os.ReadFile(place)
			if err != nil {
				return err
			}
			all[prefix+entry.Name()] = data
		}
	}
	return nil
}
