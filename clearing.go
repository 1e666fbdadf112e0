package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"matthan/auth"
	"matthan/gateway"
)

// clearAgain is how long a camera that could not be deleted waits.
const clearAgain = 5 * time.Second

// clearing deletes the address and login of cameras that their owners withdrew.
// Nobody sees them from the withdrawal on, whether they are deleted or not.
type clearing struct {
	policy    *auth.Policy
	records   records
	inventory gateway.Inventory
	audit     *auth.Ledger
	log       *slog.Logger

	warned map[string]bool // of cameras in the configuration file, which only people change
}

// run follows the consents until ctx ends.
func (c *clearing) run(ctx context.Context) {
	c.warned = map[string]bool{}
	again := time.NewTimer(clearAgain)
	defer again.Stop()
	for {
		cameras, changed := c.policy.Withdrawn()
		for _, id := range cameras {
			if err := c.clear(ctx, id); err != nil && ctx.Err() == nil {
				c.log.Error("the address of a camera that was withdrawn is still kept; trying again", "camera", id, "err", err)
				again.Reset(clearAgain)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		case <-again.C:
		}
	}
}

// clear deletes one camera. Its consent stays, so that its id stays closed.
func (c *clearing) clear(ctx context.Context, id string) error {
	if _, err := c.records.fixed.Camera(gateway.CameraID(id)); err == nil {
		if !c.warned[id] {
			c.warned[id] = true
			c.log.Warn("a camera was withdrawn by its owner: remove its address and login from the configuration file", "camera", id)
		}
		return nil
	}
	cam, revision, ok := c.records.Camera(gateway.CameraID(id))
	if ok {
		areas := pathsOf(c.inventory, []string{string(cam.Area)})
		if err := c.records.DeleteCamera(ctx, cam.ID, revision); err != nil {
			return fmt.Errorf("delete the camera: %w", err)
		}
		c.audit.Later(auth.Record{Event: auth.CameraRemoved, Camera: id, Kind: string(cam.Kind), Areas: areas, Detail: "its owner withdrew: address and login are deleted"})
	}
	return c.policy.CameraRemoved(ctx, id, time.Now())
}
