package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"matthan/auth"
	"matthan/gateway/simulate"
)

// ends are the ways in which a look ends. Each begins one and returns what ends
// it, which tells when it did.
var ends = append([]ending{
	{"grant revoked", func(s *station, at ward) (*watched, func() time.Time) {
		b, _ := s.officer("vinh")
		key := s.grant(b, at.area, time.Time{})
		return b.watch(at.camera), act(func() { s.admin.want(204, nil, "DELETE", "grants/"+key, "") })
	}},
	{"grant over", func(s *station, at ward) (*watched, func() time.Time) {
		b, _ := s.officer("vinh")
		until := time.Now().Add(5 * time.Second)
		s.grant(b, at.area, until)
		return b.watch(at.camera), func() time.Time { return until }
	}},
	{"account disabled", func(s *station, at ward) (*watched, func() time.Time) {
		b, login := s.officer(at.area)
		return b.watch(at.camera), act(func() {
			s.admin.want(204, nil, "PUT", "accounts/"+login, `{"name":"Cán bộ","roles":["viewer"],"areas":[],"disabled":true}`)
		})
	}},
	{"area taken from the account", func(s *station, at ward) (*watched, func() time.Time) {
		b, login := s.officer(at.area)
		return b.watch(at.camera), act(func() {
			s.admin.want(204, nil, "PUT", "accounts/"+login, `{"name":"Cán bộ","roles":["viewer"],"areas":["vinh"]}`)
		})
	}},
	{"person blocked", func(s *station, at ward) (*watched, func() time.Time) {
		b, _ := s.officer(at.area)
		key := b.me()
		return b.watch(at.camera), act(func() { s.admin.want(204, nil, "PUT", "people/"+key+"/block", `{"reason":"mất điện thoại"}`) })
	}},
	{"session ended from another device", func(s *station, at ward) (*watched, func() time.Time) {
		b, login := s.officer(at.area)
		other := newBrowser(s.t, s.origin)
		other.signIn(login, password)
		return b.watch(at.camera), act(func() { other.want(200, nil, "DELETE", "people/me/sessions", "") })
	}},
	{"signed out", func(s *station, at ward) (*watched, func() time.Time) {
		b, _ := s.officer(at.area)
		return b.watch(at.camera), act(func() { b.post("/auth/logout", nil) })
	}},
	{"camera moved to another area", func(s *station, at ward) (*watched, func() time.Time) {
		b, _ := s.officer(at.area)
		return b.watch(at.camera), act(func() { s.change("PUT", "cameras/"+at.camera, s.cameraBody(at, "vinh")) })
	}},
	{"area moved from under another", func(s *station, at ward) (*watched, func() time.Time) {
		b, _ := s.officer("quan")
		return b.watch(at.camera), act(func() { s.change("PUT", "areas/"+at.area, s.areaBody("vinh")) })
	}},
	{"household withdrawn", func(s *station, at ward) (*watched, func() time.Time) {
		b := s.lend(at, time.Time{})
		return b.watch(at.camera), act(func() {
			s.admin.want(204, nil, "DELETE", "inventory/cameras/"+at.camera+"/consent", `{"document":"08/2026"}`)
		})
	}},
	{"switched off", func(s *station, at ward) (*watched, func() time.Time) {
		b := s.lend(at, time.Time{})
		return b.watch(at.camera), act(func() {
			s.editConsent(at.camera, func(c *auth.Consent) { c.Off = time.Now() })
		})
	}},
	{"switched off by its owner", func(s *station, at ward) (*watched, func() time.Time) {
		b, owner := s.lend(at, time.Time{}), s.ownerOf(at.camera)
		return b.watch(at.camera), act(func() { owner.want(s.t, 204, nil, "POST", "owner/off", `{}`) })
	}},
	{"withdrawn by its owner", func(s *station, at ward) (*watched, func() time.Time) {
		b, owner := s.lend(at, time.Time{}), s.ownerOf(at.camera)
		return b.watch(at.camera), act(func() { owner.want(s.t, 204, nil, "POST", "owner/withdraw", `{"confirm":true}`) })
	}},
	{"household's consent over", func(s *station, at ward) (*watched, func() time.Time) {
		until := time.Now().Add(6 * time.Second)
		b := s.lend(at, until)
		return b.watch(at.camera), func() time.Time { return until }
	}},
	{"household's hours changed", func(s *station, at ward) (*watched, func() time.Time) {
		b := s.lend(at, time.Time{})
		other := auth.Span{Day: (time.Now().UTC().Weekday() + 3) % 7, From: 0, To: 1440}
		return b.watch(at.camera), act(func() {
			s.editConsent(at.camera, func(c *auth.Consent) { c.Hours = &auth.Hours{Zone: "UTC", Spans: []auth.Span{other}} })
		})
	}},
	{"case closed", func(s *station, at ward) (*watched, func() time.Time) {
		b := s.lend(at, time.Time{})
		return b.watch(at.camera), act(func() { b.want(204, nil, "DELETE", "case", "") })
	}},
	{"share revoked", func(s *station, at ward) (*watched, func() time.Time) {
		b, _ := s.officer(at.area)
		made, friend := b.shareOf(at.camera, false), s.friend()
		friend.want(200, nil, "POST", "shares/open", fmt.Sprintf(`{"secret":%q}`, made.secret()))
		return friend.watch(at.camera), act(func() { b.want(204, nil, "DELETE", "shares/"+made.Key, "") })
	}},
	{"guest's share revoked", func(s *station, at ward) (*watched, func() time.Time) {
		chief, made, w := s.guest(at)
		return w, act(func() { chief.want(204, nil, "DELETE", "shares/"+made.Key, "") })
	}},
	{"guest opens on another device", func(s *station, at ward) (*watched, func() time.Time) {
		_, made, w := s.guest(at)
		return w, act(func() { made.token(s.t, newBrowser(s.t, s.origin)) })
	}},
	{"sharer lost right", func(s *station, at ward) (*watched, func() time.Time) {
		b, login := s.officer(at.area)
		made, friend := b.shareOf(at.camera, false), s.friend()
		friend.want(200, nil, "POST", "shares/open", fmt.Sprintf(`{"secret":%q}`, made.secret()))
		return friend.watch(at.camera), act(func() {
			s.admin.want(204, nil, "PUT", "accounts/"+login, `{"name":"Cán bộ","roles":["viewer"],"areas":["vinh"]}`)
		})
	}},
	{"sharer blocked", func(s *station, at ward) (*watched, func() time.Time) {
		chief, _, w := s.guest(at)
		key := chief.me()
		return w, act(func() { s.admin.want(204, nil, "PUT", "people/"+key+"/block", `{"reason":"mất điện thoại"}`) })
	}},
	{"shared camera becomes a household's", func(s *station, at ward) (*watched, func() time.Time) {
		_, _, w := s.guest(at)
		return w, act(func() {
			s.change("PUT", "cameras/"+at.camera, s.lentBody(at))
		})
	}},
	{"camera withdrawn", func(s *station, at ward) (*watched, func() time.Time) {
		b, _ := s.officer(at.area)
		return b.watch(at.camera), act(func() { s.change("DELETE", "cameras/"+at.camera, "") })
	}},
}, portalEnds...)

// ending is one way.
type ending struct {
	name  string
	begin func(*station, ward) (*watched, func() time.Time)
}

// act is when an act began.
func act(do func()) func() time.Time {
	return func() time.Time {
		now := time.Now()
		do()
		return now
	}
}

func TestALookEndsWithWhatPermittedIt(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	wards := make([]ward, len(ends))
	for i := range wards { // all of them first: a camera takes seconds to its first key picture
		wards[i] = s.ward()
	}
	for i, end := range ends {
		t.Run(end.name, func(t *testing.T) {
			w, act := end.begin(s, wards[i])
			act()
			w.ended()
		})
	}
}

// BenchmarkRevoke measures the time from an act to the last packet of a look
// that it ends.
func BenchmarkRevoke(b *testing.B) {
	for _, end := range ends {
		b.Run(strings.ReplaceAll(end.name, " ", "-"), func(b *testing.B) {
			var took []time.Duration
			for range b.N {
				s := newStation(b)
				w, act := end.begin(s, s.ward())
				from := act()
				took = append(took, max(0, w.ended().Sub(from)))
			}
			medians(b, took)
		})
	}
	for name, measure := range map[string]func(testing.TB) time.Duration{"token-over": tokenOver, "token-withdrawn": withdrawn} {
		b.Run(name, func(b *testing.B) {
			var took []time.Duration
			for range b.N {
				took = append(took, measure(b))
			}
			medians(b, took)
		})
	}
}

func medians(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms/median")
	b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "ms/worst")
	b.ReportMetric(0, "ns/op")
}

func TestAWHEPPlayerEndsWithItsToken(t *testing.T) {
	t.Parallel()
	tokenOver(t)
}

// tokenOver plays by WHEP with a token until that ends, and returns how long
// pictures came after it. A busy machine gets a token that lives longer.
func tokenOver(t testing.TB) time.Duration {
	t.Helper()
	for life := 3 * time.Second; life < patience; life *= 2 {
		until := time.Now().Add(life)
		l := startLive(t, simulate.Options{Cameras: maxWards}, func(c *Config) { c.Tokens[0].Expires = until })
		p, err := l.play("cam0")
		if err != nil {
			p.close()
			continue
		}
		last := p.last(t, until)
		p.close()
		if !last.IsZero() {
			return max(0, last.Sub(until))
		}
	}
	t.Fatal("no picture came")
	return 0
}

// last is when the last picture came before the silence after until; zero where
// none came.
func (p *player) last(t testing.TB, until time.Time) (last time.Time) {
	t.Helper()
	for limit := time.After(2 * patience); ; {
		select {
		case pic := <-p.pictures:
			last = pic.at
		case <-limit:
			t.Fatal("the pictures do not end")
		case <-time.After(silence):
			if time.Now().After(until) {
				return last
			}
		}
	}
}
