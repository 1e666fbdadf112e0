// Package cluster keeps what must outlive the process: cameras, areas,
// accounts, grants. It is the only room that knows NATS, which runs inside the
// process, listens on nothing and writes one file store.
//
// # What a store holds
//
//	DIR/lock        held while a process has the store open
//	DIR/store.key   the key that seals secrets, unless it is kept elsewhere
//	DIR/jetstream/  NATS's files: one stream a bucket, and the audit log's
//	DIR/witness/    one file a bucket: the last change that was acknowledged
//	DIR/audit.key   the key that signs the audit log
//	DIR/audit.keys  the public keys that it had, once it was changed
//	DIR/audit.reserve  room that is given up for the audit log on a full disk
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
//
// # The audit log
//
// The log is one stream, whose messages hold the lines that auth/audit
// describes. One writer gathers what waits and stores it as one message with one
// sync, so that each record is durable before its writer goes on, and a thousand
// viewers at once cost few syncs. Start reads the end of the log back to the last
// head and refuses one that is not whole, or ends before its witness; the rest is
// read in the background, for the index and for what is broken in it.
//
// The stream denies to delete and to purge. That keeps out who speaks to NATS,
// which nobody but this process can, and not who changes its files: for that
// there are the chain and the heads. Retention cuts whole days, after a signed
// head has said so, by a limit that is put on the stream for an instant.
package cluster
