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
		f := o.Series.Format
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
	switch o.Failed {
	case "", gateway.CauseUnauthorized, gateway.CauseOutOfReach:
	case gateway.CauseNoStream:
		d.find(CodeNoStream)
	case gateway.CauseNoVideo:
		d.find(CodeNoVideo)
	case gateway.CauseCodec:
		if v.Codec == "H265" {
			d.find(CodeH265)
		} else {
			d.find(CodeCodec, codec)
		}
	case gateway.CauseSilent:
		d.find(CodeNoPicture)
	case gateway.CauseForbiddenURL:
		d.find(CodeRedirect)
	case gateway.CauseEnded:
		d.find(CodeHangsUp)
	case gateway.CauseFull:
		d.find(CodeBusy)
	default:
		if o.Plays {
			d.find(CodeNoPicture)
		} else if !slices.ContainsFunc(d.report.Findings, func(f Finding) bool { return f.Blocks }) {
			d.find(CodeNonsense)
		}
	}
	if o.Broke != "" {
		d.find(CodeBroke)
	}
}

// pictures is about what is seen.
func (d *diagnosis) pictures() {
	s := d.o.Series
	f := s.Format
	d.find(CodePicture, plain("codec", "H.264 "+profileOf(f.Profile)), plain("size", sizeOf(f.Width, f.Height)), decimal("rate", s.Rate, 1), bits("bits", meanBits(s)))
	if s.Keys == 0 {
		d.find(CodeNoKey, span("seconds", d.o.Looked))
	}
	switch f.Profile >> 16 {
	case 66, 77, 100, 0:
	default:
		d.find(CodeProfile, plain("profile", profileOf(f.Profile)))
	}
	if f.Reorder {
		d.find(CodeBFrames)
	}
	if f.Width*f.Height > longPixels {
		d.find(CodeLarge, plain("size", sizeOf(f.Width, f.Height)))
	}
	switch {
	case s.Rate > 0 && s.Rate < lowRate:
		d.find(CodeSlow, decimal("rate", s.Rate, 1))
	case s.Rate > highRate:
		d.find(CodeFast, decimal("rate", s.Rate, 1))
	}
	switch mean, peak := meanBits(s), float64(s.Peak*8); {
	case mean > muchMean:
		d.find(CodeMuch, bits("bits", mean))
	case s.Long > 2*time.Second && peak > muchMean && peak > muchPeak*mean:
		d.find(CodeBursts, bits("bits", mean), bits("peak", peak))
	}
	if a := audioOf(d.o.Description); a != "" {
		d.find(CodeAudio, plain("codec", a))
	}
	if s.Formats > 0 {
		d.find(quirkCode(gateway.QuirkSetsChange))
	}
	if s.Jumps > 0 {
		d.find(quirkCode(gateway.QuirkTimestamps))
	}
}

// groups is about key pictures.
func (d *diagnosis) groups() {
	s := d.o.Series
	switch {
	case s.Keys == 0:
		return
	case s.GOPs == 0:
		if s.GOPOpen > longGOP {
			d.find(CodeGOPUnknown, span("seconds", s.GOPOpen))
		}
	case s.GOPs > 1 && s.Lost == 0 && s.GOPMax.Seconds() > unevenGOP*s.GOPMin.Seconds() && s.GOPMax-s.GOPMin > 500*time.Millisecond:
		d.find(CodeGOPUneven, span("least", s.GOPMin), span("most", s.GOPMax))
	case s.GOP > longGOP:
		d.find(CodeGOPLong, span("seconds", s.GOP), decimal("pictures", s.GOPPictures, 0))
	case s.GOP < shortGOP:
		d.find(CodeGOPShort, span("seconds", s.GOP))
	default:
		d.find(CodeGOPGood, span("seconds", s.GOP), decimal("pictures", s.GOPPictures, 0))
	}
	if s.FirstKey > lateKey {
		d.find(CodeKeyLate, span("seconds", s.FirstKey))
	} else {
		d.find(CodeKeySoon, milliseconds("within", s.FirstKey))
	}
}

// clock is about the camera's clock, by which pictures' ages are told.
func (d *diagnosis) clock() {
	s := d.o.Series
	behind := -s.Ahead
	drifts := s.Drift > runsAway || s.Drift < -runsAway
	switch {
	case s.Reports == 0:
		if d.o.Looked > 2*time.Second {
			d.find(quirkCode(gateway.QuirkNoReports))
		}
		return
	case s.Leaps > 0:
		d.find(CodeClockLeaps)
		return
	case behind > oldest:
		d.find(CodeClockBehind, span("by", behind))
	case s.Ahead > ahead:
		d.find(CodeClockAhead, span("by", s.Ahead))
	case behind > lateImage:
		d.find(CodeLateImage, span("by", behind))
	case !drifts:
		d.find(CodeClockGood)
	}
	if drifts {
		d.find(CodeClockDrifts, decimal("by", s.Drift*1000, 0))
	}
}

// losses is about the network between.
func (d *diagnosis) losses() {
	o := d.o
	share := 0.0
	if all := o.Packets + o.Lost; all > 0 {
		share = float64(o.Lost) / float64(all)
	}
	percent := decimal("percent", 100*share, 1)
	switch {
	case share > muchLoss:
		d.find(CodeMuchLoss, percent)
	case share > someLoss:
		d.find(CodeSomeLoss, percent)
	case o.Broken > 1: // one where the look began
		d.find(CodeBrokenPictures, decimal("count", float64(o.Broken), 0))
	default:
		d.find(CodeNoLoss)
	}
	if o.Series.Gap > longFreeze {
		d.find(CodeFreeze, span("seconds", o.Series.Gap))
	}
}

// carrier is about TCP and UDP.
func (d *diagnosis) carrier() {
	switch {
	case d.o.Carrier == gateway.UDP:
		d.find(CodeOnlyUDP)
	case d.o.UDP == Yes:
		d.find(CodeBothCarriers)
	case d.o.UDP == No:
		d.find(CodeOnlyTCP)
	}
}

// others is about the camera's other streams.
func (d *diagnosis) others() {
	o := d.o
	f := o.Series.Format
	switch {
	case o.Main != nil && o.Sub != nil && o.Sub.URL == o.Address:
		d.find(CodeMainFound, plain("url", o.Main.URL))
	case o.Main != nil:
		d.find(CodeOtherAddress, plain("url", o.Main.URL))
	}
	switch {
	case o.Sub == nil && o.SubTried:
		d.find(CodeNoSub)
	case o.Sub == nil || o.Sub.URL == o.Address:
	case o.Failed == gateway.CauseCodec && o.Sub.Codec == "H264":
		d.find(CodeSubPlays, plain("url", o.Sub.URL))
	case o.Sub.Codec != "H264":
		d.find(CodeSubCodec, plain("codec", o.Sub.Codec), plain("url", o.Sub.URL))
	case o.Sub.Width > 0 && o.Sub.Width*o.Sub.Height >= f.Width*f.Height && f.Width > 0:
		d.find(CodeSubLarge, plain("size", sizeOf(o.Sub.Width, o.Sub.Height)))
	default:
		d.find(CodeSub, plain("url", o.Sub.URL), plain("size", sizeOf(o.Sub.Width, o.Sub.Height)))
	}
}

// judge orders the findings and sums them up.
func (d *diagnosis) judge() {
	r := &d.report
	slices.SortStableFunc(r.Findings, func(a, b Finding) int { return rank[a.Severity] - rank[b.Severity] })
	advice := 0
	r.Playable = d.o.Series.Keys > 0
	for _, f := range r.Findings {
		r.Playable = r.Playable && !f.Blocks
		if f.Severity != Fine {
			advice++
		}
	}
	n := decimal("count", float64(advice), 0)
	switch {
	case !r.Playable && (d.has(CodeH265) || d.has(CodeCodec) || d.has(CodeBFrames) || d.has(CodeProfile)):
		r.Verdict = fill(verdicts.convert, nil)
	case !r.Playable:
		r.Verdict = fill(verdicts.none, nil)
	case advice > 0:
		r.Verdict = fill(verdicts.better, []value{n})
	default:
		r.Verdict = fill(verdicts.good, nil)
	}
}
