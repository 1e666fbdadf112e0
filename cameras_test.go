package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/simulate"
	"matthan/gateway/video"
)

// Cameras that break the rules, from the rig's profiles through the whole gateway
// to a real viewer.

// expected is what becomes of a profile.
type expected struct {
	pictures int             // that a viewer gets one after the other; 0: 30
	causes   []gateway.Cause // instead: why it gets none, one of these
	quirk    gateway.Quirk   // that the gateway tells; "" where nothing is against the rules, or it is of no account

	clip    string // that the profile plays; "" is the plain one
	gaps    bool   // pictures may be missing between
	reorder bool   // timestamps are those of the display, which is in another order
	viewers int    // at a time; 0: one
	h265    bool   // to one whose device knows it
	unseen  bool   // it is pulled, and no viewer is sent anything
	profile uint32 // profile_idc of its SPS; 0: any

	// todo says why it does not do so yet. Then it must not: who mends it is told to
	// take this out.
	todo string
}

func refused(causes ...gateway.Cause) expected { return expected{causes: causes} }

// outcomes are those of all profiles.
func outcomes() map[string]expected {
	return map[string]expected{
		"plain":               {},
		"sets-in-description": {quirk: gateway.QuirkSets},
		"sets-in-band":        {},
		"sets-changing":       {pictures: 60, quirk: gateway.QuirkSetsChange},
		"sets-with-marker":    {quirk: gateway.QuirkMarker},
		"sps-with-marker":     {quirk: gateway.QuirkMarker},
		"sei-with-marker":     {quirk: gateway.QuirkMarker},
		"delimiter-first":     {},
		"slices":              {clip: "slices"},
		"b-frames":            {clip: "bframes", reorder: true, quirk: gateway.QuirkReorder},
		"resolution-change":   {pictures: 60, quirk: gateway.QuirkSetsChange},
		"h265":                {clip: "hevc", h265: true},
		"mjpeg":               {clip: "photos", unseen: true},
		"long-gop":            {clip: "long", viewers: 2},

		"annex-b-packet":      {quirk: gateway.QuirkStartCodes},
		"annex-b-fragments":   {quirk: gateway.QuirkStartCodes},
		"marker-never":        {quirk: gateway.QuirkMarker},
		"marker-every-nal":    {clip: "slices", quirk: gateway.QuirkMarker},
		"mode-0":              {},
		"mode-0-fragments":    {quirk: gateway.QuirkMode},
		"mode-missing":        {quirk: gateway.QuirkMode},
		"stap-a":              {},
		"fu-b":                {quirk: gateway.QuirkFragments},
		"fragment-start-lost": {pictures: 60, gaps: true},
		"ssrc-zero":           {quirk: gateway.QuirkSSRC},
		"ssrc-changing":       {pictures: 60, quirk: gateway.QuirkSSRC},
		"large-datagrams":     {quirk: gateway.QuirkLargePackets},

		"sdp-duplicate-name":    {quirk: gateway.QuirkDescription},
		"sdp-broken-connection": {quirk: gateway.QuirkDescription},
		"sdp-missing-lines":     {quirk: gateway.QuirkDescription},
		"sdp-tp-link":           {quirk: gateway.QuirkDescription},
		"sdp-fmtp-elsewhere":    {quirk: gateway.QuirkDescription},
		"sdp-no-final-newline":  {quirk: gateway.QuirkDescription},
		"audio-first":           {},
		"audio-unasked":         {},
		"control-absolute":      {},
		"control-slash":         {quirk: gateway.QuirkControl},
		"control-other-host":    {quirk: gateway.QuirkControl},
		"control-query":         {},
		"base-twice":            {quirk: gateway.QuirkContentBase},
		"base-ipv6-mapped":      {quirk: gateway.QuirkContentBase},
		"base-no-scheme":        {quirk: gateway.QuirkContentBase},
		"base-missing":          {},

		"transport-no-channels":    {quirk: gateway.QuirkTransport},
		"transport-other-channels": {quirk: gateway.QuirkTransport},
		"transport-udp-for-tcp":    {quirk: gateway.QuirkTransport},
		"transport-no-ports":       {quirk: gateway.QuirkTransport},
		"session-no-timeout":       {},
		"range-strict":             {},
		"one-session":              {viewers: 2},
		"one-track":                {},

		"keepalive-options":           {pictures: 120},
		"keepalive-parameter-refused": {pictures: 120, quirk: gateway.QuirkKeepalive},
		"keepalive-parameter-only":    {pictures: 120},
		"keepalive-5s":                {pictures: 150},
		"keepalive-unanswered":        {pictures: 120, quirk: gateway.QuirkKeepalive},
		"camera-asks":                 {pictures: 120},

		"basic":             {},
		"digest-md5":        {},
		"digest-sha-256":    {quirk: gateway.QuirkLogin},
		"digest-qop":        {quirk: gateway.QuirkLogin},
		"digest-two":        {quirk: gateway.QuirkLogin},
		"digest-nonce-ages": {quirk: gateway.QuirkLogin},
		"digest-nonce-once": {quirk: gateway.QuirkLogin},

		"clock-years":        {quirk: gateway.QuirkClock},
		"clock-jumps":        {quirk: gateway.QuirkClock},
		"clock-drifts":       {quirk: gateway.QuirkClock},
		"no-reports":         {quirk: gateway.QuirkNoReports},
		"timestamps-swapped": {quirk: gateway.QuirkTimestamps},
		"timestamps-jump":    {pictures: 60, quirk: gateway.QuirkTimestamps},
		"timestamps-still":   {quirk: gateway.QuirkTimestamps},

		"slow":          {},
		"reboot":        {pictures: 60, gaps: true},
		"half-open":     {pictures: 40, gaps: true},
		"redirect-self": {},

		"redirect-loop":       refused(gateway.CauseForbiddenURL),
		"redirect-other-host": refused(gateway.CauseForbiddenURL),
		"limit-setup":         refused(gateway.CauseFull),
		"limit-describe":      refused(gateway.CauseFull),
		"login-refused":       refused(gateway.CauseUnauthorized),
		"no-such-stream":      refused(gateway.CauseNoStream),
		"mpeg-4":              refused(gateway.CauseCodec),
		"no-video":            refused(gateway.CauseNoVideo),
		"end-at-once":         refused(gateway.CauseEnded),
		"hang":                refused(gateway.CauseSilent, gateway.CauseUnreachable), // both are told after 10 s
		"garbage":             refused(gateway.CauseProtocol),
	}
}

// playAtOnce is how many cameras play at a time: two cores keep up with them.
const playAtOnce = 16

// TestEveryKindOfCamera plays all profiles to viewers of their own.
func TestEveryKindOfCamera(t *testing.T) {
	t.Parallel()
	outcomes, profiles := outcomes(), simulate.Profiles()
	r := startRigs(t, profiles)
	// Those that take longest begin.
	slices.SortStableFunc(profiles, func(a, b simulate.Profile) int { return outcomes[b.Name].pictures - outcomes[a.Name].pictures })
	results := make([]error, len(profiles))
	r.watchAll(profiles, outcomes, results, func(int, expected) bool { return true })
	// A machine that stops for a second or two ends sessions that last no longer. What
	// failed is tried once more; a fault fails again.
	r.watchAll(profiles, outcomes, results, func(i int, want expected) bool { return results[i] != nil && want.todo == "" && !want.gaps })
	for i, p := range profiles {
		want, known := outcomes[p.Name]
		switch err := results[i]; {
		case !known:
			t.Errorf("%s: nothing is expected of it; its result: %v", p.Name, err)
		case want.todo == "" && err != nil:
			t.Errorf("%s: %v", p.Name, err)
		case want.todo != "" && err == nil:
			t.Errorf("%s does now as it should: take out its todo, %q", p.Name, want.todo)
		}
	}
}

// rigs are all profiles, each on a server of its own as cameras are, behind one
// gateway: a host that refuses a login or is full is not asked again soon.
type rigs struct {
	*live
	cameras map[string]*simulate.Rig // by the name of the profile
	clips   map[string]*rigClip
}

// rigClip says which picture a viewer got.
type rigClip struct {
	places map[string]int // of pictures in the loop, by their slices
	length int
}

func startRigs(t *testing.T, profiles []simulate.Profile) *rigs {
	t.Helper()
	r := &rigs{cameras: map[string]*simulate.Rig{}, clips: map[string]*rigClip{}}
	var list []gateway.Camera
	for _, p := range profiles {
		rig, err := simulate.StartRig(simulate.RigOptions{Profiles: []string{p.Name}, User: "viewer", Password: canary})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(rig.Close)
		r.cameras[p.Name] = rig
		c := gateway.Camera{ID: gateway.CameraID(p.Name), Name: p.Name, Area: "ward", Kind: gateway.Public, Main: rig.URL(p.Name, simulate.Main), Transport: gateway.TCP}
		if p.UDP {
			c.Transport = gateway.UDP
		}
		if p.Login {
			c.Login = gateway.Login{User: "viewer", Password: canary}
		}
		list = append(list, c)
	}
	file := func(name string) string { return filepath.Join("gateway", "simulate", "rig", name) }
	for name, files := range map[string][]string{"": {file("plain.h264"), file("small.h264")}, "slices": {file("slices.h264")}, "bframes": {file("bframes.h264")}, "long": {file("long.h264")}, "hevc": {file("hevc.h265")}} {
		r.clips[name] = readRigClip(t, files...)
	}
	r.live = startLive(t, simulate.Options{Cameras: 1}, func(c *Config) {
		c.Transcode.Most = -1                            // what cameras send itself is looked at
		c.Limits.Streams.Linger = 200 * time.Millisecond // what was seen plays on for nobody
		c.Tokens[0].Actions = []auth.Action{auth.View, auth.Administer}
		var err error
		if c.Inventory, err = gateway.NewList([]gateway.Area{{ID: "ward", Name: "Phường"}}, list); err != nil {
			t.Fatal(err)
		}
	})
	return r
}

func readRigClip(t *testing.T, files ...string) *rigClip {
	t.Helper()
	c := &rigClip{places: map[string]int{}}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var pictures [][]byte
		for _, n := range video.SplitAnnexB(b) {
			if first, ok := sliceOf(n, filepath.Ext(file) == ".h265"); ok && first {
				pictures = append(pictures, n)
			} else if ok {
				pictures[len(pictures)-1] = append(slices.Clip(pictures[len(pictures)-1]), n...)
			}
		}
		for i, p := range pictures {
			c.places[string(p)] = i
		}
		c.length = len(pictures)
	}
	return c
}

// sliceOf says whether a NAL unit is a slice, and the first of its picture.
func sliceOf(n []byte, h265 bool) (first, ok bool) {
	if h265 {
		return len(n) > 2 && n[2]&0x80 != 0, len(n) > 2 && n[0]>>1&0x3f < 32
	}
	mb, ok := video.FirstMB(n)
	return mb == 0, ok
}

// watchAll watches those cameras that are to be watched.
func (r *rigs) watchAll(profiles []simulate.Profile, outcomes map[string]expected, results []error, whether func(int, expected) bool) {
	turns := make(chan struct{}, playAtOnce)
	var all sync.WaitGroup
	for i, p := range profiles {
		want := outcomes[p.Name]
		if !whether(i, want) {
			continue
		}
		idle := want.causes != nil || want.todo != "" // it is waited for, which costs nothing
		all.Go(func() {
			if !idle {
				turns <- struct{}{}
				defer func() { <-turns }()
			}
			results[i] = r.watch(p.Name, want)
		})
	}
	all.Wait()
}

// watch lets viewers look at a camera, and says what is not as expected.
func (r *rigs) watch(camera string, want expected) error {
	before, _ := r.cameras[camera].Sessions(camera)
	var all sync.WaitGroup
	errs := make([]error, max(want.viewers, 1))
	for i := range errs {
		all.Go(func() {
			p, err := r.play(camera)
			defer p.close()
			switch {
			case err != nil:
				errs[i] = err
			case want.causes != nil:
				errs[i] = r.refuses(p, camera, want)
			case want.unseen:
				errs[i] = r.hides(p, camera)
			default:
				errs[i] = r.plays(p, camera, want)
			}
		})
	}
	all.Wait()
	if after, _ := r.cameras[camera].Sessions(camera); want.causes == nil && !want.gaps && after > before+1 {
		errs = append(errs, fmt.Errorf("it took %d sessions", after-before))
	}
	return errors.Join(errs...)
}

// plays takes the pictures that are expected, from a key picture on.
func (r *rigs) plays(p *player, camera string, want expected) error {
	wait := patience
	if want.todo != "" {
		wait = 5*time.Second + time.Duration(want.pictures)*40*time.Millisecond
	}
	late := time.NewTimer(wait)
	defer late.Stop()
	clip := r.clips[want.clip]
	last, at, skips, count := picture{}, 0, 0, want.pictures
	if count == 0 {
		count = 30
	}
	for i := range count {
		var pic picture
		select {
		case pic = <-p.pictures:
		case <-late.C:
			return fmt.Errorf("%d pictures in %v, %d packets; the gateway says: %s", i, wait, p.packets.Load(), r.cause(camera))
		}
		place, ok := clip.places[slicesOf(pic, want.h265)]
		follows := i == 0 || want.gaps || place == (at+1)%clip.length
		if !follows && pic.key { // a viewer that a busy machine stops goes on at the newest key picture
			skips++
			follows = skips == 1
		}
		switch {
		case !ok:
			return fmt.Errorf("picture %d is none of the clip: %v", i, kindsOf(pic))
		case i == 0 && !pic.key:
			return fmt.Errorf("the first picture is no key picture")
		case pic.key && !hasSets(pic, want.h265):
			return fmt.Errorf("picture %d is a key picture without its sets: %v", i, kindsOf(pic))
		case pic.key && want.profile != 0 && profileOf(pic.nalus[0]) != want.profile:
			return fmt.Errorf("picture %d is of profile %d, want %d", i, profileOf(pic.nalus[0]), want.profile)
		case !follows:
			return fmt.Errorf("picture %d is that at %d, after %d", i, place, at)
		case i > 0 && !want.reorder && int32(pic.rtp-last.rtp) <= 0:
			return fmt.Errorf("picture %d has timestamp %d after %d", i, pic.rtp, last.rtp)
		}
		last, at = pic, place
	}
	return nil
}

// refuses waits until the camera's state is as expected.
func (r *rigs) refuses(p *player, camera string, want expected) error {
	deadline := time.Now().Add(patience)
	if want.todo != "" {
		deadline = time.Now().Add(5 * time.Second)
	}
	for {
		cause := r.cause(camera)
		if slices.Contains(want.causes, cause) {
			break
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("the gateway says %q, want %q", cause, want.causes)
		}
		<-time.After(50 * time.Millisecond)
	}
	if n := p.packets.Load(); n > 0 {
		return fmt.Errorf("%d packets came", n)
	}
	return nil
}

// hides waits until the camera plays, and then a second, and has nobody be sent any
// of it.
func (r *rigs) hides(p *player, camera string) error {
	var doc struct {
		Streams []struct{ State gateway.Phase }
	}
	for deadline := time.Now().Add(patience); len(doc.Streams) == 0 || doc.Streams[0].State != gateway.Live; <-time.After(50 * time.Millisecond) {
		if r.health(camera, &doc); time.Now().After(deadline) {
			return fmt.Errorf("the camera is %v: %s", doc.Streams, r.cause(camera))
		}
	}
	<-time.After(time.Second)
	if n := p.packets.Load(); n > 0 {
		return fmt.Errorf("%d packets came", n)
	}
	return nil
}

// hasSets says whether a picture begins with its parameter sets.
func hasSets(p picture, h265 bool) bool {
	if h265 {
		return len(p.nalus) > 3 && p.nalus[0][0]>>1 == 32 && p.nalus[1][0]>>1 == 33 && p.nalus[2][0]>>1 == 34
	}
	return len(p.nalus) > 2 && video.TypeOf(p.nalus[0]) == video.NALUSPS && video.TypeOf(p.nalus[1]) == video.NALUPPS
}

// cause is why the gateway says that a camera gives no picture.
func (r *rigs) cause(camera string) gateway.Cause {
	var doc struct{ Cause gateway.Cause }
	r.health(camera, &doc)
	return doc.Cause
}

// health leaves doc as it is where there is no answer.
func (r *rigs) health(camera string, doc any) {
	req, err := http.NewRequest("GET", r.url+"/api/v1/health/cameras/"+camera, nil)
	if err != nil {
		return
	}
	req.Header.Set("Authorization", "Bearer "+liveToken)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return
	}
	defer func() { _ = resp.Body.Close() }()
	_ = json.NewDecoder(resp.Body).Decode(doc)
}

func slicesOf(p picture, h265 bool) string {
	var b bytes.Buffer
	for _, n := range p.nalus {
		if _, ok := sliceOf(n, h265); ok {
			b.Write(n)
		}
	}
	return b.String()
}

// profileOf is the profile_idc of an SPS, 0 of a broken one.
func profileOf(sps []byte) uint32 {
	f, err := video.ParseSPS(sps)
	if err != nil {
		return 0
	}
	return f.Profile >> 16
}

func kindsOf(p picture) (kinds []video.NALUType) {
	for _, n := range p.nalus {
		kinds = append(kinds, video.TypeOf(n))
	}
	return kinds
}
