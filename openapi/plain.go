package openapi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// named are the mappings of an OpenAPI document whose keys are names, which no key of theirs makes an extension.
var named = []string{
	"properties", "patternProperties", "$defs", "headers", "examples", "links", "parameters", "requestBodies", "responses", "schemas",
	"securitySchemes", "callbacks", "pathItems", "paths", "content", "mapping", "variables", "scopes", "encoding",
}

// values are the members of an OpenAPI document that hold values of the API, and not descriptions.
var values = []string{"example", "value", "default", "enum", "const"}

// Plain is a document without the suite's extensions, and as a generated client would show it.
func Plain(document yaml.MapSlice) yaml.MapSlice {
	return mapping(plain(document, clientNames(document), false))
}

// plain is a part of a document without extensions, with the names of clients for operations, and in a form that generators of code
// understand. Keys tells that the keys of a
// mapping are names.
func plain(value any, names map[string]string, keys bool) any {
	switch v := value.(type) {
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = plain(item, names, false)
		}
		return list
	case yaml.MapSlice:
		var all yaml.MapSlice
		for _, item := range v {
			key := fmt.Sprint(item.Key)
			switch {
			case !keys && strings.HasPrefix(key, "x-"):
				continue
			case !keys && slices.Contains(values, key):
			case !keys && key == "operationId":
				if name := names[fmt.Sprint(item.Value)]; name != "" {
					item.Value = name
				}
			default:
				item.Value = plain(item.Value, names, !keys && slices.Contains(named, key))
			}
			all = append(all, item)
		}
		return eitherType(all, keys)
	}
	return value
}

// eitherType writes a schema of several types beside null as one of any of them: generators of code have no type for several.
func eitherType(schema yaml.MapSlice, keys bool) yaml.MapSlice {
	types, _ := get(schema, "type").([]any)
	if keys || len(slices.DeleteFunc(slices.Clone(types), func(t any) bool { return t == "null" })) < 2 || get(schema, "anyOf") != nil {
		return schema
	}
	var each []any
	for _, t := range types {
		each = append(each, yaml.MapSlice{{Key: "type", Value: t}})
	}
	i := slices.IndexFunc(schema, func(item yaml.MapItem) bool { return item.Key == "type" })
	schema[i] = yaml.MapItem{Key: "anyOf", Value: each}
	return schema
}

// clientNames are what a generated client would show for operations whose name here says what the suite has them for.
func clientNames(document yaml.MapSlice) map[string]string {
	names := map[string]string{}
	for _, path := range mapping(get(document, "paths")) {
		for _, operation := range mapping(path.Value) {
			o := mapping(operation.Value)
			if name, given := get(o, extClientName).(string); given {
				names[fmt.Sprint(get(o, "operationId"))] = name
			}
		}
	}
	return names
}
