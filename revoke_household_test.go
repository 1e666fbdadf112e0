package main

import (
	"encoding/json"
	"fmt"
	"time"

	"matthan/auth"
)

// lend makes a ward's camera a household's, whose owner agreed until a time, and
// gives an officer who has a right to it and a case.
func (s *station) lend(at ward, until time.Time) *browser {
	s.t.Helper()
	s.change("PUT", "cameras/"+at.camera, s.lentBody(at))
	doc := map[string]any{"owner": "Bà Tư", "purposes": []string{"theft"}, "document": "07/2026"}
	if !until.IsZero() {
		doc["until"] = until
	}
	body, err := json.Marshal(doc)
	if err != nil {
		s.t.Fatal(err)
	}
	s.put("cameras/"+at.camera+"/consent", string(body))
	b, _ := s.officer("vinh")
	s.admin.want(201, nil, "POST", "grants", fmt.Sprintf(`{"who":{"person":%q},"actions":["view"],"cameras":[%q]}`, b.me(), at.camera))
	b.want(204, nil, "PUT", "case", `{"reason":"theft","number":"12/2026"}`)
	return b
}

// editConsent does what an owner does.
func (s *station) editConsent(camera string, edit func(*auth.Consent)) {
	s.t.Helper()
	c, revision, ok := s.tables.Consents.Get(camera)
	if !ok {
		s.t.Fatal("there is no consent")
	}
	edit(&c)
	if _, err := s.tables.Consents.Put(s.t.Context(), camera, c, revision); err != nil {
		s.t.Fatal(err)
	}
}
