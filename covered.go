package main

import (
	"matthan/auth"
	"matthan/gateway"
)

// ownersMasks are what citizens drew over their own cameras' pictures. They stand
// in the consent, out of reach of who administers the camera, and hide beside the
// camera's own.
func ownersMasks(consents auth.Table[auth.Consent]) func(gateway.CameraID) []gateway.Mask {
	return func(id gateway.CameraID) (masks []gateway.Mask) {
		c, _, _ := consents.Get(string(id))
		for _, drawn := range c.Masks {
			m := make(gateway.Mask, len(drawn))
			for i, p := range drawn {
				m[i] = gateway.Point(p)
			}
			masks = append(masks, m)
		}
		return masks
	}
}
