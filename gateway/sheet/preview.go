package sheet

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"matthan/gateway"
)

// Outcome is what would become of a row.
type Outcome string

const (
	Added     Outcome = "added"
	Changed   Outcome = "changed"
	Unchanged Outcome = "unchanged"
	Refused   Outcome = "refused"
)

// Line is the report of one row, or of one area that a row needs and that is
// made.
type Line struct {
	Row      int       `json:"row"` // of the sheet, from 1, the header's among them; of YAML, the line
	Area     bool      `json:"area,omitempty"`
	ID       string    `json:"id,omitempty"`
	Name     string    `json:"name,omitempty"` // of an area that is made: its path
	Outcome  Outcome   `json:"outcome"`
	Fields   []string  `json:"fields,omitempty"` // that change
	Problems []Message `json:"problems,omitempty"`
	Warnings []Message `json:"warnings,omitempty"`
}

// Counts are the rows by what would become of them.
type Counts struct {
	Added     int `json:"added"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Refused   int `json:"refused"`
}

// Preview is what a file would do. It is never changed.
type Preview struct {
	Format   Format    `json:"format"`
	Lines    []Line    `json:"lines"`
	Cameras  Counts    `json:"cameras"`
	Areas    Counts    `json:"areas"`
	Problems []Message `json:"problems,omitempty"` // of the file as a whole: while there are any, nothing can be applied
	Warnings []Message `json:"warnings,omitempty"`
	More     int       `json:"more,omitempty"` // problems beyond MaxProblems, which are not told

	plan *planned // a pointer, so that printing a preview shows nothing of it
}

// planned is what Apply needs.
type planned struct {
	now     State
	tree    *tree
	areas   []*areaRow
	cameras []*row
}

// Result is an inventory after an import.
type Result struct {
	State                           // all that there is then, areas each after its parent, cameras by ID
	ChangedAreas   []gateway.Area   // of it: those added or changed, each after its parent
	ChangedCameras []gateway.Camera // of it: those added or changed
}

// ErrRefused is the answer to applying a preview in which something is wrong.
var ErrRefused = errors.New("the file has problems: correct them, or skip the refused rows")

// OK says whether all of the file can be applied.
func (p *Preview) OK() bool {
	return len(p.Problems) == 0 && p.Cameras.Refused == 0 && p.Areas.Refused == 0
}

// Apply returns the inventory as the file wants it: all of it, or with
// skipRefused all but the refused rows. It returns ErrRefused where it may not;
// a problem of the file as a whole cannot be skipped. The result is of the
// state that the file was read against: read it again where that has changed.
func (p *Preview) Apply(skipRefused bool) (*Result, error) {
	if len(p.Problems) > 0 || !skipRefused && !p.OK() {
		return nil, ErrRefused
	}
	r := p.plan.result()
	l, err := gateway.NewList(r.Areas, r.Cameras)
	if err != nil {
		return nil, fmt.Errorf("check the inventory after the import: %w", err)
	}
	r.Areas, r.Cameras = l.Areas(), l.Cameras()
	order := make(map[gateway.AreaID]int, len(r.Areas))
	for i, a := range r.Areas {
		order[a.ID] = i
	}
	slices.SortFunc(r.ChangedAreas, func(a, b gateway.Area) int { return order[a.ID] - order[b.ID] })
	slices.SortFunc(r.ChangedCameras, func(a, b gateway.Camera) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return r, nil
}

// plan compares what a file says with what there is.
func plan(format Format, in *reader, now State) *Preview {
	t := newTree(now.Areas)
	t.merge(in)
	t.index()
	for _, r := range in.cameras {
		t.place(r)
	}
	for _, r := range in.cameras {
		t.again(r)
	}
	m := newMatcher(now.Cameras)
	m.match(in.cameras)
	total := len(now.Cameras)
	for _, r := range in.cameras {
		r.merge()
		if r.known == nil && !r.refused {
			total++
		}
	}
	if total > gateway.MaxCameras {
		in.fail(Message{Code: CamerasMany, Params: []string{number(gateway.MaxCameras)}})
	}
	nameNew(in.cameras, m)
	refuseLent(in.cameras, in.options.Lent)
	p := &Preview{Format: format, Lines: []Line{}, Warnings: in.warnings, plan: &planned{now, t, in.areas, in.cameras}}
	p.report()
	p.Problems, p.More = in.problems, in.more
	for _, r := range in.cameras {
		r.forget()
	}
	return p
}

// nameNew gives new cameras their identifiers, in the rows' order.
func nameNew(rows []*row, m *matcher) {
	ids := newNames(len(m.byID) + len(rows))
	for id := range m.byID {
		ids.taken[string(id)] = true
	}
	for id := range m.ids {
		ids.taken[id] = true
	}
	mains := make(map[string]gateway.CameraID, len(m.byMain))
	for main, cameras := range m.byMain {
		mains[main] = cameras[0].ID
	}
	for _, r := range rows {
		if r.known != nil {
			continue
		}
		r.result.ID = gateway.CameraID(r.text[idField])
		if r.refused {
			continue
		}
		if r.result.ID == "" {
			r.result.ID = gateway.CameraID(ids.free(r.result.Name, "camera"))
		}
		if other, ok := mains[r.result.Main]; ok {
			r.warn(mainField, SameAddress, string(other))
		}
		mains[r.result.Main] = r.result.ID
	}
}

// refuseLent refuses what would show a citizen's camera under another id.
func refuseLent(rows []*row, lent func(gateway.Camera) bool) {
	for _, r := range rows {
		moves := r.known == nil || r.known.Main != r.result.Main || r.known.Sub != r.result.Sub
		if lent != nil && !r.refused && moves && lent(r.result) {
			r.fail(mainField, AddressLent)
		}
	}
}

// forget lets go of the texts, passwords among them.
func (r *row) forget() {
	r.text, r.found, r.in, r.lines = [fields]string{}, [2]gateway.Login{}, nil, nil
}

// report writes the lines, in the file's order.
func (p *Preview) report() {
	for _, r := range p.plan.areas {
		known := r.before != nil
		p.add(&p.Areas, Line{Area: true, ID: r.text[idField], Name: shown(r.text[nameField])}, &r.row, known)
	}
	needed := p.plan.needed()
	for _, id := range p.plan.tree.order {
		if row, made := p.plan.tree.made[id]; made && needed[id] {
			p.Areas.Added++
			p.Lines = append(p.Lines, Line{Row: row, Area: true, ID: string(id), Name: shown(p.plan.tree.path(id)), Outcome: Added})
		}
	}
	for _, r := range p.plan.cameras {
		p.add(&p.Cameras, Line{ID: string(r.result.ID), Name: shown(r.result.Name)}, r, r.known != nil)
	}
	slices.SortStableFunc(p.Lines, func(a, b Line) int { return a.Row - b.Row })
}

func (p *Preview) add(n *Counts, l Line, r *row, known bool) {
	l.Row, l.Problems, l.Warnings = r.number, r.problems, r.warnings
	switch {
	case r.refused:
		l.Outcome = Refused
		n.Refused++
	case !known:
		l.Outcome = Added
		n.Added++
	case len(r.fields) > 0:
		l.Outcome, l.Fields = Changed, r.fields
		n.Changed++
	default:
		l.Outcome = Unchanged
		n.Unchanged++
	}
	p.Lines = append(p.Lines, l)
}

// needed are the made areas in which accepted cameras stand.
func (p *planned) needed() map[gateway.AreaID]bool {
	needed := map[gateway.AreaID]bool{}
	for _, r := range p.cameras {
		if r.refused {
			continue
		}
		for id := r.result.Area; p.tree.made[id] > 0 && !needed[id]; id = p.tree.all[id].Parent {
			needed[id] = true
		}
	}
	return needed
}

func (p *planned) result() *Result {
	r := &Result{}
	needed := p.needed()
	listed := map[gateway.AreaID]bool{}
	for _, a := range p.areas {
		if !a.refused && (a.before == nil || len(a.fields) > 0) {
			listed[gateway.AreaID(a.text[idField])] = true
		}
	}
	for _, id := range p.tree.order {
		if p.tree.made[id] > 0 && !needed[id] {
			continue
		}
		r.Areas = append(r.Areas, p.tree.all[id])
		if needed[id] || listed[id] {
			r.ChangedAreas = append(r.ChangedAreas, p.tree.all[id])
		}
	}
	accepted := make(map[gateway.CameraID]bool)
	for _, row := range p.cameras {
		if row.refused {
			continue
		}
		accepted[row.result.ID] = true
		r.Cameras = append(r.Cameras, row.result)
		if row.known == nil || len(row.fields) > 0 {
			r.ChangedCameras = append(r.ChangedCameras, row.result)
		}
	}
	for _, c := range p.now.Cameras {
		if !accepted[c.ID] {
			r.Cameras = append(r.Cameras, c)
		}
	}
	return r
}
