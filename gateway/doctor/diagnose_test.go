package doctor

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"matthan/gateway"
	"matthan/gateway/rtsp"
	"matthan/gateway/video"
)

const here = "rtsp://10.0.0.7:554/Streaming/Channels/101"

// healthy is what is seen of a camera with nothing to complain of.
func healthy() Observation {
	main := video.Format{Codec: video.H264, Width: 1920, Height: 1080, Profile: 0x4d0028}
	return Observation{
		Address: here, LoginGiven: true, Make: Hikvision, Plays: true, Carrier: gateway.TCP, UDP: Yes, Looked: 10 * time.Second, Packets: 9000, SubTried: true,
		Description: rtsp.Description{Contact: rtsp.ContactRTSP, Within: 4 * time.Millisecond, Logins: []string{"Digest MD5"}, Medias: []rtsp.Media{{Kind: "video", Codec: "H264", Mode: 1, Format: &main}}},
		Sub:         &Stream{URL: "rtsp://10.0.0.7:554/Streaming/Channels/102", Codec: "H264", Width: 640, Height: 360},
		Series: Series{Pictures: 250, Octets: 2_500_000, Long: 10 * time.Second, Peak: 350_000, Rate: 25, Format: main, Gap: 60 * time.Millisecond,
			Keys: 5, GOPs: 4, GOP: 2 * time.Second, GOPMin: 2 * time.Second, GOPMax: 2 * time.Second, GOPPictures: 50, FirstKey: time.Second,
			Reports: 3, Ahead: -80 * time.Millisecond, Believed: 200},
	}
}

// refused is a camera that was not got to.
func refused(c rtsp.Contact, cause gateway.Cause) Observation {
	return Observation{Address: here, LoginGiven: true, Failed: cause, Detail: "x", Description: rtsp.Description{Contact: c}}
}

// answered is one that spoke RTSP and gave no picture.
func answered(cause gateway.Cause, medias ...rtsp.Media) Observation {
	o := refused(rtsp.ContactRTSP, cause)
	o.Description.Medias = medias
	return o
}

// but is a healthy camera with a change.
func but(change func(*Observation)) Observation {
	o := healthy()
	change(&o)
	return o
}

var cases = []struct {
	name     string
	seen     Observation
	playable bool
	want     []Code // faults and advice, exactly
	fine     []Code // some that must be there beside
}{
	{"healthy", healthy(), true, nil, []Code{CodeReached, CodeLoginGood, CodePicture, CodeGOPGood, CodeKeySoon, CodeClockGood, CodeNoLoss, CodeBothCarriers, CodeSub}},

	{"nobody knows the name", refused(rtsp.ContactName, gateway.CauseUnreachable), false, []Code{CodeName}, nil},
	{"nothing listens", refused(rtsp.ContactRefused, gateway.CauseUnreachable), false, []Code{CodeRefused}, nil},
	{"nobody answers", refused(rtsp.ContactNobody, gateway.CauseUnreachable), false, []Code{CodeNobody}, nil},
	{"out of reach", refused(rtsp.ContactNone, gateway.CauseOutOfReach), false, []Code{CodeOutOfReach}, nil},
	{"a silent port", refused(rtsp.ContactSilent, gateway.CauseUnreachable), false, []Code{CodeSilentPort}, nil},
	{"a web page", refused(rtsp.ContactHTTP, gateway.CauseProtocol), false, []Code{CodeHTTP}, nil},
	{"mail", refused(rtsp.ContactOther, gateway.CauseProtocol), false, []Code{CodeNotRTSP}, nil},
	{"no TLS", func() Observation {
		o := refused(rtsp.ContactSilent, gateway.CauseProtocol)
		o.Address = "rtsps://10.0.0.7/"
		return o
	}(), false, []Code{CodeTLS}, nil},
	{"hangs up at once", refused(rtsp.ContactSilent, gateway.CauseEnded), false, []Code{CodeHangsUp}, nil},

	{"asks for a login", func() Observation {
		o := answered(gateway.CauseUnauthorized)
		o.LoginGiven = false
		return o
	}(), false, []Code{CodeLoginNeeded}, []Code{CodeReached}},
	{"refuses the login", answered(gateway.CauseUnauthorized), false, []Code{CodeLoginRefused}, nil},
	{"asks for no login", but(func(o *Observation) { o.Description.Logins = nil }), true, []Code{CodeLoginOpen}, nil},
	{"takes Basic only", but(func(o *Observation) { o.Description.Logins = []string{"Basic"} }), true, []Code{CodeLoginBasic}, nil},
	{"a login in the address", but(func(o *Observation) { o.LoginInURL = true }), true, []Code{CodeLoginInURL}, nil},

	{"no such stream", answered(gateway.CauseNoStream), false, []Code{CodeNoStream}, nil},
	{"redirects", answered(gateway.CauseForbiddenURL), false, []Code{CodeRedirect}, nil},
	{"redirects to itself", func() Observation {
		o := answered(gateway.CauseForbiddenURL)
		o.Description.Loops = true
		return o
	}(), false, []Code{CodeRedirectLoop}, nil},
	{"answers slowly", but(func(o *Observation) { o.Description.Told = 3 * time.Second }), true, []Code{CodeSlowAnswer}, []Code{CodeReached}},
	{"no more sessions", answered(gateway.CauseFull), false, []Code{CodeBusy}, nil},
	{"no answer", answered(gateway.CauseUnreachable), false, []Code{CodeNoAnswer}, []Code{CodeReached}},
	{"nonsense", answered(gateway.CauseProtocol), false, []Code{CodeNonsense}, nil},
	{"sound only", func() Observation {
		o := answered(gateway.CauseNoVideo, rtsp.Media{Kind: "audio", Codec: "PCMA"})
		o.SubTried = true
		return o
	}(), false, []Code{CodeLoginOpen, CodeNoVideo}, nil},
	{"H.265", answered(gateway.CauseCodec, rtsp.Media{Kind: "video", Codec: "H265"}), false, []Code{CodeH265, CodeLoginOpen}, nil},
	{"MJPEG", answered(gateway.CauseCodec, rtsp.Media{Kind: "video", Codec: "JPEG"}), false, []Code{CodeCodec, CodeLoginOpen}, nil},
	{"MPEG-4", answered(gateway.CauseCodec, rtsp.Media{Kind: "video", Codec: "MP4V-ES"}), false, []Code{CodeCodec, CodeLoginOpen}, nil},
	{"H.265 that plays", but(func(o *Observation) {
		o.Description.Medias[0].Codec, o.Series.Format = "H265", video.Format{Codec: video.H265, Width: 1920, Height: 1080, Profile: 1<<16 | 150}
	}), false, []Code{CodeH265, CodeSubPlays}, []Code{CodePicture, CodeGOPGood}},
	{"JPEG that plays", but(func(o *Observation) {
		o.Description.Medias[0].Codec, o.Series.Format, o.Series.GOP = "JPEG", video.Format{Codec: video.JPEG, Width: 640, Height: 480}, 40*time.Millisecond
	}), false, []Code{CodeCodec, CodeSubPlays}, []Code{CodePicture, CodeClockGood}},
	{"H.265 with an H.264 sub", func() Observation {
		o := answered(gateway.CauseCodec, rtsp.Media{Kind: "video", Codec: "H265"})
		o.Description.Logins, o.Sub = []string{"Digest MD5"}, &Stream{URL: here + "2", Codec: "H264"}
		return o
	}(), false, []Code{CodeH265, CodeSubPlays}, nil},
	{"plays nothing", but(func(o *Observation) { o.Failed, o.Series = gateway.CauseSilent, Series{} }), false, []Code{CodeNoPicture}, nil},
	{"stops", but(func(o *Observation) { o.Broke = gateway.CauseEnded }), true, []Code{CodeBroke}, nil},
	{"falls silent", but(func(o *Observation) { o.Broke = gateway.CauseSilent }), true, []Code{CodeFallsSilent}, nil},

	{"no key picture", but(func(o *Observation) { o.Series.Keys, o.Series.GOPs = 0, 0 }), false, []Code{CodeNoKey}, nil},
	{"High 10", but(func(o *Observation) { o.Series.Format.Profile = 0x6e0028 }), false, []Code{CodeProfile}, nil},
	{"High", but(func(o *Observation) { o.Series.Format.Profile = 0x640028 }), true, nil, nil},
	{"B-frames", but(func(o *Observation) { o.Series.Format.Reorder = true }), false, []Code{CodeBFrames}, nil},
	{"B-frames without ffmpeg", but(func(o *Observation) { o.Series.Format.Reorder, o.NoRungs = true, true }), false, []Code{CodeBFrames, CodeNoFFmpeg}, nil},
	{"MJPEG without ffmpeg", but(func(o *Observation) {
		o.Description.Medias[0].Codec, o.Series.Format, o.NoRungs = "JPEG", video.Format{Codec: video.JPEG, Width: 640, Height: 480}, true
	}), false, []Code{CodeCodec, CodeNoFFmpeg, CodeSubPlays}, nil},
	{"H.264 without ffmpeg", but(func(o *Observation) { o.NoRungs = true }), true, nil, nil},
	{"4K", but(func(o *Observation) { o.Series.Format.Width, o.Series.Format.Height = 3840, 2160 }), true, []Code{CodeLarge}, nil},
	{"slow", but(func(o *Observation) { o.Series.Rate = 6 }), true, []Code{CodeSlow}, nil},
	{"fast", but(func(o *Observation) { o.Series.Rate = 50 }), true, []Code{CodeFast}, nil},
	{"much", but(func(o *Observation) { o.Series.Octets = 10_000_000 }), true, []Code{CodeMuch}, nil},
	{"bursts", but(func(o *Observation) { o.Series.Peak = 1_500_000 }), true, []Code{CodeBursts}, nil},
	{"sound", but(func(o *Observation) {
		o.Description.Medias = append(o.Description.Medias, rtsp.Media{Kind: "audio", Codec: "PCMA"})
	}), true, nil, []Code{CodeAudio}},
	{"the size changes", but(func(o *Observation) {
		o.Series.Formats, o.Series.Sizes, o.Series.Large, o.Quirks = 3, 3, o.Series.Format, []gateway.Quirk{gateway.QuirkSetsChange}
		o.Series.Small.Width, o.Series.Small.Height = 320, 180
		o.Series.Format = o.Series.Small // its sub stream is smaller all the same
	}), true, []Code{CodeSizeChanges}, []Code{CodeSub}},
	{"sets change", but(func(o *Observation) { o.Series.Formats = 1 }), true, []Code{"quirk_sets_change"}, nil},
	{"timestamps jump", but(func(o *Observation) { o.Series.Jumps = 3 }), true, []Code{"quirk_timestamps"}, nil},

	{"GOP of 4 s", but(func(o *Observation) {
		o.Series.GOP, o.Series.GOPMin, o.Series.GOPMax = 4*time.Second, 4*time.Second, 4*time.Second
	}), true, nil, []Code{CodeGOPGood}},
	{"GOP of 8 s", but(func(o *Observation) {
		o.Series.GOPs, o.Series.GOP, o.Series.GOPMin, o.Series.GOPMax = 1, 8*time.Second, 8*time.Second, 8*time.Second
	}), true, []Code{CodeGOPLong}, nil},
	{"GOP of 400 ms", but(func(o *Observation) {
		o.Series.GOP, o.Series.GOPMin, o.Series.GOPMax = 400*time.Millisecond, 400*time.Millisecond, 400*time.Millisecond
	}), true, []Code{CodeGOPShort}, nil},
	{"smart codec", but(func(o *Observation) { o.Series.GOPMin, o.Series.GOPMax = 2*time.Second, 6*time.Second }), true, []Code{CodeGOPUneven}, nil},
	{"GOP longer than the look", but(func(o *Observation) { o.Series.Keys, o.Series.GOPs, o.Series.GOPOpen = 1, 0, 9*time.Second }), true, []Code{CodeGOPUnknown}, nil},
	{"first key late", but(func(o *Observation) { o.Series.FirstKey = 3900 * time.Millisecond }), true, []Code{CodeKeyLate}, nil},

	{"no reports", but(func(o *Observation) { o.Series.Reports = 0 }), true, []Code{"quirk_no_reports"}, nil},
	{"clock a day behind", but(func(o *Observation) { o.Series.Ahead = -7 * time.Hour }), true, []Code{CodeClockBehind}, nil},
	{"clock ahead", but(func(o *Observation) { o.Series.Ahead = 7 * time.Hour }), true, []Code{CodeClockAhead}, nil},
	{"clock jumps", but(func(o *Observation) { o.Series.Leaps = 1 }), true, []Code{CodeClockLeaps}, nil},
	{"clock drifts", but(func(o *Observation) { o.Series.Drift = -0.02 }), true, []Code{CodeClockDrifts}, nil},
	{"pictures late", but(func(o *Observation) { o.Series.Ahead = -2 * time.Second }), true, []Code{CodeLateImage}, nil},

	{"much loss", but(func(o *Observation) { o.Carrier, o.Lost = gateway.UDP, 900 }), true, []Code{CodeMuchLoss}, nil},
	{"some loss", but(func(o *Observation) { o.Carrier, o.Lost = gateway.UDP, 20 }), true, []Code{CodeSomeLoss}, nil},
	{"much is left out", but(func(o *Observation) { o.Lost = 900 }), true, []Code{CodeMuchDropped}, nil},
	{"some is left out", but(func(o *Observation) { o.Lost = 20 }), true, []Code{CodeSomeDropped}, nil},
	{"broken pictures", but(func(o *Observation) { o.Broken = 7 }), true, []Code{CodeBrokenPictures}, nil},
	{"freezes", but(func(o *Observation) { o.Series.Gap = 3 * time.Second }), true, []Code{CodeFreeze}, nil},
	{"UDP only", but(func(o *Observation) { o.Carrier, o.TCP = gateway.UDP, No }), true, []Code{CodeOnlyUDP}, nil},
	{"no UDP", but(func(o *Observation) {
		o.Failed, o.Carrier, o.UDP, o.TCP, o.Series = gateway.CauseSilent, "", "", Yes, Series{}
	}), false, []Code{CodeNoUDP}, nil},
	{"UDP by choice", but(func(o *Observation) { o.Carrier, o.TCP = gateway.UDP, Yes }), true, []Code{CodeUDPChosen}, nil},
	{"one session", but(func(o *Observation) { o.UDP, o.Last = "", true }), true, []Code{CodeLastSession}, nil},
	{"TCP only", but(func(o *Observation) { o.UDP = No }), true, nil, []Code{CodeOnlyTCP}},

	{"no sub", but(func(o *Observation) { o.Sub = nil }), true, []Code{CodeNoSub}, nil},
	{"H.265 sub", but(func(o *Observation) { o.Sub.Codec = "H265" }), true, []Code{CodeSubCodec}, nil},
	{"large sub", but(func(o *Observation) { o.Sub.Width, o.Sub.Height = 1920, 1080 }), true, []Code{CodeSubLarge}, nil},
	{"the sub was given", but(func(o *Observation) { o.Main, o.Sub.URL = &Stream{URL: here + "1"}, here }), true, []Code{CodeMainFound}, nil},
	{"another address", but(func(o *Observation) { o.Main = &Stream{URL: here + "1"} }), true, []Code{CodeOtherAddress}, nil},
	{"a B slice later", but(func(o *Observation) { o.Quirks = []gateway.Quirk{gateway.QuirkReorder} }), false, []Code{CodeBFrames}, nil},
	{"a clock that is told", but(func(o *Observation) { o.Series.Leaps, o.Quirks = 1, []gateway.Quirk{gateway.QuirkClock} }), true, []Code{CodeClockLeaps}, nil},
	{"a clock that is not", but(func(o *Observation) { o.Quirks = []gateway.Quirk{gateway.QuirkClock} }), true, []Code{"quirk_clock"}, nil},
	{"a quirk", but(func(o *Observation) {
		o.Quirks = []gateway.Quirk{gateway.QuirkMarker, gateway.QuirkLargePackets, "unheard-of"}
	}), true, []Code{"quirk_large_packets"}, []Code{"quirk_marker"}},
}

func TestEachTroubleIsFoundAndNoOther(t *testing.T) {
	t.Parallel()
	met := map[Code]bool{}
	for _, c := range cases {
		r := Diagnose(c.seen)
		var bad, fine []Code
		for _, f := range r.Findings {
			if met[f.Code] = true; f.Severity == Fine {
				fine = append(fine, f.Code)
			} else {
				bad = append(bad, f.Code)
			}
			for _, w := range []*Words{&f.Says, f.Do, f.Menu} {
				if w != nil && strings.ContainsAny(w.VI+w.EN, "{}") {
					t.Errorf("%s: %s says %q, with a name in it", c.name, f.Code, *w)
				}
			}
		}
		want := slices.Clone(c.want)
		slices.Sort(bad)
		slices.Sort(want)
		if !slices.Equal(bad, want) {
			t.Errorf("%s: %q, want %q", c.name, bad, want)
		}
		for _, f := range c.fine {
			if !slices.Contains(fine, f) {
				t.Errorf("%s: %s is not told: %q", c.name, f, fine)
			}
		}
		if r.Playable != c.playable {
			t.Errorf("%s: playable %v", c.name, r.Playable)
		}
		faulty := slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Severity == Fault })
		if (r.Verdict == verdicts.shaky) != (faulty && c.playable) {
			t.Errorf("%s: %q", c.name, r.Verdict)
		}
		if strings.ContainsAny(r.Verdict.VI+r.Verdict.EN, "{}") || r.Verdict.VI == "" {
			t.Errorf("%s: %q", c.name, r.Verdict)
		}
	}
	for code := range findings {
		if !met[code] {
			t.Errorf("no case has %s", code)
		}
	}
}

var inBraces = regexp.MustCompile(`\{[a-z]+\}`)

// quirksOf are all that a camera may have.
var quirksOf = []gateway.Quirk{gateway.QuirkDescription, gateway.QuirkContentBase, gateway.QuirkControl, gateway.QuirkTransport, gateway.QuirkRange, gateway.QuirkKeepalive,
	gateway.QuirkLogin, gateway.QuirkSSRC, gateway.QuirkMarker, gateway.QuirkStartCodes, gateway.QuirkFragments, gateway.QuirkMode, gateway.QuirkSets,
	gateway.QuirkSetsChange, gateway.QuirkClock, gateway.QuirkTimestamps, gateway.QuirkNoReports, gateway.QuirkReorder, gateway.QuirkLargePackets}

func TestEveryWordIsThereInBothLanguages(t *testing.T) {
	t.Parallel()
	both := func(what string, w Words) {
		t.Helper()
		vi, en := inBraces.FindAllString(w.VI, -1), inBraces.FindAllString(w.EN, -1)
		slices.Sort(vi)
		slices.Sort(en)
		if w.VI == "" || w.EN == "" || !slices.Equal(vi, en) {
			t.Errorf("%s: %q", what, w)
		}
	}
	for code, e := range catalogue {
		both(string(code), e.says)
		if e.do != (Words{}) {
			both(string(code)+", what to do", e.do)
		}
		if (e.is != Fine) != (e.do != (Words{})) || e.blocks && e.is != Fault {
			t.Errorf("%s: what is not fine says what to do, and only a fault blocks", code)
		}
	}
	for _, q := range quirksOf {
		if f, ok := OfQuirk(q, here); !ok || f.Says == (Words{}) {
			t.Errorf("nothing is said of %s", q)
		}
	}
	if f, ok := OfQuirk("none", here); ok {
		t.Errorf("of what is no quirk it is said: %+v", f)
	}
	for is, entries := range menus {
		if is != "" && nameOf[is] == "" {
			t.Errorf("%s has no name", is)
		}
		for topic, w := range entries {
			both(string(is), w)
			if topic == noTopic {
				t.Errorf("%s: a menu of nothing", is)
			}
		}
	}
	for topic := noTopic + 1; topic < topics; topic++ {
		if _, ok := menu("", topic); !ok {
			t.Errorf("there is no usual menu of topic %d", topic)
		}
	}
	for _, w := range []Words{verdicts.good, verdicts.better, verdicts.shaky, verdicts.convert, verdicts.none} {
		both("verdict", w)
	}
}

func TestAHikvisionIsSetInItsOwnMenu(t *testing.T) {
	t.Parallel()
	r := Diagnose(but(func(o *Observation) { o.Series.GOPMin, o.Series.GOPMax = 2*time.Second, 8*time.Second }))
	f := r.Findings[0]
	if f.Code != CodeGOPUneven || f.Menu == nil || !strings.Contains(f.Menu.VI, "Cấu hình → Video/Âm thanh") || f.Says.VI != "Khoảng cách hình khóa thay đổi từ 2,0 giây đến 8,0 giây: camera đang bật nén thông minh." || !strings.Contains(f.Says.EN, "2.0 s to 8.0 s") {
		t.Errorf("%+v", f)
	}
	if r.Main == nil || r.Main.URL != here || r.Main.Width != 1920 || r.Sub == nil {
		t.Errorf("main %+v, sub %+v", r.Main, r.Sub)
	}
}

func TestNumbersAreWrittenAsTheLanguageDoes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		is     value
		vi, en string
	}{
		{decimal("", -0.001, 2), "0,00", "0.00"},
		{decimal("", 25, 1), "25,0", "25.0"},
		{span("", 1500*time.Millisecond), "1,5 giây", "1.5 s"},
		{span("", 5*time.Minute), "5 phút", "5 min"},
		{span("", 7*time.Hour), "7 giờ", "7 hours"},
		{span("", 1000*24*time.Hour), "1000 ngày", "1000 days"},
		{milliseconds("", 40*time.Millisecond), "40 ms", "40 ms"},
		{bits("", 2_140_000), "2,1 Mbit/s", "2.1 Mbit/s"},
		{bits("", 512_000), "512 kbit/s", "512 kbit/s"},
	} {
		if c.is.is != (Words{c.vi, c.en}) {
			t.Errorf("%q, want %q and %q", c.is.is, c.vi, c.en)
		}
	}
}
