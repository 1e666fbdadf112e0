// Package transcode is the only room that starts foreign processes: ffmpeg,
// which makes stills of cameras' pictures.
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
// Rights are not asked here: whoever calls has decided.
package transcode
