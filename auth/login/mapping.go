package login

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// ErrUndecidable says that the provider left out claims that the rules ask for,
// for their number: nobody can say which rights are among them. Entra ID does
// so above 200 groups.
var ErrUndecidable = errors.New("the provider left out claims that the rules need: let it send only the groups of this application, or app roles")

// Bounds of a mapping.
const (
	maxRules  = 200
	maxValues = 1000 // of one claim
	maxText   = 1024 // bytes of a value
	maxGiven  = 500  // roles, groups or areas of one person
)

// Rule turns the values of a claim into a role, a group or an area.
type Rule struct {
	// Claim is a JSON Pointer (RFC 6901), since claims' names hold dots, colons
	// and slashes: /realm_access/roles.
	Claim string
	// Keys takes the names of an object's members instead of its values, which
	// is how Zitadel sends roles.
	Keys bool
	// Match is a regular expression (RE2) that must match a whole value.
	Match string
	// Role, Group and Area are what it gives; $1 stands for Match's first group.
	Role, Group, Area string
}

// Embedded are the rules for the embedded provider, which sends rights as they
// are.
func Embedded() []Rule {
	return []Rule{
		{Claim: "/roles", Match: ".+", Role: "$0"},
		{Claim: "/groups", Match: ".+", Group: "$0"},
		{Claim: "/areas", Match: ".+", Area: "$0"},
	}
}

// Mapping is a checked list of rules.
type Mapping struct{ rules []rule }

type rule struct {
	Rule
	path  []string
	match *regexp.Regexp
}

// NewMapping checks rules.
func NewMapping(rules []Rule) (*Mapping, error) {
	if len(rules) == 0 || len(rules) > maxRules {
		return nil, fmt.Errorf("%d rules: there must be 1 to %d, or nobody has a role", len(rules), maxRules)
	}
	m := &Mapping{}
	for i, r := range rules {
		checked, err := r.compile()
		if err != nil {
			return nil, fmt.Errorf("rule %d: %w", i+1, err)
		}
		m.rules = append(m.rules, checked)
	}
	return m, nil
}

// Check says what is wrong with a rule.
func (r Rule) Check() error {
	_, err := r.compile()
	return err
}

func (r Rule) compile() (rule, error) {
	path, err := pointer(r.Claim)
	if err != nil {
		return rule{}, err
	}
	if r.Match == "" || r.Role+r.Group+r.Area == "" {
		return rule{}, errors.New("it needs match, and one of role, group and area")
	}
	// Alone first, so that no bracket closes ours.
	if _, err := regexp.Compile(r.Match); err != nil {
		return rule{}, fmt.Errorf("match: %w", err)
	}
	re, err := regexp.Compile(`\A(?:` + r.Match + `)\z`)
	if err != nil {
		return rule{}, fmt.Errorf("match: %w", err)
	}
	for _, template := range []string{r.Role, r.Group, r.Area} {
		if err := expands(re, template); err != nil {
			return rule{}, err
		}
	}
	return rule{r, path, re}, nil
}

// parameter is what regexp.Expand replaces: $1 and ${1}; the longest name counts.
var parameter = regexp.MustCompile(`\$(?:\$|(\w+)|\{(\w+)\})`)

// expands finds a parameter that match does not give, and that would be nothing.
func expands(match *regexp.Regexp, template string) error {
	for _, m := range parameter.FindAllStringSubmatch(template, -1) {
		name := m[1] + m[2]
		if name == "" { // $$
			continue
		}
		n, err := strconv.Atoi(name)
		if err != nil {
			n = match.SubexpIndex(name)
		}
		if n < 0 || n > match.NumSubexp() {
			return fmt.Errorf("match has no group %q for %q: write brackets around what is meant, and ${1} where a letter, a digit or _ follows", name, template)
		}
	}
	return nil
}

// pointer takes a JSON Pointer apart.
func pointer(s string) ([]string, error) {
	if !strings.HasPrefix(s, "/") {
		return nil, fmt.Errorf("claim %q must begin with a slash: /groups", s)
	}
	path := strings.Split(s[1:], "/")
	for i, p := range path {
		if rest := strings.NewReplacer("~0", "", "~1", "").Replace(p); strings.Contains(rest, "~") {
			return nil, fmt.Errorf("claim %q: write ~ as ~0 and / within a name as ~1", s)
		}
		path[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(p)
	}
	return path, nil
}

// Apply gives who what the rules say. It fails with ErrUndecidable, and where
// there is more than can be meant.
func (m *Mapping) Apply(claims map[string]any, who *Identity) error {
	elsewhere, _ := claims["_claim_names"].(map[string]any) // OpenID Connect Core section 5.6.2
	who.Roles, who.Groups, who.Areas = nil, nil, nil
	for _, r := range m.rules {
		if _, left := elsewhere[r.path[0]]; left {
			return ErrUndecidable
		}
		if left, _ := claims["hasgroups"].(bool); left && r.path[0] == "groups" {
			return ErrUndecidable // as Entra ID says it in short
		}
		values, err := r.values(claims)
		if err != nil {
			return err
		}
		for _, v := range values {
			if at := r.match.FindStringSubmatchIndex(v); at != nil {
				r.give(&who.Roles, r.Role, v, at)
				r.give(&who.Groups, r.Group, v, at)
				r.give(&who.Areas, r.Area, v, at)
			}
		}
		if max(len(who.Roles), len(who.Groups), len(who.Areas)) > maxGiven {
			return fmt.Errorf("the rules give more than %d roles, groups or areas: match fewer", maxGiven)
		}
	}
	return nil
}

func (r rule) give(to *[]string, template, value string, at []int) {
	if template == "" {
		return
	}
	if s := string(r.match.ExpandString(nil, template, value, at)); s != "" && !slices.Contains(*to, s) {
		*to = append(*to, s)
	}
}

// values are the texts that a rule looks at. Providers send one value as a
// text, many as an array.
func (r rule) values(claims map[string]any) ([]string, error) {
	var v any = claims
	for _, name := range r.path {
		object, ok := v.(map[string]any)
		if !ok {
			return nil, nil
		}
		v = object[name]
	}
	var out []string
	switch x := v.(type) {
	case string:
		if !r.Keys {
			out = []string{x}
		}
	case []any:
		if len(x) > maxValues {
			return nil, fmt.Errorf("claim %s has more than %d values: let the provider send fewer", r.Claim, maxValues)
		}
		for _, e := range x {
			if s, ok := e.(string); ok && !r.Keys {
				out = append(out, s)
			}
		}
	case map[string]any:
		if len(x) > maxValues {
			return nil, fmt.Errorf("claim %s has more than %d members: let the provider send fewer", r.Claim, maxValues)
		}
		for name := range x {
			if r.Keys {
				out = append(out, name)
			}
		}
		slices.Sort(out)
	}
	return slices.DeleteFunc(out, func(s string) bool { return len(s) > maxText }), nil
}
