//go:build soak

package main

import (
	"testing"
	"time"
)

// An officer of a portal looks for ten minutes by tokens of 100 s, with a fresh
// one every minute, and misses no picture.
func TestSoakOfRenewals(t *testing.T) {
	renewing(t, 100*time.Second, time.Minute, 10*time.Minute)
}
