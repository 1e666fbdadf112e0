package rtsp

import (
	"bytes"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"matthan/gateway"
	"matthan/gateway/video"
)

func TestReceiverReportIsOne(t *testing.T) {
	all, err := rtcp.Unmarshal(receiverReport(1, 2, 3<<16|4, 1<<30))
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	r, ok := all[0].(*rtcp.ReceiverReport)
	if !ok || r.SSRC != 1 || len(r.Reports) != 1 {
		t.Fatalf("%+v", all[0])
	}
	if b := r.Reports[0]; b.SSRC != 2 || b.LastSequenceNumber != 3<<16|4 || b.TotalLost != 1<<23-1 || b.FractionLost != 0 {
		t.Errorf("%+v", b)
	}
}

// FuzzRTP compares our readers with pion's.
func FuzzRTP(f *testing.F) {
	f.Add(header{kind: 96, marker: true, sequence: 7, ts: 8, ssrc: 9}.packet([]byte{1, 2, 3}))
	f.Add([]byte{0xb1, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0xbe, 0xde, 0, 1, 0x10, 1, 0, 0, 5, 6, 2, 2})
	f.Add(reportOf(header{ssrc: 5, ts: 6}))
	f.Fuzz(func(t *testing.T, b []byte) {
		h, payload, ok := readRTP(b)
		var p rtp.Packet
		if err := p.Unmarshal(bytes.Clone(b)); err == nil && p.Version == rtpVersion {
			if !ok || h != (header{p.PayloadType, p.Marker, p.SequenceNumber, p.Timestamp, p.SSRC}) || !p.Padding && !bytes.Equal(payload, p.Payload) {
				t.Fatalf("%+v %x, pion reads %+v %x", h, payload, p.Header, p.Payload)
			}
		}
		r, ok := readReport(b)
		if all, err := rtcp.Unmarshal(b); err == nil && ok {
			found := false
			for _, p := range all {
				if sr, is := p.(*rtcp.SenderReport); is {
					found = found || r == report{sr.SSRC, sr.NTPTime, sr.RTPTime}
				}
			}
			if !found {
				t.Fatalf("%+v is not in %v", r, all)
			}
		}
	})
}

func TestClocksThatAreOfNoUseAreNamed(t *testing.T) {
	for name, c := range map[string]struct {
		off  time.Duration
		none bool
		want gateway.Quirk
	}{
		"no reports":   {none: true, want: gateway.QuirkNoReports},
		"an hour late": {off: time.Hour, want: gateway.QuirkClock},
		"right":        {off: 0},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := New(Config{URL: "rtsp://192.0.2.1/main", ReadTimeout: time.Hour})
			if err != nil {
				t.Fatal(err)
			}
			m := newMedia(s, func(*video.AccessUnit) {}, func(gateway.Cause, string) {}, outline{kind: 96})
			now := time.Now()
			for range 10 {
				now = now.Add(5 * time.Second)
				if !c.none {
					at := now.Add(-c.off)
					m.clock.report(uint64(at.Unix()+ntpEpoch)<<32, uint32(at.Unix())*clockRate, now)
				}
				m.look(now)
			}
			if c.want == "" {
				hasQuirks(t, s)
			} else {
				hasQuirks(t, s, c.want)
			}
		})
	}
}
