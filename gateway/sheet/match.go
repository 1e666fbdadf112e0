package sheet

import (
	"strings"

	"matthan/gateway"
)

// matcher finds the camera that a row is about. Nothing is guessed: where two
// cameras fit equally well, the row is refused.
type matcher struct {
	byID   map[gateway.CameraID]*gateway.Camera
	byMain map[string][]*gateway.Camera
	byName map[nameKey][]*gateway.Camera

	claimed map[gateway.CameraID]bool
	ids     map[string]int // rows by the id they give
	seen    map[rowKey]int // rows by what they say
}

type nameKey struct {
	area gateway.AreaID
	name string
}

type rowKey struct {
	main string
	nameKey
}

func newMatcher(cameras []gateway.Camera) *matcher {
	m := &matcher{
		byID:    make(map[gateway.CameraID]*gateway.Camera, len(cameras)),
		byMain:  make(map[string][]*gateway.Camera, len(cameras)),
		byName:  make(map[nameKey][]*gateway.Camera, len(cameras)),
		claimed: map[gateway.CameraID]bool{}, ids: map[string]int{}, seen: map[rowKey]int{},
	}
	for i := range cameras {
		c := &cameras[i]
		m.byID[c.ID] = c
		main := asWritten(c.Main)
		m.byMain[main] = append(m.byMain[main], c)
		if shown := withoutSecret(main); shown != main {
			m.byMain[shown] = append(m.byMain[shown], c)
		}
		name := nameKey{c.Area, key(c.Name)}
		m.byName[name] = append(m.byName[name], c)
	}
	return m
}

// match finds the cameras of all rows, the surest first, so that the order of
// rows does not matter.
func (m *matcher) match(rows []*row) {
	var open []*row
	for _, r := range rows {
		if id := r.text[idField]; id == "" {
			open = append(open, r)
		} else if first, twice := m.ids[id]; twice {
			r.fail(idField, IDTwice, number(first))
		} else {
			m.ids[id] = r.number
			m.seen[r.key()] = r.number
			m.claim(r, m.byID[gateway.CameraID(id)])
		}
	}
	open = m.withoutTwins(open)
	open = m.pass(open, nil, func(r *row) []*gateway.Camera { return m.within(r, m.withMain(r)) })
	ambiguous := func(r *row, found []*gateway.Camera) { r.fail(idField, CameraAmbiguous, cameraIDs(found)) }
	open = m.pass(open, ambiguous, m.withMain)
	m.pass(open, ambiguous, func(r *row) []*gateway.Camera {
		if r.area == "" || !r.given(nameField) {
			return nil
		}
		return m.byName[nameKey{r.area, key(r.text[nameField])}]
	})
}

func (r *row) key() rowKey {
	main := r.clean[0]
	if main == "" {
		main = r.text[mainField]
	}
	return rowKey{main, nameKey{r.area, key(r.text[nameField])}}
}

// withoutTwins refuses rows that say what another has said.
func (m *matcher) withoutTwins(rows []*row) []*row {
	var rest []*row
	for _, r := range rows {
		k := r.key()
		if first, twice := m.seen[k]; twice && (k.main != "" || k.name != "") {
			r.fail(mainField, CameraTwice, number(first))
			continue
		}
		m.seen[k] = r.number
		rest = append(rest, r)
	}
	return rest
}

// pass claims what only one camera fits, and returns the rows without one.
func (m *matcher) pass(rows []*row, ambiguous func(*row, []*gateway.Camera), find func(*row) []*gateway.Camera) []*row {
	var rest []*row
	for _, r := range rows {
		var free []*gateway.Camera
		for _, c := range find(r) {
			if !m.claimed[c.ID] {
				free = append(free, c)
			}
		}
		switch {
		case len(free) == 1:
			m.claim(r, free[0])
		case len(free) > 1 && ambiguous != nil:
			ambiguous(r, free)
		default:
			rest = append(rest, r)
		}
	}
	return rest
}

func (m *matcher) claim(r *row, c *gateway.Camera) {
	if c != nil {
		r.known = c
		m.claimed[c.ID] = true
	}
}

func (m *matcher) withMain(r *row) []*gateway.Camera {
	if !r.given(mainField) {
		return nil
	}
	if found := m.byMain[r.text[mainField]]; found != nil {
		return found
	}
	if r.clean[0] == "" {
		return nil
	}
	return m.byMain[r.clean[0]]
}

// within keeps the cameras with the row's area and name, as far as it says them.
func (m *matcher) within(r *row, cameras []*gateway.Camera) []*gateway.Camera {
	if len(cameras) == 0 {
		return nil
	}
	var kept []*gateway.Camera
	name := key(r.text[nameField])
	for _, c := range cameras {
		if (!r.said[nameField] || key(c.Name) == name) && (r.area == "" || c.Area == r.area) {
			kept = append(kept, c)
		}
	}
	return kept
}

// cameraIDs lists at most five.
func cameraIDs(cameras []*gateway.Camera) string {
	var list []string
	for _, c := range cameras[:min(len(cameras), 5)] {
		list = append(list, string(c.ID))
	}
	return strings.Join(list, ", ")
}
