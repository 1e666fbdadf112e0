package simulate

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/format/rtph264"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// pollInterval bounds a session's sleep, so that SetDelay and Silence need not
// wake anybody.
const pollInterval = 40 * time.Millisecond

// Over UDP a picture leaves in bursts, at the pace of the 100 Mbit/s port that
// cameras have. On a loopback interface nothing else would hold it back, and a key
// picture is larger than a receiver's socket buffer, some 90 packets on Linux.
const (
	udpBurst = 16 // packets
	udpPause = 2 * time.Millisecond
)

// session plays a camera's stream to one reader. Readers share nothing but the
// camera's grid: each has its own SSRC, sequence numbers and timestamps, as in a
// camera. gortsplib's session owns it and calls newSession, play and close from
// one goroutine.
type session struct {
	server  *Server
	camera  *camera
	quality Quality
	reader  string

	rtsp    *gortsplib.ServerSession
	stream  *gortsplib.ServerStream // of this session only
	media   *description.Media
	ssrc    uint32
	encoder *rtph264.Encoder
	base    uint32 // RTP timestamp of picture 0

	udp  bool
	stop chan struct{} // nil before play
	done sync.WaitGroup

	// Of the sending goroutine alone.
	shown      *position // the camera's, as last seen
	position   *position // this session's
	reported   bool
	reportedAt uint64 // number of the picture of the last sender report
	packets    uint32
	octets     uint32
	dropped    int // packets
}

func newSession(s *Server, c *camera, q Quality, rs *gortsplib.ServerSession, reader string) (*session, error) {
	desc := s.describe(c, q)
	p := &session{
		server: s, camera: c, quality: q, reader: reader,
		rtsp: rs, media: desc.Medias[0],
		stream:  &gortsplib.ServerStream{Server: s.rtsp, Desc: desc},
		encoder: &rtph264.Encoder{PayloadType: payloadType, PacketizationMode: 1},
		base:    rand.Uint32(),
	}
	if err := p.encoder.Init(); err != nil {
		return nil, fmt.Errorf("start packetizer: %w", err)
	}
	if err := p.stream.Initialize(); err != nil {
		return nil, fmt.Errorf("start stream: %w", err)
	}
	for _, f := range p.stream.Stats().Medias[p.media].Formats {
		p.ssrc = f.LocalSSRC
	}
	return p, nil
}

// play starts sending; a second time it does nothing.
func (p *session) play() {
	if p.stop != nil {
		return
	}
	t := p.rtsp.SetuppedTransport()
	p.udp = t != nil && *t == gortsplib.TransportUDP
	p.stop = make(chan struct{})
	p.done.Go(p.run)
	if b := p.server.beep; b != nil {
		p.done.Go(func() { p.speak(p.stream.Desc.Medias[1], b) })
	}
}

// close ends sending and waits for it.
func (p *session) close() {
	if p.stop != nil {
		close(p.stop)
		p.done.Wait()
	}
	p.stream.Close()
}

// run sends every picture when it is due, and those that are overdue at once.
func (p *session) run() {
	c := p.camera
	n := c.next(time.Now().Add(-p.server.delayed()))
	p.shown = c.position.Load()
	p.position = p.shown
	if p.server.options.StartWithKey {
		p.position = c.rewound(p.shown, n)
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-p.stop:
			return
		case <-timer.C:
		}
		for !p.stopped() {
			if wait := time.Until(c.captured(n).Add(p.server.delayed())); wait > 0 {
				timer.Reset(min(wait, pollInterval))
				break
			}
			n = p.step(n)
		}
	}
}

func (p *session) stopped() bool {
	select {
	case <-p.stop:
		return true
	default:
		return false
	}
}

// step sends picture n, which is due, and returns the number of the next one.
func (p *session) step(n uint64) uint64 {
	if p.server.silent.Load() {
		return n + 1
	}
	if at := p.camera.position.Load(); at != p.shown {
		p.shown, p.position = at, at
		if n < at.from {
			return at.from
		}
	}
	p.send(n)
	return n + 1
}

// send hands the packets of picture n to the session's queue.
func (p *session) send(n uint64) {
	place := p.camera.place(p.position, n)
	pic := &p.camera.clip.track(p.quality).pictures[place]
	mark := Mark{
		Camera: p.camera.Index, Quality: p.quality, Number: n, Loop: place,
		Captured: time.UnixMicro(p.camera.captured(n).UnixMicro()),
	}
	nalus := make([][]byte, 0, len(pic.head)+1+len(pic.slices))
	nalus = append(append(append(nalus, pic.head...), mark.nalu()), pic.slices...)
	packets, err := p.encoder.Encode(nalus)
	if err != nil { // packetization mode 1 packs everything
		p.server.log.Error("packetize", "camera", p.camera.Index, "err", err)
		return
	}
	ticks := uint32(90000 / p.camera.clip.FPS)
	stamp := p.base + uint32(n)*ticks
	for i, pkt := range packets {
		if p.udp && i > 0 && i%udpBurst == 0 {
			time.Sleep(udpPause)
		}
		pkt.Timestamp = stamp
		p.write(pkt)
		// After the first packet, because receivers know the SSRC only then; and before
		// the others, so that the first picture is complete with its capture time known.
		if i == 0 && p.reportDue(n) {
			p.report(n, stamp)
		}
	}
	if p.server.options.OnPicture != nil {
		p.server.options.OnPicture(Sent{
			Mark: mark, Session: p.reader, Timestamp: stamp, Packets: len(packets), At: time.Now(), Key: pic.key,
		})
	}
}

// write queues a packet. A full queue drops it, as a camera does whose network
// is too slow.
func (p *session) write(pkt *rtp.Packet) {
	p.packets++
	p.octets += uint32(len(pkt.Payload))
	if err := p.rtsp.WritePacketRTP(p.media, pkt); err != nil {
		if p.dropped == 0 {
			p.server.log.Warn("packets are dropped", "camera", p.camera.Index, "reader", p.reader, "err", err)
		}
		p.dropped++
	}
}

// reportDue is true at a session's first picture and then every second.
func (p *session) reportDue(n uint64) bool {
	return !p.server.options.NoReports && (!p.reported || n-p.reportedAt >= uint64(p.camera.clip.FPS))
}

// report queues a sender report with the capture time of picture n, in a compound
// packet with the CNAME that RFC 3550 section 6.1 asks for.
func (p *session) report(n uint64, stamp uint32) {
	p.reported, p.reportedAt = true, n
	taken := p.camera.captured(n)
	err := p.rtsp.WritePacketRTCP(p.media, &rtcp.CompoundPacket{
		&rtcp.SenderReport{
			SSRC:        p.ssrc,
			NTPTime:     ntp(taken.Add(p.server.wrong(taken))),
			RTPTime:     stamp,
			PacketCount: p.packets,
			OctetCount:  p.octets,
		},
		rtcp.NewCNAMESourceDescription(p.ssrc, fmt.Sprintf("cam%d", p.camera.Index)),
	})
	if err != nil {
		p.server.log.Debug("a sender report is dropped", "camera", p.camera.Index, "reader", p.reader, "err", err)
	}
}

// ntp is t as an NTP timestamp (RFC 3550 section 4): seconds since 1900 and a
// fraction of 32 bits.
func ntp(t time.Time) uint64 {
	const from1900to1970 = 2208988800
	return uint64(t.Unix()+from1900to1970)<<32 | uint64(t.Nanosecond())<<32/uint64(time.Second)
}
