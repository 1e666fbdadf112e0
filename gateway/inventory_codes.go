package gateway

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// dated is one code of one area, by its place in the slice that is checked.
type dated struct {
	AreaCode
	area int
}

// codes checks the areas' official codes: no code may belong to two areas at
// the same time.
func (c *checker) codes(areas []Area) {
	held := map[string][]dated{}
	for i, a := range areas {
		if len(a.Codes) > MaxAreaCodes {
			c.add(true, i, "codes", "area %q has %d codes, at most %d: leave out the oldest", a.ID, len(a.Codes), MaxAreaCodes)
			continue
		}
		for _, code := range a.Codes {
			switch {
			case badCode(code.Code):
				c.add(true, i, "codes", "area %q: the code %q must be 1 to %d letters A-Z, a-z, digits, dots and -", a.ID, clip(code.Code), MaxAreaCode)
			case !code.Until.IsZero() && !code.From.Before(code.Until):
				c.add(true, i, "codes", "area %q: the code %s ends before it begins: correct its dates", a.ID, code.Code)
			default:
				held[code.Code] = append(held[code.Code], dated{code, i})
			}
		}
	}
	for _, code := range slices.Sorted(maps.Keys(held)) {
		c.overlaps(areas, held[code])
	}
}

// overlaps reports each code that begins before one with the same text has
// ended.
func (c *checker) overlaps(areas []Area, all []dated) {
	slices.SortFunc(all, func(a, b dated) int { return cmp.Or(a.From.Compare(b.From), a.area-b.area) })
	holder := all[0] // the one among those seen that lasts longest
	for _, d := range all[1:] {
		if holder.Until.IsZero() || d.From.Before(holder.Until) {
			c.add(true, d.area, "codes", "area %q: the code %s belongs to area %q at the same time: end that one first", areas[d.area].ID, d.Code, areas[holder.area].ID)
		}
		if !holder.Until.IsZero() && (d.Until.IsZero() || d.Until.After(holder.Until)) {
			holder = d
		}
	}
}

func badCode(s string) bool {
	return s == "" || len(s) > MaxAreaCode || strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '.'
	})
}
