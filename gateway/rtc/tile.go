package rtc

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"matthan/gateway"
	"matthan/gateway/video"
)

// A backlog leaves at this rate: 40 Mbit/s reaches the live edge of a 4 s GOP
// in 0.2 s without overflowing receivers' sockets, as a line-rate burst does.
const (
	backlogRate  = 5000                 // bytes a millisecond
	backlogSlack = 2 * time.Millisecond // what may go out before its time, to save wake-ups
)

// Starts from the GOP that a viewer asks for (PLI), or that a lost packet
// needs which is no longer kept, are at least this far apart.
const restartPause = 500 * time.Millisecond

// tile is one video line of a peer: an outbound RTP stream whose sequence
// numbers and timestamps run on whatever camera it shows. Only its shard
// touches it, but for the fields of its track.
type tile struct {
	peer  *Peer
	index int
	out   outbound

	release func() // of stream, to the hub
	stream  *gateway.Stream
	told    gateway.State // the stream's state that the viewer was told
	shown   bool          // a picture of stream has been sent
	open    bool          // the transport is connected

	pos   uint64 // Number of the stream's access unit sent last; 0: start from the GOP
	stamp stamp
	last  *video.AccessUnit // sent last
	// what has been sent on the track, over all streams
	lastTS   uint32
	lastAt   time.Time
	packets  uint32
	octets   uint32
	nextFree time.Time // when the pace allows the next picture
	started  time.Time // when the newest start from a GOP began
	repairs  limiter
	history  history
	clocked  bool // the clock was told since the start
}

// outbound is what was negotiated for a tile's track.
type outbound struct {
	writer      webrtc.TrackLocalWriter
	ssrc, rtx   uint32 // rtx: SSRC of retransmissions, 0 where not negotiated
	codecs      []webrtc.RTPCodecParameters
	playout     uint8 // id of the playout-delay extension, 0: not negotiated
	rtxSequence uint16

	format *video.Format // that pt and rtxPT were chosen for
	pt     uint8
	rtxPT  uint8 // 0: none
}

// choose sets the payload types for a stream's format: they belong to what is
// sent, not to the tile. Of the negotiated H.264 ones with packetization-mode=1
// it takes the camera's profile, else the first.
func (o *outbound) choose(f *video.Format) {
	if o.format == f && o.pt != 0 {
		return
	}
	o.format, o.pt, o.rtxPT = f, 0, 0
	for _, c := range o.codecs {
		if !strings.EqualFold(c.MimeType, webrtc.MimeTypeH264) || !strings.Contains(c.SDPFmtpLine, "packetization-mode=1") {
			continue
		}
		same := f != nil && strings.Contains(strings.ToLower(c.SDPFmtpLine), "profile-level-id="+hex2(f.Profile>>16))
		if o.pt == 0 || same {
			o.pt = uint8(c.PayloadType)
		}
		if same {
			break
		}
	}
	apt := "apt=" + strconv.Itoa(int(o.pt))
	for _, c := range o.codecs {
		if strings.EqualFold(c.MimeType, webrtc.MimeTypeRTX) && c.SDPFmtpLine == apt {
			o.rtxPT = uint8(c.PayloadType)
		}
	}
}

func hex2(v uint32) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[v>>4&15], digits[v&15]})
}

// show points the tile at a stream, nil for none, of which it owns release.
func (t *tile) show(s *gateway.Stream, release func(), now time.Time) {
	sh := t.peer.shard
	if t.stream != nil {
		sh.detach(t, t.stream)
		t.release()
	}
	t.stream, t.release = s, release
	t.pos, t.last, t.shown, t.clocked, t.told = 0, nil, false, false, gateway.State{}
	t.started = time.Time{}
	if s == nil {
		t.history.forget()
		return
	}
	sh.attach(t, s)
	t.news(now)
}

// news looks at the stream after it woke the shard.
func (t *tile) news(now time.Time) {
	t.advance(now)
	st := t.stream.State()
	if st.Phase == gateway.Live && !t.shown {
		return // told as live with its first picture
	}
	if st != t.told {
		t.told = st
		t.peer.events.Tile(t.index, t.stream.ID(), st)
	}
}

// advance sends what follows the tile's position, as far as the pace allows.
func (t *tile) advance(now time.Time) {
	delete(t.peer.shard.behind, t)
	if t.stream == nil || !t.open || t.out.writer == nil {
		return
	}
	aus, ok := t.stream.After(t.pos)
	if t.pos == 0 || !ok {
		gop := t.stream.GOP()
		if gop == nil {
			return
		}
		t.start(gop, now)
		aus = gop
	}
	for _, au := range aus {
		if t.nextFree.After(now.Add(backlogSlack)) {
			t.peer.shard.behind[t] = true
			return
		}
		t.send(au, now)
	}
}

// start begins a run of packets at the GOP's key picture.
func (t *tile) start(gop []*video.AccessUnit, now time.Time) {
	edge := gop[len(gop)-1]
	ahead := backlogStep * uint32(len(gop))
	var at uint32
	if t.lastAt.IsZero() {
		at = rand.Uint32()
	} else {
		elapsed := uint32(min(now.Sub(t.lastAt), time.Hour) * 90 / time.Millisecond)
		at = t.lastTS + max(elapsed, ahead)
	}
	t.stamp = stamp{edge: edge.Number, at: at, shift: at - uint32(edge.PTS)}
	t.history.begin(run{from: t.history.next, stream: t.stream, first: gop[0].First, stamp: t.stamp})
	t.pos, t.started, t.clocked = gop[0].Number-1, now, false
}

// send packs one access unit into RTP packets and hands them to the transport.
// A transport that cannot take them loses them, as the network would.
func (t *tile) send(au *video.AccessUnit, now time.Time) {
	t.out.choose(au.Format)
	ts := t.stamp.of(au)
	h := t.header(t.out.pt, t.out.ssrc, ts)
	bytes := 0
	for i, payload := range au.Payloads {
		h.SequenceNumber = uint16(t.history.next)
		h.Marker = i == len(au.Payloads)-1
		_, _ = t.out.writer.WriteRTP(&h, payload)
		t.history.next++
		bytes += len(payload)
	}
	t.packets += uint32(len(au.Payloads))
	t.octets += uint32(bytes)
	t.repairs.sent(bytes)
	if t.nextFree.Before(now) {
		t.nextFree = now
	}
	t.nextFree = t.nextFree.Add(time.Duration(bytes) * time.Millisecond / backlogRate)
	t.pos, t.last, t.lastTS, t.lastAt = au.Number, au, ts, now
	if !t.shown {
		t.shown = true
		t.told = t.stream.State()
		t.peer.events.Tile(t.index, t.stream.ID(), t.told)
	}
	if !t.clocked && au.Number >= t.stamp.edge {
		t.clocked = true
		t.report()
	}
}

// header is the RTP header of the tile's packets, with playout-delay 0..0
// where negotiated: show at once, do not smooth. Only sequence number and
// marker change between the packets of a picture.
func (t *tile) header(pt uint8, ssrc, ts uint32) rtp.Header {
	h := rtp.Header{Version: 2, PayloadType: pt, Timestamp: ts, SSRC: ssrc}
	if t.out.playout != 0 {
		// Cannot fail: id and size fit the one-byte form (RFC 8285 section 4.2).
		_ = h.SetExtension(t.out.playout, []byte{0, 0, 0})
	}
	return h
}

// report tells the viewer the capture clock: over RTCP as a sender report
// (RFC 3550 section 6.4.1), whose NTP time is the capture time of the picture
// with that RTP timestamp, and as an event for the page.
func (t *tile) report() {
	sr := &rtcp.SenderReport{SSRC: t.out.ssrc, NTPTime: ntp(t.last.Captured), RTPTime: t.lastTS,
		PacketCount: t.packets, OctetCount: t.octets}
	_ = t.peer.pc.WriteRTCP([]rtcp.Packet{sr})
	t.peer.events.Clock(t.index, t.stream.ID(), t.lastTS, t.last.Captured, t.last.Clock)
}

func (t *tile) everySecond(now time.Time) {
	if t.clocked && now.Sub(t.lastAt) < 2*time.Second {
		t.report()
	}
}

// ntp is a time in NTP's format (RFC 5905 section 6): seconds since 1900 and
// their fraction, 32 bits each.
func ntp(at time.Time) uint64 {
	s := uint64(at.Unix() + 2208988800)
	f := uint64(at.Nanosecond()) << 32 / 1e9
	return s<<32 | f
}

// lostPicture answers a PLI, or a NACK for a packet that is no longer kept:
// the GOP again.
func (t *tile) lostPicture(now time.Time) {
	if t.stream == nil || t.pos == 0 || now.Sub(t.started) < restartPause {
		return
	}
	t.pos = 0
	t.advance(now)
}

// resend answers a NACK for one packet.
func (t *tile) resend(seq uint16, now time.Time) {
	au, i, ts := t.history.find(seq)
	if au == nil {
		t.lostPicture(now)
		return
	}
	payload := au.Payloads[i]
	if !t.repairs.allow(seq, len(payload), now) {
		return
	}
	pt, ssrc, number := t.out.pt, t.out.ssrc, seq
	if t.out.rtx != 0 && t.out.rtxPT != 0 {
		// RFC 4588 section 4: own SSRC and numbers, the original number first.
		payload = append([]byte{byte(seq >> 8), byte(seq)}, payload...)
		pt, ssrc, number = t.out.rtxPT, t.out.rtx, t.out.rtxSequence
		t.out.rtxSequence++
	}
	h := t.header(pt, ssrc, ts)
	h.SequenceNumber, h.Marker = number, i == len(au.Payloads)-1
	_, _ = t.out.writer.WriteRTP(&h, payload)
}
