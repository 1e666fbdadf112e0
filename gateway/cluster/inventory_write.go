package cluster

import (
	"context"
	"fmt"

	"matthan/gateway"
)

// PutCamera writes a camera in the place of the one with that revision, 0 for a
// new one, and returns once readers see it. Its errors are gateway.Problems,
// ErrConflict, ErrFull.
func (i *Inventory) PutCamera(ctx context.Context, cam gateway.Camera, revision uint64) (uint64, error) {
	return i.change(ctx, func() (uint64, error) {
		if _, err := gateway.NewList(i.areasNow(), []gateway.Camera{cam}); err != nil {
			return 0, err
		}
		if n := len(i.cameras.All()); revision == 0 && n >= gateway.MaxCameras {
			return 0, fmt.Errorf("%w: at most %d cameras", ErrTooLarge, gateway.MaxCameras)
		}
		return i.cameras.Put(ctx, string(cam.ID), i.sealer.record(cam), revision)
	})
}

// DeleteCamera removes the camera with that revision.
func (i *Inventory) DeleteCamera(ctx context.Context, id gateway.CameraID, revision uint64) error {
	_, err := i.change(ctx, func() (uint64, error) {
		return 0, i.cameras.Delete(ctx, string(id), revision)
	})
	return err
}

// PutArea writes an area in the place of the one with that revision, 0 for a
// new one, and returns once readers see it.
func (i *Inventory) PutArea(ctx context.Context, area gateway.Area, revision uint64) (uint64, error) {
	return i.change(ctx, func() (uint64, error) {
		areas := i.areasNow()
		place := len(areas)
		for n := range areas {
			if areas[n].ID == area.ID {
				place = n
			}
		}
		if place == len(areas) {
			areas = append(areas, area)
		}
		areas[place] = area
		if _, err := gateway.NewList(areas, nil); err != nil {
			return 0, err
		}
		return i.areas.Put(ctx, string(area.ID), recordOfArea(area), revision)
	})
}

// DeleteArea removes the area with that revision; one in which there are
// cameras or areas stays.
func (i *Inventory) DeleteArea(ctx context.Context, id gateway.AreaID, revision uint64) error {
	_, err := i.change(ctx, func() (uint64, error) {
		for _, row := range i.areas.All() {
			if row.Value.Parent == id {
				return 0, fmt.Errorf("area %q: area %q is in it: move that one first: %w", id, row.Value.ID, ErrNotEmpty)
			}
		}
		for _, row := range i.cameras.All() {
			if row.Value.Area == id {
				return 0, fmt.Errorf("area %q: camera %q is in it: move that one first: %w", id, row.Value.ID, ErrNotEmpty)
			}
		}
		return 0, i.areas.Delete(ctx, string(id), revision)
	})
	return err
}

// change does one write after all others, and waits until readers see it.
func (i *Inventory) change(ctx context.Context, write func() (uint64, error)) (uint64, error) {
	revision, err := i.alone(ctx, write)
	if err != nil {
		return 0, err
	}
	// What is on disk is done, whether or not the caller waits for the readers.
	if err := i.shown(context.WithoutCancel(ctx)); err != nil {
		return 0, err
	}
	return revision, nil
}

func (i *Inventory) alone(ctx context.Context, write func() (uint64, error)) (uint64, error) {
	i.writing.Lock()
	defer i.writing.Unlock()
	if err := i.finish(ctx); err != nil {
		return 0, fmt.Errorf("finish the import that was cut short: %w", err)
	}
	return write()
}

// areasNow are those in the table, of which the list may not know yet.
func (i *Inventory) areasNow() []gateway.Area {
	rows := i.areas.All()
	areas := make([]gateway.Area, len(rows), len(rows)+1)
	for n, row := range rows {
		areas[n] = row.Value.area()
	}
	return areas
}
