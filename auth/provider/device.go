package provider

import (
	"net/http"
	"slices"
	"strings"
)

// deviceCookie remembers, for a year, whether this browser has used a passkey
// here and for whom it was offered one. It opens nothing.
const (
	deviceCookie = "__Host-matthan-device"
	deviceLife   = 365 * 24 * 60 * 60 // seconds
	maxOffered   = 16                 // people of one browser; the oldest is forgotten
	hasUsed      = "used"
)

// deviceMarks are what a browser's cookie remembers.
func deviceMarks(r *http.Request) []string {
	c, err := r.Cookie(deviceCookie)
	if err != nil || c.Value == "" || len(c.Value) > 512 {
		return nil
	}
	return strings.Split(c.Value, ".")
}

// knowsPasskeys says whether this browser has used a passkey here.
func knowsPasskeys(r *http.Request) bool { return slices.Contains(deviceMarks(r), hasUsed) }

// mayOffer says whether a passkey is to be offered after a password.
func (p *Provider) mayOffer(r *http.Request, a Account) bool {
	return p.passkeys.on() && len(a.Passkeys) < maxPasskeys && !slices.Contains(deviceMarks(r), personMark(a.Subject))
}

func personMark(subject string) string { return digest(subject)[:12] }

// markDevice remembers that a person was offered a passkey, and perhaps used
// one.
func markDevice(w http.ResponseWriter, r *http.Request, subject string, used bool) {
	old := deviceMarks(r)
	used = used || slices.Contains(old, hasUsed)
	old = slices.DeleteFunc(old, func(m string) bool { return m == hasUsed || m == personMark(subject) || len(m) != 12 })
	marks := append(old, personMark(subject))
	if over := len(marks) - maxOffered; over > 0 {
		marks = marks[over:]
	}
	if used {
		marks = append(marks, hasUsed)
	}
	setCookie(w, deviceCookie, strings.Join(marks, "."), deviceLife)
}
