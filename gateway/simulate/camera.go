package simulate

import (
	"fmt"
	"math"
	"sync/atomic"
	"time"
)

// Camera describes a simulated camera.
type Camera struct {
	Index    int
	Name     string     // in Vietnamese; unique among the server's cameras
	NameEN   string     // in English
	Scene    int        // number of the scene, as in the pixels
	Time     string     // of day in the clip
	Kind     string     // public, household, office or institution
	Position [2]float64 // latitude and longitude, degrees, WGS 84
	Clip     string     // id of the clip
	Pictures int        // in the loop
	FPS      int        // pictures a second
}

// camera is one camera at work: a grid of instants at which it takes pictures,
// and where in the loop it is.
type camera struct {
	Camera
	clip     *clip
	first    time.Time // capture of picture 0; has a monotonic reading
	position atomic.Pointer[position]
	sessions atomic.Int32
}

// position says which picture of the loop a number shows: the one at the place
// (number+shift) modulo the length of the loop. It is immutable; a session that
// changes from one to another sends nothing before number from.
type position struct {
	from  uint64
	shift uint64
}

func newCamera(index int, clips []*clip, epoch time.Time) *camera {
	c := clips[index%len(clips)]
	cam := &camera{clip: c, first: epoch.Add(phase(index, c.period()))}
	cam.Camera = Camera{
		Index: index, Name: c.Name, NameEN: c.NameEN, Scene: c.Scene, Time: c.Time, Kind: c.Kind,
		Position: c.Position, Clip: c.ID, Pictures: c.Pictures, FPS: c.FPS,
	}
	if round := index / len(clips); round > 0 {
		cam.Name = fmt.Sprintf("%s %d", c.Name, round+1)
		cam.NameEN = fmt.Sprintf("%s %d", c.NameEN, round+1)
		// Beside the clip's own place on the map, on a spiral some 150 m wide a turn.
		r, a := 0.0005*math.Sqrt(float64(round)), 2.4*float64(round)
		cam.Position[0] += r * math.Sin(a)
		cam.Position[1] += r * math.Cos(a)
	}
	// 113 shares no factor with 300 nor with a GOP of 100: neighbours are far apart
	// in the loop and in their GOPs, and 300 cameras are all at different places.
	cam.position.Store(&position{shift: uint64(index) * 113})
	return cam
}

// phase spreads the cameras evenly over the time of one picture, however many
// there are, by the golden ratio.
func phase(index int, period time.Duration) time.Duration {
	_, f := math.Modf(float64(index) * (math.Sqrt(5) - 1) / 2)
	return time.Duration(f * float64(period))
}

// captured is when the camera takes picture n.
func (c *camera) captured(n uint64) time.Time {
	return c.first.Add(time.Duration(n) * c.clip.period())
}

// next is the number of the first picture taken at t or later, 0 before the first.
func (c *camera) next(t time.Time) uint64 {
	d := t.Sub(c.first)
	if d <= 0 {
		return 0
	}
	period := c.clip.period()
	return uint64((d + period - 1) / period)
}

// place is where in the loop picture n is.
func (c *camera) place(p *position, n uint64) int {
	return int((n + p.shift) % uint64(c.clip.Pictures))
}

// rewound is a position that shows at n the last key picture at or before the one
// that p has there.
func (c *camera) rewound(p *position, n uint64) *position {
	at := c.place(p, n)
	back := at - c.clip.main.keyAt(at)
	loop := uint64(c.clip.Pictures)
	return &position{from: n, shift: (p.shift%loop + loop - uint64(back)) % loop}
}
