package onvif

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"matthan/gateway"
)

// maxProfiles is how many profiles of a device are looked at: a recorder has
// some three for each of its channels.
const maxProfiles = 512

// Codec is how a profile's pictures are encoded.
type Codec string

const (
	H264         Codec = "H264"
	H265         Codec = "H265"
	JPEG         Codec = "JPEG"
	MPEG4        Codec = "MPEG4"
	UnknownCodec Codec = "" // the device does not say, as some do of H.265 in the old media service
)

// Profile is one encoding of one picture, as the device has it set up.
type Profile struct {
	Token string
	Name  string // may be ""
	Codec Codec

	Width, Height int // pixels; 0 where the device does not say
	FPS, Kbps     int // limits of the encoder; 0 where the device does not say

	Source string // token of the video source: which camera, or which channel of a recorder
	PTZ    bool   // its picture can be moved
	Node   string // token of the PTZ node that does, where the device says

	configuration string // token of the PTZ configuration
	media2        bool   // it is of the Media2 service
}

// Profiles asks for the device's profiles that have a picture: of Media2, which
// knows H.265, where the device has it, else of Media.
func (d *Device) Profiles(ctx context.Context) ([]Profile, error) {
	s, err := d.services(ctx)
	if err != nil {
		return nil, err
	}
	var failed error
	if s.media2 != nil {
		// A device may know no "All", or leave out what is not asked for by name.
		for _, types := range []string{"<Type>All</Type>", "<Type>VideoSource</Type><Type>VideoEncoder</Type><Type>PTZ</Type>"} {
			answer, err := d.ask(ctx, s.media2, request{space: media2Space, name: "GetProfiles", body: types})
			if err == nil {
				if profiles := readProfiles(answer, true); len(profiles) > 0 {
					return profiles, nil
				}
			} else if failed = err; !unknown(err) {
				return nil, err
			}
		}
	}
	if s.media != nil {
		answer, err := d.ask(ctx, s.media, request{space: mediaSpace, name: "GetProfiles"})
		if err != nil {
			return nil, err
		}
		return readProfiles(answer, false), nil
	}
	return nil, failed
}

// readProfiles reads an answer to GetProfiles of either service. Profiles
// without a video source or an encoder have no picture.
func readProfiles(answer *element, media2 bool) (out []Profile) {
	for _, e := range answer.all("Profiles") {
		configurations, source, encoder, ptz := e, "VideoSourceConfiguration", "VideoEncoderConfiguration", "PTZConfiguration"
		if media2 {
			configurations, source, encoder, ptz = e.at("Configurations"), "VideoSource", "VideoEncoder", "PTZ"
		}
		token := e.token()
		if token == "" || !configurations.has(source) || !configurations.has(encoder) {
			continue
		}
		enc := configurations.at(encoder)
		p := Profile{
			Token: token, Name: e.at("Name").label(), Codec: codec(enc.at("Encoding").text),
			Width: enc.at("Resolution", "Width").count(1 << 15), Height: enc.at("Resolution", "Height").count(1 << 15),
			FPS: enc.at("RateControl", "FrameRateLimit").count(1000), Kbps: enc.at("RateControl", "BitrateLimit").count(1 << 20),
			Source: goodToken(configurations.at(source, "SourceToken").text),
			PTZ:    configurations.has(ptz), Node: goodToken(configurations.at(ptz, "NodeToken").text),
			configuration: configurations.at(ptz).token(), media2: media2,
		}
		if out = append(out, p); len(out) == maxProfiles {
			break
		}
	}
	return out
}

// codec reads the names that makes have for an encoding: H264, H.264,
// video/H265, HEVC.
func codec(s string) Codec {
	s = strings.NewReplacer(".", "", "-", "", "VIDEO/", "", " ", "").Replace(strings.ToUpper(s))
	switch s {
	case "H264", "AVC":
		return H264
	case "H265", "HEVC":
		return H265
	case "JPEG", "MJPEG":
		return JPEG
	case "MPEG4", "MPV4ES":
		return MPEG4
	}
	return UnknownCodec
}

// StreamURL asks where a profile's stream is: an rtsp:// or rtsps:// URL without
// userinfo, at the host that was dialled.
func (d *Device) StreamURL(ctx context.Context, p Profile) (string, error) {
	const setup = "<StreamSetup><tt:Stream>RTP-Unicast</tt:Stream><tt:Transport><tt:Protocol>RTSP</tt:Protocol></tt:Transport></StreamSetup>"
	return d.uri(ctx, p, "GetStreamUri", "<Protocol>RTSP</Protocol>"+profileToken(p), setup+profileToken(p),
		"rtsp", "rtsps")
}

// SnapshotURL asks where a still picture of a profile is: an http:// or https://
// URL without userinfo, at the host that was dialled.
func (d *Device) SnapshotURL(ctx context.Context, p Profile) (string, error) {
	return d.uri(ctx, p, "GetSnapshotUri", profileToken(p), profileToken(p), "http", "https")
}

// uri asks for an address. Media2 gives it as a text, Media in a MediaUri.
func (d *Device) uri(ctx context.Context, p Profile, name, media2, media string, schemes ...string) (string, error) {
	to, r, err := d.mediaOf(ctx, p, name)
	if err != nil {
		return "", err
	}
	if r.body = media; p.media2 {
		r.body = media2
	}
	answer, err := d.ask(ctx, to, r)
	if err != nil {
		return "", err
	}
	raw := answer.at("Uri").text
	if raw == "" {
		raw = answer.at("MediaUri", "Uri").text
	}
	u, err := streamURL(raw, d.at, schemes...)
	if err != nil {
		return "", gateway.Fail(gateway.CauseProtocol, errors.New(name+": the device names "+err.Error()))
	}
	return u, nil
}

// mediaOf begins a request to the service that a profile is of.
func (d *Device) mediaOf(ctx context.Context, p Profile, name string) (*url.URL, request, error) {
	s, err := d.services(ctx)
	if err != nil {
		return nil, request{}, err
	}
	to, r := s.media, request{space: mediaSpace, name: name}
	if p.media2 {
		to, r.space = s.media2, media2Space
	}
	if to == nil {
		return nil, r, gateway.Fail(gateway.CauseInternal, errors.New(name+": the profile is of no service of this device"))
	}
	return to, r, nil
}

// AskKey asks for a key picture in all streams of a profile, by its token
// (SetSynchronizationPoint). A profile has the same one in both media services;
// not all makes that have both know the operation in both.
func (d *Device) AskKey(ctx context.Context, token string) error {
	s, err := d.services(ctx)
	if err != nil {
		return err
	}
	for _, p := range []Profile{{Token: token, media2: true}, {Token: token}} {
		if p.media2 && s.media2 == nil || !p.media2 && s.media == nil {
			continue
		}
		var to *url.URL
		var r request
		if to, r, err = d.mediaOf(ctx, p, "SetSynchronizationPoint"); err == nil {
			r.body = profileToken(p)
			_, err = d.ask(ctx, to, r)
		}
		if !unknown(err) {
			return err
		}
	}
	return err
}
