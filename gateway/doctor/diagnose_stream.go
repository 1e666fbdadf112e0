package doctor

import (
	"slices"
	"time"

	"matthan/gateway"
	"matthan/gateway/video"
)

// pictures is about what is seen.
func (d *diagnosis) pictures() {
	s := d.o.Series
	f := s.largest()
	d.find(CodePicture, plain("codec", codingOf(f)), plain("size", sizeOf(f.Width, f.Height)), decimal("rate", s.Rate, 1), bits("bits", meanBits(s)))
	if s.Keys == 0 {
		d.find(CodeNoKey, span("seconds", d.o.Looked))
	}
	switch profile := f.Profile >> 16; {
	case f.Codec == video.H265, f.Codec == video.JPEG: // said already
	case profile == 66, profile == 77, profile == 100, profile == 0:
	default:
		d.find(CodeProfile, plain("profile", profileOf(f.Profile)))
	}
	if s.Format.Reorder {
		d.find(CodeBFrames)
	}
	if pixels(f) > longPixels {
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
	switch {
	case s.Sizes > 0:
		d.find(CodeSizeChanges, plain("least", sizeOf(s.Small.Width, s.Small.Height)), plain("most", sizeOf(s.Large.Width, s.Large.Height)))
	case s.Formats > 0:
		d.find(quirkCode(gateway.QuirkSetsChange))
	}
	if s.Jumps > 0 {
		d.find(quirkCode(gateway.QuirkTimestamps))
	}
}

// codingOf is how a stream is coded, in words.
func codingOf(f video.Format) string {
	switch f.Codec {
	case video.H265:
		return "H.265"
	case video.JPEG:
		return "MJPEG"
	}
	return "H.264 " + profileOf(f.Profile)
}

// groups is about key pictures.
func (d *diagnosis) groups() {
	s := d.o.Series
	switch {
	case s.Keys == 0, s.Format.Codec == video.JPEG: // of which every picture is one
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
	case !drifts && !d.has(quirkCode(gateway.QuirkTimestamps)) && !slices.Contains(d.o.Quirks, gateway.QuirkTimestamps):
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
	whole := o.Carrier == gateway.TCP // it loses nothing that was sent
	switch {
	case share > muchLoss && whole:
		d.find(CodeMuchDropped, percent)
	case share > someLoss && whole:
		d.find(CodeSomeDropped, percent)
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

// carrier is about TCP and UDP, and who else may look.
func (d *diagnosis) carrier() {
	if d.o.Last {
		d.find(CodeLastSession)
	}
	udp := d.o.Carrier == gateway.UDP
	switch {
	case udp && d.o.TCP == Yes:
		d.find(CodeUDPChosen)
	case udp && d.o.TCP == No:
		d.find(CodeOnlyUDP)
	case udp:
	case d.o.UDP == Yes:
		d.find(CodeBothCarriers)
	case d.o.UDP == No:
		d.find(CodeOnlyTCP)
	}
}

// others is about the camera's other streams.
func (d *diagnosis) others() {
	o := d.o
	f := o.Series.largest()
	switch {
	case o.Main != nil && o.Sub != nil && o.Sub.URL == o.Address:
		d.find(CodeMainFound, plain("url", o.Main.URL))
	case o.Main != nil:
		d.find(CodeOtherAddress, plain("url", o.Main.URL))
	}
	switch {
	case o.Sub == nil && o.Failed == gateway.CauseNoVideo: // there is no main one either
	case o.Sub == nil && o.SubTried:
		d.find(CodeNoSub)
	case o.Sub == nil || o.Sub.URL == o.Address:
	case (o.Failed == gateway.CauseCodec || d.has(CodeH265) || d.has(CodeCodec)) && o.Sub.Codec == "H264":
		d.find(CodeSubPlays, plain("url", o.Sub.URL))
	case o.Sub.Codec != "H264":
		d.find(CodeSubCodec, plain("codec", o.Sub.Codec), plain("url", o.Sub.URL))
	case o.Sub.Width > 0 && o.Sub.Width*o.Sub.Height >= pixels(f) && f.Width > 0:
		d.find(CodeSubLarge, plain("size", sizeOf(o.Sub.Width, o.Sub.Height)))
	default:
		d.find(CodeSub, plain("url", o.Sub.URL), plain("size", sizeOf(o.Sub.Width, o.Sub.Height)))
	}
}
