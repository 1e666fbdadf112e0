// Package rawio reads and writes the sockets of pictures without telling Go's
// scheduler of each call.
//
// A call of package net tells it, so that another thread may go on should the
// call wait in the kernel. These never do: the sockets do not block, and who finds
// nothing waits in the poller as ever. What is told to an idle process wakes the
// scheduler's watching thread, which then looks around every 20 µs for a while:
// with 50 cameras at 25 pictures a second two of three context switches were that
// thread's and its wakers', and a third of all CPU time. Deadlines and Close work
// as ever; on systems other than Linux it is package net that reads and writes.
//
// The watching thread also preempts goroutines that compute for longer than 10 ms.
// It is awake whenever they could be: a request comes over a connection of package
// net, which wakes it.
package rawio
