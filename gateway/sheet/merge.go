package sheet

import (
	"cmp"
	"strings"
	"unicode"

	"matthan/gateway"
)

// merge makes the camera that the row asks for of the one that is known.
func (r *row) merge() {
	c := gateway.Camera{Transport: gateway.Auto}
	if r.known != nil {
		c = *r.known
	}
	r.mergeName(&c)
	if c.Area = cmp.Or(r.area, c.Area); c.Area == "" && !r.said[areaField] && !r.said[areaIDField] {
		r.fail(areaField, AreaMissing)
	}
	if r.said[kindField] || r.known == nil {
		if c.Kind = r.kind; !r.given(kindField) {
			r.fail(kindField, KindMissing)
		}
		if r.known != nil && r.known.Kind == gateway.Household && c.Kind != gateway.Household && r.given(kindField) {
			r.fail(kindField, KindStays) // its owner agreed to nothing else
		}
	}
	r.mergeAddress(&c.Main, 0, mainField)
	r.mergeAddress(&c.Sub, 1, subField)
	r.mergeONVIF(&c)
	r.mergeLogin(&c)
	if r.said[latField] && r.said[lngField] && !samePosition(c.Position, r.position) {
		c.Position = r.position
	}
	if r.said[transportField] && (c.Transport != "" || r.transport != gateway.Auto) {
		c.Transport = r.transport
	}
	if r.said[warmField] {
		c.KeepWarm = r.warm
	}
	if c.KeepWarm && c.Kind == gateway.Household {
		r.fail(warmField, WarmHousehold)
	}
	if r.said[certificateField] {
		c.AnyCertificate = r.certificate
	}
	r.mergeMasks(&c)
	if r.said[soundField] {
		c.Sound = r.sound
	}
	if r.said[markedField] {
		c.Marked = r.marked
	}
	if c.Sound && c.Kind == gateway.Household {
		r.fail(soundField, SoundHousehold)
	}
	r.result = c
	r.fields = changes(r.known, &c)
}

// mergeMasks takes masks that hide more. What is hidden is shown again by nobody's
// old file: only on the camera's page, where it is seen what that is.
func (r *row) mergeMasks(c *gateway.Camera) {
	switch {
	case !r.said[masksField]:
	case gateway.Lifts(c.Masks, r.masks):
		r.fail(masksField, MasksLifted)
	default:
		c.Masks = r.masks
	}
}

func (r *row) mergeName(c *gateway.Camera) {
	name := r.text[nameField]
	if r.known != nil && (!r.said[nameField] || clean(c.Name) == name) {
		return
	}
	if code := nameProblem(name); code != "" {
		r.fail(nameField, code, number(gateway.MaxName))
	}
	c.Name = name
}

func (r *row) mergeAddress(address *string, i int, f field) {
	text, before := r.text[f], asWritten(*address)
	switch {
	case !r.said[f] && (r.known != nil || f == subField):
	case text == "" && f == mainField:
		r.fail(f, MainMissing)
	case text == "":
		*address = ""
	case text == before || text == withoutSecret(before):
	case strings.Contains(text, hidden):
		r.fail(f, AddressHidden)
	case r.wrong[i] != "":
		r.fail(f, r.wrong[i], number(maxAddress))
	default:
		*address = r.clean[i]
	}
}

// mergeLogin decides the camera's account. A password that is kept is sent
// only where it was sent before: whoever may import must not be able to have
// it sent to a machine of theirs.
func (r *row) mergeLogin(c *gateway.Camera) {
	user, password := r.text[userField], r.text[passwordField]
	said, moved := r.said[userField], false
	for i, f := range [...]field{mainField, subField} {
		l := r.found[i]
		if l == (gateway.Login{}) {
			continue
		}
		if l.User != "" && user != "" && l.User != user || l.Password != "" && password != "" && l.Password.Reveal() != password {
			r.fail(f, LoginConflict)
			return
		}
		if l.User != "" {
			user = l.User
		}
		if l.Password != "" {
			password = l.Password.Reveal()
		}
		said, moved = true, true
		r.warn(f, LoginMoved)
	}
	before := c.Login
	if !said || user == asWritten(before.User) {
		user = before.User
	}
	switch {
	case password != "" && user == "" && !moved:
		r.fail(userField, UserMissing)
	case password == "" && before.Password != "" && user == before.User && r.sameDoors(c):
	case password == "" && before.Password != "" && user != "", password == "" && before.Password != "" && before.User == "":
		r.fail(passwordField, PasswordAgain)
	case user != before.User && strings.ContainsFunc(user, unicode.IsControl):
		r.fail(userField, UserControl)
	case strings.ContainsFunc(password, unicode.IsControl):
		r.fail(passwordField, PasswordControl)
	default:
		c.Login = gateway.Login{User: user, Password: gateway.Secret(password)}
	}
}

// sameDoors says whether the camera's login goes only where it went before.
func (r *row) sameDoors(c *gateway.Camera) bool {
	if r.known == nil || c.Main != r.known.Main || !r.sameDevice(c) {
		return false
	}
	return c.Sub == "" || c.Sub == r.known.Sub || sameHost(c.Sub, c.Main) || sameHost(c.Sub, r.known.Sub)
}

func samePosition(a, b *gateway.Position) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// changes names the fields in which two cameras differ; nil for a new one.
func changes(before, after *gateway.Camera) []string {
	if before == nil {
		return nil
	}
	var list []string
	note := func(name string, changed bool) {
		if changed {
			list = append(list, name)
		}
	}
	note("name", before.Name != after.Name)
	note("area", before.Area != after.Area)
	note("kind", before.Kind != after.Kind)
	note("main", before.Main != after.Main)
	note("sub", before.Sub != after.Sub)
	note("user", before.Login.User != after.Login.User)
	note("password", before.Login.Password != after.Login.Password)
	note("position", !samePosition(before.Position, after.Position))
	note("transport", before.Transport != after.Transport)
	note("keep_warm", before.KeepWarm != after.KeepWarm)
	note("any_certificate", before.AnyCertificate != after.AnyCertificate)
	note("sound", before.Sound != after.Sound)
	note("marked", before.Marked != after.Marked)
	note("onvif", before.ONVIF != after.ONVIF)
	note("masks", !gateway.SameMasks(*before, *after))
	return list
}
