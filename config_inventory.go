package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/rtsp"
)

// lines says where each field of one entry stands; "" is the entry itself.
type lines map[string]int

func (l lines) of(field string) int {
	if line, ok := l[field]; ok {
		return line
	}
	return l[""]
}

// entry reads one mapping of a list and remembers where its fields stand.
func (r *reader) entry(n *yaml.Node, what string, known fields) lines {
	where := lines{"": n.Line}
	noted := make(fields, len(known))
	for key, do := range known {
		noted[key] = func(n *yaml.Node) { where[key] = n.Line; do(n) }
	}
	if isNull(resolve(n)) {
		r.fail(n, "%s is empty: fill it in, or remove it", what)
	}
	r.object(n, what, noted)
	return where
}

// inventoryReader collects areas and cameras, to be checked as a whole.
type inventoryReader struct {
	areas       []gateway.Area
	cameras     []gateway.Camera
	areaLines   []lines
	cameraLines []lines
}

func (in *inventoryReader) area(r *reader) func(int, *yaml.Node) {
	return func(_ int, n *yaml.Node) {
		var id, name, parent string
		where := r.entry(n, "an area", fields{"id": r.textField(&id), "name": r.textField(&name), "parent": r.textField(&parent)})
		in.areas = append(in.areas, gateway.Area{ID: gateway.AreaID(id), Name: name, Parent: gateway.AreaID(parent)})
		in.areaLines = append(in.areaLines, where)
	}
}

func (in *inventoryReader) camera(r *reader) func(int, *yaml.Node) {
	return func(_ int, n *yaml.Node) {
		var c gateway.Camera
		var id, area, kind, transport string
		var logins []foundLogin
		address := func(field string, dst *string) func(*yaml.Node) {
			return func(n *yaml.Node) {
				var raw string
				if !r.text(&raw)(n) {
					return
				}
				clean, login, err := rtsp.ParseURL(raw)
				if err != nil {
					r.fail(n, "%s: %v", field, err)
					*dst = "rtsp://invalid/" // told once is enough
					return
				}
				if *dst = clean; login != (gateway.Login{}) {
					logins = append(logins, foundLogin{field, n.Line, login})
				}
			}
		}
		where := r.entry(n, "a camera", fields{
			"id": r.textField(&id), "name": r.textField(&c.Name), "area": r.textField(&area), "kind": r.textField(&kind),
			"position":        func(n *yaml.Node) { c.Position = r.position(n) },
			"main":            address("main", &c.Main),
			"sub":             address("sub", &c.Sub),
			"login":           func(n *yaml.Node) { c.Login = r.login(n) },
			"transport":       r.textField(&transport),
			"keep_warm":       r.boolean(&c.KeepWarm),
			"any_certificate": r.boolean(&c.AnyCertificate),
			"masks":           func(n *yaml.Node) { c.Masks = r.masks(n) },
			"sound":           r.boolean(&c.Sound),
			"marked":          r.boolean(&c.Marked),
			"onvif": func(n *yaml.Node) {
				r.object(n, "onvif", fields{"address": r.textField(&c.ONVIF.Address), "identity": r.textField(&c.ONVIF.Identity), "profile": r.textField(&c.ONVIF.Profile),
					"ptz": r.boolean(&c.ONVIF.PTZ)})
			},
		})
		c.ID, c.Area, c.Kind, c.Transport = gateway.CameraID(id), gateway.AreaID(area), gateway.Kind(kind), gateway.Transport(transport)
		r.moveLogins(&c, logins)
		in.cameras = append(in.cameras, c)
		in.cameraLines = append(in.cameraLines, where)
	}
}

// foundLogin is a login that stood in an address.
type foundLogin struct {
	field string
	line  int
	login gateway.Login
}

// moveLogins gives the camera the login that its addresses held, when it has
// no other.
func (r *reader) moveLogins(c *gateway.Camera, found []foundLogin) {
	for _, f := range found {
		if c.Login != (gateway.Login{}) && c.Login != f.login {
			r.failAt(f.line, "%s of camera %q holds another login than the rest of its entry: write the address without one, and the account once under login", f.field, shorten(string(c.ID)))
			continue
		}
		c.Login = f.login
		r.warnAt(f.line, "%s of camera %q holds a login, which was taken out of the address: better write it under login, with the password in a file of its own (password_file)", f.field, shorten(string(c.ID)))
	}
}

func (r *reader) position(n *yaml.Node) *gateway.Position {
	var p []float64
	if m := resolve(n); m.Kind != yaml.SequenceNode || len(m.Content) != 2 || m.Decode(&p) != nil || len(p) != 2 {
		r.fail(n, "position must be [latitude, longitude] in degrees, such as [21.0126, 105.8169]")
		return nil
	}
	return &gateway.Position{Lat: p[0], Lng: p[1]}
}

// masks reads polygons; how many points they have and where, the inventory checks.
func (r *reader) masks(n *yaml.Node) []gateway.Mask {
	const want = "masks must be a list of areas, each a list of its corners, such as [[0, 0], [0.4, 0], [0, 0.5]], from [0, 0] at the upper left to [1, 1]"
	list := resolve(n)
	if list.Kind != yaml.SequenceNode || len(list.Content) == 0 || len(list.Content) > gateway.MaxMasks {
		r.fail(n, "%s; at most %d, and none at all where nothing is to be hidden", want, gateway.MaxMasks)
		return nil
	}
	var masks []gateway.Mask
	for _, m := range list.Content {
		var mask gateway.Mask
		line := resolve(m)
		if line.Kind != yaml.SequenceNode || len(line.Content) > gateway.MaxMaskPoints {
			r.fail(m, "%s", want)
			return nil
		}
		for _, point := range line.Content {
			var at []float64
			if p := resolve(point); p.Kind != yaml.SequenceNode || len(p.Content) != 2 || p.Decode(&at) != nil || len(at) != 2 {
				r.fail(point, "%s", want)
				return nil
			}
			mask = append(mask, gateway.Point{X: at[0], Y: at[1]})
		}
		masks = append(masks, mask)
	}
	return masks
}

func (r *reader) login(n *yaml.Node) gateway.Login {
	var l gateway.Login
	var file string
	r.object(n, "login", fields{
		"user": r.textField(&l.User),
		"password_file": func(n *yaml.Node) {
			if r.path(&file)(n); file != "" {
				l.Password = gateway.Secret(r.secret(n, file))
			}
		},
	})
	if l.User == "" {
		r.fail(n, "login needs a user")
	}
	return l
}

// secret reads a file that holds nothing but a secret, and perhaps a line end.
func (r *reader) secret(n *yaml.Node, file string) string {
	text, err := readBounded(file, maxSecret+2)
	if err != nil {
		r.fail(n, "the secret cannot be read: %v", err)
		return ""
	}
	if info, err := os.Stat(file); err == nil && info.Mode().Perm()&0o007 != 0 {
		r.warnAt(n.Line, "%s can be read by everybody on this machine: chmod 600 it", file)
	}
	s := strings.TrimRight(string(text), "\r\n")
	if s == "" {
		r.fail(n, "%s is empty: write the secret into it", file)
	}
	return s
}

// finish checks all entries together; nil where something is wrong.
func (in *inventoryReader) finish(r *reader) *gateway.List {
	list, err := gateway.NewList(in.areas, in.cameras)
	var problems gateway.Problems
	if errors.As(err, &problems) {
		for _, p := range problems {
			where := in.cameraLines
			if p.Area {
				where = in.areaLines
			}
			r.failAt(where[p.Index].of(p.Field), "%s", p.Text)
		}
		return nil
	}
	if err != nil {
		r.failAt(1, "%v", err)
		return nil
	}
	return list
}

// tokens checks them against the inventory, which is nil where it is wrong itself.
func (r *reader) tokens(n *yaml.Node, known *gateway.List) []auth.Token {
	var tokens []auth.Token
	r.list("tokens", auth.MaxTokens, func(_ int, n *yaml.Node) {
		var t auth.Token
		var file string
		where := r.entry(n, "a token", fields{
			"name":        r.textField(&t.Name),
			"secret_file": r.path(&file),
			"areas":       r.texts("areas", &t.Areas),
			"cameras":     r.texts("cameras", &t.Cameras),
			"kinds":       r.texts("kinds", &t.Kinds),
			"actions": r.list("actions", 16, func(_ int, n *yaml.Node) {
				var s string
				if !r.text(&s)(n) {
					return
				}
				if a := auth.Action(s); a == auth.View || a == auth.Administer {
					t.Actions = append(t.Actions, a)
				} else {
					r.fail(n, "an action of a token is view or administer")
				}
			}),
			"expires": func(n *yaml.Node) { t.Expires = r.expires(n) },
		})
		name := fmt.Sprintf("token %q", shorten(t.Name))
		if t.Name == "" {
			r.fail(n, "a token needs a name, for the log")
		}
		if slices.ContainsFunc(tokens, func(o auth.Token) bool { return o.Name == t.Name }) {
			r.failAt(where.of("name"), "%s is there twice: rename one", name)
		}
		if file == "" {
			r.fail(n, "%s needs a secret_file", name)
		} else if text := r.secret(n, file); text != "" {
			s, err := auth.NewSecret(text)
			if err != nil {
				r.failAt(where.of("secret_file"), "%s: %v", name, err)
			}
			t.Secret = s
		}
		r.covers(name, t, where, known)
		tokens = append(tokens, t)
	})(n)
	if len(r.problems) == 0 {
		if _, err := auth.NewPolicy(tokens); err != nil {
			r.fail(n, "%v", err)
		}
	}
	return tokens
}

// covers checks that what a token names is there.
func (r *reader) covers(name string, t auth.Token, where lines, known *gateway.List) {
	if len(t.Areas) == 0 && len(t.Cameras) == 0 {
		r.failAt(where[""], "%s may see nothing: give it areas ([all] for every one) or cameras", name)
	}
	for _, k := range t.Kinds {
		switch gateway.Kind(k) {
		case gateway.Public, gateway.Household, gateway.Office, gateway.Institution:
		default:
			r.failAt(where.of("kinds"), "%s: a kind is public, household, office or institution, not %q", name, shorten(k))
		}
	}
	if known == nil {
		return
	}
	for _, a := range t.Areas {
		if a != auth.AllAreas && gateway.AreaPath(known, gateway.AreaID(a)) == nil {
			r.warnAt(where.of("areas"), "%s: there is no area %q in this file; it counts as soon as the store has it", name, shorten(a))
		}
	}
	for _, c := range t.Cameras {
		if _, err := known.Camera(gateway.CameraID(c)); err != nil {
			r.warnAt(where.of("cameras"), "%s: there is no camera %q in this file; it counts as soon as the store has it", name, shorten(c))
		}
	}
}

func (r *reader) expires(n *yaml.Node) time.Time {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.ParseInLocation(layout, resolve(n).Value, time.Local); err == nil {
			return at
		}
	}
	r.fail(n, "expires must be a date or a time, such as 2027-01-31 or 2027-01-31T06:00:00+07:00")
	return time.Time{}
}
