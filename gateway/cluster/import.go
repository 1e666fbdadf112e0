package cluster

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"

	"matthan/gateway"
)

// An import changes many records, and readers must see all of it or nothing,
// also after a crash. So it is first written as a whole into a journal, in parts,
// and then begins to count with one record, the commit. Only then are cameras
// and areas changed, one by one; whoever finds a commit at the next start, or
// before the next change, does that again. Readers keep the old list until the
// commit is gone. Keys with a generation in them would do too, but would write
// every camera anew at each import, and give all of them new revisions.

const (
	commitKey = "commit"
	partBytes = 256 << 10 // of the records in one part of the journal
)

// journalRecord is the commit, or one part.
type journalRecord struct {
	Parts int          `json:"parts,omitempty"` // of the commit
	Steps []importStep `json:"steps,omitempty"`
}

// importStep is one record to write into a table, or to remove from it.
type importStep struct {
	Area  bool            `json:"area,omitempty"` // into areas; else cameras
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value,omitempty"` // none: remove it
}

// Replace makes areas and cameras all that there is. Readers, and the next
// start after a crash, see all of it or nothing. Its errors are
// gateway.Problems, ErrFull, ErrTooLarge. After a failure of the disk it may be
// in the journal; it is then finished before the next change or at the next
// start, and readers keep the old inventory until then.
func (i *Inventory) Replace(ctx context.Context, areas []gateway.Area, cameras []gateway.Camera) error {
	list, err := gateway.NewList(areas, cameras)
	if err != nil {
		return err
	}
	_, err = i.change(ctx, func() (uint64, error) {
		steps, err := i.steps(list)
		if err != nil || len(steps) == 0 {
			return 0, err
		}
		if err := i.writeJournal(ctx, steps); err != nil {
			return 0, fmt.Errorf("write the import: %w", err)
		}
		return 0, i.finish(ctx)
	})
	return err
}

// steps are what makes the tables hold list.
func (i *Inventory) steps(list *gateway.List) ([]importStep, error) {
	var steps []importStep
	stay := map[string]bool{}
	for _, a := range list.Areas() {
		stay[string(a.ID)] = true
		if old, _, ok := i.areas.Get(string(a.ID)); ok && old.area().Equal(a) {
			continue
		}
		text, err := json.Marshal(recordOfArea(a))
		if err != nil {
			return nil, err
		}
		steps = append(steps, importStep{true, string(a.ID), text})
	}
	for _, row := range i.areas.All() {
		if !stay[row.Key] {
			steps = append(steps, importStep{Area: true, Key: row.Key})
		}
	}
	for _, c := range list.Cameras() {
		if same, err := i.holds(c); err != nil {
			return nil, err
		} else if same {
			continue
		}
		text, err := json.Marshal(i.sealer.record(c))
		if err != nil {
			return nil, err
		}
		steps = append(steps, importStep{false, string(c.ID), text})
	}
	for _, row := range i.cameras.All() {
		if _, err := list.Camera(gateway.CameraID(row.Key)); err != nil {
			steps = append(steps, importStep{Key: row.Key})
		}
	}
	return steps, nil
}

// holds says whether the table has c as it is.
func (i *Inventory) holds(c gateway.Camera) (bool, error) {
	r, _, ok := i.cameras.Get(string(c.ID))
	if !ok {
		return false, nil
	}
	old, err := i.sealer.camera(r)
	if old.Transport == "" {
		old.Transport = gateway.Auto // as a list has it
	}
	return reflect.DeepEqual(old, c), err
}

func (i *Inventory) writeJournal(ctx context.Context, steps []importStep) error {
	var changes []change
	for first := 0; first < len(steps); {
		size, end := 0, first
		for ; end < len(steps) && (size < partBytes || end == first); end++ {
			size += len(steps[end].Value)
		}
		key := "part-" + strconv.Itoa(len(changes))
		_, revision, _ := i.journal.Get(key) // of an import that never began to count
		c, err := i.journal.put(key, journalRecord{Steps: steps[first:end]}, revision)
		if err != nil {
			return err
		}
		changes = append(changes, c)
		first = end
	}
	if _, err := i.journal.bucket.write(ctx, changes...); err != nil {
		return err
	}
	_, err := i.journal.Put(ctx, commitKey, journalRecord{Parts: len(changes)}, 0)
	return err
}

// finish does what is left of an import that counts. Doing it twice does no
// harm.
func (i *Inventory) finish(ctx context.Context) error {
	commit, revision, ok := i.journal.Get(commitKey)
	if !ok {
		return nil
	}
	var areas, cameras []change
	for n := range commit.Parts {
		part, _, ok := i.journal.Get("part-" + strconv.Itoa(n))
		if !ok {
			return damaged(i.journal.bucket.name, "a part of an import is missing")
		}
		for _, step := range part.Steps {
			if step.Area {
				areas = append(areas, changesOf(i.areas, step)...)
			} else {
				cameras = append(cameras, changesOf(i.cameras, step)...)
			}
		}
	}
	if _, err := i.areas.bucket.write(ctx, areas...); err != nil {
		return err
	}
	if _, err := i.cameras.bucket.write(ctx, cameras...); err != nil {
		return err
	}
	if err := i.journal.Delete(ctx, commitKey, revision); err != nil {
		return err
	}
	return i.clearJournal(ctx)
}

// clearJournal removes the parts of an import that is done. Parts that stay
// behind are written over by the next import.
func (i *Inventory) clearJournal(ctx context.Context) error {
	var changes []change
	for _, row := range i.journal.All() {
		changes = append(changes, change{key: row.Key, revision: row.Revision, remove: true})
	}
	_, err := i.journal.bucket.write(ctx, changes...)
	return err
}

// changesOf is what a step still has to do, with the revision that it finds.
func changesOf[T any](t *Table[T], step importStep) []change {
	_, revision, ok := t.Get(step.Key)
	if step.Value == nil {
		if !ok {
			return nil
		}
		return []change{{key: step.Key, revision: revision, remove: true}}
	}
	if ok && t.bucket.holds(step.Key, step.Value) {
		return nil
	}
	return []change{{key: step.Key, value: step.Value, revision: revision}}
}
