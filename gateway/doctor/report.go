package doctor

import (
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"

	"matthan/gateway"
	"matthan/gateway/rtsp"
	"matthan/gateway/video"
)

// Severity is how much a finding matters.
type Severity string

// Severities.
const (
	Fault  Severity = "fault"  // no picture, or one that nobody wants to look at
	Advice Severity = "advice" // it would be better otherwise
	Fine   Severity = "fine"
)

var rank = map[Severity]int{Fault: 0, Advice: 1, Fine: 2}

// Words are a text in both languages.
type Words struct {
	VI string `json:"vi"`
	EN string `json:"en"`
}

// In chooses a language; all that is not English is Vietnamese.
func (w Words) In(language string) string {
	if language == "en" {
		return w.EN
	}
	return w.VI
}

// Report is what is told of a camera. It holds no secret.
type Report struct {
	Address  string    `json:"address"`        // as it was given, masked
	Make     string    `json:"make,omitempty"` // as people call it
	Playable bool      `json:"playable"`       // by browsers, as it is
	Verdict  Words     `json:"verdict"`
	Findings []Finding `json:"findings"` // faults first
	Facts    Facts     `json:"facts"`
	Main     *Stream   `json:"main,omitempty"` // to be entered as main and sub
	Sub      *Stream   `json:"sub,omitempty"`
	Detail   string    `json:"detail,omitempty"` // for technicians, in English
}

// Finding is one thing that was found.
type Finding struct {
	Code     Code     `json:"code"`
	Severity Severity `json:"severity" schema:"enum=fault|advice|fine"`
	Blocks   bool     `json:"blocks,omitempty"` // browsers show nothing, or nothing good, because of it
	Says     Words    `json:"says"`
	Do       *Words   `json:"do,omitempty"`   // what to do about it
	Menu     *Words   `json:"menu,omitempty"` // where in the camera's own menu
}

// Facts are what was measured; what is 0 or "" is not known.
type Facts struct {
	Carrier    gateway.Transport `json:"transport,omitempty"`
	UDP        Answer            `json:"udp,omitempty" schema:"enum=yes|no"`
	Logins     []string          `json:"logins,omitempty"` // that it takes
	Server     string            `json:"server,omitempty"`
	Codec      string            `json:"codec,omitempty"`
	Profile    string            `json:"profile,omitempty"`
	LevelID    string            `json:"profile_level_id,omitempty"`
	Mode       int               `json:"packetization_mode,omitempty"`
	Audio      string            `json:"audio,omitempty"`
	Width      int               `json:"width,omitempty"`
	Height     int               `json:"height,omitempty"`
	Rate       float64           `json:"fps,omitempty"`
	Kbits      int               `json:"kbit_s,omitempty"`
	PeakKbits  int               `json:"peak_kbit_s,omitempty"` // in its fullest second
	GOP        float64           `json:"gop_s,omitempty"`
	GOPMin     float64           `json:"gop_min_s,omitempty"`
	GOPMax     float64           `json:"gop_max_s,omitempty"`
	Pictures   float64           `json:"gop_pictures,omitempty"`
	BFrames    bool              `json:"b_frames,omitempty"`
	FirstImage int               `json:"first_picture_ms,omitempty"` // from PLAY
	FirstKey   int               `json:"first_key_ms,omitempty"`     // likewise
	Reports    int               `json:"sender_reports,omitempty"`
	Ahead      float64           `json:"clock_ahead_s,omitempty"` // of ours; the camera's delay counts as behind
	Drift      float64           `json:"clock_drift_ms_s,omitempty"`
	Leaps      int               `json:"clock_jumps,omitempty"`
	Packets    uint64            `json:"packets,omitempty"`
	Lost       uint64            `json:"lost,omitempty"`
	Broken     uint64            `json:"broken,omitempty"`
	Looked     float64           `json:"looked_s,omitempty"`
	Quirks     []string          `json:"quirks,omitempty"` // that the gateway has put right
}

func factsOf(o Observation) Facts {
	s, v := o.Series, videoOf(o.Description)
	is := s.largest()
	f := Facts{Carrier: o.Carrier, UDP: o.UDP, Logins: o.Description.Logins, Server: o.Description.Server,
		Codec: v.Codec, LevelID: levelOf(v, is), Mode: v.Mode, Audio: audioOf(o.Description),
		Width: is.Width, Height: is.Height, Profile: profileOf(is.Profile), BFrames: s.Format.Reorder,
		Rate: round(s.Rate, 2), Kbits: int(meanBits(s) / 1000), PeakKbits: int(s.Peak * 8 / 1000),
		GOP: seconds(s.GOP), GOPMin: seconds(s.GOPMin), GOPMax: seconds(s.GOPMax), Pictures: round(s.GOPPictures, 1),
		FirstImage: int(s.FirstPicture.Milliseconds()), FirstKey: int(s.FirstKey.Milliseconds()),
		Reports: s.Reports, Ahead: seconds(s.Ahead), Drift: round(1000*s.Drift, 1), Leaps: s.Leaps,
		Packets: o.Packets, Lost: o.Lost, Broken: o.Broken, Looked: seconds(o.Looked)}
	if f.Width == 0 && v.Format != nil {
		f.Width, f.Height, f.Profile = v.Format.Width, v.Format.Height, profileOf(v.Format.Profile)
	}
	for _, q := range o.Quirks {
		f.Quirks = append(f.Quirks, string(q))
	}
	return f
}

func seconds(d time.Duration) float64 { return round(d.Seconds(), 3) }

func round(x float64, digits int) float64 {
	p := math.Pow10(digits)
	return math.Round(x*p) / p
}

// hostPort are an address's, with the port that is meant where none is named.
func hostPort(address string) (host, port string) {
	u, err := url.Parse(address)
	if err != nil {
		return "", ""
	}
	host, port = u.Hostname(), u.Port()
	if port == "" {
		port = "554"
		if strings.EqualFold(u.Scheme, "rtsps") {
			port = "322"
		}
	}
	return host, port
}

func meanBits(s Series) float64 {
	if s.Long <= 0 {
		return 0
	}
	return float64(s.Octets) * 8 / s.Long.Seconds()
}

func audioOf(d rtsp.Description) string {
	for _, m := range d.Medias {
		if m.Kind == "audio" {
			return m.Codec
		}
	}
	return ""
}

// levelOf is what the description says of a stream, else what its parameter sets do.
func levelOf(m rtsp.Media, f video.Format) string {
	switch {
	case m.Level != "":
		return m.Level
	case f.Profile != 0:
		return fmt.Sprintf("%06x", f.Profile)
	}
	return ""
}

func sizeOf(width, height int) string {
	if width == 0 {
		return "?"
	}
	return strconv.Itoa(width) + "×" + strconv.Itoa(height)
}

// profileOf names a profile and level (H.264 annex A).
func profileOf(p uint32) string {
	idc, flags, level := p>>16, p>>8&0xff, p&0xff
	name := map[uint32]string{66: "Baseline", 77: "Main", 88: "Extended", 100: "High", 110: "High 10", 122: "High 4:2:2", 244: "High 4:4:4"}[idc]
	if name == "" {
		return ""
	}
	if idc == 66 && flags&0x40 != 0 {
		name = "Constrained Baseline"
	}
	return fmt.Sprintf("%s %d.%d", name, level/10, level%10)
}
