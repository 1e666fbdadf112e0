package gateway

import "errors"

// Cause says in one word why a camera gives no picture. It goes to viewers, so
// it never holds an address or a secret.
type Cause string

const (
	CauseUnreachable  Cause = "unreachable"  // no TCP connection, or no answer in time
	CauseOutOfReach   Cause = "out_of_reach" // its address is not among those that may be dialled (Reach)
	CauseUnauthorized Cause = "unauthorized" // the camera refused the login
	CauseForbiddenURL Cause = "redirected"   // the camera sent us to another host, which we do not follow
	CauseNoStream     Cause = "no_stream"    // the camera is there and knows no such stream (404)
	CauseCodec        Cause = "codec"        // there is video, but none of H.264, H.265 or JPEG; to a viewer: none that its device decodes
	CauseNoVideo      Cause = "no_video"     // there is no video at all
	CauseProtocol     Cause = "protocol"     // the camera answered nonsense
	CauseSilent       Cause = "silent"       // connected, but no picture came for SilentAfter, or FirstWithin
	CauseEnded        Cause = "ended"        // the camera closed the connection
	CauseFull         Cause = "camera_full"  // the camera or recorder gives no more sessions
	CauseLimit        Cause = "limit"        // a configured limit of pulls was reached
	CauseHost         Cause = "host_limit"   // as much is pulled from its recorder as may be
	CauseMasked       Cause = "other_masks"  // it shows what the camera's masks hide: its rungs do not
	CauseRung         Cause = "rung"         // ffmpeg, which makes this rung, ended or gave no picture
	CauseRungsFull    Cause = "rungs_full"   // as many rungs are made as this machine carries
	CauseInternal     Cause = "internal"     // ours
)

// SourceError is why a Source ended.
type SourceError struct {
	Cause Cause
	Err   error
}

func (e *SourceError) Error() string { return string(e.Cause) + ": " + e.Err.Error() }
func (e *SourceError) Unwrap() error { return e.Err }

// Fail gives err a cause.
func Fail(c Cause, err error) error { return &SourceError{c, err} }

// CauseOf is the cause of err, CauseInternal where it has none.
func CauseOf(err error) Cause {
	var e *SourceError
	if errors.As(err, &e) {
		return e.Cause
	}
	return CauseInternal
}
