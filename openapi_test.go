package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// What the gateway says of its API, read and held against what it does. Only
// the part of JSON Schema that the description uses is known here; anything
// else in it is an error.

// described is an OpenAPI description.
type described struct{ doc map[string]any }

func readDescription(t testing.TB, w *world) described {
	t.Helper()
	got := w.caller("nobody").ask(t, "GET", "/api/v1/openapi.json", "")
	var d described
	if err := json.Unmarshal([]byte(got.body), &d.doc); err != nil || got.status != http.StatusOK {
		t.Fatalf("%d %v", got.status, err)
	}
	return d
}

// at follows keys, and $ref on the way.
func (d described) at(v any, keys ...string) any {
	for {
		m, _ := v.(map[string]any)
		if ref, ok := m["$ref"].(string); ok {
			v = d.at(d.doc, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
			continue
		}
		if len(keys) == 0 {
			return v
		}
		v, keys = m[keys[0]], keys[1:]
	}
}

func (d described) object(v any, keys ...string) map[string]any {
	m, _ := d.at(v, keys...).(map[string]any)
	return m
}

// operation is one method of one path.
type operation struct {
	method, path string
	is           map[string]any
}

func (d described) operations() (all []operation) {
	paths := d.object(d.doc, "paths")
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		for method, v := range paths[path].(map[string]any) {
			all = append(all, operation{strings.ToUpper(method), path, v.(map[string]any)})
		}
	}
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return all
}

// complaint says what an answer has that the description does not; "" for
// nothing.
func (d described) complaint(op operation, got reply) string {
	responses := d.object(op.is, "responses")
	is, ok := responses[fmt.Sprint(got.status)]
	if !ok || got.status >= 500 && got.status != http.StatusServiceUnavailable {
		return fmt.Sprintf("the status %d is not described", got.status)
	}
	for _, values := range got.header {
		for _, v := range values {
			if strings.Contains(v, canary) {
				return "a header holds a password"
			}
		}
	}
	if strings.Contains(got.body, canary) {
		return "the answer holds a password"
	}
	content := d.object(is, "content")
	if len(content) == 0 {
		if got.body != "" {
			return "a body that is not described"
		}
		return ""
	}
	kind, _, err := mime.ParseMediaType(got.header.Get("Content-Type"))
	if err != nil || content[kind] == nil {
		return fmt.Sprintf("the type %q of a %d is not described", kind, got.status)
	}
	if kind != "application/json" && kind != "application/problem+json" {
		return ""
	}
	var v any
	if err := json.Unmarshal([]byte(got.body), &v); err != nil {
		return err.Error()
	}
	if err := d.check(d.object(content[kind])["schema"], v, "$"); err != nil {
		return err.Error()
	}
	return ""
}

// check holds a value against a schema.
func (d described) check(schema, v any, at string) error {
	s := d.object(schema)
	for key, rule := range s {
		if err := d.rule(s, key, rule, v); err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
	}
	switch v := v.(type) {
	case map[string]any:
		properties, _ := s["properties"].(map[string]any)
		for name, each := range v {
			p, known := properties[name]
			switch {
			case !known && s["type"] == "object" && properties != nil:
				return fmt.Errorf("%s.%s is not described", at, name)
			case known && d.object(p)["writeOnly"] == true:
				return fmt.Errorf("%s.%s may only be written", at, name)
			case known:
				if err := d.check(p, each, at+"."+name); err != nil {
					return err
				}
			}
		}
	case []any:
		places, _ := s["prefixItems"].([]any)
		for i, each := range v {
			of := s["items"]
			if i < len(places) {
				of = places[i]
			}
			if err := d.check(of, each, fmt.Sprintf("%s[%d]", at, i)); err != nil {
				return err
			}
		}
	}
	for _, each := range listOf(s["allOf"]) {
		if err := d.check(each, v, at); err != nil {
			return err
		}
	}
	return nil
}

func listOf(v any) []any { l, _ := v.([]any); return l }

// rule holds a value against one keyword.
func (d described) rule(s map[string]any, key string, rule, v any) error {
	wrong := fmt.Errorf("%.80v breaks %s %v", v, key, rule)
	text, isText := v.(string)
	number, isNumber := v.(float64)
	list, isList := v.([]any)
	ok := true
	switch key {
	case "type":
		ok = rule == typeOf(v) || rule == "number" && isNumber
	case "const":
		ok = reflect.DeepEqual(rule, v)
	case "enum":
		ok = slices.Contains(listOf(rule), v)
	case "pattern":
		ok = !isText || regexp.MustCompile(rule.(string)).MatchString(text)
	case "minLength":
		ok = !isText || utf8.RuneCountInString(text) >= int(rule.(float64))
	case "maxLength":
		ok = !isText || utf8.RuneCountInString(text) <= int(rule.(float64))
	case "format":
		_, err := time.Parse(time.RFC3339, text)
		ok = rule == "date-time" && err == nil
	case "minimum":
		ok = !isNumber || number >= rule.(float64)
	case "maximum":
		ok = !isNumber || number <= rule.(float64)
	case "minItems":
		ok = !isList || len(list) >= int(rule.(float64))
	case "maxItems":
		ok = !isList || len(list) <= int(rule.(float64))
	case "required":
		m, _ := v.(map[string]any)
		for _, name := range listOf(rule) {
			if _, there := m[name.(string)]; !there {
				return fmt.Errorf("%v is not there", name)
			}
		}
	case "properties", "items", "prefixItems", "allOf", "description", "writeOnly", "unevaluatedProperties": // see check
	default:
		return fmt.Errorf("the description uses %s, which this test does not know", key)
	}
	if !ok {
		return wrong
	}
	return nil
}

// typeOf is a value's type in the words of JSON Schema.
func typeOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case float64:
		if v == float64(int64(v)) {
			return "integer"
		}
		return "number"
	case []any:
		return "array"
	}
	return "object"
}
