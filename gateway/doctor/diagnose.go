package doctor

import (
	"slices"
	"strings"
	"time"

	"matthan/gateway"
	"matthan/gateway/rtsp"
)

// What is good and what is not.
const (
	longGOP    = 4500 * time.Millisecond // above it the first viewer and stills wait too long
	shortGOP   = 800 * time.Millisecond  // below it key pictures eat the bandwidth
	unevenGOP  = 1.3                     // longest by shortest, as smart codecs make them
	slowAnswer = 2 * time.Second         // from dialling to the description
	longPixels = 1920 * 1088             // more is too much for many phones
	lowRate    = 10                      // pictures a second
	highRate   = 31
	muchMean   = 6_000_000 // bit/s
	muchPeak   = 3         // times the mean, and above muchMean
	lateKey    = 3 * time.Second
	lateImage  = time.Second     // age on arrival
	oldest     = 3 * time.Second // by a clock that is believed; see package rtsp
	ahead      = 100 * time.Millisecond
	runsAway   = 0.005 // of a clock, s a second
	someLoss   = 0.001 // of the packets
	muchLoss   = 0.02
	longFreeze = gateway.FreezeAfter
)

// Diagnose says what is wrong with a camera, and what is right. It is pure.
func Diagnose(o Observation) Report {
	d := &diagnosis{o: o, report: Report{Address: o.Address, Make: nameOf[o.Make], Facts: factsOf(o), Detail: o.Detail, Main: o.Main, Sub: o.Sub, Findings: []Finding{}}}
	if d.report.Main == nil && o.Series.Pictures > 0 {
		v := videoOf(o.Description)
		f := o.Series.largest()
		d.report.Main = &Stream{URL: o.Address, Codec: v.Codec, Width: f.Width, Height: f.Height}
	}
	d.contact()
	d.login()
	d.stream()
	if o.Series.Pictures > 0 {
		d.pictures()
		d.groups()
		d.clock()
		d.losses()
		d.carrier()
	}
	d.others()
	for _, q := range o.Quirks {
		d.quirk(q)
	}
	if v := videoOf(o.Description).Codec; o.NoRungs && (v == "H265" || v == "JPEG" || d.has(CodeBFrames)) {
		d.find(CodeNoFFmpeg)
	}
	d.judge()
	return d.report
}

type diagnosis struct {
	o      Observation
	report Report
}

// find adds a finding; values are what its words have in braces.
func (d *diagnosis) find(c Code, values ...value) {
	if slices.ContainsFunc(d.report.Findings, func(f Finding) bool { return f.Code == c }) {
		return
	}
	d.report.Findings = append(d.report.Findings, findingOf(c, d.o.Make, values...))
}

func findingOf(c Code, of Make, values ...value) Finding {
	e := catalogue[c]
	f := Finding{Code: c, Severity: e.is, Says: fill(e.says, values), Blocks: e.blocks}
	if e.do != (Words{}) {
		do := fill(e.do, values)
		f.Do = &do
	}
	if where, ok := menu(of, e.topic); ok {
		f.Menu = &where
	}
	return f
}

func (d *diagnosis) has(c Code) bool {
	return slices.ContainsFunc(d.report.Findings, func(f Finding) bool { return f.Code == c })
}

// quirk adds one that was met, unless it is told already in better words.
func (d *diagnosis) quirk(q gateway.Quirk) {
	_, known := catalogue[quirkCode(q)]
	switch {
	case q == gateway.QuirkClock && (d.has(CodeClockBehind) || d.has(CodeClockAhead) || d.has(CodeClockLeaps) || d.has(CodeClockDrifts)):
	case q == gateway.QuirkSetsChange && d.has(CodeSizeChanges):
	case known:
		d.find(quirkCode(q))
	}
}

// contact is about the way to the camera.
func (d *diagnosis) contact() {
	o := d.o
	if o.LoginInURL {
		d.find(CodeLoginInURL)
	}
	host, port := hostPort(o.Address)
	at := []value{plain("host", host), plain("port", port)}
	switch c := o.Description.Contact; {
	case o.Failed == gateway.CauseOutOfReach:
		d.find(CodeOutOfReach, at...)
	case c == rtsp.ContactName:
		d.find(CodeName, at...)
	case c == rtsp.ContactRefused:
		d.find(CodeRefused, at...)
	case c == rtsp.ContactNobody:
		d.find(CodeNobody, at...)
	case c == rtsp.ContactHTTP:
		d.find(CodeHTTP, at...)
	case o.Failed != "" && strings.HasPrefix(o.Address, "rtsps:") && c != rtsp.ContactRTSP && c != rtsp.ContactNone:
		d.find(CodeTLS, at...)
	case c == rtsp.ContactSilent && o.Failed != "" && o.Failed != gateway.CauseEnded:
		d.find(CodeSilentPort, at...)
	case c == rtsp.ContactOther && o.Failed == gateway.CauseProtocol:
		d.find(CodeNotRTSP, at...)
	case c == rtsp.ContactRTSP:
		d.find(CodeReached, plain("port", port), milliseconds("within", o.Description.Within))
	}
	if o.Description.Told > slowAnswer {
		d.find(CodeSlowAnswer, span("seconds", o.Description.Told))
	}
}

// login is about who may look.
func (d *diagnosis) login() {
	o := d.o
	way := strings.Join(o.Description.Logins, ", ")
	switch {
	case o.Failed == gateway.CauseUnauthorized && !o.LoginGiven:
		d.find(CodeLoginNeeded)
	case o.Failed == gateway.CauseUnauthorized:
		d.find(CodeLoginRefused)
	case o.Description.Contact != rtsp.ContactRTSP || o.Failed != "" && len(o.Description.Medias) == 0:
	case len(o.Description.Logins) == 0:
		d.find(CodeLoginOpen)
	case !strings.Contains(way, "Digest"):
		d.find(CodeLoginBasic)
	default:
		d.find(CodeLoginGood, plain("way", way))
	}
}

// stream is about why there is no picture, or none that can be played.
func (d *diagnosis) stream() {
	o := d.o
	v := videoOf(o.Description)
	codec := plain("codec", v.Codec)
	if o.Failed != "" && o.TCP == Yes {
		d.find(CodeNoUDP)
		return
	}
	switch v.Codec { // they are pulled, and not every viewer sees them
	case "H265":
		d.find(CodeH265)
	case "JPEG":
		d.find(CodeCodec, plain("codec", "MJPEG"))
	}
	switch o.Failed {
	case "", gateway.CauseUnauthorized, gateway.CauseOutOfReach:
	case gateway.CauseNoStream:
		d.find(CodeNoStream)
	case gateway.CauseNoVideo:
		d.find(CodeNoVideo)
	case gateway.CauseCodec:
		if v.Codec != "H265" && v.Codec != "JPEG" {
			d.find(CodeCodec, codec)
		}
	case gateway.CauseSilent:
		d.find(CodeNoPicture)
	case gateway.CauseForbiddenURL:
		d.redirect()
	case gateway.CauseEnded:
		d.find(CodeHangsUp)
	case gateway.CauseFull:
		d.find(CodeBusy)
	default:
		if o.Plays {
			d.find(CodeNoPicture)
		} else if o.Failed == gateway.CauseUnreachable && o.Description.Contact == rtsp.ContactRTSP {
			d.find(CodeNoAnswer, span("seconds", answerWait))
		} else if !slices.ContainsFunc(d.report.Findings, func(f Finding) bool { return f.Blocks }) {
			d.find(CodeNonsense)
		}
	}
	switch o.Broke {
	case "":
	case gateway.CauseSilent:
		d.find(CodeFallsSilent, span("seconds", o.Series.Long))
	default:
		d.find(CodeBroke)
	}
}

// redirect is about where a camera sends us to.
func (d *diagnosis) redirect() {
	is := d.o.Description
	to := value{"to", Words{"địa chỉ khác", "another address"}}
	if is.Leads != "" {
		to = plain("to", is.Leads)
	}
	if is.Loops {
		d.find(CodeRedirectLoop)
	} else {
		d.find(CodeRedirect, to)
	}
}

// judge orders the findings and sums them up.
func (d *diagnosis) judge() {
	r := &d.report
	slices.SortStableFunc(r.Findings, func(a, b Finding) int { return rank[a.Severity] - rank[b.Severity] })
	advice, faults := 0, 0
	r.Playable = d.o.Series.Keys > 0
	for _, f := range r.Findings {
		r.Playable = r.Playable && !f.Blocks
		if f.Severity != Fine {
			advice++
		}
		if f.Severity == Fault {
			faults++
		}
	}
	n := decimal("count", float64(advice), 0)
	switch {
	case !r.Playable && (d.has(CodeH265) || d.has(CodeCodec) || d.has(CodeBFrames) || d.has(CodeProfile)):
		r.Verdict = fill(verdicts.convert, nil)
	case !r.Playable:
		r.Verdict = fill(verdicts.none, nil)
	case faults > 0:
		r.Verdict = fill(verdicts.shaky, nil)
	case advice > 0:
		r.Verdict = fill(verdicts.better, []value{n})
	default:
		r.Verdict = fill(verdicts.good, nil)
	}
}
