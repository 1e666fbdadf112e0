//go:build soak

package cluster

import "testing"

func TestSoakKilledProcess(t *testing.T) { killAgainAndAgain(t, 20) }

func TestSoakKilledGatewayWhileViewsAreRecorded(t *testing.T) { killViews(t, 20) }
