// A renderer of Helm charts for the tests, where helm is absent: Go's text/template, sprig and sigs.k8s.io/yaml, which helm itself is made of, and around them what helm adds.
// It takes one chart without dependencies. What it does not know (a .helmignore, a subchart, a function of newer helms) is an error, never passed over.
//
//	renderer --chart DIR --name RELEASE --namespace NS [--kube-version v1.30.0] [--api-versions a/v1,b/v1] [--upgrade] [--objects FILE] [-f FILE]...
//
// It writes one JSON object: the values that the templates saw, and of every file under templates/ its text and its documents as the API server would read them.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
)

type list []string

func (l *list) String() string { return strings.Join(*l, ",") }

func (l *list) Set(value string) error {
	*l = append(*l, value)
	return nil
}

type rendered struct {
	Name      string            `json:"name"`
	Text      string            `json:"text"`
	Documents []json.RawMessage `json:"documents"`
}

type answer struct {
	Values map[string]any `json:"values"`
	Files  []rendered     `json:"files"`
	Error  string         `json:"error,omitempty"`
}

func main() {
	var valueFiles list
	chart := flag.String("chart", "", "folder of the chart")
	name := flag.String("name", "release", "name of the release")
	namespace := flag.String("namespace", "default", "namespace of the release")
	kubeVersion := flag.String("kube-version", "v1.30.0", "version of the cluster")
	apiVersions := flag.String("api-versions", "", "more API versions that the cluster knows, divided by commas")
	upgrade := flag.Bool("upgrade", false, "an upgrade, not an installation")
	objects := flag.String("objects", "", "YAML file of objects that lookup finds")
	flag.Var(&valueFiles, "f", "file of values; later ones win")
	flag.Parse()

	result, err := run(*chart, valueFiles, *objects, options{name: *name, namespace: *namespace, kubeVersion: *kubeVersion, apiVersions: *apiVersions, upgrade: *upgrade})
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error: "+err.Error())
		if result == nil {
			os.Exit(1)
		}
		result.Error = err.Error() // the values are told all the same: a schema speaks before the templates do
	}

	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(result); err != nil {
		fmt.Fprintln(os.Stderr, "Error: "+err.Error())
		os.Exit(1)
	}
	os.Stdout.Write(text.Bytes())
	if result.Error != "" {
		os.Exit(1)
	}
}

func run(folder string, valueFiles []string, objectsFile string, o options) (*answer, error) {
	c, err := loadChart(folder)
	if err != nil {
		return nil, err
	}
	given, err := readValues(valueFiles)
	if err != nil {
		return nil, err
	}
	found, err := readObjects(objectsFile)
	if err != nil {
		return nil, err
	}

	result := &answer{Values: coalesce(c.values, given), Files: []rendered{}}
	texts, err := render(c, result.Values, found, o)
	if err != nil {
		return result, err
	}

	for _, t := range texts {
		if !strings.HasSuffix(t.Name, ".txt") {
			if t.Documents, err = documents(t.Name, t.Text); err != nil {
				return result, err
			}
		}
		result.Files = append(result.Files, t)
	}
	return result, nil
}
