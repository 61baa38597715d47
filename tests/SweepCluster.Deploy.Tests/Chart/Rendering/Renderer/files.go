package main

import (
	"encoding/base64"
	"path"
	"strings"

	"github.com/gobwas/glob"
)

// files are those of the chart that are neither templates nor known by name; templates see them as .Files.
type files map[string][]byte

// GetBytes gives a file's bytes; none where it is absent.
func (f files) GetBytes(name string) []byte { return append([]byte{}, f[name]...) }

// Get gives a file as text; empty where it is absent.
func (f files) Get(name string) string { return string(f[name]) }

// Glob gives the files whose names match; a star stays within a folder, two do not.
func (f files) Glob(pattern string) files {
	matcher, err := glob.Compile(pattern, '/')
	if err != nil {
		matcher = glob.MustCompile("**")
	}
	found := files{}
	for name, data := range f {
		if matcher.Match(name) {
			found[name] = data
		}
	}
	return found
}

// AsConfig gives the data of a ConfigMap.
func (f files) AsConfig() string {
	data := map[string]string{}
	for name, content := range f {
		data[path.Base(name)] = string(content)
	}
	return toYaml(data)
}

// AsSecrets gives the data of a Secret.
func (f files) AsSecrets() string {
	data := map[string]string{}
	for name, content := range f {
		data[path.Base(name)] = base64.StdEncoding.EncodeToString(content)
	}
	return toYaml(data)
}

// Lines gives a file's lines.
func (f files) Lines(name string) []string {
	text := string(f[name])
	if text == "" {
		return []string{}
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}
