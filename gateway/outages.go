package gateway

import (
	"net"
	"slices"
	"time"
)

// Bounds of what is told of outages.
const (
	unsteadyFrom = 4 // outages within unsteadyIn: it is told once that the camera comes and goes
	unsteadyIn   = time.Hour
	manyFrom     = 11          // alerts at once: they are told as one
	lostFrom     = 3           // hosts of which none answers while nothing else does: it is our own network
	memory       = time.Hour   // two bad facts that are further apart have nothing to do with each other
	leap         = time.Minute // between two steps, or more: nothing is known of that time
)

// Outages decides which cameras are offline and what is told of them. It is pure:
// Patrol gives it facts and the time.
type Outages struct {
	patience Patience
	vigils   map[CameraID]*vigil // of cameras that were bad of late
	hosts    map[CameraID]string // all cameras, with the host that each is at
	beside   map[string]int      // how many are at a host
	quiet    map[CameraID]bool   // of these nothing is told
	number   int                 // of the last alert
	good     time.Time           // when anything was good last
	stepped  time.Time

	lost   int       // the alert of our own network, 0 where it is there
	lostAt time.Time // when that was told
	back   time.Time // the first good fact since then; zero: none
}

// vigil is one camera's.
type vigil struct {
	bad, last time.Time // the first and the last bad fact in a row
	cause     Cause
	good      time.Time // the first good fact since; zero: none
	counted   bool      // in falls
	down      bool
	falls     [unsteadyFrom]time.Time // the last ones, the oldest first

	told     verdict
	incident int       // the alert of told
	due      time.Time // since when something else would be told; zero: never
}

type verdict int

const (
	fine verdict = iota
	offline
	unsteady
)

// NewOutages knows of no camera before Keep.
func NewOutages(p Patience) *Outages {
	return &Outages{patience: p, vigils: map[CameraID]*vigil{}}
}

// Keep takes which cameras there are, and of which of them nothing is told. Of
// those that are no more, or are at another host, nothing is told either.
func (o *Outages) Keep(cameras []Camera, quiet func(Camera) bool) {
	hosts, beside := make(map[CameraID]string, len(cameras)), map[string]int{}
	o.quiet = map[CameraID]bool{}
	for _, c := range cameras {
		if quiet(c) {
			o.quiet[c.ID] = true
		}
		host := MachineOf(c)
		hosts[c.ID] = host
		beside[host]++
	}
	for id := range o.vigils {
		if host, ok := hosts[id]; !ok || host != o.hosts[id] {
			delete(o.vigils, id)
		}
	}
	o.hosts, o.beside = hosts, beside
}

// Step takes what was learned since the step before, and says what is to be told.
func (o *Outages) Step(facts []Fact, now time.Time) []Alert {
	if !o.stepped.IsZero() && now.Sub(o.stepped) > leap { // the machine slept
		for id, v := range o.vigils {
			if !v.down {
				delete(o.vigils, id)
			}
		}
	}
	o.stepped = now
	for _, f := range facts {
		o.take(f, now)
	}
	alerts := o.returned(now)
	return append(alerts, o.release(now)...)
}

func (o *Outages) take(f Fact, now time.Time) {
	if _, ok := o.hosts[f.Camera]; !ok {
		return
	}
	v := o.vigils[f.Camera]
	switch {
	case f.Good:
		o.good = now
		if v != nil && (f.Pictures || refutes(v.cause)) {
			v.answered(o.patience, now)
		}
		return
	case v == nil:
		v = &vigil{bad: now}
		o.vigils[f.Camera] = v
	case v.bad.IsZero() || !v.down && (!v.good.IsZero() || now.Sub(v.last) > memory):
		v.bad, v.counted = now, false
	case !v.good.IsZero(): // it was not back for long enough
		v.counted = false
	}
	v.last, v.cause, v.good = now, f.Cause, time.Time{}
	gone := now.Sub(v.bad)
	if gone >= o.patience.blink() && !v.counted {
		copy(v.falls[:], v.falls[1:])
		v.falls[unsteadyFrom-1], v.counted = now, true
	}
	v.down = v.down || gone >= o.patience.After
}

// refutes says whether an answer of a camera's host is worth something against
// why it gave no picture.
func refutes(c Cause) bool { return c == CauseUnreachable || c == CauseEnded || c == CauseOutOfReach }

// answered takes a good fact.
func (v *vigil) answered(p Patience, now time.Time) {
	if v.bad.IsZero() {
		return
	}
	if v.good.IsZero() {
		v.good = now
	}
	if now.Sub(v.good) >= p.Steady {
		v.bad, v.good, v.down = time.Time{}, time.Time{}, false
	}
}

func (v *vigil) is(now time.Time) verdict {
	switch {
	case !v.falls[0].IsZero() && now.Sub(v.falls[0]) < unsteadyIn:
		return unsteady
	case v.down:
		return offline
	}
	return fine
}

// over says that there is nothing more to know of it.
func (v *vigil) over(now time.Time) bool {
	last := v.falls[unsteadyFrom-1]
	return v.told == fine && !v.down && now.Sub(v.last) > memory && (last.IsZero() || now.Sub(last) > unsteadyIn)
}

// returned tells that our network is back: what was gone with it is looked at
// afresh.
func (o *Outages) returned(now time.Time) []Alert {
	switch {
	case o.lost == 0 || !o.good.After(o.lostAt):
		return nil
	case now.Sub(o.good) > o.patience.After:
		o.back = time.Time{}
		return nil
	case o.back.IsZero():
		o.back = o.good
	}
	if o.good.Sub(o.back) < o.patience.Steady {
		return nil
	}
	for id, v := range o.vigils {
		if v.incident == o.lost || v.told == fine {
			delete(o.vigils, id)
		}
	}
	a := o.alert(AlertNetworkBack, o.lost, nil, now)
	a.Since = o.back
	o.lost, o.back = 0, time.Time{}
	return []Alert{a}
}

// release tells what has waited for long enough, and all that came meanwhile.
func (o *Outages) release(now time.Time) (alerts []Alert) {
	var waiting []CameraID
	ripe := false
	for id, v := range o.vigils {
		switch is := v.is(now); {
		case v.over(now):
			delete(o.vigils, id)
		case is == v.told:
			v.due = time.Time{}
		case o.quiet[id]:
			v.told = is
		case is == offline && !v.good.IsZero(): // it is coming back
		default:
			if v.due.IsZero() {
				v.due = now
			}
			ripe = ripe || now.Sub(v.due) >= o.patience.gather()
			waiting = append(waiting, id)
		}
	}
	if !ripe {
		return nil
	}
	slices.Sort(waiting)
	var fallen, unsure, risen []CameraID
	for _, id := range waiting {
		switch o.vigils[id].is(now) {
		case offline:
			fallen = append(fallen, id)
		case unsteady:
			unsure = append(unsure, id)
		default:
			risen = append(risen, id)
		}
	}
	alerts = append(alerts, o.risen(risen, now)...)
	alerts = append(alerts, o.fallen(fallen, now)...)
	for _, of := range o.byHost(unsure) {
		alerts = append(alerts, o.tell(AlertUnsteady, of, now))
	}
	return alerts
}

// risen tells of cameras that are back, those of one alert together.
func (o *Outages) risen(ids []CameraID, now time.Time) (alerts []Alert) {
	by := map[int][]CameraID{}
	var order []int
	for _, id := range ids {
		n := o.vigils[id].incident
		if by[n] == nil {
			order = append(order, n)
		}
		by[n] = append(by[n], id)
	}
	for _, n := range order {
		alerts = append(alerts, o.tell(AlertOnline, by[n], now))
	}
	return alerts
}

// fallen tells of cameras that are offline, as few things as they are.
func (o *Outages) fallen(ids []CameraID, now time.Time) (alerts []Alert) {
	switch {
	case len(ids) == 0:
		return nil
	case o.lost != 0:
		for _, id := range ids {
			v := o.vigils[id]
			v.told, v.incident, v.due = offline, o.lost, time.Time{}
		}
		return nil
	case o.alone(ids):
		a := o.tell(AlertNetwork, ids, now)
		o.lost, o.lostAt, o.back = a.Number, now, time.Time{}
		return []Alert{a}
	}
	groups := o.byHost(ids)
	if len(groups) >= manyFrom {
		return []Alert{o.tell(AlertMany, ids, now)}
	}
	for _, of := range groups {
		kind := AlertOffline
		if len(of) > 1 && o.whole(o.hosts[of[0]], now) {
			kind = AlertHost
		}
		alerts = append(alerts, o.tell(kind, of, now))
	}
	return alerts
}

// alone says that nothing at all has answered since the first of these cameras
// fell, and that they are not at one place.
func (o *Outages) alone(ids []CameraID) bool {
	first := o.vigils[ids[0]].bad
	for _, id := range ids {
		if bad := o.vigils[id].bad; bad.Before(first) {
			first = bad
		}
	}
	return len(o.byHost(ids)) >= lostFrom && !o.good.After(first.Add(o.patience.slack()))
}

// whole says that all cameras of a host are offline.
func (o *Outages) whole(host string, now time.Time) bool {
	n := 0
	for id, v := range o.vigils {
		if o.hosts[id] == host && v.is(now) == offline {
			n++
		}
	}
	return n == o.beside[host]
}

// byHost takes cameras of one host together.
func (o *Outages) byHost(ids []CameraID) (groups [][]CameraID) {
	at := map[string]int{}
	for _, id := range ids {
		host := o.hosts[id]
		i, ok := at[host]
		if !ok {
			i = len(groups)
			at[host], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], id)
	}
	return groups
}

// tell makes an alert of cameras, and notes that it is told.
func (o *Outages) tell(kind AlertKind, ids []CameraID, now time.Time) Alert {
	first := o.vigils[ids[0]]
	of := 0
	if kind == AlertOnline || kind == AlertUnsteady || kind == AlertOffline {
		of = first.incident
	}
	a := o.alert(kind, of, ids, now)
	for _, id := range ids {
		v := o.vigils[id]
		v.told, v.due = v.is(now), time.Time{}
		if since := v.since(v.told); a.Since.IsZero() || since.Before(a.Since) {
			a.Since = since
		}
		if v.incident = a.Number; v.told == fine {
			v.incident = 0
		}
	}
	if kind != AlertOnline {
		a.Cause = first.cause
		return a
	}
	a.Since = now
	for _, v := range o.vigils {
		if of != 0 && v.incident == of {
			a.Left++
		}
	}
	return a
}

// since is the first moment of what the camera is.
func (v *vigil) since(is verdict) time.Time {
	if is == unsteady {
		return v.falls[0]
	}
	return v.bad
}

func (o *Outages) alert(kind AlertKind, of int, ids []CameraID, now time.Time) Alert {
	o.number++
	return Alert{Number: o.number, Of: of, Kind: kind, At: now, Cameras: ids}
}

// Trouble is what is wrong with a camera; ok is false where nothing is.
func (o *Outages) Trouble(id CameraID, now time.Time) (t Trouble, ok bool) {
	v := o.vigils[id]
	if v == nil {
		return t, false
	}
	is := v.is(now)
	return Trouble{Since: v.since(is), Cause: v.cause, Unsteady: is == unsteady, Network: o.lost != 0 && v.incident == o.lost}, is != fine
}

// changes says whether a fact that comes again and again would make another thing
// of its camera.
func (o *Outages) changes(f Fact) bool {
	v := o.vigils[f.Camera]
	if v == nil || !v.down {
		return !f.Good
	}
	return f.Good && (f.Pictures || refutes(v.cause))
}

// MachineOf is the host that a camera is at, without its port: channels of a
// recorder, and cameras behind one router, fall together.
func MachineOf(c Camera) string {
	host, _, err := net.SplitHostPort(HostOf(c.Main))
	if err != nil {
		return ""
	}
	return host
}
