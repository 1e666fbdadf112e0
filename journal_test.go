package main

import (
	"context"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"matthan/auth"
	"matthan/auth/audit"
	"matthan/signaling"
)

// auditor reads the whole log.
func (s *station) auditor() *browser {
	s.t.Helper()
	b := newBrowser(s.t, s.origin)
	b.invited(s.admin, "thanh-tra", `{"name":"Thanh tra","roles":["auditor"],"areas":["all"]}`)
	return b
}

// find asks the log once.
func (b *browser) find(query string) []audit.Entry {
	b.t.Helper()
	var doc struct{ Entries []audit.Entry }
	b.want(200, &doc, "GET", "audit?"+query, "")
	return doc.Entries
}

// finds waits until so many records are there.
func (b *browser) finds(n int, query string) []audit.Entry {
	b.t.Helper()
	for deadline := time.Now().Add(patience); ; <-time.After(20 * time.Millisecond) {
		found := b.find(query)
		if len(found) == n {
			return found
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("?%s: %d records, want %d: %+v", query, len(found), n, found)
		}
	}
}

func TestAViewIsInTheLogWhenItsFirstPacketComesAndItsEndHasADuration(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	at, next := s.ward(), s.ward()
	reader := s.auditor()
	officer, _ := s.officer("quan")
	w := officer.watch(at.camera)
	first := time.Unix(0, w.last.Load())
	opened := reader.find("event=view.opened")
	if len(opened) != 1 || opened[0].Camera != at.camera || opened[0].Subject != officer.me() || opened[0].By != "role viewer" || opened[0].Name != "Cán bộ" ||
		opened[0].Time.After(first) || !slices.Equal(opened[0].Areas, []string{at.area, "quan"}) || opened[0].Kind != "public" || opened[0].Address != "127.0.0.1" {
		t.Fatalf("the first packet came at %v: %+v", first, opened)
	}
	w.say(signaling.View{Type: signaling.TypeView, Camera: next.camera})
	if turned := reader.finds(1, "event=view.closed")[0]; turned.View != opened[0].View || turned.Camera != at.camera || turned.Duration <= 0 || turned.Duration > time.Minute {
		t.Errorf("%+v", turned)
	}
	reader.finds(2, "event=view.opened")
	w.plays()
	s.change("PUT", "cameras/"+next.camera, s.cameraBody(next, "vinh")) // the right ends
	w.ended()
	if ended := reader.finds(1, "event=view.closed&camera="+next.camera)[0]; ended.Detail != "the right ended" || ended.Duration <= 0 {
		t.Errorf("%+v", ended)
	}
	w.say(signaling.View{Type: signaling.TypeView, Camera: next.camera})
	w.say(signaling.View{Type: signaling.TypeView, Camera: next.camera})
	if denied := reader.finds(1, "event=view.denied")[0]; denied.Camera != next.camera || denied.Subject != officer.me() {
		t.Errorf("%+v", denied)
	}
	if moved := reader.find("event=camera.changed&camera=" + next.camera)[0]; !strings.Contains(moved.Detail, "area") || moved.By != "role administrator" ||
		!slices.Contains(moved.Areas, "vinh") || !slices.Contains(moved.Areas, next.area) {
		t.Errorf("%+v", moved)
	}
}

func TestSignInsAndTheirRefusalsAreRecorded(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	reader := s.auditor()
	officer, login := s.officer("quan")
	key := officer.me()
	if in := reader.find("event=session.begun&person=" + key); len(in) != 1 || in[0].Subject != key || in[0].Address != "127.0.0.1" || in[0].Device == "" || in[0].Detail != "by password" || !slices.Equal(in[0].Areas, []string{"quan"}) {
		t.Fatalf("%+v", in)
	}
	const typo = "mat-khau-go-nham-o-ten"
	other := newBrowser(t, s.origin)
	other.signIn(login, "sai mat khau roi nhe")
	other = newBrowser(t, s.origin)
	other.signIn(typo, "sai mat khau roi nhe")
	refused := reader.finds(2, "event=session.refused&oldest=true")
	if refused[0].Target != key || refused[1].Target != "" || refused[0].Address != "127.0.0.1" {
		t.Errorf("%+v", refused)
	}
	officer.post("/auth/logout", url.Values{})
	if out := reader.find("event=session.ended"); len(out) != 1 || out[0].Subject != key || out[0].Detail != "signed out" {
		t.Errorf("%+v", out)
	}
	accounts := reader.find("event=account.changed&person=" + key)
	if len(accounts) < 2 { // made, and given a password by its link
		t.Errorf("%+v", accounts)
	}
	_, text := reader.do("GET", "/api/v1/audit/export", "", "")
	for _, secret := range []string{password, typo, "sai mat khau", "rtsp://"} {
		if strings.Contains(text, secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	r, err := audit.Verify(t.Context(), strings.NewReader(text), audit.Trust{})
	if err != nil || !r.OK() {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestWithoutAnAuditLogTheGatewayDoesNotStart(t *testing.T) {
	t.Parallel()
	cfg := defaultConfig()
	cfg.HTTP, cfg.HTTPS, cfg.Data = "127.0.0.1:0", "", t.TempDir()
	cfg.WebRTC = WebRTCConfig{UDP: "127.0.0.1:0"}
	cfg.Audit.Reserve = 1 << 50 // no disk has it to set aside
	err := serve(t.Context(), cfg, slog.New(slog.DiscardHandler), func(listening) { t.Error("it started") })
	if err == nil || !strings.Contains(err.Error(), "without an audit log nothing is shown") {
		t.Errorf("%v", err)
	}
}

func TestALedgerKeepsWhatWasLeftToItUntilItEnds(t *testing.T) {
	t.Parallel()
	cfg := defaultConfig()
	cfg.Data, cfg.Audit.Reserve = t.TempDir(), 16<<20
	log := slog.New(slog.DiscardHandler)
	store, _, err := openStore(t.Context(), cfg, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	j, err := openJournal(t.Context(), cfg, store, log)
	if err != nil {
		t.Fatal(err)
	}
	for range 1000 {
		j.Later(auth.Record{Event: auth.ViewClosed, Camera: "c"})
	}
	j.end(log)
	n := 0
	for e, err := range j.log.All(context.Background(), audit.Filter{Events: []auth.Event{auth.ViewClosed, auth.GatewayStopped}}) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; (e.Event == auth.GatewayStopped) != (n == 1001) {
			t.Fatalf("record %d: %+v", n, e)
		}
	}
	if n != 1001 {
		t.Errorf("%d records", n)
	}
}
