// Package gateway is the domain: cameras, their streams, and who runs them.
//
// # The way of a picture
//
//		camera ─RTSP─► rtsp.Source ─access unit─► gateway.Stream ─► rtc shard ─SRTP/UDP─► phone
//
//	 1. An rtsp.Source connects once to a camera and turns its RTP into access
//	    units. It never retries.
//	 2. The Hub runs at most one Source per stream, while somebody watches and a
//	    little longer, and starts it again with back-off when it ends.
//	 3. A Stream numbers what the Source publishes and keeps the current GOP. It
//	    wakes its watchers and never waits for them: a watcher is a position in
//	    the stream, so a late joiner, a slow one and one that asks for lost
//	    packets are the same thing, a read at an earlier position.
//	 4. An rtc shard is such a watcher. Whoever has its turn, its own
//	    goroutine or for a few viewers in step the camera's, alone touches the
//	    state of its viewers, and sends each what follows that viewer's position.
//
// # The way of sound
//
// It goes beside the pictures and apart from them: only of cameras whose Sound an
// administrator switched on, never of a citizen's. The Source asks for it in the
// same session; a Stream's Sounds give it to whoever listens, and keep nothing while
// nobody does. An rtc ear, a peer's audio line, sends what G.711 or Opus it is as it
// is; of AAC a Speech makes Opus while somebody listens. No picture waits for it.
//
// # Glossary
//
// The RFCs' words: access unit (one coded picture), NAL unit, IDR (a key
// picture; of H.265 any IRAP picture is one, and every JPEG), GOP (an IDR and all
// that follows it up to the next), VPS/SPS/PPS, SSRC,
// sequence number, RTP timestamp (90 kHz), sender report, NACK, RTX, PLI, REMB,
// offer/answer, ICE, DTLS, SRTP, WHEP.
//
// Ours:
//
//	camera   one device, with a main and perhaps a sub stream
//	stream   one encoding of one camera
//	area     a node of the administrative tree
//	site     a place with cameras on one LAN
//	viewer   one device looking
//	peer     a viewer's PeerConnection
//	tile     one picture slot of a viewer: one video track of its peer
//	rung     a stream that the gateway makes of a camera's own: full or low
//	mask     a polygon of a camera's pictures that is never shown to anybody
//	ladder   the encodings that a tile may be sent, the best first
//	shard    the owner of a part of the viewers, which sends to them; one a core
//	pull     a running Source with its retries
//	grant    who may do what where
//	lease    a grant in use, decided again at least every 30 s
package gateway
