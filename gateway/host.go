package gateway

import (
	"cmp"
	"errors"
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"
)

// HostLimit bounds what is pulled from one host at once. A recorder has all its
// channels at one: makes allow 16 to 128 sessions, and 80 to 320 Mbit/s.
type HostLimit struct {
	Pulls int
	Bits  int // a second, of all together; 0: not bounded
}

// HostLoad is what is pulled from a host now, and what may be.
type HostLoad struct {
	Pulls, Bits int
	Most        HostLimit
	Full        bool // the host itself gave no more a short while ago
}

// rank says for whom a stream is pulled. Where a host gives no more, the lower
// gives way to the higher.
type rank uint8

const (
	rankNobody rank = iota // it is kept warm, or lingers
	rankGlance             // a still is made of it
	rankViewer             // somebody looks at it
)

// load is a pull as its host bears it.
type load struct {
	rank    rank
	bits    int  // a second: measured last, or guessed
	leaving bool // it was told to end, and has not ended yet
}

// admission is what becomes of a pull that is to begin.
type admission uint8

const (
	admitted admission = iota
	later              // when those that give way have ended
	refused
)

// What a stream that was never measured is taken for, bits a second.
const (
	guessMain = 4_000_000
	guessSub  = 500_000
)

// saidFor is how long a host's own answer that it gives no more is believed.
const saidFor = 5 * time.Minute

// admit decides whether a host is asked for one more stream beside those that it
// gives, and which of them give way for it. It is pure. said is how many the host
// gave when it gave no more itself, 0 where it did not: nothing is asked of it
// beyond that but for a viewer when nothing is left that could give way, since it
// may have got room. A stream that is wider than the limit is given alone.
func admit(most HostLimit, said int, running []load, want load) (is admission, evict []int) {
	within := func(n, bits int) bool {
		return n < most.Pulls && (most.Bits == 0 || n == 0 || bits+want.bits <= most.Bits)
	}
	n, bits := 0, 0 // of those that stay
	var lower []int
	leaving := false
	for i, l := range running {
		switch {
		case l.leaving:
			leaving = true
			continue
		case l.rank < want.rank:
			lower = append(lower, i)
		}
		n, bits = n+1, bits+l.bits
	}
	slices.SortStableFunc(lower, func(a, b int) int {
		return cmp.Or(cmp.Compare(running[a].rank, running[b].rank), cmp.Compare(running[b].bits, running[a].bits))
	})
	room := func() bool { return within(n, bits) && (said == 0 || n < said) }
	for ; !room() && len(lower) > 0; lower = lower[1:] {
		evict = append(evict, lower[0])
		n, bits = n-1, bits-running[lower[0]].bits
	}
	switch {
	case !within(n, bits), !room() && want.rank < rankViewer:
		return refused, nil
	case len(evict) > 0, leaving:
		return later, evict
	}
	return admitted, nil
}

var (
	errEvicted  = Fail(CauseHost, errors.New("another stream of this host is needed more"))
	errHostFull = Fail(CauseHost, errors.New("as much is pulled from this host as may be, by limits.pulls_per_host, limits.mbits_per_host or limits.hosts"))
)

// hostSaid is that a host gave no more.
type hostSaid struct {
	pulls int // it gave then
	until time.Time
}

// enterHost asks whether a stream may be pulled from a host now, and tells those
// that give way for it. h.mu is held.
func (h *Hub) enterHost(host string, want load, now time.Time) admission {
	var pulls []*pull
	var running []load
	for _, q := range h.pulls {
		if q.running && q.host == host {
			pulls, running = append(pulls, q), append(running, h.loadOf(q))
		}
	}
	for range h.visits[host] { // which end soon, and of which none gives way
		running = append(running, load{rank: rankViewer, bits: guessMain})
	}
	is, evict := admit(h.limits.of(host), h.saidBy(host, now), running, want)
	for _, i := range evict {
		h.log.Info("stream gives way to another one of its host", "stream", pulls[i].stream.id)
		pulls[i].leaving = true
		if pulls[i].restart != nil {
			pulls[i].restart(errEvicted)
		}
	}
	return is
}

// Visit takes a place at a camera's host for who examines the camera. It is false
// where as much is pulled from there as may be and is looked at; if ok, end must
// be called, once.
func (h *Hub) Visit(c Camera) (end func(), ok bool) {
	host := HostOf(c.Main)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.enterHost(host, load{rank: rankGlance, bits: guessMain}, time.Now()) == refused {
		return nil, false
	}
	h.visits[host]++
	return func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.visits[host]--; h.visits[host] == 0 {
			delete(h.visits, host)
		}
	}, true
}

// loadOf is a pull as its host bears it. h.mu is held.
func (h *Hub) loadOf(p *pull) load {
	bits := h.diary.bits(p.stream.id)
	switch {
	case bits > 0:
	case p.stream.id.Quality == Sub:
		bits = guessSub
	default:
		bits = guessMain
	}
	return load{rank: p.rank(), bits: bits, leaving: p.leaving}
}

// saidBy is how many streams a host gave when it gave no more, 0 where it did
// not. h.mu is held.
func (h *Hub) saidBy(host string, now time.Time) int {
	said, ok := h.said[host]
	if ok && !now.Before(said.until) {
		delete(h.said, host)
		return 0
	}
	return said.pulls
}

// heard takes what p's host made of it: no session, or a picture. h.mu is held.
func (h *Hub) heard(p *pull, full bool, now time.Time) {
	live := 0
	for _, q := range h.pulls {
		if q != p && q.running && q.host == p.host && q.stream.State().Phase == Live {
			live++
		}
	}
	switch {
	case full && live > 0: // without any of ours, others have them all
		maps.DeleteFunc(h.said, func(_ string, s hostSaid) bool { return !now.Before(s.until) })
		h.said[p.host] = hostSaid{live, now.Add(saidFor)}
	case !full && live >= h.said[p.host].pulls:
		delete(h.said, p.host)
	}
}

// Host is what is pulled from a camera's host now.
func (h *Hub) Host(c Camera) HostLoad {
	host, now := HostOf(c.Main), time.Now()
	h.mu.Lock()
	defer h.mu.Unlock()
	is := HostLoad{Most: h.limits.of(host), Full: h.saidBy(host, now) > 0}
	for _, q := range h.pulls {
		if q.running && q.host == host {
			is.Pulls, is.Bits = is.Pulls+1, is.Bits+h.diary.bits(q.stream.id)
		}
	}
	return is
}

// of is what bounds a host.
func (l Limits) of(host string) HostLimit {
	if own, ok := l.Hosts[host]; ok {
		return own
	}
	return HostLimit{l.PullsPerHost, l.BitsPerHost}
}

// HostOf is the host of a camera's address, with its port; "" where the address
// has none.
func HostOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" {
		return ""
	}
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "rtsps":
		port = "322"
	default:
		port = "554"
	}
	return net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}

// Bits is what a stream takes, bits a second: as it was measured last, else as it
// has gone so far, else a guess.
func (h *Hub) Bits(id StreamID) int {
	if bits := h.diary.bits(id); bits > 0 {
		return bits
	}
	if st := h.Pulled(id); st != nil {
		if bits := st.bits(); bits > 0 {
			return bits
		}
	}
	if id.Quality == Sub || id.Quality == Low {
		return guessSub
	}
	return guessMain
}
