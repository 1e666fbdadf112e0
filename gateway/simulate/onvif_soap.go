package simulate

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"html"
	"image"
	"image/jpeg"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Bounds and addresses of an ONVIF device.
const (
	maxSOAP    = 64 << 10 // bytes of a request
	devicePath = "/onvif/device_service"
	mediaPath  = "/onvif/media_service"
	media2Path = "/onvif/media2_service"
	ptzPath    = "/onvif/ptz_service"
)

// Namespaces of the services.
const (
	deviceSpace = "http://www.onvif.org/ver10/device/wsdl"
	mediaSpace  = "http://www.onvif.org/ver10/media/wsdl"
	media2Space = "http://www.onvif.org/ver20/media/wsdl"
	ptzSpace    = "http://www.onvif.org/ver20/ptz/wsdl"
)

// soapRequest is a request as far as the device looks at it.
type soapRequest struct {
	XMLName xml.Name      `xml:"http://www.w3.org/2003/05/soap-envelope Envelope"`
	Token   usernameToken `xml:"Header>Security>UsernameToken"`
	Body    struct {
		Operation operation `xml:",any"`
	} `xml:"Body"`
}

// operation is what is asked, with the arguments of all operations.
type operation struct {
	XMLName      xml.Name
	ProfileToken string
	PresetToken  string
	PresetName   string
	Velocity     speedArgument
	Position     speedArgument
	Translation  speedArgument
	Timeout      string
}

type speedArgument struct {
	PanTilt *struct {
		X float64 `xml:"x,attr"`
		Y float64 `xml:"y,attr"`
	}
	Zoom *struct {
		X float64 `xml:"x,attr"`
	}
}

// over is a with the axes that are named changed.
func (s speedArgument) over(a axes) axes {
	if s.PanTilt != nil {
		a[0], a[1] = s.PanTilt.X, s.PanTilt.Y
	}
	if s.Zoom != nil {
		a[2] = s.Zoom.X
	}
	for i := range a {
		if math.IsNaN(a[i]) {
			a[i] = 0
		}
	}
	return a
}

func (d *ONVIF) routes() http.Handler {
	mux := http.NewServeMux()
	service := func(path, space string, serve func(operation) string) {
		mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) { d.soap(w, r, space, serve) })
	}
	service(devicePath, deviceSpace, d.device)
	service(mediaPath, mediaSpace, d.media)
	if !d.options.Old {
		service(media2Path, media2Space, d.media2)
	}
	if d.options.PTZ {
		service(ptzPath, ptzSpace, d.ptz)
	}
	mux.HandleFunc("GET /snapshot/{channel}", d.snapshot)
	return mux
}

// soap answers a request to a service. serve gives the inside of the response,
// "" where it knows no such operation, and text that begins with "ter:" for a
// fault.
func (d *ONVIF) soap(w http.ResponseWriter, r *http.Request, space string, serve func(operation) string) {
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxSOAP))
	var is soapRequest
	if err == nil {
		err = xml.Unmarshal(b, &is)
	}
	op := is.Body.Operation
	switch {
	case err != nil:
		refuse(w, "s:Sender", "ter:WellFormed", "the request cannot be read")
	case op.XMLName.Space != space:
		refuse(w, "s:Sender", "ter:UnknownAction", "no operation of this service")
	case d.authorized(w, r, op.XMLName.Local, is.Token):
		switch inside := serve(op); {
		case inside == "":
			refuse(w, "s:Receiver", "ter:ActionNotSupported", "the operation is not there")
		case strings.HasPrefix(inside, "ter:"):
			refuse(w, "s:Sender", inside, "the argument is wrong")
		default:
			name := "x:" + op.XMLName.Local + "Response"
			envelope(w, http.StatusOK, "<"+name+` xmlns:x="`+space+`">`+inside+"</"+name+">")
		}
	}
}

func refuse(w http.ResponseWriter, code, subcode, reason string) {
	envelope(w, http.StatusBadRequest, `<s:Fault><s:Code><s:Value>`+code+`</s:Value><s:Subcode><s:Value>`+subcode+
		`</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en">`+reason+`</s:Text></s:Reason></s:Fault>`)
}

func envelope(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/soap+xml; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" `+
		`xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:ter="http://www.onvif.org/ver10/error"><s:Body>`+body+`</s:Body></s:Envelope>`) // the caller may be gone
}

// done is the inside of a response that holds nothing.
const done = " "

// device is the device service.
func (d *ONVIF) device(op operation) string {
	o := d.options
	switch op.XMLName.Local {
	case "GetSystemDateAndTime":
		return d.date()
	case "GetDeviceInformation":
		return tag("x:Manufacturer", cmp.Or(o.Maker, "Matthan")) + tag("x:Model", cmp.Or(o.Model, "Simulated")) +
			tag("x:FirmwareVersion", "1.0") + tag("x:SerialNumber", o.Identity[max(len(o.Identity)-12, 0):]) + tag("x:HardwareId", "1")
	case "GetEndpointReference":
		if o.Old {
			return ""
		}
		return tag("x:GUID", o.Identity)
	case "GetServices":
		if o.Old {
			return ""
		}
		out := ""
		for _, s := range d.services() {
			out += "<x:Service>" + tag("x:Namespace", s.space) + tag("x:XAddr", s.address) +
				"<x:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></x:Version></x:Service>"
		}
		return out
	case "GetCapabilities":
		out := ""
		for _, s := range d.services() {
			if s.old != "" {
				out += "<tt:" + s.old + ">" + tag("tt:XAddr", s.address) + "</tt:" + s.old + ">"
			}
		}
		return "<x:Capabilities>" + out + "</x:Capabilities>"
	}
	return ""
}

// soapService is one service with its name in GetCapabilities, if it has one.
type soapService struct{ space, old, address string }

func (d *ONVIF) services() []soapService {
	base := "http://" + d.host()
	out := []soapService{{deviceSpace, "Device", base + devicePath}, {mediaSpace, "Media", base + mediaPath}}
	if !d.options.Old {
		out = append(out, soapService{media2Space, "", base + media2Path})
	}
	if d.options.PTZ {
		out = append(out, soapService{ptzSpace, "PTZ", base + ptzPath})
	}
	return out
}

func (d *ONVIF) date() string {
	write := func(name string, t time.Time) string {
		return fmt.Sprintf("<tt:%s><tt:Time><tt:Hour>%d</tt:Hour><tt:Minute>%d</tt:Minute><tt:Second>%d</tt:Second></tt:Time>"+
			"<tt:Date><tt:Year>%d</tt:Year><tt:Month>%d</tt:Month><tt:Day>%d</tt:Day></tt:Date></tt:%s>",
			name, t.Hour(), t.Minute(), t.Second(), t.Year(), t.Month(), t.Day(), name)
	}
	now := d.clock().UTC()
	out := "<tt:DateTimeType>Manual</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings><tt:TimeZone><tt:TZ>ICT-7</tt:TZ></tt:TimeZone>"
	if !d.options.LocalOnly {
		out += write("UTCDateTime", now)
	}
	return "<x:SystemDateAndTime>" + out + write("LocalDateTime", now.Add(7*time.Hour)) + "</x:SystemDateAndTime>"
}

// media and media2 are the media services.
func (d *ONVIF) media(op operation) string {
	if op.XMLName.Local == "GetProfiles" {
		return d.profiles("VideoSourceConfiguration", "VideoEncoderConfiguration", "PTZConfiguration", "", "tt:Name")
	}
	return d.address(op, func(u string) string { return "<x:MediaUri>" + tag("tt:Uri", u) + "</x:MediaUri>" })
}

func (d *ONVIF) media2(op operation) string {
	if op.XMLName.Local == "GetProfiles" {
		return d.profiles("VideoSource", "VideoEncoder", "PTZ", "x:Configurations", "x:Name")
	}
	return d.address(op, func(u string) string { return tag("x:Uri", u) })
}

func (d *ONVIF) profiles(source, encoder, ptz, around, name string) (out string) {
	space := "tt:"
	if around != "" {
		space = "x:"
	}
	for i, c := range d.channels {
		for _, q := range []Quality{Main, Sub} {
			size := c.main
			if q == Sub {
				size = c.sub
			}
			inside := fmt.Sprintf(`<%[1]s%[2]s token="vsc%[3]d"><tt:Name>vsc%[3]d</tt:Name><tt:UseCount>2</tt:UseCount><tt:SourceToken>vs%[3]d</tt:SourceToken>`+
				`<tt:Bounds x="0" y="0" width="%[4]d" height="%[5]d"/></%[1]s%[2]s>`, space, source, i, c.main[0], c.main[1])
			inside += fmt.Sprintf(`<%[1]s%[2]s token="ve%[3]d%[4]s"><tt:Name>ve%[3]d%[4]s</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>H264</tt:Encoding>`+
				`<tt:Resolution><tt:Width>%[5]d</tt:Width><tt:Height>%[6]d</tt:Height></tt:Resolution><tt:RateControl><tt:FrameRateLimit>%[7]d</tt:FrameRateLimit>`+
				`<tt:BitrateLimit>4096</tt:BitrateLimit></tt:RateControl></%[1]s%[2]s>`, space, encoder, i, q, size[0], size[1], c.camera.FPS)
			if d.options.PTZ {
				inside += fmt.Sprintf(`<%[1]s%[2]s token="ptz%[3]d"><tt:Name>ptz%[3]d</tt:Name><tt:UseCount>2</tt:UseCount><tt:NodeToken>node%[3]d</tt:NodeToken></%[1]s%[2]s>`, space, ptz, i)
			}
			if around != "" {
				inside = "<" + around + ">" + inside + "</" + around + ">"
			}
			out += fmt.Sprintf(`<x:Profiles token="%s" fixed="true">%s%s</x:Profiles>`, profileToken(i, q), tag(name, c.camera.Name+" "+string(q)), inside)
		}
	}
	return out
}

func profileToken(channel int, q Quality) string { return fmt.Sprintf("profile%d%s", channel, q) }

// profile finds a channel by a profile's token.
func (d *ONVIF) profile(token string) (*channel, int, Quality) {
	for i, c := range d.channels {
		for _, q := range []Quality{Main, Sub} {
			if profileToken(i, q) == token {
				return c, i, q
			}
		}
	}
	return nil, 0, ""
}

// address answers what is asked of one profile.
func (d *ONVIF) address(op operation, write func(string) string) string {
	c, i, q := d.profile(op.ProfileToken)
	if c == nil {
		return "ter:InvalidArgVal"
	}
	switch op.XMLName.Local {
	case "GetStreamUri":
		return write(d.server.URL(c.camera.Index, q))
	case "GetSnapshotUri":
		return write("http://" + d.host() + "/snapshot/" + strconv.Itoa(i))
	case "SetSynchronizationPoint":
		c.mu.Lock()
		c.synced++
		c.mu.Unlock()
		// As by Silence(false): the camera goes on with a key picture.
		c.camera.position.Store(c.camera.rewound(c.camera.position.Load(), c.camera.next(time.Now().Add(-d.server.delayed()))))
		return done
	}
	return ""
}

// snapshot serves a still picture: an even grey one, for nobody decodes here.
func (d *ONVIF) snapshot(w http.ResponseWriter, r *http.Request) {
	i, err := strconv.Atoi(r.PathValue("channel"))
	if err != nil || i < 0 || i >= len(d.channels) {
		http.NotFound(w, r)
		return
	}
	picture := image.NewGray(image.Rect(0, 0, d.channels[i].sub[0], d.channels[i].sub[1]))
	for n := range picture.Pix {
		picture.Pix[n] = byte(64 + i)
	}
	w.Header().Set("Content-Type", "image/jpeg")
	_ = jpeg.Encode(w, picture, nil) // the caller may be gone
}

func tag(name, text string) string {
	return "<" + name + ">" + html.EscapeString(text) + "</" + name + ">"
}
