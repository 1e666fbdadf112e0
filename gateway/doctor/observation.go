package doctor

import (
	"net/url"
	"regexp"
	"strings"
	"time"

	"matthan/gateway"
	"matthan/gateway/rtsp"
)

// Observation is what was seen of a camera. It holds no secret.
type Observation struct {
	Address     string // the camera's, masked
	LoginInURL  bool   // the address came with a login
	LoginGiven  bool
	Description rtsp.Description

	Failed   gateway.Cause     // why there is no description or no picture; "" where pictures came
	Broke    gateway.Cause     // why it ended before we did, after pictures came
	Detail   string            // for technicians: what Failed or Broke is about, in English
	Plays    bool              // it answered PLAY
	Carrier  gateway.Transport // of the pictures: TCP or UDP
	UDP      Answer            // whether it plays over UDP too
	TCP      Answer            // whether it plays over TCP, where it was asked to play over UDP or does
	Last     bool              // it gave no further session while it played
	Looked   time.Duration     // from the PLAY on
	Series   Series
	Packets  uint64          // received
	Lost     uint64          // missing in the sequence
	Broken   uint64          // pictures that were not whole
	Quirks   []gateway.Quirk // that were met and put right
	Make     Make
	Main     *Stream // a better address for the main stream; nil: the one that was given
	Sub      *Stream // nil: none was found
	SubTried bool    // one was looked for, and the camera told whether it is there

	NoRungs bool // no stream can be transcoded here
}

// Answer is yes, no, or nothing where nobody asked.
type Answer string

// What was found out.
const (
	Yes Answer = "yes"
	No  Answer = "no"
)

// Stream is one encoding of a camera, by its description.
type Stream struct {
	URL    string `json:"url"` // without a login; masked where it holds one in its path
	Codec  string `json:"codec"`
	Width  int    `json:"width,omitempty"` // pixels; 0 where the description does not tell
	Height int    `json:"height,omitempty"`
}

// secretly are the names by which makes take a login in a path or a query.
var secretly = regexp.MustCompile(`(?i)(?:user|usr|username|login|account|pass|passwd|password|pwd|psw|auth|token|key|session|sid)=`)

// masked is an address without a login, and without what follows the name of a
// secret in its path or query: where such a value ends differs between makes.
func masked(raw string, login gateway.Login) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	u.User = nil
	text := u.String()
	if at := secretly.FindStringIndex(text); at != nil {
		text = text[:at[1]] + "•••"
	}
	if p := login.Password.Reveal(); p != "" {
		tail := strings.TrimPrefix(text, u.Scheme+"://"+u.Host)
		for _, form := range []string{p, url.QueryEscape(p), url.PathEscape(p)} {
			tail = strings.ReplaceAll(tail, form, "•••")
		}
		if decoded, err := url.PathUnescape(tail); err != nil || strings.Contains(decoded, p) { // written in yet another way
			tail = "/•••"
		}
		text = u.Scheme + "://" + u.Host + tail
	}
	return text
}
