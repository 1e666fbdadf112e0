package auth

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Role is what a person is here. Each gives some actions in the areas that the
// person's claims name; grants add to them.
type Role string

const (
	Viewer        Role = "viewer"
	Supervisor    Role = "supervisor"
	Administrator Role = "administrator"
	Auditor       Role = "auditor"
)

// gives says what a role may do in its holder's claimed areas, to every kind of
// camera but Household. An administrator sees the cameras that they set up; an
// auditor sees no picture.
var gives = map[Role][]Action{
	Viewer:        {View},
	Supervisor:    {View, Lookback, Export, PTZ, Supervise, ShareOut},
	Administrator: {View, PTZ, Administer},
	Auditor:       {Audit},
}

// keeps is what a role may do to citizens' own cameras there: somebody has to set
// them up, without a look at their pictures.
var keeps = map[Role][]Action{Administrator: {Administer}}

// Bounds of what a provider may claim of a person.
const (
	MaxPeople = 100_000
	maxClaims = 1000 // groups, areas, and values that were mapped, of each
	maxID     = 64   // bytes of an area's or a camera's identifier
	maxName   = 256  // bytes of any other name
	maxNumber = 64   // bytes of a person's number
	maxReason = 1000 // bytes
)

var (
	// ErrBlocked is the answer to a sign-in of a person who is blocked here.
	ErrBlocked = errors.New("this person is blocked: an administrator can lift it")
	// ErrNoRole is the answer to a sign-in of a person whose claims map to no
	// role.
	ErrNoRole = errors.New("no role is mapped to this person's claims: an administrator can see why")
)

// Claims are what a provider says of a person, as the configuration's rules map
// it.
type Claims struct {
	Issuer  string   `json:"issuer"`
	Subject string   `json:"subject"`
	Name    string   `json:"name"`
	Number  string   `json:"number,omitempty"` // the provider's preferred_username
	Roles   []Role   `json:"roles"`
	Groups  []string `json:"groups,omitempty"`
	Areas   []string `json:"areas,omitempty"`
	Mapped  []Mapped `json:"mapped,omitempty"` // why; for Explain only
}

// Mapped is one claim's value and what a rule made of it.
type Mapped struct {
	Claim string `json:"claim"` // JSON Pointer
	Value string `json:"value"`
	Rule  string `json:"rule,omitempty"` // as the configuration has it; "": no rule matched
	Role  Role   `json:"role,omitempty"`
	Area  string `json:"area,omitempty"`
}

// Person is somebody who has signed in at least once, with the claims of the
// last time.
type Person struct {
	Claims
	Blocked     bool      `json:"blocked,omitempty"` // here; wins over every claim and grant
	BlockedBy   string    `json:"blocked_by,omitempty"`
	BlockReason string    `json:"block_reason,omitempty"`
	Seen        time.Time `json:"seen"`
}

// PersonKey is the key of the person whom an issuer knows as subject. It is a
// digest: neither an e-mail address nor a login name, which change hands, and
// of letters, digits, '-' and '_' only.
func PersonKey(issuer, subject string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %s", len(issuer), issuer, subject))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// welcome says whether a person may hold a session.
func (p *Person) welcome() error {
	switch {
	case p.Blocked:
		return ErrBlocked
	case !slices.ContainsFunc(p.Roles, Role.known):
		return ErrNoRole
	}
	return nil
}

func (r Role) known() bool { return gives[r] != nil }

// clean bounds claims and takes from them what no rule can mean. Too much is an
// error and not cut off: half of the groups could be the wrong half.
func (c Claims) clean() (Claims, error) {
	switch {
	case c.Issuer == "" || len(c.Issuer) > maxName || c.Subject == "" || len(c.Subject) > maxName:
		return Claims{}, fmt.Errorf("%w: the provider gave no issuer and subject of at most %d bytes", ErrFaulty, maxName)
	case len(c.Groups) > maxClaims || len(c.Areas) > maxClaims || len(c.Mapped) > maxClaims || len(c.Roles) > maxClaims:
		return Claims{}, fmt.Errorf("%w: the provider claims more than %d groups or areas: let it claim only those that concern cameras", ErrFaulty, maxClaims)
	}
	c.Name, c.Number = cleanText(c.Name, maxName), cleanText(c.Number, maxNumber)
	c.Roles = tidy(c.Roles, func(r Role) bool { return r.known() })
	c.Groups = tidy(c.Groups, func(g string) bool { return g != "" && len(g) <= maxName })
	c.Areas = tidy(c.Areas, func(a string) bool { return a != "" && len(a) <= maxID })
	c.Mapped = slices.Clone(c.Mapped)
	for i := range c.Mapped {
		m := &c.Mapped[i]
		m.Claim, m.Value, m.Rule, m.Area = cleanText(m.Claim, maxName), cleanText(m.Value, maxName), cleanText(m.Rule, maxName), cleanText(m.Area, maxID)
		if !m.Role.known() {
			m.Role = ""
		}
	}
	return c, nil
}

// tidy are the wanted values, sorted, each once.
func tidy[T ~string](values []T, wanted func(T) bool) []T {
	out := make([]T, 0, len(values))
	for _, v := range values {
		if wanted(v) {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// cleanText is s without what would break a line of a log or a screen, cut to
// so many bytes between two letters.
func cleanText(s string, most int) string {
	s = strings.ToValidUTF8(s, "")
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) {
			return -1
		}
		return r
	}, s)
	for len(s) > most {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	return strings.TrimSpace(s)
}
