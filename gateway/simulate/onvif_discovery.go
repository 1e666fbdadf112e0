package simulate

import (
	"cmp"
	"crypto/rand"
	"encoding/xml"
	"fmt"
	"net/url"
	"strings"
)

// probe is a WS-Discovery probe (section 5.2), as far as the device looks at it.
type probe struct {
	MessageID string `xml:"Header>MessageID"`
	Body      struct {
		Probe *struct{ Types, Scopes string }
	}
}

// answerProbes answers probes until the socket is closed.
func (d *ONVIF) answerProbes() {
	buffer := make([]byte, maxSOAP)
	for {
		n, from, err := d.udp.ReadFromUDPAddrPort(buffer)
		if err != nil {
			return
		}
		var is probe
		if xml.Unmarshal(buffer[:n], &is) == nil && d.matches(is) {
			_, _ = d.udp.WriteToUDPAddrPort([]byte(d.match(is.MessageID)), from) // who asked may be gone
		}
	}
}

// scopes are what the device says of itself to everybody.
func (d *ONVIF) scopes() []string {
	const base = "onvif://www.onvif.org/"
	out := []string{base + "type/video_encoder", base + "Profile/Streaming", base + "hardware/" + url.PathEscape(cmp.Or(d.options.Model, "Simulated")),
		base + "name/" + url.PathEscape(cmp.Or(d.options.Maker, "Matthan")), base + "location/" + url.PathEscape(cmp.Or(d.options.Place, "Hoa Ban"))}
	if d.options.PTZ {
		out = append(out, base+"type/ptz")
	}
	return out
}

func (d *ONVIF) matches(p probe) bool {
	if p.Body.Probe == nil {
		return false
	}
	for t := range strings.FieldsSeq(p.Body.Probe.Types) {
		_, local, _ := strings.Cut(t, ":")
		if local != "NetworkVideoTransmitter" && local != "Device" {
			return false
		}
	}
	for wanted := range strings.FieldsSeq(p.Body.Probe.Scopes) {
		found := false
		for _, s := range d.scopes() {
			found = found || s == wanted || strings.HasPrefix(s, wanted+"/")
		}
		if !found {
			return false
		}
	}
	return true
}

func (d *ONVIF) match(relatesTo string) string {
	var id [16]byte
	rand.Read(id[:])
	return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" `+
		`xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" `+
		`xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><e:Header><w:MessageID>uuid:%x-%x-%x-%x-%x</w:MessageID>%s`+
		`<w:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</w:To>`+
		`<w:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</w:Action></e:Header><e:Body><d:ProbeMatches><d:ProbeMatch>`+
		`<w:EndpointReference>%s</w:EndpointReference><d:Types>dn:NetworkVideoTransmitter</d:Types>%s%s<d:MetadataVersion>1</d:MetadataVersion>`+
		`</d:ProbeMatch></d:ProbeMatches></e:Body></e:Envelope>`,
		id[:4], id[4:6], id[6:8], id[8:10], id[10:], tag("w:RelatesTo", relatesTo),
		tag("w:Address", d.options.Identity), tag("d:Scopes", strings.Join(d.scopes(), " ")), tag("d:XAddrs", d.URL()))
}
