package auth

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// lend gives some cameras consents, many of them closed or in a wrong form; some
// are of cameras of another kind.
func (o *oracle) lend(t *testing.T, r *rand.Rand, tables Tables, at time.Time) {
	t.Helper()
	o.consents, o.spoilt = map[string]Consent{}, map[string]bool{}
	for _, camera := range []string{"household-lang", "household-block", "household-vinh", "public-vinh", "office-block"} {
		if r.IntN(3) == 0 {
			continue
		}
		c, spoilt := randomConsent(r, camera, at)
		o.consents[camera], o.spoilt[camera] = c, spoilt
		if _, err := tables.Consents.Put(t.Context(), camera, c, 0); err != nil {
			t.Fatal(err)
		}
	}
}

func randomConsent(r *rand.Rand, camera string, at time.Time) (c Consent, spoilt bool) {
	near := func() time.Time { return at.Add(time.Duration(r.IntN(3000)-500) * time.Second) }
	c = Consent{Camera: camera, Owner: "Bà Tư", Purposes: some(r, Reasons()), Given: at, From: at.Add(-time.Hour), How: pick(r, []string{ByLink, OnPaper}), Document: "1", By: "x"}
	if r.IntN(2) == 0 {
		c.Purposes = Reasons()
	}
	if r.IntN(4) == 0 {
		c.From = near()
	}
	if r.IntN(3) == 0 {
		c.Until = near()
		spoilt = !c.Until.After(c.From)
	}
	if r.IntN(3) == 0 {
		c.Hours = &Hours{Zone: pick(r, []string{"Asia/Ho_Chi_Minh", "UTC", "Asia/Kathmandu"})}
		for range 1 + r.IntN(2) {
			near := at.Add(time.Duration(r.IntN(24*60)-12*60) * time.Minute)
			c.Hours.Spans = append(c.Hours.Spans, Span{near.Weekday(), r.IntN(1440), r.IntN(1441)})
		}
	}
	close := []func(){
		func() { c.Withdrawn = near() }, func() { c.Off = near() }, func() { c.Given = time.Time{} }, func() { c.From = time.Time{} },
		func() { c.Masks = []Mask{{{0, 0}, {1, 0}, {1, 1}}} },
	}
	if r.IntN(4) == 0 {
		close[r.IntN(len(close))]()
	}
	if r.IntN(8) == 0 {
		spoilt = true
		spoil := []func(){
			func() { c.Owner = "" }, func() { c.Owner = strings.Repeat("ộ", maxOwner+1) }, func() { c.How = "hearsay" }, func() { c.Document = "" },
			func() { c.Purposes = append(c.Purposes, "curiosity") }, func() { c.Purposes = []Reason{Theft, Theft} },
			func() { c.Hours = &Hours{"Mars/Olympus", []Span{{0, 0, 1440}}} }, func() { c.Hours = &Hours{Zone: "UTC"} },
			func() { c.Masks = []Mask{{{0, 0}, {1, 0}}} }, func() { c.Masks = []Mask{{{0, 0}, {1, 0}, {math.NaN(), 1}}} },
			func() { c.Masks = make([]Mask, MaxMasks+1) }, func() { c.Contact = strings.Repeat("x", maxContact+1) },
		}
		spoil[r.IntN(len(spoil))]()
	}
	return c, spoilt
}

func randomCase(r *rand.Rand, at time.Time) *Case {
	if r.IntN(4) == 0 {
		return nil
	}
	opened := at
	if r.IntN(4) == 0 {
		opened = at.Add(-SessionLife + time.Duration(r.IntN(1500))*time.Second)
	}
	return &Case{Reason: pick(r, append(Reasons(), "curiosity")), Number: "12/2026", Opened: opened}
}
