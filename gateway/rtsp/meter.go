package rtsp

import "time"

// Bounds of what a playing camera sends, for as long as it likes. No camera comes
// near them: 4K at 60 pictures a second is some 40 Mbit/s. The first seconds of a
// connection that stalled come at once, and may.
const (
	mediaRate   = 100 << 20 / 8 // bytes of packets in a second
	mediaBurst  = 4 * mediaRate // at once
	leastPacket = 256           // bytes that a packet counts for at least: it costs more than its bytes
	othersRate  = 64 << 10      // bytes in a second that are RTSP, or nothing; maxGarbage at once
	unitsRate   = 500           // pictures in a second
	unitsBurst  = 4 * unitsRate // at once
)

// meter says whether more comes than may: a leaky bucket. The zero value is empty.
type meter struct {
	level int
	at    time.Time
}

// over pours in n, where rate flows out in a second and burst is held.
func (m *meter) over(now time.Time, n, rate, burst int) bool {
	if out := now.Sub(m.at); out >= time.Duration(burst/rate+1)*time.Second {
		m.level, m.at = 0, now
	} else if gone := int(int64(out) * int64(rate) / int64(time.Second)); gone > 0 {
		m.level, m.at = max(m.level-gone, 0), m.at.Add(time.Duration(int64(gone)*int64(time.Second)/int64(rate)))
	}
	m.level += n
	return m.level > burst
}
