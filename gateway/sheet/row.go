package sheet

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"matthan/gateway"
)

// row is what a file says of one camera.
type row struct {
	number int // of the sheet's row, or of the line
	lines  map[field]int
	places *[fields]place
	in     *reader

	said [fields]bool // whether the file speaks of the field
	text [fields]string

	clean [2]string        // main and sub without login
	found [2]gateway.Login // that stood in them
	wrong [2]Code          // with them

	kind                     gateway.Kind
	position                 *gateway.Position
	transport                gateway.Transport
	warm, certificate, sound bool
	marked                   bool

	device      string // where it is asked in ONVIF
	deviceWrong Code   // with it
	ptz         bool

	masks []gateway.Mask

	refused  bool
	problems []Message
	warnings []Message

	area   gateway.AreaID // "" where it has none, or a wrong one
	known  *gateway.Camera
	result gateway.Camera
	fields []string // that change
}

// at is a message about a field.
func (r *row) at(f field, code Code, params ...string) Message {
	m := Message{Row: r.number, Column: r.places[f].column, Letter: r.places[f].letter, Code: code, Params: params}
	if line, ok := r.lines[f]; ok {
		m.Row = line
	}
	return m
}

func (r *row) add(m Message) {
	r.refused = true
	if r.in.note() {
		r.problems = append(r.problems, m)
	}
}

func (r *row) fail(f field, code Code, params ...string) { r.add(r.at(f, code, params...)) }

func (r *row) warn(f field, code Code, params ...string) {
	r.warnings = append(r.warnings, r.at(f, code, params...))
}

// given says whether the file holds something for the field.
func (r *row) given(f field) bool { return r.text[f] != "" }

// parse reads the texts that mean the same for every camera. No message quotes
// them: where columns have slipped, any of them may be a password.
func (r *row) parse() {
	if id := r.text[idField]; id != "" && !goodID(id) {
		r.fail(idField, IDBad)
		r.text[idField] = ""
	}
	r.text[nameField] = clean(r.text[nameField])
	r.parseKind()
	r.parseTransport()
	r.parsePosition()
	for i, f := range [...]field{mainField, subField} {
		if r.given(f) {
			r.clean[i], r.found[i], r.wrong[i] = parseAddress(r.text[f])
		}
	}
	r.warm = r.boolean(warmField)
	r.certificate = r.boolean(certificateField)
	r.sound = r.boolean(soundField)
	r.marked = r.boolean(markedField)
	r.ptz = r.boolean(ptzField)
	if r.given(onvifField) {
		r.device, r.deviceWrong = parseDevice(r.text[onvifField])
	}
}

func (r *row) parseKind() {
	if !r.given(kindField) {
		return
	}
	kind, ok := kinds[foldHeader(r.text[kindField])]
	if !ok {
		r.fail(kindField, KindUnknown)
	}
	r.kind = kind
}

var kinds = map[string]gateway.Kind{
	"public": gateway.Public, "cong cong": gateway.Public, "noi cong cong": gateway.Public, "duong pho": gateway.Public,
	"household": gateway.Household, "ho dan": gateway.Household, "ho gia dinh": gateway.Household, "nha dan": gateway.Household,
	"office": gateway.Office, "co quan": gateway.Office, "tru so": gateway.Office, "uy ban": gateway.Office, "cong so": gateway.Office,
	"institution": gateway.Institution, "to chuc": gateway.Institution, "truong hoc": gateway.Institution, "school": gateway.Institution,
	"truong": gateway.Institution, "doanh nghiep": gateway.Institution, "cong ty": gateway.Institution, "company": gateway.Institution,
	"ky tuc xa": gateway.Institution, "co so": gateway.Institution, "don vi": gateway.Institution,
}

func (r *row) parseTransport() {
	switch foldHeader(r.text[transportField]) {
	case "":
		if r.given(transportField) {
			r.fail(transportField, TransportUnknown)
		}
		r.transport = gateway.Auto
	case "auto", "tu dong":
		r.transport = gateway.Auto
	case "tcp":
		r.transport = gateway.TCP
	case "udp":
		r.transport = gateway.UDP
	default:
		r.fail(transportField, TransportUnknown)
	}
}

func (r *row) boolean(f field) bool {
	switch foldHeader(r.text[f]) {
	case "true", "yes", "y", "co", "x", "1", "dung", "bat":
		return true
	case "false", "no", "n", "khong", "0", "sai", "tat":
		return false
	}
	if r.given(f) {
		r.fail(f, BoolUnknown)
	}
	return false
}

func (r *row) parsePosition() {
	lat, lng := r.given(latField), r.given(lngField)
	switch {
	case !lat && !lng:
		return
	case !lat:
		r.fail(latField, PositionHalf)
		return
	case !lng:
		r.fail(lngField, PositionHalf)
		return
	}
	north, okLat := r.degrees(latField, 90)
	east, okLng := r.degrees(lngField, 180)
	if okLat && okLng {
		r.position = &gateway.Position{Lat: north, Lng: east}
	}
}

// degrees takes a decimal comma too, as Excel writes it in Vietnamese.
func (r *row) degrees(f field, most float64) (float64, bool) {
	text := r.text[f]
	if strings.Count(text, ",") == 1 && !strings.Contains(text, ".") {
		text = strings.Replace(text, ",", ".", 1)
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(n) || math.Abs(n) > most || strings.ContainsAny(text, "xXpP_") {
		r.fail(f, PositionNumber, number(int(most)))
		return 0, false
	}
	return n, true
}

// nameProblem is gateway's rule for names, and that none is an address, in
// which a login may stand; "" for a good one.
func nameProblem(name string) Code {
	switch {
	case name == "":
		return NameMissing
	case len(name) > gateway.MaxName:
		return NameLong
	case !utf8.ValidString(name) || strings.ContainsRune(name, utf8.RuneError) || strings.ContainsFunc(name, unicode.IsControl):
		return NameControl
	case strings.Contains(name, "://"):
		return NameAddress
	}
	return ""
}
