package sheet

import (
	"slices"
	"strings"

	"matthan/gateway"
)

// areaRow is what a file says of one area.
type areaRow struct {
	row
	before *gateway.Area // nil for a new one
}

// tree is the areas that there are, with those that the file brings or needs.
type tree struct {
	all   map[gateway.AreaID]gateway.Area
	order []gateway.AreaID
	made  map[gateway.AreaID]int // by the row that needed it
	names *names

	paths  map[gateway.AreaID]string   // flat
	byLast map[string][]gateway.AreaID // by the last part of its flat path
}

func newTree(areas []gateway.Area) *tree {
	t := &tree{all: make(map[gateway.AreaID]gateway.Area, len(areas)), made: map[gateway.AreaID]int{}, names: newNames(len(areas))}
	t.names.taken["all"] = true // stands for every area in a token's rights
	for _, a := range areas {
		t.add(a)
	}
	return t
}

func (t *tree) add(a gateway.Area) {
	if _, ok := t.all[a.ID]; !ok {
		t.order = append(t.order, a.ID)
	}
	t.all[a.ID] = a
	t.names.taken[string(a.ID)] = true
}

// index makes the areas findable by their names. Call it when all that a file
// lists are there.
func (t *tree) index() {
	t.paths = make(map[gateway.AreaID]string, len(t.all))
	t.byLast = make(map[string][]gateway.AreaID, len(t.all))
	for _, id := range t.order {
		t.indexOne(id)
	}
}

func (t *tree) indexOne(id gateway.AreaID) {
	path := flat(t.path(id))
	t.paths[id] = path
	last := path[strings.LastIndexByte(path, '/')+1:]
	t.byLast[last] = append(t.byLast[last], id)
}

// path is the names from the top down to an area, as exports write it.
func (t *tree) path(id gateway.AreaID) string {
	var parts []string
	for a, ok := t.all[id]; ok && len(parts) < gateway.MaxAreaDepth; a, ok = t.all[a.Parent] {
		parts = append(parts, a.Name)
		if a.Parent == "" {
			break
		}
	}
	slices.Reverse(parts)
	return strings.Join(parts, " / ")
}

func partsOf(path string) []string {
	var parts []string
	for part := range strings.SplitSeq(path, "/") {
		if part = clean(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// flat is a path in a form in which equal ones are equal: "/hà nội/phường láng".
func flat(path string) string {
	var b strings.Builder
	for _, part := range partsOf(path) {
		b.WriteByte('/')
		b.WriteString(key(part))
	}
	return b.String()
}

// find returns the areas that a path of names may mean: the one with exactly
// this path, else those whose path ends so.
func (t *tree) find(path string) []gateway.AreaID {
	want := flat(path)
	if want == "" {
		return nil
	}
	var exact, ending []gateway.AreaID
	for _, id := range t.byLast[want[strings.LastIndexByte(want, '/')+1:]] {
		if t.paths[id] == want {
			exact = append(exact, id)
		} else if strings.HasSuffix(t.paths[id], want) {
			ending = append(ending, id)
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return ending
}

// place finds the area of a camera, or makes it.
func (t *tree) place(r *row) {
	id, path := gateway.AreaID(r.text[areaIDField]), r.text[areaField]
	if !r.said[areaIDField] && !r.said[areaField] {
		return
	}
	where := areaField
	if !r.said[areaField] || path == "" && id != "" {
		where = areaIDField
	}
	if strings.Contains(string(id), "://") || strings.Contains(path, "://") {
		r.fail(where, AreaAddress)
		return
	}
	if _, ok := t.all[gateway.AreaID(path)]; ok && id == "" {
		id, path = gateway.AreaID(path), ""
	}
	_, exists := t.all[id]
	switch {
	case id == "" && path == "":
		r.fail(where, AreaMissing)
	case exists && path != "" && path != string(id) && !strings.HasSuffix(t.paths[id], flat(path)):
		r.fail(where, AreaDiffers)
	case exists:
		r.area = id
	case path == "" || id == "" && goodID(path):
		r.fail(where, AreaUnknown)
	case id == "all":
		r.fail(areaIDField, AreaIDAll)
	case id != "" && !goodID(string(id)):
		r.fail(areaIDField, IDBad)
	default:
		t.placeByNames(r, id, path)
	}
}

func (t *tree) placeByNames(r *row, id gateway.AreaID, path string) {
	switch found := t.find(path); {
	case len(found) == 1 && id == "":
		r.area = found[0]
	case len(found) > 1 && id == "":
		r.fail(areaField, AreaAmbiguous, t.choices(found))
	case len(found) > 0 && t.paths[found[0]] == flat(path):
		r.fail(areaField, AreaDiffers)
	default:
		r.area = t.make(r, id, partsOf(path))
	}
}

// again looks whether what a row meant is still clear with the areas that later
// rows made: a row must mean the same when the file is read a second time.
func (t *tree) again(r *row) {
	path := r.text[areaField]
	if r.area == "" || r.text[areaIDField] != "" || path == string(r.area) {
		return
	}
	if found := t.find(path); len(found) != 1 || found[0] != r.area {
		r.fail(areaField, AreaAmbiguous, t.choices(found))
	}
}

// choices are the paths of areas, at most five.
func (t *tree) choices(ids []gateway.AreaID) string {
	var list []string
	for _, id := range ids[:min(len(ids), 5)] {
		list = append(list, shown(t.path(id))+" ("+string(id)+")")
	}
	return strings.Join(list, "; ")
}

// make makes the areas of a path that are missing; "" where it may not.
func (t *tree) make(r *row, id gateway.AreaID, parts []string) gateway.AreaID {
	if len(parts) == 0 {
		r.fail(areaField, AreaMissing)
		return ""
	}
	if len(parts) > gateway.MaxAreaDepth {
		r.fail(areaField, AreaDeep, number(gateway.MaxAreaDepth))
		return ""
	}
	var parent gateway.AreaID
	known := len(parts) - 1
	for ; known > 0; known-- {
		found := t.find(strings.Join(parts[:known], "/"))
		if len(found) > 1 {
			r.fail(areaField, AreaAmbiguous, t.choices(found))
			return ""
		}
		if len(found) == 1 {
			parent = found[0]
			break
		}
	}
	missing := parts[known:]
	if problem, param := t.mayMake(parent, missing); problem != "" {
		r.fail(areaField, problem, param)
		return ""
	}
	for i, name := range missing {
		made := id
		if made == "" || i < len(missing)-1 {
			made = gateway.AreaID(t.names.free(name, "area"))
		}
		t.add(gateway.Area{ID: made, Name: name, Parent: parent})
		t.indexOne(made)
		t.made[made] = r.number
		parent = made
	}
	return parent
}

func (t *tree) mayMake(parent gateway.AreaID, names []string) (Code, string) {
	depth, _ := t.depth(parent)
	if depth+len(names) > gateway.MaxAreaDepth {
		return AreaDeep, number(gateway.MaxAreaDepth)
	}
	if len(t.all)+len(names) > gateway.MaxAreas {
		return AreasMany, number(gateway.MaxAreas)
	}
	for _, name := range names {
		if nameProblem(name) != "" {
			return AreaNameBad, number(gateway.MaxName)
		}
	}
	return "", ""
}

// depth counts an area's levels. The code says what is wrong with them.
func (t *tree) depth(id gateway.AreaID) (int, Code) {
	for n := 0; ; n++ {
		if id == "" {
			return n, ""
		}
		a, ok := t.all[id]
		switch {
		case !ok:
			return n, ParentMissing
		case n == gateway.MaxAreaDepth:
			return n, AreaLoop
		}
		id = a.Parent
	}
}
