package api

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"matthan/auth"
)

// TestTheLogIsAskedAboutVisitorsAsAboutPeople also holds the description to what
// is served.
func TestTheLogIsAskedAboutVisitorsAsAboutPeople(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	var described schemaOfPerson
	for _, r := range (&API{}).auditing() {
		for _, p := range r.query {
			if r.path == "/api/v1/audit" && p.name == "person" {
				described = schemaOfPerson(p.is)
			}
		}
	}
	for _, who := range []string{"portal:cong-an:can-bo 7@quan.vn", "share:K3XQ", "owner:house", "invitation:K4XQ", "cli.tool", o.keys["an"]} {
		if !described.allows(who) {
			t.Errorf("the description refuses %s", who)
		}
		r := auth.Record{Event: auth.ViewOpened, Subject: who, Camera: "house", Areas: []string{"lang", "ha-noi"}, View: "v"}
		if err := o.log.Write(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		var page logDoc
		o.want(http.StatusOK, &page, "auditor", "GET", "audit?event=view.opened&person="+url.QueryEscape(who), "")
		if len(page.Entries) != 1 || page.Entries[0].Subject != who {
			t.Errorf("%s: %+v", who, page.Entries)
		}
	}
}

type schemaOfPerson schema

func (s schemaOfPerson) allows(text string) bool {
	pattern, _ := s["pattern"].(string)
	most, bound := s["maxLength"].(int)
	return bound && len(text) <= most && regexp.MustCompile(pattern).MatchString(text)
}
