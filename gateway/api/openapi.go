package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"matthan/auth"
)

// What is served, described in OpenAPI 3.1.0 from the same table.

const (
	typeJSON    = "application/json"
	typeProblem = "application/problem+json"
)

type object = map[string]any

// openAPI describes the routes.
func openAPI(rows []route) json.RawMessage {
	docs := schemas{}
	paths := map[string]object{}
	for _, r := range rows {
		if paths[r.path] == nil {
			paths[r.path] = object{}
		}
		paths[r.path][strings.ToLower(r.method)] = r.operation(docs)
	}
	text, err := json.Marshal(object{
		"openapi": "3.1.0", "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
		"info": object{"title": "Matthan", "version": "1",
			"description": "What the caller has no right to, and what does not exist, get the same answer. Errors are problem documents (RFC 9457)."},
		"servers": []object{{"url": "/"}},
		"paths":   paths,
		"components": object{"schemas": docs, "responses": sharedRefusals(docs), "securitySchemes": object{
			"bearer": object{"type": "http", "scheme": "bearer", "description": "a tool's token (RFC 6750); never in a URL"},
			"cookie": object{"type": "apiKey", "in": "cookie", "name": auth.SessionCookie,
				"description": "a person's session, made by /auth/login; counts only from a page of the gateway's own"},
		}},
	})
	if err != nil {
		panic(err) // it is made of maps, texts and numbers
	}
	return text
}

// operation describes one route.
func (r route) operation(docs schemas) object {
	security := []object{{"bearer": []string{}}, {"cookie": []string{}}}
	if r.may == anybody {
		security = append(security, object{}) // or neither
	}
	op := object{"operationId": r.name(), "summary": r.does, "description": "For " + string(r.may) + ".", "security": security, "responses": r.responses(docs)}
	if p := r.parameters(); len(p) > 0 {
		op["parameters"] = p
	}
	if r.takes != nil {
		body := r.content(docs, r.takes, typeJSON)
		if c, ok := body[typeJSON]; ok { // nothing else is taken
			c["schema"].(schema)["unevaluatedProperties"] = false
		}
		op["requestBody"] = object{"required": true, "content": body}
	}
	return op
}

// name is made of the method and the path: putInventoryCamerasId.
func (r route) name() string {
	name := strings.ToLower(r.method)
	for word := range strings.FieldsFuncSeq(strings.TrimPrefix(r.path, "/api/v1"), func(c rune) bool { return strings.ContainsRune("/{}._-", c) }) {
		name += strings.ToUpper(word[:1]) + word[1:]
	}
	return name
}

func (r route) parameters() (out []object) {
	before := ""
	for part := range strings.SplitSeq(r.path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			is, known := names[before]
			if !known {
				panic("api: say in names what follows " + before + " in " + r.path) // at start, and in every test
			}
			out = append(out, object{"name": strings.TrimSuffix(name, "}"), "in": "path", "required": true, "schema": is})
		}
		before = part
	}
	for _, p := range r.query {
		out = append(out, object{"name": p.name, "in": "query", "description": p.about, "schema": p.is})
	}
	header := func(name, about string) {
		out = append(out, object{"name": name, "in": "header", "description": about, "schema": schema{"type": "string"}})
	}
	switch r.etag {
	case weakTag:
		header("If-None-Match", "the ETag of the answer that the caller has")
	case mustTag:
		header("If-Match", "the ETag of what is changed")
		if r.method == http.MethodPut {
			header("If-None-Match", "* for something new")
		}
	}
	return out
}

// content is a body: of one document, or of one of some media.
func (r route) content(docs schemas, doc any, kind string) map[string]object {
	if kinds, ok := doc.(media); ok {
		out := map[string]object{}
		for _, k := range kinds {
			out[k] = object{"schema": schema{"type": "string"}}
		}
		return out
	}
	return map[string]object{kind: {"schema": docs.of(reflect.TypeOf(doc))}}
}

// responses are all that r may be answered with, by status.
func (r route) responses(docs schemas) map[string]object {
	out := map[string]object{}
	for _, a := range r.gives {
		is := object{"description": http.StatusText(a.status)}
		if a.doc != nil {
			is["content"] = r.content(docs, a.doc, typeJSON)
		}
		if r.etag != noTag && r.method != http.MethodDelete {
			is["headers"] = object{"ETag": object{"schema": schema{"type": "string"}}}
		}
		out[strconv.Itoa(a.status)] = is
	}
	if r.etag == weakTag {
		out["304"] = object{"description": "The caller has it."}
	}
	for status, all := range r.problems() {
		is := out[strconv.Itoa(status)]
		if name, ok := sharedAs(all[0]); ok && is == nil && len(all) == 1 {
			out[strconv.Itoa(status)] = object{"$ref": "#/components/responses/" + name}
			continue
		}
		merged := refusal(docs, all...)
		if is != nil { // a document of the route's own comes with the same status
			merged["description"] = fmt.Sprint(is["description"], ". Or: ", merged["description"])
			maps.Copy(merged["content"].(map[string]object), is["content"].(map[string]object))
		}
		out[strconv.Itoa(status)] = merged
	}
	out["default"] = object{"$ref": "#/components/responses/Internal"}
	return out
}

// refusal is the response of problems with the same status.
func refusal(docs schemas, all ...problem) object {
	var codes, texts []string
	for _, p := range all {
		codes, texts = append(codes, p.Code), append(texts, p.Text.EN)
	}
	is := schema{"allOf": []any{docs.of(reflect.TypeFor[problem]()),
		schema{"properties": object{"status": schema{"const": all[0].Status}, "code": schema{"enum": codes}}}}}
	return object{"description": strings.Join(texts, " Or: "), "content": map[string]object{typeProblem: {"schema": is}}}
}

// shared are the problems that many routes have; each is described once.
var shared = map[string]problem{"Unauthenticated": unauthenticated, "NoCamera": notFound, "NoEntry": noEntry, "Body": badBody, "TooLarge": tooLarge, "Type": badType,
	"Wrong": wrong, "NeedsVersion": needsVersion, "Conflict": conflict, "Internal": internal}

// sharedAs is the name of a shared problem.
func sharedAs(p problem) (string, bool) {
	for name, q := range shared {
		if q.Text == p.Text {
			return name, true
		}
	}
	return "", false
}

func sharedRefusals(docs schemas) map[string]object {
	out := map[string]object{}
	for name, p := range shared {
		out[name] = refusal(docs, p)
	}
	out["Internal"] = refusal(docs, internal, unrecorded)
	return out
}

// problems are all that r may fail with, by status.
func (r route) problems() map[int][]problem {
	all := slices.Clone(r.fails)
	if r.may != anybody {
		all = append(all, unauthenticated)
	}
	if r.may != anybody && r.may != known {
		all = append(all, notFound)
	}
	if _, sheets := r.takes.(media); r.takes != nil && !sheets {
		all = append(all, badBody, tooLarge, badType)
	}
	if r.etag == mustTag {
		all = append(all, needsVersion, conflict)
	}
	out := map[int][]problem{}
	for _, p := range all {
		if !slices.ContainsFunc(out[p.Status], func(q problem) bool { return q.Code == p.Code }) {
			out[p.Status] = append(out[p.Status], p)
		}
	}
	return out
}
