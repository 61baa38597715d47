package main

import (
	"fmt"
	"os"

	"sigs.k8s.io/yaml"
)

// readValues merges files of values; the later wins, maps are merged, lists replaced. Numbers become float64, as in helm: a template that prints a large one must say how.
func readValues(names []string) (map[string]any, error) {
	merged := map[string]any{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		next := map[string]any{}
		if err := yaml.UnmarshalStrict(data, &next); err != nil {
			return nil, fmt.Errorf("failed to parse %s: %w", name, err)
		}
		merged = merge(merged, next)
	}
	return merged, nil
}

func merge(under, over map[string]any) map[string]any {
	result := make(map[string]any, len(under))
	for key, value := range under {
		result[key] = value
	}
	for key, value := range over {
		if table, ok := value.(map[string]any); ok {
			if below, ok := result[key].(map[string]any); ok {
				result[key] = merge(below, table)
				continue
			}
		}
		result[key] = value
	}
	return result
}

// coalesce lays what was given over the chart's own values. A null that was given takes the chart's value away; a table of the chart's is not replaced by something else, nor the other way round, as in helm.
func coalesce(own, given map[string]any) map[string]any {
	result := make(map[string]any, len(own))
	for key, value := range own {
		over, ok := given[key]
		switch {
		case !ok:
			if value != nil {
				result[key] = without(value)
			}
		case over == nil:
			if value == nil { // null over null stays
				result[key] = nil
			}
		default:
			table, isTable := value.(map[string]any)
			overTable, overIsTable := over.(map[string]any)
			if isTable && overIsTable {
				result[key] = coalesce(table, overTable)
			} else {
				result[key] = over
			}
		}
	}
	for key, value := range given {
		if _, ok := own[key]; !ok {
			result[key] = value
		}
	}
	return result
}

// without copies a value of the chart's own without its nulls.
func without(value any) any {
	table, ok := value.(map[string]any)
	if !ok {
		return value
	}
	result := make(map[string]any, len(table))
	for key, inner := range table {
		if inner != nil {
			result[key] = without(inner)
		}
	}
	return result
}

// readObjects reads what is in the cluster, for lookup.
func readObjects(name string) ([]map[string]any, error) {
	if name == "" {
		return nil, nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var objects []map[string]any
	return objects, yaml.UnmarshalStrict(data, &objects)
}
