package portal

import (
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"strings"
	"testing"
	"time"

	"matthan/auth"
)

type claims = map[string]any

func TestAWrongTokenLetsNobodyIn(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	at := func(d time.Duration) int64 { return r.now.Add(d).Unix() }
	good := r.mint(nil, nil)
	signature, another := good[strings.LastIndexByte(good, '.'):], r.mint(nil, claims{"sub": "cb-1"})
	stranger, public := newKey(t), r.key.Public().(ed25519.PublicKey)
	plain := claims{"alg": "EdDSA", "typ": "embed+jwt", "kid": "k1"}
	said := claims{"iss": "quan", "aud": ours, "sub": "cb", "cam": "lang-1", "org": page, "iat": at(0), "exp": at(time.Minute), "jti": "j"}
	withKey := func(text []byte) []byte { return ed25519.Sign(r.key, text) }
	for name, raw := range map[string]string{
		"nothing":               "..",
		"no JSON":               r.sign("x", "y", withKey),
		"two documents":         r.sign(plain, `{"iss":"quan"}{}`, withKey),
		"a name twice":          r.sign(`{"alg":"EdDSA","typ":"embed+jwt","kid":"k1","kid":"k1"}`, said, withKey),
		"other letters in iss":  r.mint(nil, claims{"iss": nil, "ISS": "quan"}),
		"a key of its own":      r.mint(claims{"jwk": claims{"kty": "OKP"}}, nil),
		"jku":                   r.mint(claims{"jku": "https://evil.example/keys"}, nil),
		"x5u":                   r.mint(claims{"x5u": "https://evil.example/keys"}, nil),
		"crit":                  r.mint(claims{"crit": []string{"b64"}, "b64": false}, nil),
		"no typ":                r.mint(claims{"typ": nil}, nil),
		"typ JWT":               r.mint(claims{"typ": "JWT"}, nil),
		"no kid":                r.mint(claims{"kid": nil}, nil),
		"unknown kid":           r.mint(claims{"kid": "k2"}, nil),
		"our own kid":           r.mint(claims{"kid": auth.OwnKID}, nil),
		"alg none":              r.mint(claims{"alg": "none"}, nil),
		"alg none, no signing":  r.sign(claims{"alg": "none", "typ": "embed+jwt", "kid": "k1"}, said, func([]byte) []byte { return nil }),
		"alg HS256":             r.mint(claims{"alg": "HS256"}, nil),
		"alg ES256":             r.mint(claims{"alg": "ES256"}, nil),
		"HMAC by the public":    r.sign(claims{"alg": "HS256", "typ": "embed+jwt", "kid": "k1"}, said, hmacBy(public)),
		"HMAC named EdDSA":      r.sign(plain, said, func(text []byte) []byte { return append(hmacBy(public)(text), hmacBy(public)(text)...) }),
		"another's key":         r.sign(plain, said, func(text []byte) []byte { return ed25519.Sign(stranger, text) }),
		"cut":                   good[:len(good)-2],
		"other claims":          another[:strings.LastIndexByte(another, '.')] + signature,
		"a line end":            good + "\n",
		"padding":               good + "==",
		"a fourth part":         good + ".x",
		"too large":             r.mint(nil, claims{"name": strings.Repeat("a", 4<<10)}),
		"unknown portal":        r.mint(nil, claims{"iss": "nobody"}),
		"other audience":        r.mint(nil, claims{"aud": "https://other-gateway.example"}),
		"two audiences":         r.mint(nil, claims{"aud": []string{ours, other}}),
		"no audience":           r.mint(nil, claims{"aud": nil}),
		"audience with a slash": r.mint(nil, claims{"aud": ours + "/"}),
		"expired":               r.mint(nil, claims{"iat": at(-2 * time.Minute), "exp": at(-time.Second)}),
		"expires now":           r.mint(nil, claims{"exp": at(0)}),
		"of the future":         r.mint(nil, claims{"iat": at(time.Minute), "exp": at(2 * time.Minute)}),
		"not yet":               r.mint(nil, claims{"nbf": at(time.Minute)}),
		"too long":              r.mint(nil, claims{"exp": at(5*time.Minute + time.Second)}),
		"ends before it begins": r.mint(nil, claims{"iat": at(20 * time.Second), "exp": at(10 * time.Second)}),
		"no exp":                r.mint(nil, claims{"exp": nil}),
		"exp is null":           r.sign(plain, `{"iss":"quan","aud":"`+ours+`","sub":"x","cam":"lang-1","org":"`+page+`","iat":1,"exp":null,"jti":"j"}`, withKey),
		"endless exp":           r.mint(nil, claims{"exp": 1e300}),
		"exp in words":          r.mint(nil, claims{"exp": "tomorrow"}),
		"no iat":                r.mint(nil, claims{"iat": nil}),
		"no jti":                r.mint(nil, claims{"jti": nil}),
		"empty jti":             r.mint(nil, claims{"jti": ""}),
		"long jti":              r.mint(nil, claims{"jti": strings.Repeat("a", 129)}),
		"nobody":                r.mint(nil, claims{"sub": nil}),
		"empty sub":             r.mint(nil, claims{"sub": ""}),
		"long sub":              r.mint(nil, claims{"sub": strings.Repeat("a", 81)}),
		"sub of two lines":      r.mint(nil, claims{"sub": "a\nb"}),
		"sub a number":          r.mint(nil, claims{"sub": 7}),
		"neither cam nor area":  r.mint(nil, claims{"cam": nil}),
		"cam and area":          r.mint(nil, claims{"area": "lang"}),
		"no origin":             r.mint(nil, claims{"org": nil}),
		"origin of no portal's": r.mint(nil, claims{"org": other}),
		"reason without case":   r.mint(nil, claims{"reason": "theft"}),
		"case without reason":   r.mint(nil, claims{"case": "17/2026"}),
		"unknown reason":        r.mint(nil, claims{"reason": "curiosity", "case": "17/2026"}),
		"a case of odd letters": r.mint(nil, claims{"reason": "theft", "case": "<script>"}),
	} {
		if s, err := r.enter(raw); !errors.Is(err, auth.ErrUnauthenticated) || s != (auth.Subject{}) {
			t.Errorf("%s: %v, %v", name, s, err)
		}
	}
	if n := len(r.tables.Embeds.All()); n != 0 {
		t.Errorf("%d wrong tokens were noted", n)
	}
	for _, from := range []auth.From{{Origin: other}, {}, {Origin: page + "."}, {Origin: "null"}} {
		if _, err := r.policy.Enter(t.Context(), good, from, r.now); !errors.Is(err, auth.ErrOrigin) {
			t.Errorf("from %v: %v", from, err)
		}
	}
	if s := r.enters(good); s.ID != "portal:quan:cb-0042" || s.Name != "Lê An" || !s.FromPortal() || !s.IsOne() || r.views(s, "lang-1") != nil {
		t.Errorf("the good one: %v", s)
	}
}

func hmacBy(key []byte) func([]byte) []byte {
	return func(text []byte) []byte {
		m := hmac.New(sha256.New, key)
		m.Write(text)
		return m.Sum(nil)
	}
}

func TestATokenIsGoodInItsTimeAndBounds(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	at := func(d time.Duration) int64 { return r.now.Add(d).Unix() }
	for name, raw := range map[string]string{
		"a clock ahead":      r.mint(nil, claims{"iat": at(29 * time.Second), "exp": at(time.Minute)}),
		"the longest":        r.mint(nil, claims{"exp": at(5 * time.Minute)}),
		"fractions":          r.mint(nil, claims{"iat": float64(at(0)) + 0.25, "exp": float64(at(time.Minute)) + 0.5}),
		"audience in a list": r.mint(nil, claims{"aud": []string{ours}}),
		"other claims":       r.mint(nil, claims{"scope": "x", "nbf": at(-time.Minute)}),
		"no name":            r.mint(nil, claims{"name": nil, "sub": "cb-1"}),
	} {
		if _, err := r.enter(raw); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// What a portal's clock that is ahead says does not prolong anything.
	s := r.enters(r.mint(nil, claims{"sub": "ahead", "iat": at(29 * time.Second), "exp": at(329 * time.Second)}))
	if until := r.policy.LooksUntil(s, r.now); until.After(r.now.Add(auth.MaxEmbedLife)) {
		t.Errorf("until %v", until.Sub(r.now))
	}
}

func TestWhatAnOfficerSeesIsWhatTheTokenAndThePortalName(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	one, ward := r.enters(r.mint(nil, nil)), r.enters(r.mint(nil, claims{"cam": nil, "area": "lang"}))
	city, elsewhere := r.enters(r.mint(nil, claims{"cam": nil, "area": "ha-noi"})), r.enters(r.mint(nil, claims{"cam": "vinh-1"}))
	home := r.enters(r.mint(nil, claims{"cam": "lang-h", "reason": "theft", "case": "17/2026"}))
	for _, c := range []struct {
		name   string
		s      auth.Subject
		camera string
		a      auth.Action
		want   bool
	}{
		{"a camera", one, "lang-1", auth.View, true}, {"a camera", one, "lang-1", auth.List, true}, {"a camera", one, "vinh-1", auth.View, false},
		{"a camera", one, "lang-1", auth.PTZ, false}, {"a camera", one, "lang-1", auth.Lookback, false}, {"a camera", one, "lang-1", auth.Administer, false},
		{"an area", ward, "lang-1", auth.View, true}, {"an area", ward, "vinh-1", auth.View, false}, {"an area", ward, "lang-h", auth.List, false},
		{"an area above", city, "lang-1", auth.View, true}, {"an area above", city, "vinh-1", auth.View, false},
		{"not the portal's", elsewhere, "vinh-1", auth.View, false}, {"not the portal's", elsewhere, "vinh-1", auth.List, false},
		{"a household that is not named", home, "lang-h", auth.View, false}, {"a household that is not named", home, "lang-h", auth.List, false},
	} {
		_, err := r.policy.Decide(c.s, c.a, cameras[c.camera], r.now)
		if (err == nil) != c.want || err != nil && (!errors.Is(err, auth.ErrDenied) || errors.Is(err, auth.ErrUnauthenticated)) {
			t.Errorf("%s: %s %s: %v", c.name, c.a, c.camera, err)
		}
	}
	for _, a := range []auth.Action{auth.Administer, auth.Supervise, auth.Audit, auth.Issue} {
		if _, err := r.policy.Decide(ward, a, auth.Resource{Areas: paths["lang"]}, r.now); err == nil {
			t.Errorf("an officer may %s", a)
		}
	}
}

// A citizen's camera takes the portal's right to households, the case in the token
// and the owner's consent to its reason.
func TestAHouseholdIsSeenForACaseThatItsOwnerAgreedTo(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	home := func(reason string) auth.Subject {
		c := claims{"cam": "lang-h"}
		if reason != "" {
			c["reason"], c["case"] = reason, "17/2026"
		}
		return r.enters(r.mint(nil, c))
	}
	theft, fire, none := home("theft"), home("fire"), home("")
	r.put(func(p *auth.Portal) { p.Kinds = []string{"public", auth.Household} })
	if err := r.views(theft, "lang-h"); !errors.Is(err, auth.ErrClosed) {
		t.Errorf("without a consent: %v", err)
	}
	_, err := r.tables.Consents.Put(t.Context(), "lang-h", auth.Consent{Camera: "lang-h", Owner: "Bà Tư", Purposes: []auth.Reason{auth.Theft},
		Given: r.now, From: r.now.Add(-time.Hour), How: auth.OnPaper, Document: "01/2026"}, 0)
	if err != nil {
		t.Fatal(err)
	}
	p, err := r.policy.Decide(theft, auth.View, cameras["lang-h"], r.now)
	if err != nil || p.Reason != auth.Theft || p.Case != "17/2026" || p.By != "portal quan" {
		t.Errorf("%+v, %v", p, err)
	}
	for name, s := range map[string]auth.Subject{"for another reason": fire, "for none": none} {
		if err := r.views(s, "lang-h"); !errors.Is(err, auth.ErrCase) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestATokenIsUsedOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	raw := r.mint(nil, claims{"jti": "one"})
	if _, err := r.policy.Authenticate(raw, r.now); !errors.Is(err, auth.ErrUnauthenticated) {
		t.Errorf("before it was used: %v", err)
	}
	s := r.enters(raw)
	for name, again := range map[string]string{"the same": raw, "another's, with its jti": r.mint(nil, claims{"jti": "one", "sub": "cb-9"}), "for another camera": r.mint(nil, claims{"jti": "one", "cam": "vinh-1"})} {
		if _, err := r.enter(again); !errors.Is(err, auth.ErrUnauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.policy.Renew(t.Context(), s, raw, auth.From{Origin: page}, r.now); !errors.Is(err, auth.ErrUnauthenticated) {
		t.Errorf("as its own renewal: %v", err)
	}
	// It goes on with what it began, from its page.
	if back, err := r.policy.Return(t.Context(), raw, auth.From{Origin: page}, r.now); err != nil || back != s {
		t.Errorf("coming back: %v, %v", back, err)
	}
	if _, err := r.policy.Return(t.Context(), raw, auth.From{Origin: other}, r.now); !errors.Is(err, auth.ErrOrigin) {
		t.Errorf("coming back from elsewhere: %v", err)
	}
	if who, err := r.policy.Authenticate(raw, r.now); err != nil || who != s {
		t.Errorf("as it is known: %v, %v", who, err)
	}
	// After a restart, too: then a fresh one begins anew.
	before := r.policy
	r.start(Config{})
	if _, err := r.enter(raw); !errors.Is(err, auth.ErrUnauthenticated) {
		t.Errorf("after a restart: %v", err)
	}
	if _, err := r.policy.Return(t.Context(), raw, auth.From{Origin: page}, r.now); !errors.Is(err, auth.ErrUnauthenticated) {
		t.Errorf("coming back after a restart: %v", err)
	}
	r.enters(r.mint(nil, nil))
	r.policy = before
	later := r.now.Add(3 * time.Minute)
	if err := r.policy.Sweep(t.Context(), later); err != nil || len(r.tables.Embeds.All()) != 0 {
		t.Errorf("after its end: %v, %d noted", err, len(r.tables.Embeds.All()))
	}
	if r.now = later; r.views(s, "lang-1") == nil {
		t.Error("it shows pictures after its end")
	}
}

func TestAFreshTokenProlongsOnlyItsOwn(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	from := auth.From{Origin: page}
	fresh := func(change claims) string {
		c := claims{"iat": r.now.Unix(), "exp": r.now.Add(2 * time.Minute).Unix()}
		for name, v := range change {
			c[name] = v
		}
		return r.mint(nil, c)
	}
	s, begun := r.enters(fresh(nil)), r.now
	for range 10 {
		r.now = r.now.Add(90 * time.Second)
		until, err := r.policy.Renew(t.Context(), s, fresh(claims{"name": "Lê Thị An"}), from, r.now)
		if err != nil || !until.Equal(r.now.Add(2*time.Minute)) || r.views(s, "lang-1") != nil {
			t.Fatalf("after %v: %v, %v", r.now.Sub(begun), until, err)
		}
	}
	for name, raw := range map[string]string{"another officer's": fresh(claims{"sub": "cb-9"}), "for another camera": fresh(claims{"cam": "lang-2"}),
		"for an area": fresh(claims{"cam": nil, "area": "lang"}), "for a case": fresh(claims{"reason": "theft", "case": "1/26"}), "a wrong one": "a.b.c", "none": ""} {
		if _, err := r.policy.Renew(t.Context(), s, raw, from, r.now); !errors.Is(err, auth.ErrUnauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.policy.Renew(t.Context(), s, fresh(nil), auth.From{Origin: other}, r.now); !errors.Is(err, auth.ErrOrigin) {
		t.Errorf("from another page: %v", err)
	}
	if _, err := r.policy.Renew(t.Context(), r.admin, fresh(nil), from, r.now); !errors.Is(err, auth.ErrUnauthenticated) {
		t.Errorf("a tool's: %v", err)
	}
	// A shorter one, that came later, takes nothing away.
	if until, err := r.policy.Renew(t.Context(), s, fresh(claims{"exp": r.now.Add(10 * time.Second).Unix()}), from, r.now); err != nil || !until.Equal(r.now.Add(2*time.Minute)) {
		t.Errorf("a shorter one: %v, %v", until, err)
	}
}

// revocations are what ends all that was begun, each as an administrator does it.
var revocations = map[string]func(*rig) error{
	"disabled":    func(r *rig) error { r.put(func(p *auth.Portal) { p.Disabled = true }); return nil },
	"key removed": func(r *rig) error { r.put(func(p *auth.Portal) { p.Keys = nil }); return nil },
	"key exchanged": func(r *rig) error {
		r.put(func(p *auth.Portal) { p.Keys[0].Public = publicOf(newKey(r.t)) })
		return nil
	},
	"origin gone":   func(r *rig) error { r.put(func(p *auth.Portal) { p.Origins = []string{other} }); return nil },
	"officer ended": func(r *rig) error { return r.policy.EndPortal(r.t.Context(), r.admin, "quan", "cb-0042", r.now) },
	"all ended":     func(r *rig) error { return r.policy.EndPortal(r.t.Context(), r.admin, "quan", "", r.now) },
	"removed": func(r *rig) error {
		row, err := r.policy.Portal(r.admin, "quan", r.now)
		return errors.Join(err, r.policy.RemovePortal(r.t.Context(), r.admin, "quan", row.Revision, r.now))
	},
}

func TestAnEndIsAnEndForWhatRunsAndForTokensIssuedBefore(t *testing.T) {
	t.Parallel()
	for name, end := range revocations {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, Config{})
			s, kept := r.enters(r.mint(nil, nil)), r.mint(nil, nil)
			r.now = r.now.Add(time.Second)
			changed := r.policy.Changed()
			if err := end(r); err != nil {
				t.Fatal(err)
			}
			select {
			case <-changed:
			default:
				t.Error("those who watch are not told")
			}
			if err := r.views(s, "lang-1"); !errors.Is(err, auth.ErrUnauthenticated) || !errors.Is(err, auth.ErrDenied) {
				t.Errorf("it looks on: %v", err)
			}
			if _, err := r.policy.Renew(t.Context(), s, kept, auth.From{Origin: page}, r.now); !errors.Is(err, auth.ErrUnauthenticated) {
				t.Errorf("a token of before prolongs it: %v", err)
			}
			if _, err := r.enter(kept); !errors.Is(err, auth.ErrUnauthenticated) {
				t.Errorf("a token of before lets in: %v", err)
			}
		})
	}
	r := newRig(t, Config{})
	s := r.enters(r.mint(nil, nil))
	r.put(func(p *auth.Portal) { p.Areas = []string{"vinh"} })
	if err := r.views(s, "lang-1"); !errors.Is(err, auth.ErrDenied) {
		t.Errorf("an area was taken from the portal: %v", err)
	}
	other := r.enters(r.mint(nil, claims{"sub": "cb-9", "cam": "vinh-1"}))
	if err := r.policy.EndPortal(t.Context(), r.admin, "quan", "cb-0042", r.now.Add(time.Second)); err != nil || r.views(other, "vinh-1") != nil {
		t.Errorf("ending one officer: %v, and another sees %v", err, r.views(other, "vinh-1"))
	}
	later := r.now.Add(2 * time.Second)
	again := r.mint(nil, claims{"iat": later.Unix(), "exp": later.Add(time.Minute).Unix()})
	if _, err := r.policy.Enter(context.Background(), again, auth.From{Own: true}, later); err != nil {
		t.Errorf("a token that was issued after the end: %v", err)
	}
}

func TestNoMoreOfAPortalsOfficersLookThanMay(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.put(func(p *auth.Portal) { p.Viewers = 2 })
	first := r.enters(r.mint(nil, claims{"sub": "a"}))
	r.enters(r.mint(nil, claims{"sub": "b"}))
	if _, err := r.enter(r.mint(nil, claims{"sub": "c"})); !errors.Is(err, auth.ErrCrowded) {
		t.Errorf("a third: %v", err)
	}
	if _, err := r.policy.Renew(t.Context(), first, r.mint(nil, claims{"sub": "a"}), auth.From{Origin: page}, r.now); err != nil {
		t.Errorf("who looks already is not prolonged: %v", err)
	}
	all, err := r.policy.PortalViewers(r.admin, "quan", r.now)
	if err != nil || len(all) != 2 || all[0].Officer != "a" || all[0].Camera != "lang-1" || all[1].Name != "Lê An" {
		t.Errorf("%+v %v", all, err)
	}
	r.now = r.now.Add(3 * time.Minute)
	c := r.mint(nil, claims{"sub": "c", "iat": r.now.Unix(), "exp": r.now.Add(time.Minute).Unix()})
	if _, err := r.enter(c); err != nil {
		t.Errorf("when the others have gone: %v", err)
	}
}

func FuzzToken(f *testing.F) {
	r := newRig(f, Config{})
	good := r.mint(nil, nil)
	for _, s := range []string{good, "..", "a.b.c", good[:len(good)-4], strings.Replace(good, ".", "..", 1)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		s, err := parse(raw)
		if err != nil {
			return
		}
		if s.issuer == "" && len(s.claims) == 0 {
			t.Errorf("%q is taken", raw)
		}
		v, err := s.visa(ours, r.now)
		if err == nil && (v.Portal != s.issuer || v.KID != s.kid) {
			t.Errorf("%q: %+v", raw, v)
		}
		// Whatever is said, only the key's owner says it.
		if _, err := r.desk.Read(raw, func(string) (auth.Portal, bool) {
			return auth.Portal{ID: "quan", Keys: []auth.PortalKey{{KID: s.kid, Public: publicOf(r.key)}}}, true
		}); err == nil && raw != good {
			t.Errorf("%q is verified", raw)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	r := newRig(b, Config{})
	raw := r.mint(nil, nil)
	find := func(id string) (auth.Portal, bool) { v, _, ok := r.tables.Portals.Get(id); return v, ok }
	for b.Loop() {
		if _, err := r.desk.Read(raw, find); err != nil {
			b.Fatal(err)
		}
	}
}
