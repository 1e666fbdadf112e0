// Package signaling is how a viewer asks for pictures: a WebSocket for our own
// pages, and WHEP for everybody else's players.
//
// # The WebSocket protocol, version 1
//
// GET /ws upgrades. A browser's Origin must be the gateway's own, one of the
// configured ones or a portal's, exactly. Messages are JSON objects in text frames with a
// "type"; unknown fields are ignored, an unknown type is answered with an
// error. The gateway pings every 20 s and gives up after 45 s of silence.
//
//	viewer                                   gateway
//	hello {v:1, token}              ──►
//	                                ◄──      welcome {session, resume, ice_servers, now}
//	offer {sdp, tiles:[{tile:0,camera:"a"}]} ──►        (may follow hello at once)
//	                                ◄──      answer {sdp}
//	                                ◄──      tile {tile:0, state:"opening", name, mark}
//	        ICE, DTLS; pictures begin at "connected"
//	                                ◄──      tile {tile:0, state:"live", stream:"main"}
//	                                ◄──      clock {tile:0, rtp, captured}   every second
//	view {tile:0, camera:"b"}       ──►      the same track goes on with b
//	warm {cameras:["a","c"]}        ──►      pulled, so that the swipe finds them
//	time {t0}                       ──►
//	                                ◄──      time {t0, t1}
//	                                ◄──      tile {tile:0, state:"offline", since, retry_at, code, text}
//	                                ◄──      cameras {}      the list has changed: fetch it again
//	                                ◄──      notices {}      an emergency, a request or an answer: fetch them
//	                                ◄──      bye {code, text}                then close
//
// The page offers at once, without waiting for candidates: the gateway has
// addresses that a viewer can reach, and learns the viewer's from its checks.
//
// Which of a camera's encodings a tile is sent ("auto") follows its size and the
// viewer's link. On a thin link the tile that is "first" goes before the others,
// and these step down to small streams; a tile with "stills" for which there is no
// room at all is "held": nothing is sent of it, and the page shows a still until it
// is "live" again. "stream" tells which encoding is sent. A stream that somebody
// has chosen is sent whatever the link carries.
//
// Messages are done and answered in the order they came. Of a tile's states and
// clocks only the newest is told, and never ahead of an answer: what comes after
// the answer to a "time" tells of the views that were asked for before it.
//
// A session owns one peer. When its socket breaks, pictures go on and a new
// socket may take the session over by hello {resume} within 30 s, by the same
// subject; every tile's state is then told again. For a changed network the
// page sends a new offer with iceRestart on the same session.
//
// A view is in the audit log before its first picture leaves. Where the log
// cannot be written a tile is "denied" with the code "unrecorded", and WHEP
// answers 503; another size of the same picture, an ICE restart and a resumed
// session are no new view.
//
// A citizen's camera is shown for an open case only (PUT /api/v1/case), and as its
// owner agreed. To who has the right to it, and only to them, a tile is "denied"
// with the code "case_needed", where no case is open that its owner agreed to, or
// "closed_by_owner", out of its hours, switched off, or without a consent in force;
// WHEP answers 403 with the same codes. A look ends at once with the case, the
// hours or the consent. A look that goes on for another case is another view.
//
// A view that an administrator ends (POST /api/v1/views/{view}/end) is "denied"
// with the code "view_ended", as is every further one of that camera by the same
// viewer within a minute; WHEP answers 403.
//
// While a view is open its tile carries a mark: the name and number of who looks,
// and a code. The code is the beginning of the view's identifier in the audit log,
// seven letters of Crockford's base32; the page lays all of it over the pictures.
// A look that is recorded anew, for another case, has another code.
//
// An officer of another portal shows a token that the portal signed; see
// docs/embedding.md. It begins one session and no other, and its "welcome" says
// until when. Before then the page sends a fresh one, and pictures go on; without
// it they end, and the socket with "token":
//
//	renew {token}                   ──►
//	                                ◄──      renewed {until}
//
// Such a token counts only from a page of the portal's origin that it names, or
// from our own frame, and a page of a portal's origin may show nothing else.
//
// A camera that turns has one stick. Everybody who looks at it is told who holds
// it; who may turn it takes it, unless another has moved in the last 10 seconds
// and is of the same rank or a higher one:
//
//	                                ◄──      stick {tile:0, may, holder:""}
//	turn {tile:0, act:"take"}       ──►      recorded in the audit log
//	                                ◄──      stick {holder:"Lê Văn An", mine, ready, presets}
//	turn {act:"move", pan, tilt, zoom} ─►    again each 200 ms; it stops 600 ms after the last
//	turn {act:"leave"}              ──►
//
// A camera's sound is sent to who asks for it, where an administrator switched it
// on; its tiles say so. It comes in one audio line, which the page may add with a
// second offer when somebody first wants to hear. It is never a citizen's camera's,
// nor for who came by a link that was passed on, and it ends with the view:
//
//	                                ◄──      tile {tile:0, state:"live", sound:true}
//	offer {sdp}                     ──►      with a recvonly audio line
//	listen {tile:0, on:true}        ──►      recorded in the audit log
//	                                ◄──      sound {tile:0, camera:"a", on:true}
//	listen {tile:0}                 ──►      it ends, as it does when the tile shows another camera
//	                                ◄──      sound {tile:0, camera:"a"}
//
// Codes of error and bye: see codes.go. Each has a Vietnamese and an English
// sentence. The close codes are 1000 (normal), 4400 (protocol), 4401 (token),
// 4408 (too slow, or silent), 4429 (too many), 1012 (the gateway restarts).
//
// # WHEP
//
// See whep.go; draft-ietf-wish-whep.
package signaling
