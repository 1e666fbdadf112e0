package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"matthan/auth"
)

// told are the records of a camera, the oldest first, as an auditor reads them
// once there are so many of the event.
func (b *browser) told(camera string, event auth.Event, n int) (all []auth.Record) {
	b.t.Helper()
	for end := time.Now().Add(patience); ; {
		var doc struct{ Entries []auth.Record }
		b.want(200, &doc, "GET", "audit?oldest=true&limit=1000&camera="+camera, "")
		all = doc.Entries
		have := 0
		for _, r := range all {
			if r.Event == event {
				have++
			}
		}
		if have >= n {
			return all
		}
		if time.Now().After(end) {
			b.t.Fatalf("%d records of %s, want %d: %+v", have, event, n, all)
		}
		<-time.After(10 * time.Millisecond) // the log is written behind the acts
	}
}

func TestSharesAreRecordedWithTheOutsidersName(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	at := s.ward()
	auditor := newBrowser(t, s.origin)
	auditor.invited(s.admin, "kiem-tra", fmt.Sprintf(`{"name":"Kiểm tra","roles":["auditor"],"areas":[%q]}`, at.area))
	chief, made, w := s.guest(at)
	id := auth.GuestID(made.Key)
	if resp, text := newBrowser(t, s.origin).do("POST", "/api/v1/guest", "application/json", fmt.Sprintf(`{"secret":%q,"pin":%q}`, made.secret(), wrongOf(made.Pin))); resp.StatusCode != http.StatusForbidden || !strings.Contains(text, `"code":"pin"`) || !strings.Contains(text, `{"field":"left","detail":"4"}`) {
		t.Errorf("%d %s", resp.StatusCode, text)
	}
	w.plays() // a wrong pin from elsewhere ends nothing
	chief.want(204, nil, "DELETE", "shares/"+made.Key, "")
	w.ended()
	inside, friend, third := chief.shareOf(at.camera, false), s.friend(), s.friend()
	open := fmt.Sprintf(`{"secret":%q}`, inside.secret())
	friend.want(200, nil, "POST", "shares/open", open)
	friend.want(200, nil, "POST", "shares/open", open) // by reload: no second record
	third.want(404, nil, "POST", "shares/open", open)
	friend.watch(at.camera)

	auditor.told(at.camera, auth.ViewOpened, 2)
	all := auditor.told(at.camera, auth.ShareRefused, 2)
	text, _ := json.Marshal(all)
	for _, secret := range []string{made.secret(), made.Pin, inside.secret()} {
		if strings.Contains(string(text), secret) {
			t.Errorf("the log has a secret of a share: %s", text)
		}
	}
	chiefKey, friendKey, thirdKey := chief.me(), friend.me(), third.me()
	for _, want := range []auth.Record{
		{Event: auth.ShareMade, Subject: chiefKey, Target: made.Key, Detail: "for Đội PCCC, an outsider"},
		{Event: auth.ShareOpened, Subject: id, Name: "Đội PCCC", Target: made.Key, By: "share of " + chiefKey},
		{Event: auth.ViewOpened, Subject: id, Name: "Đội PCCC", By: "share of " + chiefKey},
		{Event: auth.ShareRefused, Subject: id, Name: "Đội PCCC", Target: made.Key, Detail: "wrong pin, 1 of 5"},
		{Event: auth.ShareRevoked, Subject: chiefKey, Target: made.Key},
		{Event: auth.ViewClosed, Subject: id, Name: "Đội PCCC"},
		{Event: auth.ShareMade, Subject: chiefKey, Target: inside.Key},
		{Event: auth.ShareOpened, Subject: friendKey, Target: inside.Key},
		{Event: auth.ShareRefused, Subject: thirdKey, Target: inside.Key, Detail: "another has opened it"},
		{Event: auth.ViewOpened, Subject: friendKey, By: "share " + inside.Key},
	} {
		n := 0
		for _, r := range all {
			if r.Event == want.Event && r.Subject == want.Subject && (want.Name == "" || r.Name == want.Name) && (want.Target == "" || r.Target == want.Target) &&
				(want.By == "" || r.By == want.By) && strings.HasPrefix(r.Detail, want.Detail) && slices.Contains(r.Areas, at.area) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d records like %+v in %s", n, want, text)
		}
	}
}

// wrongOf is a pin that is not this one.
func wrongOf(pin string) string {
	if pin == "000000" {
		return "000001"
	}
	return "000000"
}

func TestFiveWrongPinsEndALookToo(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	at := s.ward()
	_, made, w := s.guest(at)
	b := newBrowser(t, s.origin)
	for left := auth.MaxPins - 1; left >= 0; left-- {
		resp, text := b.do("POST", "/api/v1/guest", "application/json", fmt.Sprintf(`{"secret":%q,"pin":%q}`, made.secret(), wrongOf(made.Pin)))
		if resp.StatusCode != http.StatusForbidden || !strings.Contains(text, fmt.Sprintf(`"detail":"%d"`, left)) {
			t.Fatalf("%d left: %d %s", left, resp.StatusCode, text)
		}
	}
	w.ended()
	resp, text := b.do("POST", "/api/v1/guest", "application/json", fmt.Sprintf(`{"secret":%q,"pin":%q}`, made.secret(), made.Pin))
	if resp.StatusCode != http.StatusNotFound {
		t.Errorf("the right pin afterwards: %d %s", resp.StatusCode, text)
	}
}
