package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"matthan/gateway"
	"matthan/gateway/doctor"
	"matthan/gateway/rtsp"
	"matthan/gateway/simulate"
)

// What an administrator must be told of each of the rig's profiles.

// diagnosis is what the doctor must find of a profile.
type diagnosis struct {
	is     []doctor.Code // what names what it does; none where nobody is harmed or has to do with it
	lacks  []doctor.Code // what is said of a camera that plays, and cannot be of this one
	beside []doctor.Code // all that is said of one that refuses, but for what names it
	may    []doctor.Code // what may be said or not, by when it happens
}

func finds(codes ...doctor.Code) diagnosis { return diagnosis{is: codes} }

// diagnoses are those of all profiles. A quirk that is put right is a note that is
// fine; it stands here all the same, for who reads the report must find it.
//
// What ten seconds cannot show: that keepalive-5s would end after 5 s, and that
// session-no-timeout leaves open when it ends, for the gateway speaks more often than
// any camera asks for; and that a camera boots once a day, or falls silent after an
// hour. The profiles reboot and half-open do so after a second. The others of a
// camera's life stand in its health, which counts for a day.
func diagnoses() map[string]diagnosis {
	quirk := func(q gateway.Quirk) diagnosis { return finds(doctor.Code("quirk_" + q)) }
	pulled := []doctor.Code{doctor.CodeReached, doctor.CodeLoginOpen, doctor.CodePicture, doctor.CodeClockGood, doctor.CodeNoLoss, doctor.CodeBothCarriers, doctor.CodeSubCodec}
	return map[string]diagnosis{
		"plain":               {},
		"sets-in-description": quirk(gateway.QuirkSets),
		"sets-in-band":        {}, // the rules permit it
		"sets-changing":       quirk(gateway.QuirkSetsChange),
		"sets-with-marker":    quirk(gateway.QuirkMarker),
		"sps-with-marker":     quirk(gateway.QuirkMarker),
		"sei-with-marker":     quirk(gateway.QuirkMarker),
		"delimiter-first":     {}, // the rules permit it
		"slices":              {}, // the rules permit it
		"b-frames":            finds(doctor.CodeBFrames),
		"resolution-change":   finds(doctor.CodeSizeChanges), // which says more than that its sets change
		// Their sub is of the same codec. Of JPEG every picture is a key picture.
		"h265":     {is: []doctor.Code{doctor.CodeH265}, beside: slices.Concat(pulled, []doctor.Code{doctor.CodeGOPGood, doctor.CodeKeySoon})},
		"mjpeg":    {is: []doctor.Code{doctor.CodeCodec}, beside: pulled},
		"long-gop": finds(doctor.CodeGOPLong),

		"annex-b-packet":    quirk(gateway.QuirkStartCodes),
		"annex-b-fragments": quirk(gateway.QuirkStartCodes),
		"marker-never":      quirk(gateway.QuirkMarker),
		"marker-every-nal":  quirk(gateway.QuirkMarker),
		"mode-0":            {}, // over TCP large packets harm nobody
		"mode-0-fragments":  quirk(gateway.QuirkMode),
		"mode-missing":      quirk(gateway.QuirkMode),
		"stap-a":            {}, // the rules permit it
		"fu-b":              quirk(gateway.QuirkFragments),
		// Over TCP no network loses a packet: who left it out is the camera.
		"fragment-start-lost": finds(doctor.CodeSomeDropped),
		"ssrc-zero":           quirk(gateway.QuirkSSRC),
		"ssrc-changing":       quirk(gateway.QuirkSSRC),
		"large-datagrams":     finds("quirk_large_packets", doctor.CodeUDPChosen),

		"sdp-duplicate-name":    quirk(gateway.QuirkDescription),
		"sdp-broken-connection": quirk(gateway.QuirkDescription),
		"sdp-missing-lines":     quirk(gateway.QuirkDescription),
		"sdp-tp-link":           quirk(gateway.QuirkDescription),
		"sdp-fmtp-elsewhere":    finds("quirk_description", doctor.CodeAudio),
		"sdp-no-final-newline":  quirk(gateway.QuirkDescription),
		"audio-first":           finds(doctor.CodeAudio),
		"audio-unasked":         finds(doctor.CodeAudio), // where it comes in does not count: nobody takes it
		"control-absolute":      {},                      // the rules permit it
		"control-slash":         quirk(gateway.QuirkControl),
		"control-other-host":    quirk(gateway.QuirkControl),
		"control-query":         {}, // the rules permit it
		"base-twice":            quirk(gateway.QuirkContentBase),
		"base-ipv6-mapped":      quirk(gateway.QuirkContentBase),
		"base-no-scheme":        quirk(gateway.QuirkContentBase),
		"base-missing":          {}, // the rules permit it

		"transport-no-channels":    quirk(gateway.QuirkTransport),
		"transport-other-channels": quirk(gateway.QuirkTransport),
		"transport-udp-for-tcp":    quirk(gateway.QuirkTransport),
		"transport-no-ports":       finds("quirk_transport", doctor.CodeUDPChosen),
		"session-no-timeout":       {}, // the rules permit it
		"range-strict":             {}, // it is asked in the form that it takes
		"one-session":              finds(doctor.CodeLastSession),
		"one-track":                finds(doctor.CodeAudio), // nobody asks for the second track

		"keepalive-options":           {}, // it says so, and is asked so
		"keepalive-parameter-refused": quirk(gateway.QuirkKeepalive),
		"keepalive-parameter-only":    {},
		"keepalive-5s":                {},
		"keepalive-unanswered":        quirk(gateway.QuirkKeepalive),
		"camera-asks":                 {}, // it is answered

		"basic":             finds(doctor.CodeLoginBasic),
		"digest-md5":        {},
		"digest-sha-256":    quirk(gateway.QuirkLogin),
		"digest-qop":        quirk(gateway.QuirkLogin),
		"digest-two":        quirk(gateway.QuirkLogin),
		"digest-nonce-ages": quirk(gateway.QuirkLogin),
		"digest-nonce-once": quirk(gateway.QuirkLogin),

		"clock-years": finds(doctor.CodeClockBehind),
		"clock-jumps": finds(doctor.CodeClockLeaps),
		// After ten seconds at 50 ms each it is half a second ahead as well.
		"clock-drifts":       finds(doctor.CodeClockDrifts, doctor.CodeClockAhead),
		"no-reports":         quirk(gateway.QuirkNoReports),
		"timestamps-swapped": quirk(gateway.QuirkTimestamps),
		"timestamps-jump":    quirk(gateway.QuirkTimestamps), // and its clock is right
		"timestamps-still":   quirk(gateway.QuirkTimestamps),

		// It takes three seconds four times: for UDP there is no time left.
		"slow": {is: []doctor.Code{doctor.CodeSlowAnswer}, lacks: []doctor.Code{doctor.CodeBothCarriers}},
		// It goes before a second key picture, and perhaps before it was asked for UDP.
		"reboot":        {is: []doctor.Code{doctor.CodeBroke}, lacks: []doctor.Code{doctor.CodeGOPGood, doctor.CodeBothCarriers}, may: []doctor.Code{doctor.CodeBothCarriers, doctor.CodeSub}},
		"half-open":     finds(doctor.CodeFallsSilent),
		"redirect-self": {}, // the rules permit it, and it is followed

		// These give no picture, and each must be told from the others.
		"redirect-loop":       {is: []doctor.Code{doctor.CodeRedirectLoop}, beside: []doctor.Code{doctor.CodeReached}},
		"redirect-other-host": {is: []doctor.Code{doctor.CodeRedirect}, beside: []doctor.Code{doctor.CodeReached}},
		"limit-setup":         {is: []doctor.Code{doctor.CodeBusy}, beside: []doctor.Code{doctor.CodeReached, doctor.CodeLoginOpen, doctor.CodeSub}}, // it describes both streams
		"limit-describe":      {is: []doctor.Code{doctor.CodeBusy}, beside: []doctor.Code{doctor.CodeReached}},
		"login-refused":       {is: []doctor.Code{doctor.CodeLoginRefused}, beside: []doctor.Code{doctor.CodeReached}},
		"no-such-stream":      {is: []doctor.Code{doctor.CodeNoStream}, beside: []doctor.Code{doctor.CodeReached}},
		"mpeg-4":              {is: []doctor.Code{doctor.CodeCodec}, beside: []doctor.Code{doctor.CodeReached, doctor.CodeLoginOpen, doctor.CodeSubCodec}}, // so says the sub
		"no-video":            {is: []doctor.Code{doctor.CodeNoVideo}, beside: []doctor.Code{doctor.CodeReached, doctor.CodeLoginOpen}},
		"end-at-once":         {is: []doctor.Code{doctor.CodeHangsUp}, beside: []doctor.Code{}}, // it never spoke RTSP
		"hang":                {is: []doctor.Code{doctor.CodeSilentPort}, beside: []doctor.Code{}},
		"garbage":             {is: []doctor.Code{doctor.CodeNotRTSP}, beside: []doctor.Code{}},
	}
}

// words are the codes that name what a profile does, for the document.
func (d diagnosis) words() string {
	var codes []string
	for _, c := range d.is {
		codes = append(codes, "`"+string(c)+"`")
	}
	return strings.Join(codes, ", ")
}

// usual is what is said of a camera that plays, and instead what is said in its place.
var (
	usual   = []doctor.Code{doctor.CodeReached, doctor.CodeLoginGood, doctor.CodePicture, doctor.CodeGOPGood, doctor.CodeKeySoon, doctor.CodeClockGood, doctor.CodeNoLoss, doctor.CodeBothCarriers, doctor.CodeSub}
	instead = map[doctor.Code]doctor.Code{
		doctor.CodeLoginOpen: doctor.CodeLoginGood, doctor.CodeLoginBasic: doctor.CodeLoginGood,
		doctor.CodeGOPLong:     doctor.CodeGOPGood,
		doctor.CodeClockBehind: doctor.CodeClockGood, doctor.CodeClockLeaps: doctor.CodeClockGood, doctor.CodeClockDrifts: doctor.CodeClockGood,
		"quirk_no_reports": doctor.CodeClockGood, "quirk_timestamps": doctor.CodeClockGood,
		doctor.CodeSomeDropped: doctor.CodeNoLoss,
		doctor.CodeLastSession: doctor.CodeBothCarriers, doctor.CodeUDPChosen: doctor.CodeBothCarriers,
		doctor.CodeSubLarge: doctor.CodeSub,
	}
)

// all is everything that must be said of a profile.
func (d diagnosis) all(p simulate.Profile) []doctor.Code {
	if d.beside != nil {
		return append(slices.Clone(d.beside), d.is...)
	}
	codes := slices.Clone(d.is)
	if !p.Login {
		codes = append(codes, doctor.CodeLoginOpen)
	}
	if outcomes()[p.Name].clip != "" { // such a clip has no smaller encoding: the rig plays it as sub too
		codes = append(codes, doctor.CodeSubLarge)
	}
	for _, c := range usual {
		replaced := slices.ContainsFunc(codes, func(by doctor.Code) bool { return instead[by] == c })
		if !replaced && !slices.Contains(d.lacks, c) {
			codes = append(codes, c)
		}
	}
	return codes
}

const (
	apart        = 20 * time.Millisecond // between two examinations that begin, as each begins with much at once
	examineAgain = 4                     // times that what is wrong is examined, at most
)

// TestTheDoctorNamesTheFaultOfEveryKindOfCamera examines all profiles at once, as an
// administrator has it done.
func TestTheDoctorNamesTheFaultOfEveryKindOfCamera(t *testing.T) {
	t.Parallel()
	diagnoses, profiles := diagnoses(), simulate.Profiles()
	rig, err := simulate.StartRig(simulate.RigOptions{User: "viewer", Password: canary})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(rig.Close)
	held := watchTheMachine(t)
	wrong := make([]error, len(profiles))
	examine := func(again bool) (failed bool) {
		var all sync.WaitGroup
		tick := time.NewTicker(apart)
		defer tick.Stop()
		for i, p := range profiles {
			if again && wrong[i] == nil {
				continue
			}
			<-tick.C
			all.Go(func() { wrong[i] = examined(t.Context(), rig, p, diagnoses[p.Name], held) })
		}
		all.Wait()
		return slices.ContainsFunc(wrong, func(err error) bool { return err != nil })
	}
	// What a busy machine held up for a second is a camera that froze, or one that
	// lost its session. What is wrong is examined again; a fault is found again.
	for round := 1; examine(round > 1) && round < examineAgain; round++ {
	}
	for i, p := range profiles {
		if _, known := diagnoses[p.Name]; !known {
			t.Errorf("%s: nobody has said what must be found of it", p.Name)
		}
		if wrong[i] != nil {
			t.Errorf("%s: %v", p.Name, wrong[i])
		}
		delete(diagnoses, p.Name)
	}
	if len(diagnoses) > 0 {
		t.Errorf("there are no profiles %q", slices.Collect(maps.Keys(diagnoses)))
	}
}

// examined says what of a profile's report is not as it must be.
func examined(ctx context.Context, rig *simulate.Rig, p simulate.Profile, want diagnosis, held func(time.Time) time.Duration) error {
	cfg := rtsp.Config{URL: rig.URL(p.Name, simulate.Main)}
	if p.UDP {
		cfg.Transport = gateway.UDP
	}
	if p.Login {
		cfg.Login = gateway.Login{User: "viewer", Password: canary}
	}
	began := time.Now()
	o := doctor.Examine(ctx, cfg, doctor.Usual)
	took := time.Since(began)
	if most := doctor.Longest + held(began.Add(doctor.Longest-time.Second)); took > most {
		return fmt.Errorf("it took %v, on this machine no more than %v", took, most)
	}
	r := doctor.Diagnose(o)
	if fmt.Sprintf("%+v", r) != strings.ReplaceAll(fmt.Sprintf("%+v", r), canary, "") {
		return fmt.Errorf("the report holds the password")
	}
	missing, got := want.all(p), []doctor.Code{}
	for _, f := range r.Findings {
		i := slices.Index(missing, f.Code)
		switch {
		case i >= 0:
			missing = slices.Delete(missing, i, i+1)
		case !slices.Contains(want.may, f.Code):
			got = append(got, f.Code)
		}
	}
	missing = slices.DeleteFunc(missing, func(c doctor.Code) bool { return slices.Contains(want.may, c) })
	if len(missing) > 0 || len(got) > 0 {
		return fmt.Errorf("not told: %q; told wrongly: %q; %s; %+v", missing, got, r.Detail, r.Facts)
	}
	return proposed(rig, p, want, r)
}

// proposed says what of a report's verdict and addresses is not as it must be.
func proposed(rig *simulate.Rig, p simulate.Profile, want diagnosis, r doctor.Report) error {
	plays := want.beside == nil
	good := plays && len(want.is) == 0 && p.Login
	switch {
	case r.Playable != (plays && !slices.Contains(want.is, doctor.CodeBFrames)):
		return fmt.Errorf("playable is %v", r.Playable)
	case strings.HasPrefix(r.Verdict.EN, "A good camera") != (good || plays && fineAll(r)):
		return fmt.Errorf("the verdict is %q", r.Verdict.EN)
	case !plays:
		return nil
	case r.Main == nil || r.Main.URL != rig.URL(p.Name, simulate.Main) || r.Main.Width == 0:
		return fmt.Errorf("it proposes %+v as main", r.Main)
	case !slices.Contains(want.may, doctor.CodeSub) && (r.Sub == nil || r.Sub.URL != rig.URL(p.Name, simulate.Sub)):
		return fmt.Errorf("it proposes %+v as sub", r.Sub)
	}
	return nil
}

func fineAll(r doctor.Report) bool {
	return !slices.ContainsFunc(r.Findings, func(f doctor.Finding) bool { return f.Severity != doctor.Fine })
}

// watchTheMachine tells how long all in all this machine let one wait who had nothing
// to wait for but a timer, since a moment: so much more than it would take something
// may take here.
func watchTheMachine(t *testing.T) func(since time.Time) time.Duration {
	type hold struct {
		at   time.Time
		long time.Duration
	}
	const nap, usual = 10 * time.Millisecond, 5 * time.Millisecond
	var mu sync.Mutex
	var holds []hold
	ctx, stop := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	watching.Go(func() {
		for ctx.Err() == nil {
			slept := time.Now()
			<-time.After(nap)
			now := time.Now()
			if long := now.Sub(slept) - nap; long > usual {
				mu.Lock()
				holds = append(holds, hold{now, long})
				mu.Unlock()
			}
		}
	})
	t.Cleanup(func() { stop(); watching.Wait() })
	return func(since time.Time) (all time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		for _, h := range holds {
			if h.at.After(since) {
				all += h.long
			}
		}
		return all
	}
}
