// Package transcode is the only room that starts foreign processes: ffmpeg,
// which makes stills and rungs of cameras' pictures.
//
// # Stills
//
// A still is a JPEG of a camera's newest key picture, for lists, maps and the
// moment before a picture is live. It is taken out of a stream that is pulled
// anyway; of a camera that nobody watches, out of a short pull of its small
// stream.
//
// Every still is made by a process of its own. A process that is kept would cost
// a tenth (of a picture of 640x360 15 ms of CPU instead of 140, of which 110 are
// ffmpeg's start), but it decodes one camera's picture with what it remembers of
// another's: a damaged picture would be filled up with pixels of a camera that its
// viewer may not see, and a picture that gives none would shift all that follow to
// the wrong camera. This way a crash costs one still.
//
// All is bounded: processes at once, stills a second, those that wait, the pulls
// that are made for them, what one person may ask, the time, the memory and the
// output of a process, and the bytes that are kept.
//
// # Rungs
//
//	gateway.Stream ─Matroska─► ffmpeg ─Flash Video─► gateway.Stream of the rung
//
// A rung is a stream that is made of another one of the same camera, by one
// process for all its viewers. The Hub runs it like a camera's own: it is made while
// somebody watches, and made again when its process ends. A feeder follows the
// camera's stream as a viewer does, so that nothing there waits; the process is given
// the GOP that is kept, and encodes from its newest picture on. Every picture goes
// through by its number in milliseconds, and keeps the times of the camera's.
//
// # Masks
//
// This room alone sees cameras that have masks without them, by gateway.Behind, and
// draws them in all that it makes: see masks.go.
//
// Rights are not asked here: whoever calls has decided.
package transcode
