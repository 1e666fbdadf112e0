package simulate

import (
	"errors"
	"strings"
	"time"
)

var (
	errUnanswered = errors.New("the reader does not answer")
	errReboot     = errors.New("the camera boots")
)

// clockProfiles are about times.
func clockProfiles() []Profile {
	return []Profile{
		{Name: "clock-years", Stands: "the clock is 20 years behind", units: func(s *shot) { s.wrong = -20 * 365 * 24 * time.Hour }},
		{Name: "clock-jumps", Stands: "the clock jumps by an hour, there and back", units: func(s *shot) {
			if s.index/rigFPS%2 == 1 {
				s.wrong = time.Hour
			}
		}},
		{Name: "clock-drifts", Stands: "the clock gains 50 ms each second", units: func(s *shot) {
			s.wrong = time.Duration(s.index) * 50 * time.Millisecond / rigFPS
		}},
		{Name: "no-reports", Stands: "no RTCP sender reports", units: func(s *shot) { s.rtcp = false }},
		{Name: "timestamps-swapped", Stands: "the RTP timestamps of two pictures are swapped", units: func(s *shot) {
			if s.place%2 == 0 {
				s.stamp += 90000 / rigFPS
			} else {
				s.stamp -= 90000 / rigFPS
			}
		}},
		{Name: "timestamps-jump", Stands: "the RTP timestamps jump by an hour at each key picture", units: func(s *shot) {
			s.stamp += uint32(s.index/rigFPS) * 3600 * 90000
		}},
		{Name: "timestamps-still", Stands: "two pictures have the same RTP timestamp", units: func(s *shot) {
			if s.place%2 == 1 {
				s.stamp -= 90000 / rigFPS
			}
		}},
	}
}

// lifeProfiles are about what happens to cameras, and which play all the same.
func lifeProfiles() []Profile {
	return []Profile{
		{Name: "slow", Stands: "a weak processor: DESCRIBE takes three seconds", answer: on("DESCRIBE", func(x *exchange) { x.delay = 3 * time.Second })},
		{Name: "reboot", Stands: "goes after a second and is back a while later", life: func(s *shot) error {
			if s.index == rigFPS && s.player.camera.reboot(1500*time.Millisecond) {
				return errReboot
			}
			return nil
		}},
		{Name: "half-open", Stands: "after a second nothing comes any more, no answer either, and the connection stays", answer: unanswered, life: func(s *shot) error {
			s.silent = s.index > rigFPS
			return nil
		}},
		{Name: "redirect-self", Stands: "redirects to another address of its own", answer: on("DESCRIBE", func(x *exchange) {
			if !strings.Contains(x.url, "?") {
				x.refuse(302, "Found")
				x.set("Location", x.url+"?token=1")
			}
		})},
	}
}

// refusals are what gives no picture.
func refusals() []Profile {
	refuse := func(method string, status int, reason string) func(*exchange) {
		return on(method, func(x *exchange) { x.refuse(status, reason) })
	}
	return []Profile{
		{Name: "redirect-loop", Stands: "redirects to the address that was asked", answer: on("DESCRIBE", func(x *exchange) {
			x.refuse(302, "Found")
			x.set("Location", x.url)
		})},
		{Name: "redirect-other-host", Stands: "redirects to another host", answer: on("DESCRIBE", func(x *exchange) {
			x.refuse(302, "Found")
			x.set("Location", "rtsp://192.0.2.7:554"+x.path)
		})},
		{Name: "limit-setup", Stands: "the connection limit is reached: SETUP gives 453", answer: refuse("SETUP", 453, "Not Enough Bandwidth")},
		{Name: "limit-describe", Stands: "the connection limit is reached: DESCRIBE gives 503", answer: refuse("DESCRIBE", 503, "Service Unavailable")},
		{Name: "login-refused", Stands: "refuses every login", login: &rigLogin{challenges: []challenge{{algorithm: "MD5"}}, never: true}},
		{Name: "no-such-stream", Stands: "another path than the configured one: 404", answer: refuse("DESCRIBE", 404, "Stream Not Found")},
		{Name: "mpeg-4", Stands: "an old camera: the description says MPEG-4", sdp: replaced("H264/90000", "MP4V-ES/90000")},
		{Name: "no-video", Stands: "sends sound only", sdp: func(x *exchange) string {
			return x.body[:strings.Index(x.body, "m=video")] + audioLines
		}},
		{Name: "end-at-once", Stands: "closes the connection before it answers", answer: func(x *exchange) { x.silent, x.hangUp = true, true }},
		{Name: "hang", Stands: "takes the connection and never answers", answer: func(x *exchange) { x.silent = true }},
		{Name: "garbage", Stands: "answers what is no RTSP", answer: func(x *exchange) {
			x.raw, x.hangUp = "\x00\x01\x02\xff\xfe no RTSP here\r\n\r\n", true
		}},
	}
}
