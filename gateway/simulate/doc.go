// Package simulate is a row of simulated surveillance cameras: one real RTSP
// server (RFC 2326) that plays recorded intersections in real time. It serves
// the demonstration, the tests and the load tests, so it behaves as cameras do
// and, unlike them, says of every picture which one it is.
//
// # Streams
//
// Camera i answers at /cam{i}/main and /cam{i}/sub, H.264 in packetization mode 1
// (RFC 6184), over TCP and, where asked, UDP. It plays the clip i modulo the
// number of clips, without end. A camera takes pictures on an exact grid from
// the start of the server on, whether somebody reads or not; every camera has a
// phase of its own, in the loop and within the time of one picture. main and
// sub of a camera show the same instant.
//
// A session begins with the next picture of that grid, nearly always in the
// middle of a GOP, as most makes do; [Options].StartWithKey makes it begin with
// an IDR picture. All packets of a picture leave at once, over UDP at the pace of
// a 100 Mbit/s port, [Options].Delay after its capture. A sender report (RFC 3550
// section 6.4.1) follows the first packet of a session and then comes every
// second; its NTP time is that of the capture, not of the sending.
//
// # Marks in the bitstream
//
// Every access unit holds an SEI message of the kind "user data unregistered"
// (H.264 annex D.2.7, payload type 5) ahead of its slice, which [ReadMark] reads:
//
//	16 bytes  UUID 6d617474-6861-6e40-8073-696d756c6174
//	 4 bytes  index of the camera
//	 1 byte   0 for main, 1 for sub
//	 8 bytes  number of the picture, which grows by one with every picture of the
//	          camera's grid and is the same for main and sub
//	 2 bytes  place of the picture in the loop, from 0
//	 8 bytes  time of capture, microseconds since 1970, by this machine's clock
//
// All numbers are big-endian. The place in the loop is also in the pixels:
//
// # Code in the pixels
//
// The clips carry a row of 16 square cells in the bottom left corner of every
// picture, black or white, each an eightieth of the picture wide: 16 pixels in
// main, 8 in sub. From the left: one white and one black cell, which give the
// levels; 4 bits with the number of the scene; 9 bits with the place of the
// picture in the loop; 1 bit of even parity over those 13. Numbers have their
// most significant bit on the left, and white is one. [ReadCode] reads it from
// decoded luma.
//
// # Profiles
//
// A [Rig] is another server, of cameras that break the rules: each [Profile] is a
// kind that is met in the field. docs/cameras.md lists them. Its pictures are of
// the small clips in rig/, 25 a second; those of H.264 carry marks as well.
package simulate
