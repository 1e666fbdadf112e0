package onvif

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"matthan/gateway"
)

// Bounds of PTZ.
const (
	maxNodes   = 128
	maxPresets = 512
	maxMove    = time.Minute // the longest that a camera is told to move by itself
)

// Range is what a number may be.
type Range struct{ Min, Max float64 }

// Space is the ranges of a kind of movement; nil: the device has no such axis.
type Space struct{ Pan, Tilt, Zoom *Range }

// Movements are the kinds of movement that a device knows.
type Movements struct {
	Continuous Space // velocities
	Absolute   Space // positions
	Relative   Space // distances
}

// Node is one thing that moves.
type Node struct {
	Token      string
	Name       string
	Movements  Movements
	MaxPresets int
	Home       bool
}

// Point is pan and tilt.
type Point struct{ X, Y float64 }

// Vector is a velocity, a position or a distance, in the device's own ranges;
// right, up and closer are positive. What is nil is left as it is.
type Vector struct {
	PanTilt *Point
	Zoom    *float64
}

// Status is where a camera looks.
type Status struct {
	Position      Vector // nil: the device does not say
	Moving        bool
	MovementKnown bool
}

// Preset is a position that the device keeps.
type Preset struct{ Token, Name string }

// ptz sends a request to the PTZ service.
func (d *Device) ptz(ctx context.Context, name, body string) (*element, error) {
	s, err := d.services(ctx)
	if err != nil {
		return nil, err
	}
	if s.ptz == nil {
		return nil, gateway.Fail(gateway.CauseProtocol, errors.New(name+": the device cannot be moved"))
	}
	return d.ask(ctx, s.ptz, request{space: ptzSpace, name: name, body: body})
}

// Nodes asks what moves, and how.
func (d *Device) Nodes(ctx context.Context) ([]Node, error) {
	answer, err := d.ptz(ctx, "GetNodes", "")
	if err != nil {
		return nil, err
	}
	return readNodes(answer), nil
}

func readNodes(answer *element) (out []Node) {
	for _, e := range answer.all("PTZNode") {
		if token := e.token(); token != "" && len(out) < maxNodes {
			out = append(out, Node{
				Token: token, Name: e.at("Name").label(), Movements: readMovements(e.at("SupportedPTZSpaces")),
				MaxPresets: e.at("MaximumNumberOfPresets").count(1 << 15), Home: yes(e.at("HomeSupported").text),
			})
		}
	}
	return out
}

// Movements asks for the ranges of a profile's PTZ configuration, for devices
// that do not tell them of their nodes.
func (d *Device) Movements(ctx context.Context, p Profile) (Movements, error) {
	answer, err := d.ptz(ctx, "GetConfigurationOptions", "<ConfigurationToken>"+escape(p.configuration)+"</ConfigurationToken>")
	if err != nil {
		return Movements{}, err
	}
	return readMovements(answer.at("PTZConfigurationOptions", "Spaces")), nil
}

func readMovements(e *element) Movements {
	space := func(panTilt, zoom string) Space {
		return Space{
			Pan: readRange(e.at(panTilt, "XRange")), Tilt: readRange(e.at(panTilt, "YRange")), Zoom: readRange(e.at(zoom, "XRange")),
		}
	}
	return Movements{
		Continuous: space("ContinuousPanTiltVelocitySpace", "ContinuousZoomVelocitySpace"),
		Absolute:   space("AbsolutePanTiltPositionSpace", "AbsoluteZoomPositionSpace"),
		Relative:   space("RelativePanTiltTranslationSpace", "RelativeZoomTranslationSpace"),
	}
}

func readRange(e *element) *Range {
	least, ok := readFloat(e.at("Min").text)
	most, also := readFloat(e.at("Max").text)
	if !ok || !also || least > most {
		return nil
	}
	return &Range{least, most}
}

func readFloat(s string) (float64, bool) {
	f, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	return f, err == nil && !math.IsNaN(f) && !math.IsInf(f, 0)
}

// write is a vector as ONVIF has it: a PTZSpeed and a PTZVector look the same.
func (v Vector) write(name string) string {
	if v == (Vector{}) {
		return ""
	}
	number := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	var b strings.Builder
	b.WriteString("<" + name + ">")
	if v.PanTilt != nil {
		b.WriteString(`<tt:PanTilt x="` + number(v.PanTilt.X) + `" y="` + number(v.PanTilt.Y) + `"/>`)
	}
	if v.Zoom != nil {
		b.WriteString(`<tt:Zoom x="` + number(*v.Zoom) + `"/>`)
	}
	b.WriteString("</" + name + ">")
	return b.String()
}

func profileToken(p Profile) string { return "<ProfileToken>" + escape(p.Token) + "</ProfileToken>" }

// Move begins to move with a velocity, until Stop, another movement, or the time
// that is given, at most a minute. Not all makes keep to the time.
func (d *Device) Move(ctx context.Context, p Profile, velocity Vector, within time.Duration) error {
	within = min(max(within, 100*time.Millisecond), maxMove)
	_, err := d.ptz(ctx, "ContinuousMove", profileToken(p)+velocity.write("Velocity")+
		fmt.Sprintf("<Timeout>PT%sS</Timeout>", strconv.FormatFloat(within.Seconds(), 'f', -1, 64)))
	return err
}

// Stop ends all movement.
func (d *Device) Stop(ctx context.Context, p Profile) error {
	_, err := d.ptz(ctx, "Stop", profileToken(p)+"<PanTilt>true</PanTilt><Zoom>true</Zoom>")
	return err
}

// MoveTo moves to a position, with a speed if one is given.
func (d *Device) MoveTo(ctx context.Context, p Profile, position, speed Vector) error {
	_, err := d.ptz(ctx, "AbsoluteMove", profileToken(p)+position.write("Position")+speed.write("Speed"))
	return err
}

// MoveBy moves by a distance, with a speed if one is given.
func (d *Device) MoveBy(ctx context.Context, p Profile, distance, speed Vector) error {
	_, err := d.ptz(ctx, "RelativeMove", profileToken(p)+distance.write("Translation")+speed.write("Speed"))
	return err
}

// Status asks where the camera looks.
func (d *Device) Status(ctx context.Context, p Profile) (Status, error) {
	answer, err := d.ptz(ctx, "GetStatus", profileToken(p))
	if err != nil {
		return Status{}, err
	}
	return readStatus(answer), nil
}

func readStatus(answer *element) Status {
	e := answer.at("PTZStatus")
	var s Status
	if x, ok := readFloat(e.at("Position", "PanTilt").attr("x")); ok {
		if y, ok := readFloat(e.at("Position", "PanTilt").attr("y")); ok {
			s.Position.PanTilt = &Point{x, y}
		}
	}
	if z, ok := readFloat(e.at("Position", "Zoom").attr("x")); ok {
		s.Position.Zoom = &z
	}
	for _, axis := range []string{"PanTilt", "Zoom"} {
		switch e.at("MoveStatus", axis).text {
		case "MOVING":
			s.Moving, s.MovementKnown = true, true
		case "IDLE":
			s.MovementKnown = true
		}
	}
	return s
}

// Presets asks for the positions that the device keeps.
func (d *Device) Presets(ctx context.Context, p Profile) ([]Preset, error) {
	answer, err := d.ptz(ctx, "GetPresets", profileToken(p))
	if err != nil {
		return nil, err
	}
	return readPresets(answer), nil
}

func readPresets(answer *element) (out []Preset) {
	for _, e := range answer.all("Preset") {
		if token := e.token(); token != "" && len(out) < maxPresets {
			out = append(out, Preset{token, e.at("Name").label()})
		}
	}
	return out
}

// GotoPreset moves to a position that the device keeps.
func (d *Device) GotoPreset(ctx context.Context, p Profile, preset string) error {
	_, err := d.ptz(ctx, "GotoPreset", profileToken(p)+"<PresetToken>"+escape(preset)+"</PresetToken>")
	return err
}

// SetPreset keeps the position of now under a name, in place of a preset if its
// token is given. It returns the preset's token.
func (d *Device) SetPreset(ctx context.Context, p Profile, name, preset string) (string, error) {
	body := profileToken(p) + "<PresetName>" + escape(name) + "</PresetName>"
	if preset != "" {
		body += "<PresetToken>" + escape(preset) + "</PresetToken>"
	}
	answer, err := d.ptz(ctx, "SetPreset", body)
	if err != nil {
		return "", err
	}
	if token := goodToken(answer.at("PresetToken").text); token != "" {
		return token, nil
	}
	return preset, nil
}

// GotoHome moves to the device's home position.
func (d *Device) GotoHome(ctx context.Context, p Profile) error {
	_, err := d.ptz(ctx, "GotoHomePosition", profileToken(p))
	return err
}
