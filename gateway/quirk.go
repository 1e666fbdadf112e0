package gateway

import (
	"slices"
	"time"
)

// Quirk names what a camera does against the rules of RTSP, RTP or H.264 and
// what is done about it, so that its picture comes all the same. It goes to
// administrators, who are told in words what it means.
type Quirk string

// What cameras do.
const (
	QuirkDescription  Quirk = "description"   // lines of its session description cannot be read; they are passed by
	QuirkContentBase  Quirk = "content_base"  // its Content-Base is no address; the one that was asked serves
	QuirkControl      Quirk = "control"       // its control attribute has one slash too many or too few, or another host
	QuirkTransport    Quirk = "transport"     // its Transport answer names no channels, other ones, or UDP where TCP was asked
	QuirkRange        Quirk = "range"         // it refuses PLAY with the usual Range; it is asked in another way
	QuirkKeepalive    Quirk = "keepalive"     // it wants its own kind of keepalive, or ends sessions sooner than it says
	QuirkLogin        Quirk = "login"         // its digest has qop, SHA-256, several challenges or nonces that age (RFC 7616)
	QuirkSSRC         Quirk = "ssrc"          // its SSRC is 0 or changes while it plays; packets are taken by their sequence
	QuirkMarker       Quirk = "marker"        // its marker bit is missing or stands on every NAL unit; pictures end where the next begins
	QuirkStartCodes   Quirk = "start_codes"   // its packets hold Annex B start codes; they are cut there
	QuirkFragments    Quirk = "fragments"     // it sends FU-B, or fragments without a start (RFC 6184 section 5.8)
	QuirkMode         Quirk = "mode"          // it says packetization-mode 0 and sends what mode 1 permits
	QuirkSets         Quirk = "sets"          // its parameter sets are in the description only; they are put before each key picture
	QuirkSetsChange   Quirk = "sets_change"   // its parameter sets change while it plays
	QuirkClock        Quirk = "clock"         // its clock is wrong, jumps or drifts; times of arrival serve
	QuirkTimestamps   Quirk = "timestamps"    // its RTP timestamps jump or stand still; times of arrival serve
	QuirkNoReports    Quirk = "no_reports"    // it sends no RTCP sender reports; times of arrival serve
	QuirkReorder      Quirk = "b_frames"      // it has B-frames, which browsers show in the wrong order; its settings must turn them off
	QuirkLargePackets Quirk = "large_packets" // its datagrams are larger than the network's; they come in fragments of IP
)

// Quirky is a Source that tells what its camera did against the rules in the
// run that goes on or was the last: each once. It may be asked at any time, from
// any goroutine.
type Quirky interface{ Quirks() []Quirk }

// Met is a quirk that was met of a stream.
type Met struct {
	Quirk Quirk
	Since time.Time // when it was met first
	Last  time.Time // when it was in use last: now, while the stream is pulled
}

// Bounds of what is kept of a stream's quirks.
const (
	maxMet  = 32             // of them
	metLong = 24 * time.Hour // since one was in use
)

// meet takes the quirks that are in use now.
func meet(met []Met, quirks []Quirk, now time.Time) []Met {
	for _, q := range quirks {
		i := slices.IndexFunc(met, func(m Met) bool { return m.Quirk == q })
		switch {
		case i >= 0:
			met[i].Last = now
		case len(met) < maxMet:
			met = append(met, Met{q, now, now})
		}
	}
	return slices.DeleteFunc(met, func(m Met) bool { return now.Sub(m.Last) > metLong })
}
