package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"

	"matthan/gateway"
	"matthan/gateway/api"
	"matthan/gateway/cluster"
)

// storeKeyEnv names the variable that may hold the store's key instead of a
// file beside it, for those who keep keys elsewhere.
const storeKeyEnv = "MATTHAN_STORE_KEY"

// storeDir is where the store is in the data directory.
func storeDir(cfg *Config) string { return filepath.Join(cfg.Data, "store") }

// storeKey reads the key of the store's secrets, and makes one at first start.
func storeKey(cfg *Config) ([32]byte, error) {
	if text := os.Getenv(storeKeyEnv); text != "" {
		key, err := cluster.ParseKey(text)
		if err != nil {
			return key, fmt.Errorf("%s: %w", storeKeyEnv, err)
		}
		return key, nil
	}
	if err := os.MkdirAll(storeDir(cfg), 0o700); err != nil {
		return [32]byte{}, fmt.Errorf("make the store's directory: %w", err)
	}
	return cluster.LoadKey(filepath.Join(storeDir(cfg), "store.key"))
}

// openStore opens what is durable, and the cameras and areas in it.
func openStore(ctx context.Context, cfg *Config, log *slog.Logger) (*cluster.Store, *cluster.Inventory, error) {
	key, err := storeKey(cfg)
	if err != nil {
		return nil, nil, err
	}
	store, err := cluster.Open(ctx, cluster.Config{Dir: storeDir(cfg), Key: key, Log: log})
	if err != nil {
		return nil, nil, fmt.Errorf("open the store in %s: %w", storeDir(cfg), err)
	}
	inventory, err := store.Inventory(ctx)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("read the cameras of the store in %s: %w", storeDir(cfg), err), store.Close())
	}
	return store, inventory, nil
}

// records are the store's cameras and areas as the API changes them.
type records struct {
	stored *cluster.Inventory
	fixed  *gateway.List // of the configuration file, whose ids are taken
	seen   func()        // lets all readers see what was written
	lent   *lent
}

// Camera implements api.Records. The revision is read first: of a record that
// changes meanwhile the old one is told, so that a write in its place fails.
func (r records) Camera(id gateway.CameraID) (gateway.Camera, uint64, bool) {
	revision := r.stored.Revision(id)
	c, err := r.stored.Camera(id)
	return c, revision, err == nil && revision != 0
}

// PutCamera implements api.Records.
func (r records) PutCamera(ctx context.Context, c gateway.Camera, revision uint64) (uint64, error) {
	if p := r.taken(nil, []gateway.Camera{c}); p != nil {
		return 0, p
	}
	if err := r.lent.enter(ctx, c); err != nil {
		return 0, err
	}
	next, err := r.stored.PutCamera(ctx, c, revision)
	return next, r.told(err)
}

// DeleteCamera implements api.Records.
func (r records) DeleteCamera(ctx context.Context, id gateway.CameraID, revision uint64) error {
	return r.told(r.stored.DeleteCamera(ctx, id, revision))
}

// Area implements api.Records.
func (r records) Area(id gateway.AreaID) (gateway.Area, uint64, bool) {
	revision := r.stored.AreaRevision(id)
	for _, a := range r.stored.Areas() {
		if a.ID == id {
			return a, revision, revision != 0
		}
	}
	return gateway.Area{}, 0, false
}

// PutArea implements api.Records.
func (r records) PutArea(ctx context.Context, a gateway.Area, revision uint64) (uint64, error) {
	if p := r.taken([]gateway.Area{a}, nil); p != nil {
		return 0, p
	}
	next, err := r.stored.PutArea(ctx, a, revision)
	return next, r.told(err)
}

// DeleteArea implements api.Records.
func (r records) DeleteArea(ctx context.Context, id gateway.AreaID, revision uint64) error {
	return r.told(r.stored.DeleteArea(ctx, id, revision))
}

// Lent implements api.Records.
func (r records) Lent() func(gateway.Camera) bool { return r.lent.isLent() }

// All implements api.Records.
func (r records) All() ([]gateway.Area, []gateway.Camera) {
	now := r.stored.Snapshot()
	return now.Areas(), now.Cameras()
}

// Replace implements api.Records.
func (r records) Replace(ctx context.Context, areas []gateway.Area, cameras []gateway.Camera) error {
	if p := r.taken(areas, cameras); p != nil {
		return p
	}
	if err := r.lent.enter(ctx, cameras...); err != nil {
		return err
	}
	return r.told(r.stored.Replace(ctx, areas, r.covered(cameras)))
}

// covered are cameras with the masks of those whose addresses they are entered at.
func (r records) covered(cameras []gateway.Camera) []gateway.Camera {
	before := map[gateway.CameraID]gateway.Camera{}
	for _, c := range r.stored.Cameras() {
		before[c.ID] = c
	}
	all := gateway.CoversOf(append(slices.Clone(r.fixed.Cameras()), r.stored.Cameras()...))
	cameras = slices.Clone(cameras)
	for i, c := range cameras {
		if old := before[c.ID]; c.Main != old.Main || c.Sub != old.Sub {
			cameras[i].Masks = all.Of(c)
		}
	}
	return cameras
}

// taken are the records whose ids the configuration file has given to others:
// seen together with it they would be nobody's.
func (r records) taken(areas []gateway.Area, cameras []gateway.Camera) error {
	var problems gateway.Problems
	fixed := map[gateway.AreaID]gateway.Area{}
	for _, a := range r.fixed.Areas() {
		fixed[a.ID] = a
	}
	for i, a := range areas {
		if f, ok := fixed[a.ID]; ok && !f.Equal(a) {
			problems = append(problems, gateway.Problem{Area: true, Index: i, Field: "id", Text: fmt.Sprintf("area %q is another one in the configuration file: remove it there, or choose another id", a.ID)})
		}
	}
	for i, c := range cameras {
		if _, err := r.fixed.Camera(c.ID); err == nil {
			problems = append(problems, gateway.Problem{Index: i, Field: "id", Text: fmt.Sprintf("camera %q is in the configuration file: change or remove it there", c.ID)})
		}
	}
	if len(problems) == 0 {
		return nil
	}
	return problems
}

// told ends a write: readers see it, and the store's errors get the API's names.
func (r records) told(err error) error {
	r.seen()
	switch {
	case errors.Is(err, cluster.ErrConflict):
		return fmt.Errorf("%w: %w", api.ErrConflict, err)
	case errors.Is(err, cluster.ErrNotEmpty):
		return fmt.Errorf("%w: %w", api.ErrInUse, err)
	}
	return err
}
