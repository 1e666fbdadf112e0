package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"matthan/auth"
	"matthan/gateway"
)

// described is the description as programs read it.
type described struct {
	OpenAPI    string
	Paths      map[string]map[string]operation
	Components struct {
		Schemas   map[string]any
		Responses map[string]response
	}
}

type response struct {
	Ref     string `json:"$ref"`
	Content map[string]struct{ Schema map[string]any }
}

type operation struct {
	OperationID string
	Security    []map[string][]string
	Parameters  []struct {
		Name, In string
		Required bool
		Schema   map[string]any
	}
	RequestBody *struct {
		Content map[string]struct{ Schema map[string]any }
	}
	Responses map[string]response
}

func TestTheDescriptionIsForEverybodyAndIsNotSentTwice(t *testing.T) {
	t.Parallel()
	srv := serve(t, 0)
	resp, body := ask(t, srv, "GET", "/api/v1/openapi.json", "")
	var d described
	if err := json.Unmarshal([]byte(body), &d); err != nil || resp.StatusCode != 200 || d.OpenAPI != "3.1.0" {
		t.Fatalf("%d %v %.200s", resp.StatusCode, err, body)
	}
	for _, name := range []string{"Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options", "Cache-Control"} {
		if resp.Header.Get(name) == "" {
			t.Errorf("no %s", name)
		}
	}
	if _, other := ask(t, srv, "GET", "/api/v1/openapi.json", allToken); other != body {
		t.Error("it is another one for another caller")
	}
	if resp, _ := ask(t, srv, "GET", "/api/v1/openapi.json", "", "If-None-Match", resp.Header.Get("ETag")); resp.StatusCode != http.StatusNotModified {
		t.Errorf("it is sent again: %d", resp.StatusCode)
	}
	if d.Paths["/api/v1/accounts"] != nil || d.Paths["/api/v1/inventory/areas/{id}"] != nil {
		t.Error("routes are described that are not served here")
	}
}

func TestEveryRouteIsDescribedWhole(t *testing.T) {
	t.Parallel()
	policy, err := auth.NewPolicyFor(nil, auth.NewMemoryTables(), auth.Settings{Portals: struct{ auth.PortalTokens }{}})
	if err != nil {
		t.Fatal(err)
	}
	a := &API{Records: struct{ Records }{}, Accounts: struct{ Accounts }{}, Audit: struct{ Log }{}, Policy: policy, // of which nothing is called
		Viewing: func(auth.Subject, gateway.CameraID, string) (string, bool) { return "", false }}
	var d described
	if err := json.Unmarshal(openAPI(append(a.routes(), a.description())), &d); err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for path, methods := range d.Paths {
		for method, op := range methods {
			if ids[op.OperationID] {
				t.Errorf("two operations are called %s", op.OperationID)
			}
			ids[op.OperationID] = true
			for _, p := range op.Parameters {
				if len(p.Schema) == 0 {
					t.Errorf("%s %s: nothing is said of %s", method, path, p.Name)
				}
			}
			for status, r := range op.Responses {
				if r.Ref != "" {
					r = d.Components.Responses[strings.TrimPrefix(r.Ref, "#/components/responses/")]
				}
				if status[0] == '4' && r.Content[typeProblem].Schema == nil {
					t.Errorf("%s %s: %s is no problem document", method, path, status)
				}
			}
			open := strings.HasSuffix(path, "/session") || strings.HasSuffix(path, "/openapi.json") || strings.HasSuffix(path, "/guest")
			if _, ok := op.Responses["401"]; ok == open {
				t.Errorf("%s %s: who may is not said", method, path)
			}
		}
	}
	for name, s := range d.Components.Schemas {
		if m, ok := s.(map[string]any); !ok || len(m) == 0 {
			t.Errorf("%s is empty", name)
		}
	}
	// What the code checks is said.
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`["public","household","office","institution"]`, `["auto","tcp","udp"]`, `["viewer","supervisor","administrator","auditor"]`,
		`"writeOnly":true`, `"^[a-z0-9-]{1,64}$"`, `"unevaluatedProperties":false`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the description lacks %s", want)
		}
	}
}
