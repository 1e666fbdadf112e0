package simulate

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	genericSpace = "http://www.onvif.org/ver10/tptz/"
	longestMove  = time.Minute
)

// Position is where the head of a channel looks: pan and tilt from -1 to 1, zoom
// from 0 to 1.
func (d *ONVIF) Position(channel int) (pan, tilt, zoom float64) {
	c := d.channels[channel]
	c.mu.Lock()
	defer c.mu.Unlock()
	at := c.head.at(time.Now())
	return at[0], at[1], at[2]
}

// ptz is the PTZ service.
func (d *ONVIF) ptz(op operation) string {
	switch op.XMLName.Local {
	case "GetNodes":
		out := ""
		for i := range d.channels {
			out += fmt.Sprintf(`<x:PTZNode token="node%[1]d"><tt:Name>node%[1]d</tt:Name><tt:SupportedPTZSpaces>%[2]s</tt:SupportedPTZSpaces>`+
				`<tt:MaximumNumberOfPresets>%[3]d</tt:MaximumNumberOfPresets><tt:HomeSupported>true</tt:HomeSupported></x:PTZNode>`, i, ptzSpaces(), maxPresets)
		}
		return out
	case "GetConfigurationOptions":
		return "<x:PTZConfigurationOptions><tt:Spaces>" + ptzSpaces() +
			"</tt:Spaces><tt:PTZTimeout><tt:Min>PT0.1S</tt:Min><tt:Max>PT60S</tt:Max></tt:PTZTimeout></x:PTZConfigurationOptions>"
	}
	c, _, _ := d.profile(op.ProfileToken)
	if c == nil {
		return "ter:NoProfile"
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.head.serve(op, time.Now())
}

// serve answers what is asked of one head.
func (h *head) serve(op operation, now time.Time) string {
	switch op.XMLName.Local {
	case "ContinuousMove":
		within := longestMove
		if op.Timeout != "" {
			t, err := time.ParseDuration(strings.ToLower(strings.TrimPrefix(op.Timeout, "PT")))
			if err != nil || t <= 0 || t > longestMove {
				return "ter:InvalidArgVal"
			}
			within = t
		}
		var v axes
		if h.target == nil && now.Before(h.until) {
			for i := range v {
				v[i] = h.velocity[i] / speeds[i]
			}
		}
		h.run(op.Velocity.over(v), within, now)
	case "Stop":
		h.run(axes{}, 0, now)
	case "AbsoluteMove":
		to := op.Position.over(h.at(now))
		if to != to.clamp() {
			return "ter:InvalidPosition"
		}
		h.turn(to, now)
	case "RelativeMove":
		by, at := op.Translation.over(axes{}), h.at(now)
		for i := range at {
			at[i] += by[i]
		}
		h.turn(at, now)
	case "GotoHomePosition":
		h.turn(h.home, now)
	case "SetHomePosition":
		h.home = h.at(now)
	case "GetStatus":
		return h.status(now)
	default:
		return h.servePresets(op, now)
	}
	return done
}

func (h *head) servePresets(op operation, now time.Time) string {
	is, there := h.presets[op.PresetToken]
	switch op.XMLName.Local {
	case "GetPresets":
		out := done
		tokens := make([]string, 0, len(h.presets))
		for token := range h.presets {
			tokens = append(tokens, token)
		}
		slices.Sort(tokens)
		for _, token := range tokens {
			out += `<x:Preset token="` + token + `">` + tag("tt:Name", h.presets[token].name) + "</x:Preset>"
		}
		return out
	case "SetPreset":
		token, ok := h.keep(op.PresetToken, op.PresetName, now)
		if !ok {
			return "ter:TooManyPresets"
		}
		return tag("x:PresetToken", token)
	case "GotoPreset":
		if !there {
			return "ter:NoToken"
		}
		h.turn(is.at, now)
		return done
	}
	return ""
}

func (h *head) status(now time.Time) string {
	at := h.at(now)
	words := map[bool]string{true: "MOVING", false: "IDLE"}
	panTilt, zoom := h.moving(now)
	return fmt.Sprintf(`<x:PTZStatus><tt:Position><tt:PanTilt x="%g" y="%g" space="%sPanTiltSpaces/PositionGenericSpace"/><tt:Zoom x="%g"/></tt:Position>`+
		`<tt:MoveStatus><tt:PanTilt>%s</tt:PanTilt><tt:Zoom>%s</tt:Zoom></tt:MoveStatus><tt:UtcTime>%s</tt:UtcTime></x:PTZStatus>`,
		at[0], at[1], genericSpace, at[2], words[panTilt], words[zoom], now.UTC().Format(time.RFC3339))
}

// ptzSpaces are the movements of a head with their ranges.
func ptzSpaces() string {
	two := func(name, space string) string {
		return "<tt:" + name + ">" + tag("tt:URI", genericSpace+"PanTiltSpaces/"+space) +
			"<tt:XRange><tt:Min>-1</tt:Min><tt:Max>1</tt:Max></tt:XRange><tt:YRange><tt:Min>-1</tt:Min><tt:Max>1</tt:Max></tt:YRange></tt:" + name + ">"
	}
	one := func(name, space string, min int) string {
		return fmt.Sprintf("<tt:%s>%s<tt:XRange><tt:Min>%d</tt:Min><tt:Max>1</tt:Max></tt:XRange></tt:%s>", name, tag("tt:URI", genericSpace+"ZoomSpaces/"+space), min, name)
	}
	return two("AbsolutePanTiltPositionSpace", "PositionGenericSpace") + one("AbsoluteZoomPositionSpace", "PositionGenericSpace", 0) +
		two("RelativePanTiltTranslationSpace", "TranslationGenericSpace") + one("RelativeZoomTranslationSpace", "TranslationGenericSpace", -1) +
		two("ContinuousPanTiltVelocitySpace", "VelocityGenericSpace") + one("ContinuousZoomVelocitySpace", "VelocityGenericSpace", -1)
}
