package signaling

import (
	"testing"

	"matthan/gateway"
)

func TestACameraOutOfReachIsNotCalledAFailureOfTheGateway(t *testing.T) {
	t.Parallel()
	ours := causes[gateway.CauseInternal]
	for _, c := range []gateway.Cause{
		gateway.CauseUnreachable, gateway.CauseOutOfReach, gateway.CauseUnauthorized, gateway.CauseForbiddenURL, gateway.CauseNoStream, gateway.CauseCodec,
		gateway.CauseNoVideo, gateway.CauseProtocol, gateway.CauseSilent, gateway.CauseEnded, gateway.CauseFull, gateway.CauseLimit, gateway.CauseHost,
		gateway.CauseMasked, gateway.CauseRung, gateway.CauseRungsFull,
	} {
		if got := textOfCause(c); got == ours || got.VI == "" || got.EN == "" {
			t.Errorf("%s: %+v", c, got)
		}
	}
}
