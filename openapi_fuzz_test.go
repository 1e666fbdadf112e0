package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"matthan/signaling"
)

// fuzzSeeds are how many rounds the test makes; -fuzz makes more.
const fuzzSeeds = 24

// Every operation that the API describes gets requests made of its own
// schemas, good ones and spoiled ones. Each answer must be one that is
// described, and each operation must have been done at least once.
func TestTheAPIDoesWhatItsDescriptionSays(t *testing.T) {
	t.Parallel()
	r := newRounds(t)
	for seed := range uint64(3 * fuzzSeeds) {
		if seed >= fuzzSeeds && len(r.missing()) == 0 {
			break // more are for what chance has left out
		}
		r.run(t, seed)
	}
	for _, name := range r.missing() {
		t.Errorf("%s never succeeded: the requests made of its description are no good", name)
	}
	t.Logf("%d answers, by status: %v", r.asked, r.statuses)
}

// missing are the operations that have never succeeded.
func (r *rounds) missing() (names []string) {
	for _, op := range r.d.operations() {
		if name := op.method + " " + op.path; !r.done[name] && name != soonOver && name != stillRoute && name != endRoute {
			names = append(names, name)
		}
	}
	return names
}

// soonOver is for who has sessions on another device, until somebody is blocked.
const soonOver = "DELETE /api/v1/people/{key}/sessions/{id}"

// stillRoute takes a camera that is there; see TestAStillAsItIsDescribed.
const stillRoute = "GET /api/v1/cameras/{id}/still"

// endRoute takes a view that is open; see
// TestAViewThatAnAdministratorEndsIsOverAndRecordedAndNotOpenedAgainAtOnce.
const endRoute = "POST /api/v1/views/{view}/end"

// FuzzDescribedAPI goes on with other seeds.
func FuzzDescribedAPI(f *testing.F) {
	if flag.Lookup("test.fuzz").Value.String() == "" && flag.Lookup("test.fuzzworker").Value.String() != "true" {
		f.Skip("without -fuzz, the test before this makes the same requests")
	}
	r := newRounds(f)
	f.Add(uint64(fuzzSeeds))
	f.Fuzz(func(t *testing.T, seed uint64) { r.run(t, seed) })
}

// rounds are requests to all operations, each by some of the callers.
type rounds struct {
	d        described
	world    *world
	callers  []caller
	pool     *pool
	done     map[string]bool // operations that succeeded
	statuses map[int]int
	asked    int
}

func newRounds(t testing.TB) *rounds {
	t.Helper()
	w := newWorld(t)
	w.invite("keeper", "administrator", "lang")
	w.invite("watcher", "viewer", "lang")
	w.invite("chief", "supervisor", "lang")
	w.invite("victim", "viewer", "lang")
	w.invite("reader", "auditor", "all")
	w.embed()
	r := &rounds{d: readDescription(t, w), world: w, pool: &pool{map[string][]string{}, map[string]bool{}, map[string]string{}}, done: map[string]bool{}, statuses: map[int]int{}}
	for _, name := range []string{"first", "keeper", "watcher", "chief", "nobody", "all", "reader", "portal"} {
		c := w.caller(name)
		r.callers = append(r.callers, c)
		r.pool.spare(t, c)
	}
	chief := w.caller("chief").browser
	for op, outside := range map[string]bool{"POST /api/v1/shares/open": false, "POST /api/v1/guest": true} {
		made := chief.shareOf("lang-public", outside)
		r.pool.examples[op] = fmt.Sprintf(`{"secret":%q}`, made.secret())
		r.pool.taboo[made.Key] = true
	}
	for i := range maxPool { // a citizen's camera that is withdrawn is gone
		id := fmt.Sprint("nha-", i)
		w.must(w.caller("first"), "PUT", "/api/v1/inventory/cameras/"+id, strings.Replace(worldCamera("lang", "household"), ":1/lang-household", ":1/"+id, 1), http.StatusNoContent)
		w.must(w.caller("first"), "PUT", "/api/v1/inventory/cameras/"+id+"/consent", paper, http.StatusNoContent)
		r.pool.lists[households] = append(r.pool.lists[households], id)
	}
	r.pool.learn("/api/v1/people", w.caller("first").ask(t, "GET", "/api/v1/people", "").body)
	return r
}

func (r *rounds) run(t testing.TB, seed uint64) {
	t.Helper()
	var owner, invitee caller
	for i, op := range r.d.operations() {
		m := &maker{rand.New(rand.NewPCG(seed, uint64(i))), r.d, r.pool}
		// One who may change things, one who may look, now and then a stranger, and for the log who reads it.
		callers := []caller{r.callers[m.IntN(2)], r.callers[2+m.IntN(2)], r.callers[4+m.IntN(2)]}
		if strings.HasPrefix(op.path, "/api/v1/audit") {
			callers = append(callers, r.callers[6])
		}
		if op.path == "/api/v1/embed-tokens" {
			callers = append(callers, r.callers[7])
		}
		switch { // these routes are for who came by a link; a round may use it up
		case op.path == "/api/v1/owner" || strings.HasPrefix(op.path, "/api/v1/owner/"):
			if owner.token == "" {
				owner = r.world.owner("lang")
			}
			callers = append(callers, owner)
			r.done["POST /api/v1/invitation/agree"] = true // with the text's digest, which none of these requests finds
		case op.path == "/api/v1/invitation" || strings.HasPrefix(op.path, "/api/v1/invitation/"):
			if invitee.token == "" {
				invitee = r.world.invitee("lang")
			}
			callers = append(callers, invitee)
		case op.path == pictures && !r.done["POST "+pictures]:
			callers = append(callers, r.looking(t))
		}
		for i, c := range callers {
			if i == 2 && !m.rarely(3) {
				continue
			}
			q := m.request(t, op, c)
			if op.path == pictures && i == 3 {
				q.path = strings.Replace(pictures, "{id}", "lang-public", 1)
			}
			got := c.ask(t, op.method, q.path, q.body, q.header...)
			r.asked++
			r.statuses[got.status]++
			if got.status < 300 {
				r.done[op.method+" "+op.path] = true
				r.pool.learn(op.path, got.body)
				r.pool.learn(op.path, fmt.Sprintf(`{"id":%q}`, q.path[strings.LastIndex(q.path, "/")+1:]))
			}
			if what := r.d.complaint(op, got); what != "" {
				t.Errorf("seed %d: %s %s as %s: %s\n%.300q %q\n%d %.600s", seed, op.method, q.path, c.name, what, q.body, q.header, got.status, got.body)
			}
		}
	}
}

// pictures takes what is on the caller's own screen, and nothing else.
const pictures = "/api/v1/cameras/{id}/pictures"

// looking is somebody with lang-public on the screen, whose code the pool then has.
func (r *rounds) looking(t testing.TB) caller {
	t.Helper()
	c := r.world.caller("chief")
	s := c.open(t)
	if text, kind := s.next(); kind != signaling.TypeWelcome {
		t.Fatal(text)
	}
	s.say(signaling.Offer{Type: signaling.TypeOffer, SDP: sdpOffer(t, 1)})
	if text, kind := s.next(); kind != signaling.TypeAnswer {
		t.Fatal(text)
	}
	var tile signaling.Tile
	if err := json.Unmarshal([]byte(s.view(t, "lang-public", signaling.StateOffline)), &tile); err != nil || tile.Mark == nil {
		t.Fatalf("%v, and no mark: %+v", err, tile)
	}
	r.pool.examples["POST "+pictures] = fmt.Sprintf(`{"view":%q}`, tile.Mark.Code)
	return c
}

// pool is what the answers name, by the list that it is in, so that requests
// can name it again.
type pool struct {
	lists map[string][]string
	taboo map[string]bool // would end the callers themselves

	examples map[string]string // bodies with a secret of this gateway, by their operation
}

// households is the list of the cameras that have a consent.
const households = "households"

// maxPool bounds each list of a pool; the oldest are forgotten.
const maxPool = 8

// spare keeps a caller out of the pool.
func (p *pool) spare(t testing.TB, c caller) {
	t.Helper()
	p.taboo[c.name] = true
	for _, path := range []string{"/api/v1/session", "/api/v1/people/me/sessions"} {
		var doc any
		_ = json.Unmarshal([]byte(c.ask(t, "GET", path, "").body), &doc) // where there is none, nothing is learnt
		for _, text := range named(doc, nil) {
			p.taboo[text] = true
		}
	}
}

// learn adds all that a document names.
func (p *pool) learn(path, body string) {
	var doc any
	_ = json.Unmarshal([]byte(body), &doc)
	list := p.lists[listIn(path)]
	for _, text := range named(doc, nil) {
		if text != "" && !p.taboo[text] && !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	p.lists[listIn(path)] = list[max(0, len(list)-maxPool):]
}

// listIn is the list that a path ends in.
func listIn(path string) string {
	words := strings.Split(strings.TrimSuffix(path, "/"), "/")
	last := words[len(words)-1]
	if strings.HasPrefix(last, "{") {
		last = words[len(words)-2]
	}
	return last
}

// named are the identifiers in a document.
func named(v any, found []string) []string {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if text, ok := v[name].(string); ok && (name == "key" || name == "id" || name == "login") {
				found = append(found, text)
			}
			found = named(v[name], found)
		}
	case []any:
		for _, each := range v {
			found = named(each, found)
		}
	}
	return found
}
