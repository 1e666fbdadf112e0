package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// maker makes requests.
type maker struct {
	*rand.Rand
	d    described
	pool *pool
}

// made is a request: its address, its body and its headers.
type made struct {
	path, body string
	header     []string
}

// odd are texts that break what is written carelessly.
var odd = []string{"", " ", "\x00", "null", "-1", "0", "NaN", "1e999", "%", "%00", "../../etc/passwd", "a/b", `"`, `'; DROP TABLE cameras; --`, "<script>", "{{.}}", "${x}",
	"Ngã tư Láng Hạ – Thái Hà", "Ngã tư", "\u202egnorw", "\ufeffbom", "😀👮🏽‍♀️", "İ", "ß", "\xff\xfe", "\xed\xa0\x80", "\r\nX-Evil: 1", strings.Repeat("á", 201), strings.Repeat("a", 2000), "all"}

// good are texts that mean something to this gateway.
var good = []string{"lang", "vinh", "lang-public", "vinh-household", "new-one", "new.login", "me", "rtsp://10.1.2.3/main", "rtsps://10.1.2.4/", "00118", "Phường", "mất điện thoại ở chợ", "Asia/Ho_Chi_Minh"}

func (m *maker) one(of []string) string { return of[m.IntN(len(of))] }

// rarely is true one time in n.
func (m *maker) rarely(n int) bool { return m.IntN(n) == 0 }

// value is one that a schema takes.
func (m *maker) value(schema any) any {
	s := m.d.object(schema)
	if all := listOf(s["enum"]); all != nil {
		return all[m.IntN(len(all))]
	}
	switch s["type"] {
	case "string":
		return m.text(s)
	case "boolean":
		return m.rarely(2)
	case "integer", "number":
		least, _ := s["minimum"].(float64)
		most, ok := s["maximum"].(float64)
		if !ok {
			most = least + 100
		}
		if n := least + m.Float64()*(most-least); s["type"] == "number" {
			return n
		}
		return int(least) + m.IntN(int(most-least)+1)
	case "array":
		out := []any{}
		for _, each := range listOf(s["prefixItems"]) {
			out = append(out, m.value(each))
		}
		least, _ := s["minItems"].(float64)
		for range max(int(least), m.IntN(3)) {
			if s["items"] != nil {
				out = append(out, m.value(s["items"]))
			}
		}
		return out
	}
	properties, _ := s["properties"].(map[string]any)
	out := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if slices.Contains(listOf(s["required"]), any(name)) || m.rarely(3) {
			out[name] = m.value(properties[name])
		}
	}
	return out
}

func (m *maker) text(s map[string]any) string {
	if s["format"] == "date-time" {
		return time.Unix(m.Int64N(4e9), 0).UTC().Format(time.RFC3339)
	}
	pattern, _ := s["pattern"].(string)
	fits := regexp.MustCompile(pattern)
	for range 100 {
		if text := m.one(good); fits.MatchString(text) {
			return text
		}
	}
	return "a"
}

// spoiled is v with one thing in it that should not be.
func (m *maker) spoiled(v any) any {
	switch v := v.(type) {
	case map[string]any:
		names := slices.Sorted(maps.Keys(v))
		if len(names) == 0 || m.rarely(8) {
			v[m.one(odd)] = m.junk()
			return v
		}
		name := m.one(names)
		if m.rarely(6) {
			delete(v, name)
		} else {
			v[name] = m.spoiled(v[name])
		}
		return v
	case []any:
		if len(v) > 0 && !m.rarely(4) {
			i := m.IntN(len(v))
			v[i] = m.spoiled(v[i])
			return v
		}
		return append(v, m.junk())
	}
	return m.junk()
}

func (m *maker) junk() any {
	switch m.IntN(9) {
	case 0:
		return nil
	case 1:
		return -m.Int64()
	case 2:
		return 1e300
	case 3:
		return map[string]any{m.one(odd): m.one(odd)}
	case 4:
		return []any{[]any{nil}}
	case 5:
		return m.rarely(2)
	case 6:
		return json.RawMessage(strings.Repeat("[", 2000) + strings.Repeat("]", 2000))
	}
	return m.one(odd)
}

// raw are bodies that are no document at all.
func (m *maker) raw(text []byte) []byte {
	switch m.IntN(6) {
	case 0:
		return text[:m.IntN(len(text)+1)]
	case 1:
		return append(text, text...)
	case 2:
		return []byte(strings.Repeat("[", 20_000))
	case 3:
		return append(bytes.Repeat([]byte(" "), 70<<10), text...)
	case 4:
		return []byte(m.one(odd))
	}
	if len(text) > 0 {
		text[m.IntN(len(text))] ^= byte(1 << m.IntN(8))
	}
	return text
}

// request makes one for an operation. Half of them are as described.
func (m *maker) request(t testing.TB, op operation, c caller) made {
	spoil := m.rarely(2)
	r := made{path: op.path}
	var query []string
	for _, v := range listOf(op.is["parameters"]) {
		p := m.d.object(v)
		name := p["name"].(string)
		text := fmt.Sprint(m.value(p["schema"]))
		before, _, _ := strings.Cut(op.path, "/{"+name+"}")
		list := listIn(before)
		if strings.HasSuffix(op.path, "/consent") || strings.HasSuffix(op.path, "/owner-link") {
			list = households
		}
		if seen := m.pool.lists[list]; p["in"] == "path" && len(seen) > 0 && !m.rarely(4) {
			text = m.one(seen)
		}
		if spoil && m.rarely(3) {
			text = m.one(odd)
		}
		switch p["in"] {
		case "path":
			if text == "" { // another operation's path
				text = "-"
			}
			r.path = strings.Replace(r.path, "{"+name+"}", url.PathEscape(text), 1)
		case "query":
			if m.rarely(2) {
				query = append(query, url.QueryEscape(name)+"="+url.QueryEscape(text))
			}
		}
	}
	// The version by which something can be changed comes of reading it.
	if strings.Contains(fmt.Sprint(op.is["parameters"]), "If-Match") {
		switch tag := c.ask(t, "GET", r.path, "").header.Get("Etag"); {
		case spoil && m.rarely(2):
			r.header = []string{m.one([]string{"If-Match", "If-None-Match"}), m.one([]string{"*", `"1"`, `W/"1"`, `""`, "x", strings.Repeat("x", 3000)})}
		case tag != "":
			r.header = []string{"If-Match", tag}
		default:
			r.header = []string{"If-None-Match", "*"}
		}
	}
	if spoil && m.rarely(5) {
		query = append(query, m.one([]string{"%zz=1", ";", "a=b&a=c", "q=%ff"}))
	}
	if len(query) > 0 {
		r.path += "?" + strings.Join(query, "&")
	}
	m.body(&r, op, spoil)
	return r
}

// examples are bodies that a schema alone rarely leads to.
var examples = map[string]string{
	"PUT /api/v1/inventory/areas/{id}":   `{"name":"Phường Mới"}`,
	"POST /api/v1/inventory/trials":      `{"name":"Ngã tư","area":"lang","kind":"public","main":"rtsp://127.0.0.1:1/tried"}`,
	"POST /api/v1/inventory/checks":      `{"name":"Ngã tư","area":"lang","kind":"public","main":"rtsp://127.0.0.1:1/looked-at"}`,
	"POST /api/v1/grants":                `{"who":{"role":"auditor"},"actions":["view"],"areas":["lang"],"hours":{"zone":"Asia/Ho_Chi_Minh","spans":[{"day":1,"from":0,"to":60}]}}`,
	"POST /api/v1/requests":              `{"area":"vinh","actions":["view"],"for":600,"reason":"truy tìm xe gây tai nạn"}`,
	"POST /api/v1/requests/{key}/answer": `{"yes":true,"note":"được"}`,
	"POST /api/v1/emergency":             `{"area":"vinh","for":600,"reason":"truy tìm xe gây tai nạn"}`,
	"PUT /api/v1/layouts/{id}":           ownLayout,
	"PUT /api/v1/favourites":             `{"cameras":["lang-public"]}`,
	"POST /api/v1/shares":                `{"camera":"lang-public","for":"Anh Ba","minutes":5}`,
	"PUT /api/v1/portals/{id}":           portalBodyOf("lang"),
	"POST /api/v1/portals/{id}/end":      `{"officer":"cb-0042"}`,
	"POST /api/v1/embed-tokens":          embedBodyOf,
	"PUT /api/v1/people/{key}/block":     `{"reason":"mất điện thoại ở chợ"}`,

	"PUT /api/v1/case":                              `{"reason":"theft","number":"12/2026"}`,
	"PUT /api/v1/inventory/cameras/{id}/consent":    paper,
	"DELETE /api/v1/inventory/cameras/{id}/consent": `{"document":"08/2026"}`,
}

// body adds what the operation takes.
func (m *maker) body(r *made, op operation, spoil bool) {
	content := m.d.object(op.is, "requestBody", "content")
	if len(content) == 0 {
		return
	}
	kind := m.one(slices.Sorted(maps.Keys(content)))
	text := []byte(m.sheet(kind, spoil))
	if kind == "application/json" {
		v := m.value(m.d.object(content[kind])["schema"])
		if example := cmp.Or(m.pool.examples[op.method+" "+op.path], examples[op.method+" "+op.path]); example != "" && (!spoil || m.rarely(2)) {
			v = nil
			_ = json.Unmarshal([]byte(example), &v) // it is one of ours
		}
		if doc, ok := v.(map[string]any); ok && !spoil { // of the address
			delete(doc, "id")
		}
		if spoil && !m.rarely(4) {
			v = m.spoiled(v)
		}
		var err error
		if text, err = json.Marshal(v); err != nil {
			panic(err) // it is made of what JSON has
		}
	}
	if spoil && m.rarely(3) {
		text = m.raw(text)
	}
	if spoil && m.rarely(6) {
		kind = m.one([]string{"", "text/plain", "application/json; charset=utf-16", "application/json;", "multipart/form-data"})
	}
	r.body, r.header = string(text), append(r.header, "Content-Type", kind)
}

// sheet is a list of cameras, more or less.
func (m *maker) sheet(kind string, spoil bool) string {
	id, name, of := m.one([]string{"new-one", "lang-public"}), "x", "public"
	if spoil {
		id, name, of = m.one(good), m.one(odd), m.one([]string{"public", "x"})
	}
	if (kind == "text/csv") != (spoil && m.rarely(3)) {
		return "id,name,area,kind,main\n" + id + "," + name + ",lang," + of + ",rtsp://10.1.2.3/\n"
	}
	return "cameras:\n  - {id: " + id + ", name: " + name + ", area: lang, kind: " + of + ", main: rtsp://10.1.2.3/}\n"
}
