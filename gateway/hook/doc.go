// Package hook tells another server what administrators are told: each alert is
// a POST of JSON, signed, in order, and again until it is taken.
//
// What waits is kept in memory alone. A gateway that starts says so first
// (Started): whoever keeps a list of what is offline begins it anew then, and is
// told again of what still is.
package hook
