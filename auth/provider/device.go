package provider

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// deviceCookie remembers for a year whether a browser has used a passkey here,
// and of each person who signed in there what they were offered and told. It
// opens nothing.
const (
	deviceCookie = "__Host-matthan-device"
	deviceLife   = 365 * 24 * 60 * 60 // seconds
	maxPeople    = 16                 // of one browser; the one longest away is forgotten
	hasUsed      = "used"
	personBytes  = 12
)

// device is what a browser's cookie remembers.
type device struct {
	used   bool // a passkey
	people []person
}

// person is one who signed in there.
type person struct {
	mark    string // of the subject, shortened
	told    int64  // Unix time up to which they were told of changes of their passkeys
	offered bool   // a passkey
}

func deviceOf(r *http.Request) (d device) {
	c, err := r.Cookie(deviceCookie)
	if err != nil || len(c.Value) > 1024 {
		return device{}
	}
	for part := range strings.SplitSeq(c.Value, ".") {
		if part == hasUsed {
			d.used = true
			continue
		}
		mark, rest, ok := strings.Cut(part, "-")
		seconds, offered := strings.CutSuffix(rest, "o")
		told, err := strconv.ParseInt(seconds, 10, 64)
		if ok && err == nil && len(mark) == personBytes && len(d.people) < maxPeople {
			d.people = append(d.people, person{mark, told, offered})
		}
	}
	return d
}

func (d device) keep(w http.ResponseWriter) {
	var parts []string
	if d.used {
		parts = append(parts, hasUsed)
	}
	for _, p := range d.people {
		part := p.mark + "-" + strconv.FormatInt(p.told, 10)
		if p.offered {
			part += "o"
		}
		parts = append(parts, part)
	}
	setCookie(w, deviceCookie, strings.Join(parts, "."), deviceLife)
}

func personMark(subject string) string { return digest(subject)[:personBytes] }

// person finds somebody who has signed in there before.
func (d device) person(subject string) (person, bool) {
	i := slices.IndexFunc(d.people, func(p person) bool { return p.mark == personMark(subject) })
	if i < 0 {
		return person{mark: personMark(subject)}, false
	}
	return d.people[i], true
}

// with is the device after p was there.
func (d device) with(p person) device {
	people := slices.DeleteFunc(slices.Clone(d.people), func(o person) bool { return o.mark == p.mark })
	if over := len(people) - maxPeople + 1; over > 0 {
		people = people[over:]
	}
	d.people = append(people, p)
	return d
}

// markTold remembers that a person sees what happened to their passkeys.
func markTold(w http.ResponseWriter, r *http.Request, subject string, used bool) {
	d := deviceOf(r)
	d.used = d.used || used
	p, _ := d.person(subject)
	p.told = time.Now().Unix()
	d.with(p).keep(w)
}

// news is what happened to an account's passkeys since its owner was told on
// this device; nothing on a new one. A thief who signs in elsewhere is told too,
// but cannot make the owner's device forget.
func (d device) news(a Account) (out []Note) {
	p, known := d.person(a.Subject)
	if !known {
		return nil
	}
	for _, n := range a.Notes {
		if n.At.Unix() > p.told {
			out = append(out, n)
		}
	}
	return out
}

// mayOffer says whether a passkey is to be offered after a password.
func (p *Provider) mayOffer(d device, a Account) bool {
	there, _ := d.person(a.Subject)
	return p.passkeys.on() && len(a.Passkeys) < maxPasskeys && !there.offered
}
