package auth

import (
	"crypto/sha256"
	"errors"
	"testing"
	"time"
)

// passing are visitors who may do everything, as far as their own rules go.
type passing struct{ held Permission }

func (passing) authenticate(secret string, _ [sha256.Size]byte, _ time.Time) (Subject, error) {
	if secret != text("visitor") {
		return Subject{}, ErrUnauthenticated
	}
	return Subject{ID: "visitor:1"}, nil
}

func (v passing) decide(Subject, Action, Resource, time.Time) (Permission, error) { return v.held, nil }

// TestNoVisitorPassesTheGateOfCitizensCameras: whatever a kind of visitors permits,
// Decide asks the owner's consent after it.
func TestNoVisitorPassesTheGateOfCitizensCameras(t *testing.T) {
	t.Parallel()
	long := Permission{Until: now.Add(MaxLease), By: "visit"}
	stated, another, draft := long, long, long
	stated.Reason, stated.Case = Theft, "12/2026"
	another.Reason, another.Case = Fire, "12/2026"
	draft.draft = true
	open := agreed("household-lang")
	open.Purposes, open.Until = []Reason{Theft}, now.Add(10*time.Second)
	off, drawn := open, open
	off.Off = now
	drawn.Given, drawn.From = time.Time{}, time.Time{}
	ended := drawn
	ended.Withdrawn = now
	for name, tt := range map[string]struct {
		held    Permission
		consent *Consent
		want    error
	}{
		"a case that was agreed to":    {stated, &open, nil},
		"no case":                      {long, &open, ErrCase},
		"another case":                 {another, &open, ErrCase},
		"a case without consent":       {stated, nil, ErrClosed},
		"a case, switched off":         {stated, &off, ErrClosed},
		"a case, of a draft":           {stated, &drawn, ErrClosed},
		"their own draft":              {draft, &drawn, nil},
		"their own draft, given":       {draft, &open, ErrDenied},
		"their own draft, withdrawn":   {draft, &ended, ErrDenied},
		"their own draft, without row": {draft, nil, ErrDenied},
	} {
		h := newHouse(t)
		h.visitors = map[string]visitors{"test": passing{tt.held}}
		if tt.consent != nil {
			if _, err := h.tables.Consents.Put(t.Context(), tt.consent.Camera, *tt.consent, 0); err != nil {
				t.Fatal(err)
			}
		}
		s, err := h.Authenticate(text("visitor"), now)
		if err != nil {
			t.Fatal(err)
		}
		r, _ := cameraOf("household-lang")
		for _, a := range []Action{View, Lookback, Export, PTZ} {
			got, err := h.Decide(s, a, r, now)
			if !errors.Is(err, tt.want) || tt.want == ErrDenied && (errors.Is(err, ErrClosed) || errors.Is(err, ErrCase)) {
				t.Errorf("%s: %s: %v, want %v", name, a, err, tt.want)
			}
			if err == nil && !tt.held.draft && got.Until != open.Until {
				t.Errorf("%s: %s: until %v", name, a, got.Until)
			}
		}
		if r, _ := cameraOf("public-lang"); h.may(s, View, r.Camera, now) != nil {
			t.Errorf("%s: a public camera is closed too", name)
		}
	}
}
