// Package cluster keeps what must outlive the process: cameras, areas,
// accounts, grants. It is the only room that knows NATS, which runs inside the
// process, listens on nothing and writes one file store.
//
// # What a store holds
//
//	DIR/lock        held while a process has the store open
//	DIR/store.key   the key that seals secrets, unless it is kept elsewhere
//	DIR/jetstream/  NATS's files: one stream a bucket
//	DIR/witness/    one file a bucket: the last change that was acknowledged
//
// A bucket is a NATS key-value bucket that keeps the last value of each key. A
// Table is a typed view of one, all of it in memory: reading is never I/O.
//
// # Why no acknowledged change is lost without a word
//
// Every change is synced to disk before it is acknowledged (SyncAlways). NATS
// opens damaged files all the same, without the records that it could not read,
// so we look ourselves. Each message carries the state of the whole bucket
// after it: the number of records and the XOR of their SHA-256. The witness
// holds the number of the last acknowledged message, in a file of its own. A
// bucket whose records are not what its last message says has lost or changed
// some in the middle; one that ends before its witness has lost its end.
//
// One process writes, in turns for each bucket, and each message names the one
// before it, so that the states form a chain. Whoever lets other nodes write
// (replicated buckets) must keep the state elsewhere.
package cluster
