package gate

import (
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"matthan/auth"
)

// Config is what a gate goes by. Zero rates and sizes bound nothing.
type Config struct {
	PerAddress Rate  // of who is not known, and of a token at one address
	PerPerson  Rate  // of who is signed in, at all addresses together
	MaxBody    int64 // bytes of a request's body; routes have smaller bounds of their own
	// Payer says who sends a request: "" for nobody that is known, else an id,
	// and whether it is one person. A token may be in many hands.
	Payer func(*http.Request) (id string, person bool)
	// HSTS has browsers stay with TLS for a year: only for a certificate that
	// they trust by themselves.
	HSTS bool
	// Foreign are the patterns of routes that pages of other origins may send
	// forms to, since what they bring is bound to the browser in another way.
	Foreign []string
	Log     *slog.Logger
	// Refused hears of each request that the gate did not let in, and why: OverRate
	// or Stranger. It is called as often as anybody likes; nil: nobody hears.
	Refused func(r *http.Request, why string)
}

// Why a gate refuses.
const (
	OverRate = "rate"
	Stranger = "origin"
)

// Gate is the bounds of one gateway. It is safe for concurrent use.
type Gate struct {
	cfg     Config
	buckets buckets
	origin  *http.CrossOriginProtection
	slow    slowness
	told    atomic.Int64 // when a refusal was logged last, Unix seconds
}

// New makes a gate.
func New(c Config) *Gate {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	origin := http.NewCrossOriginProtection()
	for _, pattern := range c.Foreign {
		origin.AddInsecureBypassPattern(pattern)
	}
	return &Gate{cfg: c, buckets: buckets{full: map[string]time.Time{}}, origin: origin, slow: slowness{bodyGrace, writeWait}}
}

// Guard puts the gate before next.
func (g *Gate) Guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out := newAnswer(w, g.slow)
		defer out.finish()
		g.harden(w.Header(), r)
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = newBody(w, r.Body, g.cfg.MaxBody, g.slow)
		}
		if wait := g.charge(r, time.Now()); wait > 0 {
			g.tell("requests over their limit are refused", r, OverRate)
			tooMany(out, r, wait)
			return
		}
		if err := g.foreign(r); err != nil {
			g.tell("a change from another site's page is refused", r, Stranger)
			otherSite(out, r)
			return
		}
		next.ServeHTTP(out, r)
	})
}

// charge takes one request from its payer's bucket, or says how long to wait.
// Requests of this machine's own are not counted by their address: behind a
// proxy here, that would be everybody's.
func (g *Gate) charge(r *http.Request, now time.Time) time.Duration {
	id, person := "", false
	if g.cfg.Payer != nil {
		id, person = g.cfg.Payer(r)
	}
	source := auth.Source(r)
	switch {
	case person:
		return g.buckets.take("person "+id, g.cfg.PerPerson, now)
	case source == "127.0.0.1" || source == "::/64":
		return 0
	case id != "":
		return g.buckets.take("token "+id+" "+source, g.cfg.PerAddress, now)
	}
	return g.buckets.take(source, g.cfg.PerAddress, now)
}

// foreign says whether a page of another origin tries to change something with
// our cookies, which browsers send for it. Who shows a token has it from us, and
// routes for pages of other origins take nothing else.
func (g *Gate) foreign(r *http.Request) error {
	if r.Header.Get("Authorization") != "" {
		return nil
	}
	return g.origin.Check(r)
}

// policy lets an answer do nothing at all. Those that are pages set their own.
const policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// Features that no page of ours uses; the viewer sets its own list.
const features = "camera=(), microphone=(), display-capture=(), geolocation=(), usb=(), serial=(), payment=(), midi=(), hid=()"

// harden sets what every answer carries where its route says nothing else.
func (g *Gate) harden(h http.Header, r *http.Request) {
	h.Set("Content-Security-Policy", policy)
	h.Set("Permissions-Policy", features)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if g.cfg.HSTS && r.TLS != nil {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// tellEvery keeps a flood out of the log.
const tellEvery = 10 // seconds

func (g *Gate) tell(what string, r *http.Request, why string) {
	if g.cfg.Refused != nil {
		g.cfg.Refused(r, why)
	}
	now, last := time.Now().Unix(), g.told.Load()
	if now-last >= tellEvery && g.told.CompareAndSwap(last, now) {
		g.cfg.Log.Warn(what, "from", auth.Source(r), "method", r.Method)
	}
}
