package api

import (
	"iter"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/doctor"
)

// Days tells what became of cameras; see gateway.Hub.
type Days interface {
	Day(id gateway.CameraID) gateway.Day
	Since() time.Time // what was before, no Day tells
	Host(c gateway.Camera) gateway.HostLoad
}

// healthDoc says how a camera did in the last 24 hours.
type healthDoc struct {
	ID      gateway.CameraID `json:"id"`
	Name    string           `json:"name"`
	Area    gateway.AreaID   `json:"area"`
	Kind    gateway.Kind     `json:"kind"`
	State   gateway.Care     `json:"state"`             // what it needs, the most urgent
	Since   int64            `json:"since,omitempty"`   // it is offline, or live, Unix ms
	Cause   string           `json:"cause,omitempty"`   // offline: why, in a word
	Checked int64            `json:"checked,omitempty"` // when somebody watched it last, Unix ms
	Pulled  bool             `json:"pulled"`            // it is watched now

	Day       string      `json:"day" schema:"minLength=96,maxLength=96"` // a letter a quarter of an hour, the oldest first: - not watched, l live, f live with freezes, m offline for a part, o offline
	Live      int64       `json:"live_seconds"`
	Down      int64       `json:"down_seconds"`
	Outages   int         `json:"outages"`
	Freezes   int         `json:"freezes"` // gaps of over 2 s between two pictures
	FirstN    int         `json:"first_count"`
	FirstHalf int64       `json:"first_median_ms,omitempty"` // from the choice of the camera to its first picture, of the last 64
	FirstLate int64       `json:"first_p95_ms,omitempty"`
	Streams   []streamDoc `json:"streams"`
}

// streamDoc is one encoding of a camera, as it was measured last.
type streamDoc struct {
	Quality  gateway.Quality `json:"quality"`
	State    string          `json:"state" schema:"enum=live|offline|opening|unwatched"`
	Codec    string          `json:"codec,omitempty"`
	Width    int             `json:"width,omitempty"` // pixels
	Height   int             `json:"height,omitempty"`
	Bits     int             `json:"bits,omitempty"`                                     // a second
	Pictures float64         `json:"pictures,omitempty"`                                 // a second
	Way      string          `json:"way,omitempty" schema:"enum=pass|some|rung|refused"` // how it goes to viewers: as it is, as it is to devices that decode H.265, encoded again by the gateway, or not; absent: not known yet
	Why      string          `json:"why,omitempty" schema:"enum=masks|codec|b_frames"`   // it does not go as it is, or should not
	Cores    float64         `json:"cores,omitempty"`                                    // of CPU that its rung takes while somebody watches it, estimated; absent: none is made of it
}

// healthListDoc answers GET /api/v1/health/cameras.
type healthListDoc struct {
	From    int64            `json:"from"` // nothing is known from before, Unix ms
	All     int              `json:"all"`  // of the area, of any state
	Counts  []careCountDoc   `json:"counts"`
	Cameras []healthDoc      `json:"cameras"`
	Next    gateway.CameraID `json:"next,omitempty"` // as ?after= it brings the next page; absent on the last
}

type careCountDoc struct {
	State   gateway.Care `json:"state"`
	Cameras int          `json:"cameras"`
}

// healthDetailDoc answers GET /api/v1/health/cameras/{id}. Its lists have the last
// ones, the oldest first.
type healthDetailDoc struct {
	healthDoc
	From         int64       `json:"from"` // nothing is known from before, Unix ms
	OutageList   []outageDoc `json:"outage_list"`
	FreezeList   []lapseDoc  `json:"freeze_list"`
	FirstPicture []lapseDoc  `json:"first_pictures"`
	Quirks       []quirkDoc  `json:"quirks"` // in the order in which they were met, the main stream's first
	Host         hostDoc     `json:"host"`
}

// hostDoc is what is pulled from a camera's host now, which of a recorder's camera
// is the recorder.
type hostDoc struct {
	Pulls     int  `json:"pulls"`
	MostPulls int  `json:"most_pulls"`
	Bits      int  `json:"bits"`                // a second
	MostBits  int  `json:"most_bits,omitempty"` // absent: not bounded
	Full      bool `json:"full"`                // it gave no more itself, a short while ago
}

// quirkDoc is something that the camera does against the rules, and what is done
// about it.
type quirkDoc struct {
	doctor.Finding
	Streams []gateway.Quality `json:"streams"` // of which it was met in the last 24 hours
	Since   int64             `json:"since"`   // it was met first, Unix ms
	Last    int64             `json:"last"`    // it was in use last, Unix ms
}

type outageDoc struct {
	From  int64  `json:"from"`            // Unix ms
	Until int64  `json:"until,omitempty"` // absent: it goes on
	Cause string `json:"cause"`
}

// lapseDoc is something that took some time.
type lapseDoc struct {
	At int64 `json:"at"` // Unix ms
	Ms int64 `json:"ms"`
}

// attending is for those who see to the cameras.
func (a *API) attending() []route {
	const path = "/api/v1/health/cameras"
	return []route{
		{method: get, path: path, does: "How the cameras that the caller administers did in the last 24 hours, those that need somebody first, a page at a time. What nobody watched is not known, and nothing from before the gateway started.", may: known,
			query: []parameter{
				{"area", "only those in this area and below", schemaOf[gateway.AreaID]()},
				{"state", "only those that need this", oneOf(gateway.Cares...)},
				{"after", "the next of the page before", schemaOf[gateway.CameraID]()},
				{"limit", "how many, 100 where it is left out", schema{"type": "integer", "minimum": 1, "maximum": maxPage}},
			},
			gives: []answer{{200, healthListDoc{}}}, etag: weakTag, fails: []problem{badBody}, serve: a.health},
		{method: get, path: path + "/{id}", does: "How one camera did: its outages, freezes and first pictures, and what it does against the rules.", may: administers,
			gives: []answer{{200, healthDetailDoc{}}}, etag: weakTag, serve: a.healthOf},
	}
}

// health serves GET /api/v1/health/cameras.
func (a *API) health(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	q := r.URL.Query()
	state := gateway.Care(q.Get("state"))
	if state != "" && !slices.Contains(gateway.Cares, state) {
		fail(w, badBody.with("state", "one of those that the description names"))
		return
	}
	limit, ok := limitOf(w, r)
	if !ok {
		return
	}
	doc := healthListDoc{From: a.Days.Since().UnixMilli(), Counts: []careCountDoc{}, Cameras: []healthDoc{}}
	count := map[gateway.Care]int{}
	var all []healthDoc
	for c := range a.administered(s, q.Get("area"), time.Now()) {
		is := a.dayOf(c, a.Days.Day(c.ID))
		doc.All++
		count[is.State]++
		if state == "" || is.State == state {
			all = append(all, is)
		}
	}
	for _, care := range gateway.Cares {
		if n := count[care]; n > 0 {
			doc.Counts = append(doc.Counts, careCountDoc{care, n})
		}
	}
	slices.SortFunc(all, moreUrgent)
	// Where the page before ended may have become less urgent meanwhile: then it is
	// further down, and some cameras are left out until the list is read again.
	if at := slices.IndexFunc(all, func(d healthDoc) bool { return string(d.ID) == q.Get("after") }); at >= 0 {
		all = all[at+1:]
	}
	if len(all) > limit {
		all = all[:limit]
		doc.Next = all[limit-1].ID
	}
	doc.Cameras = append(doc.Cameras, all...)
	a.answer(w, r, doc)
}

// administered are the cameras that s administers, in an area and below; "": all.
func (a *API) administered(s auth.Subject, area string, now time.Time) iter.Seq[gateway.Camera] {
	return a.administeredOf(a.Inventory.Cameras(), s, area, now)
}

// administeredOf are those of some cameras.
func (a *API) administeredOf(cameras []gateway.Camera, s auth.Subject, area string, now time.Time) iter.Seq[gateway.Camera] {
	return func(yield func(gateway.Camera) bool) {
		paths := map[gateway.AreaID][]string{}
		for _, c := range cameras {
			path, ok := paths[c.Area]
			if !ok {
				path = a.path(c.Area)
				paths[c.Area] = path
			}
			if area != "" && !slices.Contains(path, area) {
				continue
			}
			if _, err := a.Policy.Decide(s, auth.Administer, resource(c, path), now); err == nil && !yield(c) {
				return
			}
		}
	}
}

// healthOf serves GET /api/v1/health/cameras/{id}.
func (a *API) healthOf(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	c, err := a.Inventory.Camera(gateway.CameraID(r.PathValue("id")))
	if err != nil || !a.administers(s, c.Area, c.ID, c.Kind) {
		fail(w, notFound)
		return
	}
	d, host := a.Days.Day(c.ID), a.Days.Host(c)
	doc := healthDetailDoc{healthDoc: a.dayOf(c, d), From: a.Days.Since().UnixMilli(),
		OutageList: []outageDoc{}, FreezeList: []lapseDoc{}, FirstPicture: []lapseDoc{}, Quirks: describeQuirks(c, d.Streams),
		Host: hostDoc{host.Pulls, host.Most.Pulls, host.Bits, host.Most.Bits, host.Full}}
	for _, o := range d.Outages {
		doc.OutageList = append(doc.OutageList, outageDoc{o.From.UnixMilli(), unixMilli(o.Until), string(o.Cause)})
	}
	for _, f := range d.Freezes {
		doc.FreezeList = append(doc.FreezeList, lapseDoc{f.At.UnixMilli(), f.Long.Milliseconds()})
	}
	for _, f := range d.Firsts {
		doc.FirstPicture = append(doc.FirstPicture, lapseDoc{f.At.UnixMilli(), f.Took.Milliseconds()})
	}
	a.answer(w, r, doc)
}

// moreUrgent orders by what needs somebody first; of two that need the same, by
// how much.
func moreUrgent(a, b healthDoc) int {
	if n := slices.Index(gateway.Cares, a.State) - slices.Index(gateway.Cares, b.State); n != 0 {
		return n
	}
	worse := func(a, b int64) int64 { return b - a }
	n := int64(0)
	switch a.State {
	case gateway.CareOffline:
		n = a.Since - b.Since
	case gateway.CareFlapping:
		n = worse(int64(a.Outages), int64(b.Outages))
	case gateway.CareFreezing:
		n = worse(int64(a.Freezes), int64(b.Freezes))
	case gateway.CareSlow:
		n = worse(a.FirstHalf, b.FirstHalf)
	}
	if n != 0 {
		return int(max(-1, min(1, n)))
	}
	return strings.Compare(string(a.ID), string(b.ID))
}

func describeDay(c gateway.Camera, d gateway.Day, cores func(gateway.StreamDay) float64) healthDoc {
	sum := d.Sum()
	median, p95 := d.Waits()
	doc := healthDoc{ID: c.ID, Name: c.Name, Area: c.Area, Kind: c.Kind, State: d.Care(), Since: unixMilli(d.State.Since), Checked: unixMilli(d.Checked),
		Pulled: d.Pulled, Live: int64(sum.Live / time.Second), Down: int64(sum.Down / time.Second), Outages: sum.Outages, Freezes: sum.Freezes,
		FirstN: len(d.Firsts), FirstHalf: median.Milliseconds(), FirstLate: p95.Milliseconds(), Streams: []streamDoc{}}
	if d.State.Phase == gateway.Offline {
		doc.Cause = string(d.State.Cause)
	}
	letters := make([]byte, len(d.Quarters))
	for i, q := range d.Quarters {
		letters[i] = letterOf(q)
	}
	doc.Day = string(letters)
	for _, s := range d.Streams {
		is := streamDoc{s.Quality, string(s.State.Phase), s.Codec, s.Width, s.Height, s.Bits, s.Pictures, "", "", 0}
		is.Way, is.Why = wayOf(c, s, cores != nil)
		if cores != nil && (is.Way == wayRung || is.Way == waySome) {
			is.Cores = math.Round(cores(s)*100) / 100
		}
		if is.State == "" {
			is.State = "unwatched"
		}
		doc.Streams = append(doc.Streams, is)
	}
	return doc
}

// describeQuirks tells each once, though both streams of a camera have most.
func describeQuirks(c gateway.Camera, streams []gateway.StreamDay) []quirkDoc {
	docs := []quirkDoc{}
	for _, s := range streams {
		for _, m := range s.Quirks {
			says, ok := doctor.OfQuirk(m.Quirk, c.Main)
			if !ok {
				continue
			}
			since, last := m.Since.UnixMilli(), m.Last.UnixMilli()
			i := slices.IndexFunc(docs, func(d quirkDoc) bool { return d.Code == says.Code })
			if i < 0 {
				docs = append(docs, quirkDoc{says, []gateway.Quality{s.Quality}, since, last})
				continue
			}
			is := &docs[i]
			is.Streams, is.Since, is.Last = append(is.Streams, s.Quality), min(is.Since, since), max(is.Last, last)
		}
	}
	return docs
}

func letterOf(q gateway.Quarter) byte {
	switch {
	case q.Live == 0 && q.Down == 0 && q.Outages == 0:
		return '-'
	case q.Live == 0:
		return 'o'
	case q.Down > 0 || q.Outages > 0:
		return 'm'
	case q.Freezes > 0:
		return 'f'
	}
	return 'l'
}

// unixMilli is 0 for no time.
func unixMilli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
