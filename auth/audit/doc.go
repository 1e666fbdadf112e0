// Package audit is the audit log as a text that anybody can check: how its
// records are chained and signed, what an export of it looks like, and what is
// wrong with one. It keeps nothing itself and knows no store, so that an
// inspector needs no gateway to verify (gateway/cluster keeps the log).
//
// # The lines of a log
//
// Every record is a line with its number, the hash of the line before, its own
// hash, and the record, always in these letters:
//
//	{"n":7,"prev":"…","hash":"…","record":{…}}
//
// A hash is the SHA-256 of "matthan audit record 1\n", the hash before (32
// bytes), the number (8 bytes, the highest first) and the record's bytes as they
// stand in the line, in base64url without padding. Before record 1 stands the
// SHA-256 of "matthan audit log 1\n" and the public key.
//
// Between them stand heads: once a second in which something was written, the
// number and hash of the last record, signed with Ed25519 over "matthan audit
// head 1\n" and the head's bytes as they stand in the line:
//
//	{"head":{"n":7,"hash":"…","time":"…"},"sig":"…"}
//
// When old records are cut off, the head of that says up to which, so that an
// inspector sees that it was the log's keeper who cut.
//
// When the log's key is changed, the old key names its successor in the head of
// the last record that it signs; the header of an export has all such heads.
//
// An export is such lines after a header, which is signed in the same way and
// says where the export begins and ends.
//
// # What that shows, and what not
//
// Who changes, removes, adds or moves a line without the key is found. Who has
// the key can write another log: keep the public key (matthan audit key) and now
// and then a head (matthan audit verify prints the last) in another place, and
// verify against them. Records that were written after the last head, for at
// most a second, are chained but not yet signed.
package audit
