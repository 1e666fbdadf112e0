package login

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

const adfsRole = "/http:~1~1schemas.microsoft.com~1ws~12008~106~1identity~1claims~1role"

// TestMapping has claims as the five providers send them.
func TestMapping(t *testing.T) {
	t.Parallel()
	keycloak := []Rule{{Claim: "/realm_access/roles", Match: "vms-(officer|admin)", Role: "$1"}, {Claim: "/resource_access/matthan/roles", Match: "audit", Role: "auditor"},
		{Claim: "/groups", Match: "/HCM/(?:[^/]+/)*([0-9]{5})", Area: "$1", Group: "$0"}}
	entra := []Rule{{Claim: "/roles", Match: `VMS\.(Officer|Admin)`, Role: "$1"}, {Claim: "/roles", Match: `VMS\.Area\.([0-9]{5})`, Area: "$1"},
		{Claim: "/groups", Match: "[0-9a-f-]{36}", Group: "$0"}}
	adfs := []Rule{{Claim: adfsRole, Match: "VMS-(Officer)", Role: "$1"}, {Claim: "/group", Match: `WARD\\(.+)`, Area: "$1"}}
	zitadel := []Rule{{Claim: "/urn:zitadel:iam:org:project:roles", Keys: true, Match: "vms_(officer)", Role: "$1"},
		{Claim: "/urn:zitadel:iam:org:project:roles", Keys: true, Match: "area_([0-9]+)", Area: "$1"}}
	dex := []Rule{{Claim: "/groups", Match: "officers@(.*)", Role: "officer", Area: "$1"}}
	for _, tt := range []struct {
		name, claims, want string
		rules              []Rule
	}{
		{"keycloak", `{"realm_access":{"roles":["vms-officer","xvms-admin","vms-admin2","offline_access"]},"groups":["/HCM/Q1/26734","/HN/00001","/HCM/26735/x"]}`,
			"[officer] [/HCM/Q1/26734] [26734]", keycloak},
		{"keycloak client roles", `{"resource_access":{"matthan":{"roles":["audit"]},"other":{"roles":["admin"]}}}`, "[auditor] [] []", keycloak},
		{"entra", `{"roles":["VMS.Officer","VMS.Area.26734","VMSxAdmin"],"groups":["0f0e0d0c-0b0a-0908-0706-050403020100"]}`,
			"[Officer] [0f0e0d0c-0b0a-0908-0706-050403020100] [26734]", entra},
		{"entra above 200 groups", `{"roles":["VMS.Officer"],"_claim_names":{"groups":"src1"},"_claim_sources":{"src1":{"endpoint":"https://graph.windows.net/x"}}}`, "undecidable", entra},
		{"entra in short", `{"roles":["VMS.Officer"],"hasgroups":true}`, "undecidable", entra},
		{"entra, groups not asked for", `{"roles":["VMS.Officer"],"_claim_names":{"groups":"src1"},"hasgroups":true}`, "[Officer] [] []", entra[:2]},
		{"adfs, one", `{"http://schemas.microsoft.com/ws/2008/06/identity/claims/role":"VMS-Officer","group":"WARD\\lang"}`, "[Officer] [] [lang]", adfs},
		{"adfs, many", `{"http://schemas.microsoft.com/ws/2008/06/identity/claims/role":["X","VMS-Officer"],"group":["WARD\\lang","WARD\\vinh"]}`, "[Officer] [] [lang vinh]", adfs},
		{"zitadel", `{"urn:zitadel:iam:org:project:roles":{"vms_officer":{"123":"org.example"},"area_9":{}}}`, "[officer] [] [9]", zitadel},
		{"zitadel without keys", `{"urn:zitadel:iam:org:project:roles":{"vms_officer":"vms_officer"}}`, "[] [] []", []Rule{{Claim: zitadel[0].Claim, Match: ".*", Role: "$0"}}},
		{"dex", `{"groups":["officers@lang","officers@vinh","officers@lang"]}`, "[officer] [] [lang vinh]", dex},
		{"dex, template empty", `{"groups":["officers@"]}`, "[officer] [] []", dex},
		{"nothing", `{}`, "[] [] []", keycloak},
		{"other shapes", `{"realm_access":"vms-officer","groups":{"a":"/HCM/26734"},"resource_access":[1]}`, "[] [] []", keycloak},
		{"numbers and nulls", `{"groups":[1,null,true,{"x":1},["officers@x"]]}`, "[] [] []", dex},
		{"several lines", `{"realm_access":{"roles":["vms-officer\nx","x\nvms-admin"]}}`, "[] [] []", keycloak},
		{"too many", fmt.Sprintf(`{"groups":[%s"x"]}`, strings.Repeat(`"x",`, maxValues)), "error", dex},
		{"too many given", manyGroups(maxGiven + 1), "error", dex},
		{"too long", `{"groups":["officers@` + strings.Repeat("a", maxText) + `"]}`, "[] [] []", dex},
		{"embedded", `{"roles":["officer"],"groups":["g"],"areas":["a","b"]}`, "[officer] [g] [a b]", Embedded()},
	} {
		m, err := NewMapping(tt.rules)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		var claims map[string]any
		if err := json.Unmarshal([]byte(tt.claims), &claims); err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		var who Identity
		err = m.Apply(claims, &who)
		got := fmt.Sprint(who.Roles, who.Groups, who.Areas)
		if errors.Is(err, ErrUndecidable) {
			got = "undecidable"
		} else if err != nil {
			got = "error"
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s (%v)", tt.name, got, tt.want, err)
		}
	}
}

func manyGroups(n int) string {
	var groups []string
	for i := range n {
		groups = append(groups, fmt.Sprintf("officers@%d", i))
	}
	text, _ := json.Marshal(map[string]any{"groups": groups})
	return string(text)
}

func TestBadRulesAreRefused(t *testing.T) {
	t.Parallel()
	for want, rule := range map[string]Rule{
		"begin with a slash":    {Claim: "groups", Match: "x", Role: "y"},
		"write ~ as ~0":         {Claim: "/a~2b", Match: "x", Role: "y"},
		"it needs match":        {Claim: "/groups", Role: "y"},
		"one of role":           {Claim: "/groups", Match: "x"},
		"missing closing":       {Claim: "/groups", Match: "(", Role: "y"},
		"unexpected ):":         {Claim: "/groups", Match: "a)|(?:b", Role: "admin"}, // would close our bracket
		"group \"2\"":           {Claim: "/groups", Match: "(a)", Role: "viewer", Area: "$2"},
		"group \"1_x\"":         {Claim: "/groups", Match: "(a)", Area: "$1_x"}, // would be empty, without a word
		"group \"ward\"":        {Claim: "/groups", Match: "(?P<area>a)", Area: "${ward}"},
		"invalid or unsupporte": {Claim: "/groups", Match: "(?=a)", Role: "y"},
	} {
		if _, err := NewMapping([]Rule{rule}); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "rule 1") {
			t.Errorf("%+v: %v, want %q", rule, err, want)
		}
	}
	for _, n := range []int{0, maxRules + 1} {
		if _, err := NewMapping(slices.Repeat(Embedded()[:1], n)); err == nil {
			t.Errorf("%d rules were taken", n)
		}
	}
}

func TestGoodParametersOfARule(t *testing.T) {
	t.Parallel()
	for _, r := range []Rule{{Area: "$0"}, {Area: "${1}_x"}, {Area: "$area-$1"}, {Area: "$$5"}, {Role: "5 $"}} {
		r.Claim, r.Match = "/groups", "(?P<area>a)"
		if err := r.Check(); err != nil {
			t.Errorf("%+v: %v", r, err)
		}
	}
}

func FuzzMapping(f *testing.F) {
	f.Add("/groups", "a", false, `{"groups":["a"]}`)
	f.Add("/a~1b/0", ".*", true, `{"a/b":{"0":{"x":1}},"_claim_names":{"a/b":"s"}}`)
	f.Fuzz(func(t *testing.T, claim, match string, keys bool, text string) {
		m, err := NewMapping([]Rule{{Claim: claim, Match: match, Keys: keys, Role: "$0"}})
		var claims map[string]any
		if err != nil || json.Unmarshal([]byte(text), &claims) != nil {
			return
		}
		var who Identity
		if m.Apply(claims, &who) == nil && len(who.Roles) > maxGiven {
			t.Fatal(len(who.Roles))
		}
	})
}
