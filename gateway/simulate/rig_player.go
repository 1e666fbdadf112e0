package simulate

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// player plays a profile to one reader.
type player struct {
	conn    *rigConn
	camera  *rigCamera
	quality Quality
	id      uint32 // of the session
	video   *carrier
	audio   *carrier // nil where it was not set up

	stop chan struct{} // nil before PLAY
	done sync.WaitGroup

	// Of the sending goroutine alone.
	ssrc     uint32
	sequence uint16
	base     uint32 // RTP timestamp of picture 0
	sound    uint16 // sequence number of the audio
	packets  uint32
	octets   uint32
	cseq     int // of requests of ours
}

func newPlayer(c *rigConn, q Quality) *player {
	return &player{
		conn: c, camera: c.camera, quality: q, id: rand.Uint32(),
		ssrc: rand.Uint32() | 1, sequence: uint16(rand.Uint32()), base: rand.Uint32(),
	}
}

// session is the value of the Session header.
func (p *player) session() string {
	switch after := p.camera.profile.timeout; {
	case after < 0:
		return fmt.Sprintf("%08X", p.id)
	case after > 0:
		return fmt.Sprintf("%08X;timeout=%d", p.id, after)
	}
	return fmt.Sprintf("%08X;timeout=60", p.id)
}

// start begins to send; a second time it does nothing.
func (p *player) start() {
	if p.stop == nil && p.video != nil {
		p.stop = make(chan struct{})
		p.done.Go(p.run)
	}
}

// close ends sending and waits for it.
func (p *player) close() {
	if p.stop != nil {
		close(p.stop)
		p.done.Wait()
	}
	for _, t := range []*carrier{p.video, p.audio} {
		if t != nil {
			t.close()
		}
	}
	p.camera.leave()
}

// run sends pictures when they are due, from a key picture on, until the session
// or the camera ends. Then the connection is closed.
func (p *player) run() {
	c := p.camera.grid
	n := c.next(time.Now())
	at := c.rewound(c.position.Load(), n)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for i := 0; ; i++ {
		timer.Reset(time.Until(c.captured(n)))
		select {
		case <-p.stop:
			return
		case <-timer.C:
		}
		s := &shot{player: p, index: i, place: c.place(at, n), taken: c.captured(n), stamp: p.base + uint32(n)*(90000/rigFPS), rtcp: true}
		s.pic = &c.clip.track(p.quality).pictures[s.place]
		s.mark = Mark{Camera: c.Index, Quality: p.quality, Number: n, Loop: s.place, Captured: time.UnixMicro(s.taken.UnixMicro())}
		if err := p.play(s); err != nil {
			p.conn.rig.log.Debug("session ended", "profile", p.camera.profile.Name, "err", err)
			p.conn.net.Close()
			return
		}
		n++
	}
}

// shot is a picture on its way to one reader, as a profile's functions change it.
type shot struct {
	player *player
	index  int // of the session, from 0
	place  int // in the loop
	taken  time.Time
	mark   Mark
	pic    *picture

	nalus   [][]byte
	stamp   uint32        // RTP timestamp
	packets []*rtp.Packet // without SSRC and sequence number
	rtcp    bool          // a sender report is sent where one is due
	wrong   time.Duration // of the clock in it
	dropped int           // index of a packet that the network loses, from 1
	silent  bool          // nothing is sent
}

// play sends a picture. Its error ends the session.
func (p *player) play(s *shot) error {
	profile := p.camera.profile
	if request, _ := p.conn.lastHeard(time.Now()); profile.lease > 0 && request > profile.lease {
		return fmt.Errorf("no keepalive for %v", request.Round(time.Millisecond))
	}
	is := p.camera.grid.clip.track(p.quality).codec
	s.nalus = append(s.nalus, s.pic.head...)
	if is == codecH264 {
		s.nalus = append(s.nalus, s.mark.nalu())
	}
	s.nalus = append(s.nalus, s.pic.slices...)
	if profile.units != nil {
		profile.units(s)
	}
	switch {
	case profile.pack != nil:
		profile.pack(s)
	case is == codecH265:
		packH265(s)
	case is == codecJPEG:
		packJPEG(s)
	default:
		s.fragments(mtu)
	}
	if profile.packets != nil {
		profile.packets(s)
	}
	if profile.life != nil {
		if err := profile.life(s); err != nil {
			return err
		}
	}
	if s.silent {
		return nil
	}
	if err := p.playSound(s.index); err != nil {
		return err
	}
	for i, pkt := range s.packets {
		pkt.Version, pkt.PayloadType, pkt.Timestamp = 2, is.payloadType(), s.stamp
		pkt.SSRC, pkt.SequenceNumber = p.ssrc, p.sequence
		p.sequence++
		if i+1 == s.dropped {
			continue
		}
		if err := p.send(p.video, pkt); err != nil {
			return err
		}
		p.packets++
		p.octets += uint32(len(pkt.Payload))
		if i == 0 && s.rtcp && s.index%rigFPS == 0 {
			if err := p.report(s); err != nil {
				return err
			}
		}
	}
	return nil
}

// playSound sends what was said in the time of one picture: silence.
func (p *player) playSound(index int) error {
	const samples = 8000 / rigFPS
	if p.audio == nil {
		return nil
	}
	pkt := &rtp.Packet{Header: rtp.Header{Version: 2, PayloadType: audioType, SSRC: p.ssrc ^ 2, SequenceNumber: p.sound, Timestamp: uint32(index) * samples}}
	pkt.Payload = make([]byte, samples)
	for i := range pkt.Payload {
		pkt.Payload[i] = 0xd5
	}
	p.sound++
	return p.send(p.audio, pkt)
}

// report sends a sender report with the capture time of a picture.
func (p *player) report(s *shot) error {
	b, err := (&rtcp.SenderReport{
		SSRC: p.ssrc, NTPTime: ntp(s.taken.Add(s.wrong)), RTPTime: s.stamp, PacketCount: p.packets, OctetCount: p.octets,
	}).Marshal()
	if err != nil {
		return err
	}
	if p.video.rtp != nil {
		_, err = p.video.rtcp.WriteTo(b, p.video.toRTCP)
		return err
	}
	return p.frame(p.video.channel+1, b)
}

func (p *player) send(t *carrier, pkt *rtp.Packet) error {
	b, err := pkt.Marshal()
	if err != nil {
		return err
	}
	if t.rtp == nil {
		return p.frame(t.channel, b)
	}
	_, err = t.rtp.WriteTo(b, t.to)
	return err
}

// frame sends a packet in the connection (RFC 2326 section 10.12).
func (p *player) frame(channel int, b []byte) error {
	return p.conn.write(append([]byte{'$', byte(channel), byte(len(b) >> 8), byte(len(b))}, b...))
}

// ask sends a request of the camera's own.
func (p *player) ask(method string) error {
	p.cseq++
	return p.conn.write(fmt.Appendf(nil, "%s rtsp://%s/ RTSP/1.0\r\nCSeq: %d\r\n\r\n", method, p.conn.net.LocalAddr(), p.cseq))
}
