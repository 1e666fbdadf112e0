// Package doctor examines cameras and says in words what is wrong with them, to
// administrators who know nothing of networks and codecs.
//
//	Examine ─Observation─► Diagnose ─Report─► people and programs
//
// Examine looks at a camera by real connections, for some seconds. An Examiner
// keeps what it sees of a running stream, in fixed memory, so that a stream that
// is pulled anyway can be examined by the same rules. Diagnose is pure. All words
// that people read stand in words.go and menus.go, in Vietnamese and English.
//
// Nothing here holds a camera's password: addresses and texts are masked where an
// Observation is made.
package doctor
