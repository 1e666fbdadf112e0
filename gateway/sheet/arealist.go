package sheet

import "matthan/gateway"

// merge takes over the areas that a file lists.
func (t *tree) merge(in *reader) {
	seen := make(map[gateway.AreaID]int, len(in.areas))
	for _, r := range in.areas {
		id := gateway.AreaID(r.text[idField])
		if first, twice := seen[id]; twice && id != "" {
			r.fail(idField, AreaTwice, number(first))
			continue
		}
		seen[id] = r.number
		if a, ok := t.all[id]; ok {
			r.before = &a
		}
		if a, ok := r.checked(); ok {
			t.add(a)
		}
	}
	wrong := map[*areaRow]Code{}
	for _, r := range in.areas {
		if !r.refused {
			if _, code := t.depth(gateway.AreaID(r.text[idField])); code != "" {
				wrong[r] = code
			}
		}
	}
	for _, r := range in.areas {
		if code := wrong[r]; code != "" {
			r.fail(parentField, code, number(gateway.MaxAreaDepth))
			t.undo(r)
		}
	}
	t.checkAll(in)
}

// undo puts an area back as it was.
func (t *tree) undo(r *areaRow) {
	if r.before != nil {
		t.all[r.before.ID] = *r.before
		return
	}
	delete(t.all, gateway.AreaID(r.text[idField])) // order may name what is not there
}

// checkAll looks for what a row did to areas of which the file does not speak.
func (t *tree) checkAll(in *reader) {
	kept := t.order[:0]
	for _, id := range t.order {
		if _, ok := t.all[id]; ok {
			kept = append(kept, id)
		}
	}
	t.order = kept
	for _, id := range t.order {
		if _, code := t.depth(id); code != "" {
			in.fail(Message{Code: AreasDeep, Params: []string{string(id), number(gateway.MaxAreaDepth)}})
			return
		}
	}
	if len(t.all) > gateway.MaxAreas {
		in.fail(Message{Code: AreasMany, Params: []string{number(gateway.MaxAreas)}})
	}
}

// checked is the area as the row wants it. All that it had and the file does
// not speak of stays.
func (r *areaRow) checked() (a gateway.Area, ok bool) {
	if r.before != nil {
		a = *r.before
	}
	a.ID = gateway.AreaID(r.text[idField])
	switch {
	case a.ID == "" && !r.refused:
		r.fail(idField, IDMissing)
	case a.ID == "all":
		r.fail(idField, AreaIDAll)
	}
	if name := r.text[nameField]; (r.said[nameField] || r.before == nil) && (r.before == nil || clean(a.Name) != name) {
		if a.Name = name; nameProblem(name) != "" {
			r.fail(nameField, nameProblem(name), number(gateway.MaxName))
		}
		r.fields = append(r.fields, "name")
	}
	if parent := gateway.AreaID(r.text[parentField]); r.said[parentField] && parent != a.Parent {
		a.Parent = parent
		r.fields = append(r.fields, "parent")
	}
	return a, !r.refused
}
