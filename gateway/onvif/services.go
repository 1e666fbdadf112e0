package onvif

import (
	"context"
	"errors"
	"net/url"

	"matthan/gateway"
)

// Namespaces of the services, which are also their names in GetServices.
const (
	deviceSpace  = "http://www.onvif.org/ver10/device/wsdl"
	mediaSpace   = "http://www.onvif.org/ver10/media/wsdl"
	media2Space  = "http://www.onvif.org/ver20/media/wsdl"
	ptzSpace     = "http://www.onvif.org/ver20/ptz/wsdl"
	imagingSpace = "http://www.onvif.org/ver20/imaging/wsdl"
	schemaSpace  = "http://www.onvif.org/ver10/schema"
)

// services are the addresses of a device's services; nil: it has no such one.
type services struct{ media, media2, ptz, imaging *url.URL }

// Services says which services a device has.
type Services struct{ Media, Media2, PTZ, Imaging bool }

// Services asks for the device's services, once.
func (d *Device) Services(ctx context.Context) (Services, error) {
	s, err := d.services(ctx)
	if err != nil {
		return Services{}, err
	}
	return Services{Media: s.media != nil, Media2: s.media2 != nil, PTZ: s.ptz != nil, Imaging: s.imaging != nil}, nil
}

func (d *Device) services(ctx context.Context) (*services, error) {
	d.mu.Lock()
	known := d.known
	d.mu.Unlock()
	if known != nil {
		return known, nil
	}
	s := &services{}
	answer, err := d.ask(ctx, d.at, request{space: deviceSpace, name: "GetServices",
		body: "<IncludeCapability>false</IncludeCapability>"})
	if err == nil {
		s.list(answer, d.at)
	} else if !unknown(err) {
		return nil, err
	}
	// Old devices have GetCapabilities only, and some name in one what they leave out in the other.
	if s.media == nil || s.ptz == nil {
		answer, err := d.ask(ctx, d.at, request{space: deviceSpace, name: "GetCapabilities", body: "<Category>All</Category>"})
		if err == nil {
			s.capabilities(answer, d.at)
		} else if s.media == nil && s.media2 == nil {
			return nil, err
		}
	}
	if s.media == nil && s.media2 == nil {
		return nil, gateway.Fail(gateway.CauseNoVideo, errors.New("the device has no media service"))
	}
	d.mu.Lock()
	d.known = s
	d.mu.Unlock()
	return s, nil
}

// list reads an answer to GetServices.
func (s *services) list(answer *element, dialled *url.URL) {
	for _, one := range answer.all("Service") {
		at := one.at("XAddr").text
		if at == "" {
			continue
		}
		switch one.at("Namespace").text {
		case mediaSpace:
			s.media = near(at, dialled)
		case media2Space:
			s.media2 = near(at, dialled)
		case ptzSpace:
			s.ptz = near(at, dialled)
		case imagingSpace:
			s.imaging = near(at, dialled)
		}
	}
}

// capabilities reads an answer to GetCapabilities.
func (s *services) capabilities(answer *element, dialled *url.URL) {
	for name, to := range map[string]**url.URL{"Media": &s.media, "PTZ": &s.ptz, "Imaging": &s.imaging} {
		if at := answer.at("Capabilities", name, "XAddr").text; at != "" && *to == nil {
			*to = near(at, dialled)
		}
	}
	if at := answer.at("Capabilities", "Extension", "Media2", "XAddr").text; at != "" && s.media2 == nil {
		s.media2 = near(at, dialled)
	}
}
