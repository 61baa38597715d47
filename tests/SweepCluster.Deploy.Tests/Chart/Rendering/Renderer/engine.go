package main

import (
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/semver"
	"sigs.k8s.io/yaml"
)

type options struct {
	name, namespace, kubeVersion, apiVersions string
	upgrade                                   bool
}

// kubeVersion is the cluster's version; templates see it as .Capabilities.KubeVersion.
type kubeVersion struct {
	Version, Major, Minor string
}

func (k kubeVersion) String() string { return k.Version }

// GitVersion is the old name of Version.
func (k kubeVersion) GitVersion() string { return k.Version }

// versionSet is what the cluster knows; templates see it as .Capabilities.APIVersions.
type versionSet []string

// Has says whether the cluster knows a version, or a kind of it.
func (v versionSet) Has(version string) bool {
	for _, known := range v {
		if known == version {
			return true
		}
	}
	return false
}

type capabilities struct {
	KubeVersion kubeVersion
	APIVersions versionSet
}

// What every supported cluster knows, of what this chart may ask for.
var builtIn = versionSet{"v1", "apps/v1", "autoscaling/v2", "batch/v1", "networking.k8s.io/v1", "policy/v1", "scheduling.k8s.io/v1", "rbac.authorization.k8s.io/v1"}

func capabilitiesOf(o options, c *chart) (*capabilities, error) {
	version, err := semver.NewVersion(o.kubeVersion)
	if err != nil {
		return nil, fmt.Errorf("--kube-version %s: %w", o.kubeVersion, err)
	}
	if c.metadata.KubeVersion != "" {
		wanted, err := semver.NewConstraint(c.metadata.KubeVersion)
		if err != nil {
			return nil, fmt.Errorf("Chart.yaml: kubeVersion: %w", err)
		}
		if !wanted.Check(version) {
			return nil, fmt.Errorf("chart requires kubeVersion: %s which is incompatible with Kubernetes %s", c.metadata.KubeVersion, o.kubeVersion)
		}
	}
	known := append(versionSet{}, builtIn...)
	if o.apiVersions != "" {
		known = append(known, strings.Split(o.apiVersions, ",")...)
	}
	return &capabilities{kubeVersion{o.kubeVersion, fmt.Sprint(version.Major()), fmt.Sprint(version.Minor())}, known}, nil
}

// render runs every template of the chart. Files whose names begin with _ are there to be included.
func render(c *chart, values map[string]any, objects []map[string]any, o options) ([]rendered, error) {
	cluster, err := capabilitiesOf(o, c)
	if err != nil {
		return nil, err
	}

	t := template.New("gotpl").Option("missingkey=zero")
	t.Funcs(functions(t, objects))
	names := make([]string, 0, len(c.templates))
	for name := range c.templates {
		names = append(names, name)
	}
	// Helm parses the deeper ones first, so that the shallower ones win where both define a name.
	sort.Slice(names, func(a, b int) bool {
		left, right := strings.Count(names[a], "/"), strings.Count(names[b], "/")
		return left > right || (left == right && names[a] > names[b])
	})
	for _, name := range names {
		if _, err := t.New(path.Join(c.metadata.Name, name)).Parse(c.templates[name]); err != nil {
			return nil, fmt.Errorf("parse error: %w", err)
		}
	}

	sort.Strings(names)
	var all []rendered
	for _, name := range names {
		if strings.HasPrefix(path.Base(name), "_") {
			continue
		}
		full := path.Join(c.metadata.Name, name)
		data := map[string]any{
			"Chart":        c.metadata,
			"Values":       values,
			"Files":        c.files,
			"Capabilities": cluster,
			"Subcharts":    map[string]any{},
			"Release":      map[string]any{"Name": o.name, "Namespace": o.namespace, "IsUpgrade": o.upgrade, "IsInstall": !o.upgrade, "Revision": 1, "Service": "Helm"},
			"Template":     map[string]any{"Name": full, "BasePath": path.Join(c.metadata.Name, "templates")},
		}
		var text strings.Builder
		if err := t.ExecuteTemplate(&text, full, data); err != nil {
			if told, ok := messageOf(err); ok {
				return nil, fmt.Errorf("execution error at (%s): %s", placeOf(err), told)
			}
			return nil, err
		}
		// Go prints this for a key that is absent in a map of anything, whatever the option says; helm takes it away.
		all = append(all, rendered{Name: name, Text: strings.ReplaceAll(text.String(), "<no value>", "")})
	}
	return all, nil
}

// placeOf is the file, line and column in "template: chart/templates/a.yaml:3:4: executing ...".
func placeOf(err error) string {
	parts := strings.SplitN(err.Error(), ": ", 3)
	if len(parts) == 3 {
		return parts[1]
	}
	return err.Error()
}

var separator = regexp.MustCompile(`(?:^|\s*\n)---\s*`)

// documents reads a file's documents as the API server would: YAML 1.1, no key twice, empty ones left out.
func documents(name, text string) ([]json.RawMessage, error) {
	all := []json.RawMessage{}
	for _, part := range separator.Split("\n"+text, -1) {
		if strings.TrimSpace(part) == "" {
			continue
		}
		data, err := yaml.YAMLToJSONStrict([]byte(part))
		if err != nil {
			return nil, fmt.Errorf("YAML parse error on %s: %w", name, err)
		}
		if string(data) != "null" {
			all = append(all, data)
		}
	}
	return all, nil
}
