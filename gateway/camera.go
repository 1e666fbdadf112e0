package gateway

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"
)

// CameraID identifies a camera: 1 to 64 of a-z, 0-9 and '-', unique in the inventory.
type CameraID string

// AreaID identifies a node of the administrative tree; same letters as CameraID.
type AreaID string

// Quality names an encoding of a camera's pictures: its own, or a rung.
type Quality string

const (
	Main Quality = "main" // the full picture
	Sub  Quality = "sub"  // the small one, for weak links and grids
)

// StreamID names one encoding of one camera.
type StreamID struct {
	Camera  CameraID
	Quality Quality
	Mark    string // the code that is drawn on a rung, for one view alone; "" for none
}

func (id StreamID) String() string {
	if id.Mark != "" {
		return string(id.Camera) + "/" + string(id.Quality) + "/" + id.Mark
	}
	return string(id.Camera) + "/" + string(id.Quality)
}

// Kind is whose camera it is, which decides what rights it asks for.
type Kind string

const (
	Public      Kind = "public"      // a crossroads or street, owned by the commune
	Household   Kind = "household"   // lent by a citizen
	Office      Kind = "office"      // a committee office
	Institution Kind = "institution" // a school, a company, a dormitory
)

// Transport is how RTP comes from the camera.
type Transport string

const (
	Auto Transport = "auto" // TCP first, UDP where the camera refuses it
	TCP  Transport = "tcp"  // interleaved in the RTSP connection (RFC 2326 section 10.12)
	UDP  Transport = "udp"
)

// Position is a place in degrees, WGS 84.
type Position struct{ Lat, Lng float64 }

// Login is a camera's account. The zero Login asks for none.
type Login struct {
	User     string
	Password Secret
}

// Camera is one device with a main and perhaps a sub stream. Its URLs never
// carry a login.
type Camera struct {
	ID        CameraID
	Name      string
	Area      AreaID
	Kind      Kind
	Position  *Position // nil where unknown
	Main, Sub string    // rtsp:// or rtsps:// URLs; Sub may be empty
	Login     Login
	Transport Transport
	KeepWarm  bool // pulled although nobody watches

	AnyCertificate bool // rtsps: whatever certificate the camera shows is taken; most sign their own

	ONVIF ONVIF // zero: it is not asked in ONVIF

	Sound bool // an administrator lets it be heard; see Audible

	Masks []Mask // what its pictures never show, by nobody; never written in place

	Marked bool // its live pictures carry the code of whose view they are of, drawn into them
}

// ONVIF is where a camera is asked in ONVIF, with its login, and by what it is
// found again when its address has changed.
type ONVIF struct {
	Address  string // http:// or https:// URL of the device service, without a login
	Identity string // the device's endpoint reference, which stays when its address changes; "" where unknown
	Profile  string // token of Main's profile, which names the channel of a recorder; "" where unknown
	PTZ      bool   // the profile's picture can be moved
}

// Turns says whether the camera can be turned.
func (c Camera) Turns() bool { return c.ONVIF.PTZ }

// Audible says whether the camera's sound may be taken from it at all. It is off
// until an administrator switches it on, and a citizen's camera has none: what it
// hears are people at home.
func (c Camera) Audible() bool { return c.Sound && c.Kind != Household }

// URL is the address of one of the camera's own encodings, "" where it has none.
func (c Camera) URL(q Quality) string {
	switch q {
	case Main:
		return c.Main
	case Sub:
		return c.Sub
	}
	return ""
}

// dial is all by which a stream is reached.
type dial struct {
	url            string
	login          Login
	transport      Transport
	anyCertificate bool
	audible        bool
	masks          string // of a rung, in words that are the same for the same masks
}

func (c Camera) dial(q Quality) dial {
	if !q.Own() { // who makes it follows the streams that it is made of
		return dial{masks: fmt.Sprint(c.Masks)}
	}
	return dial{url: c.URL(q), login: c.Login, transport: c.Transport, anyCertificate: c.AnyCertificate, audible: c.Audible()}
}

// Area is a node of the administrative tree, which may have any depth. Its ID
// stays when the state renames or renumbers the unit.
type Area struct {
	ID     AreaID
	Name   string
	Parent AreaID     // "" at a root
	Level  string     // what such a unit is called, such as phường; "" where nobody said
	Codes  []AreaCode // official codes, one after the other or several at a time; never changed
}

// AreaCode is an official code of an area, from an instant until another. Units
// merge and are renumbered, and old documents go on naming old codes.
type AreaCode struct {
	Code  string
	From  time.Time // zero: since ever
	Until time.Time // the first instant at which it no longer holds; zero: still in force
}

// At says whether the code is in force.
func (c AreaCode) At(now time.Time) bool {
	return !now.Before(c.From) && (c.Until.IsZero() || now.Before(c.Until))
}

// Equal says whether two areas say the same.
func (a Area) Equal(b Area) bool {
	return a.ID == b.ID && a.Name == b.Name && a.Parent == b.Parent && a.Level == b.Level &&
		slices.EqualFunc(a.Codes, b.Codes, func(a, b AreaCode) bool {
			return a.Code == b.Code && a.From.Equal(b.From) && a.Until.Equal(b.Until)
		})
}

// Secret is a text that shows itself to nobody: not to fmt, not to JSON, not to a log.
type Secret string

// Reveal returns the text, for the one place that must send it.
func (s Secret) Reveal() string { return string(s) }

func (s Secret) mask() string {
	if s == "" {
		return ""
	}
	return "•••"
}

// Format implements fmt.Formatter for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.mask())) }

// MarshalText implements encoding.TextMarshaler, and with it JSON and YAML.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.mask()), nil }

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.mask()) }

// ErrNotFound is the answer for a camera that does not exist.
var ErrNotFound = errors.New("no such camera")
