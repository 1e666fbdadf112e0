package portal

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"strings"
	"testing"
	"time"

	"matthan/auth"
)

// What a token must be, before anything of it is believed.

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
