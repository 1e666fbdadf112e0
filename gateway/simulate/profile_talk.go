package simulate

import (
	"strings"
	"time"
)

// audioLines describe a track with sound.
const audioLines = "m=audio 0 RTP/AVP 8\r\na=control:" + audioTrack + "\r\na=rtpmap:8 PCMA/8000\r\n"

// descriptionProfiles are about session descriptions and what they are relative to.
func descriptionProfiles() []Profile {
	return []Profile{
		{Name: "sdp-duplicate-name", Stands: "two s= lines", sdp: replaced("s=Media Presentation\r\n", "s=Media Presentation\r\ns=streamed\r\n")},
		{Name: "sdp-broken-connection", Stands: "a c= line without an address", sdp: replaced("c=IN IP4 0.0.0.0", "c=IN IP4")},
		{Name: "sdp-missing-lines", Stands: "no v=, o=, s=, t= and c= lines", sdp: func(x *exchange) string { return x.body[strings.Index(x.body, "a=control:*"):] }},
		{Name: "sdp-tp-link", Stands: "Tapo, TP-Link: m=application/TP-LINK", sdp: func(x *exchange) string {
			return x.body + "m=application/TP-LINK 0 RTP/AVP smart/1/90000\r\na=rtpmap:95 TP-LINK/90000\r\na=control:trackID=3\r\n"
		}},
		{Name: "sdp-fmtp-elsewhere", Stands: "the video's fmtp stands on the audio track", sdp: func(x *exchange) string {
			at := strings.Index(x.body, "a=fmtp:")
			return x.body[:at] + audioLines + x.body[at:]
		}},
		{Name: "sdp-no-final-newline", Stands: "the last line does not end", sdp: func(x *exchange) string { return strings.TrimRight(x.body, "\r\n") }},
		{Name: "audio-first", Stands: "the audio track stands before the video", sdp: func(x *exchange) string {
			return strings.Replace(x.body, "m=video", audioLines+"m=video", 1)
		}},
		{Name: "audio-unasked", Stands: "sound comes in channels that nobody set up", sdp: func(x *exchange) string { return x.body + audioLines }, packets: func(s *shot) {
			if p := s.player; p.audio == nil && p.video.rtp == nil {
				p.audio = &carrier{channel: p.video.channel + 2}
			}
		}},
		{Name: "control-absolute", Stands: "the control attribute is a whole address", sdp: controlled(func(base string) string { return base + videoTrack })},
		{Name: "control-slash", Stands: "the control attribute begins with a slash", sdp: controlled(func(string) string { return "/" + videoTrack })},
		{Name: "control-other-host", Stands: "the control attribute is a whole address, of the camera's inner network", sdp: controlled(func(base string) string {
			_, path, _ := strings.Cut(strings.TrimPrefix(base, "rtsp://"), "/")
			return "rtsp://192.0.2.7:554/" + path + videoTrack
		})},
		{Name: "control-query", Stands: "the control attribute is a query", control: "ctype=video", sdp: controlled(func(string) string { return "?ctype=video" })},
		{Name: "base-twice", Stands: "Content-Base begins with rtsp://rtsp://", answer: based(func(base string) string { return "rtsp://" + base })},
		{Name: "base-ipv6-mapped", Stands: "Content-Base has an IPv4 address in IPv6 form", answer: based(func(base string) string {
			host, rest, _ := strings.Cut(strings.TrimPrefix(base, "rtsp://"), ":")
			return "rtsp://[::ffff:" + host + "]:" + rest
		})},
		{Name: "base-no-scheme", Stands: "Content-Base has no scheme", answer: based(func(base string) string { return strings.TrimPrefix(base, "rtsp://") })},
		{Name: "base-missing", Stands: "no Content-Base", answer: based(func(string) string { return "" })},
	}
}

// controlled gives the video another control attribute, made of the Content-Base.
func controlled(to func(base string) string) func(*exchange) string {
	return func(x *exchange) string {
		return strings.Replace(x.body, "a=control:"+videoTrack, "a=control:"+to(strings.TrimRight(x.url, "/")+"/"), 1)
	}
}

// based changes the Content-Base.
func based(to func(base string) string) func(*exchange) {
	return on("DESCRIBE", func(x *exchange) {
		if x.status == 200 {
			x.set("Content-Base", to(strings.TrimRight(x.url, "/")+"/"))
		}
	})
}

// on changes the answers to one method.
func on(method string, change func(*exchange)) func(*exchange) {
	return func(x *exchange) {
		if x.method == method {
			change(x)
		}
	}
}

// answerProfiles are about answers to SETUP and PLAY.
func answerProfiles() []Profile {
	return []Profile{
		{Name: "transport-no-channels", Stands: "the Transport answer names no channels", answer: on("SETUP", func(x *exchange) {
			x.set("Transport", "RTP/AVP/TCP;unicast")
		})},
		{Name: "transport-other-channels", Stands: "other channels than those asked for", channels: 4},
		{Name: "transport-udp-for-tcp", Stands: "Escam Q6: answers RTP/AVP and means TCP", answer: on("SETUP", func(x *exchange) {
			x.set("Transport", "RTP/AVP;unicast;interleaved=0-1")
		})},
		{Name: "transport-no-ports", Stands: "no server_port over UDP", UDP: true, answer: on("SETUP", func(x *exchange) {
			if c, ports, _ := strings.Cut(x.header["transport"], "client_port="); c != "" && ports != "" {
				x.set("Transport", "RTP/AVP;unicast;client_port="+ports)
			}
		})},
		{Name: "session-no-timeout", Stands: "the Session header tells no timeout", timeout: -1},
		{Name: "range-strict", Stands: "refuses the Range npt=0- and takes npt=0.000-", answer: on("PLAY", func(x *exchange) {
			if x.header["range"] == "npt=0-" {
				x.refuse(457, "Invalid Range")
			}
		})},
		{Name: "one-session", Stands: "refuses a second session while one plays", sessions: 1},
		{Name: "one-track", Stands: "refuses SETUP of a second track", sdp: func(x *exchange) string { return x.body + audioLines }, answer: on("SETUP", func(x *exchange) {
			if strings.HasSuffix(x.path, audioTrack) {
				x.refuse(500, "Internal Server Error")
			}
		})},
	}
}

// keepaliveProfiles are about what keeps a session.
func keepaliveProfiles() []Profile {
	by := func(method string) func(string) bool {
		return func(m string) bool { return m == method || m == "PLAY" }
	}
	return []Profile{
		{Name: "keepalive-options", Stands: "knows no GET_PARAMETER and says so; OPTIONS keeps the session", timeout: 2, lease: 4 * time.Second, keeps: by("OPTIONS"),
			answer: func(x *exchange) {
				switch x.method {
				case "OPTIONS":
					x.set("Public", "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN")
				case "GET_PARAMETER":
					x.refuse(501, "Not Implemented")
				}
			}},
		{Name: "keepalive-parameter-refused", Stands: "lists GET_PARAMETER and refuses it; OPTIONS keeps the session", timeout: 2, lease: 4 * time.Second, keeps: by("OPTIONS"),
			answer: on("GET_PARAMETER", func(x *exchange) { x.refuse(501, "Not Implemented") })},
		{Name: "keepalive-parameter-only", Stands: "VLC's server: GET_PARAMETER alone keeps the session", timeout: 2, lease: 4 * time.Second, keeps: by("GET_PARAMETER")},
		{Name: "keepalive-5s", Stands: "says a timeout of 60 s and ends the session after 5 s without a request", lease: 5 * time.Second},
		{Name: "keepalive-unanswered", Stands: "answers nothing while it plays", timeout: 2, answer: unanswered},
		{Name: "camera-asks", Stands: "sends OPTIONS itself, and ends where no answer comes", life: func(s *shot) error {
			if s.index%rigFPS != 0 {
				return nil
			}
			if _, reply := s.player.conn.lastHeard(s.taken); s.index >= 3*rigFPS && reply > 2*time.Second {
				return errUnanswered
			}
			return s.player.ask("OPTIONS")
		}},
	}
}

// unanswered leaves requests without an answer while the camera plays.
func unanswered(x *exchange) {
	if p := x.conn.player; p != nil && p.stop != nil {
		x.silent, x.hangUp = true, false
	}
}

// loginProfiles are about passwords.
func loginProfiles() []Profile {
	return []Profile{
		{Name: "basic", Stands: "asks for Basic", login: &rigLogin{challenges: []challenge{{basic: true}}}},
		{Name: "digest-md5", Stands: "asks for Digest with MD5", login: &rigLogin{challenges: []challenge{{algorithm: "MD5"}}}},
		{Name: "digest-sha-256", Stands: "asks for Digest with SHA-256", login: &rigLogin{challenges: []challenge{{algorithm: "SHA-256"}}}},
		{Name: "digest-qop", Stands: "asks for Digest with qop", login: &rigLogin{challenges: []challenge{{algorithm: "MD5", qop: true}}}},
		{Name: "digest-two", Stands: "offers Digest with SHA-256 and qop, with MD5, and Basic", login: &rigLogin{challenges: []challenge{
			{algorithm: "SHA-256", qop: true}, {algorithm: "MD5"}, {basic: true}}}},
		{Name: "digest-nonce-ages", Stands: "a nonce is good for two requests, then it is stale", login: &rigLogin{challenges: []challenge{{}}, uses: 2}},
		{Name: "digest-nonce-once", Stands: "a nonce is good for one request", login: &rigLogin{challenges: []challenge{{}}, uses: 1}},
	}
}
