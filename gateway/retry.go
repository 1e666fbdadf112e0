package gateway

import "time"

// After a refused login a host is left alone for so long: Hikvision and Dahua
// lock the account, or our address, after 5 to 7 wrong tries.
const refusedPause = 10 * time.Minute

// retryDelay is how long to wait before the next try after so many failures in
// a row; jitter is in [0,1). It is at most 2 s where that is urgent, as while
// somebody watches, else some minute.
func retryDelay(failures int, urgent bool, jitter float64) time.Duration {
	top := 60 * time.Second
	if urgent {
		top = 1500 * time.Millisecond
	}
	d := min(200*time.Millisecond<<min(failures, 10), top)
	return d + time.Duration(jitter*float64(d)/3)
}

// longSession is how long a session plays after which its end is no longer one of
// a row of failures, whatever ended it.
const longSession = time.Minute

// costly says of the cause that ended a session whether the next may cost as much
// again: what the camera sent was garbage, or more than it may send, or had us
// panic. That its viewers wait does not count then.
func costly(c Cause) bool { return c == CauseProtocol || c == CauseInternal }

// loginGate keeps refused logins from being repeated at a host, whichever
// camera behind it asks. Logins that have worked there go on working; of the
// others one at a time is tried, so that a recorder with 16 channels and a
// wrong password sees it once.
type loginGate map[string]*gatedHost

type gatedHost struct {
	until  time.Time // no unproved login before this
	trying bool      // an unproved login is being tried
	good   map[Login]bool
}

func (g loginGate) at(host string) *gatedHost {
	if g[host] == nil {
		g[host] = &gatedHost{good: map[Login]bool{}}
	}
	return g[host]
}

// refusedUntil is before which l must not be tried at host; the zero time
// where it may.
func (g loginGate) refusedUntil(host string, l Login, now time.Time) time.Time {
	if h := g[host]; h != nil && h.until.After(now) && !h.good[l] {
		return h.until
	}
	return time.Time{}
}

// begin asks to try l at host. Unless ok, busy says that another login is
// being tried there, else until says when to come again. What began with ok
// and was not accepted or refused must be ended by undecided.
func (g loginGate) begin(host string, l Login, now time.Time) (ok, busy bool, until time.Time) {
	h := g.at(host)
	switch {
	case h.good[l]:
		return true, false, time.Time{}
	case h.until.After(now):
		return false, false, h.until
	case h.trying && l.User != "":
		return false, true, time.Time{}
	}
	h.trying = l.User != ""
	return true, false, time.Time{}
}

// accepted notes that l gives pictures at host.
func (g loginGate) accepted(host string, l Login) {
	h := g.at(host)
	h.good[l], h.trying, h.until = true, false, time.Time{}
}

// refused notes that host refused l.
func (g loginGate) refused(host string, l Login, now time.Time) {
	h := g.at(host)
	h.until, h.trying = now.Add(refusedPause), false
	delete(h.good, l)
}

// undecided ends a try that failed for another reason.
func (g loginGate) undecided(host string, l Login) {
	if h := g.at(host); !h.good[l] && l.User != "" {
		h.trying = false
	}
}

// forget lets a host be tried afresh.
func (g loginGate) forget(host string) { delete(g, host) }
