package rtsp

import (
	"encoding/base64"
	"net/url"
	"strings"
	"unicode"

	"matthan/gateway"
)

// maxText is how much of a foreign error's text is kept, in bytes.
const maxText = 300

// scrubber takes secrets out of texts that libraries and cameras made.
type scrubber struct{ replace *strings.Replacer }

func newScrubber(u *url.URL, login gateway.Login) scrubber {
	var pairs []string
	hide := func(s, by string) {
		if s != "" {
			pairs = append(pairs, s, by)
		}
	}
	user, password := login.User, login.Password.Reveal()
	if password != "" {
		hide(base64.StdEncoding.EncodeToString([]byte(user+":"+password)), "•••")
		hide(url.UserPassword(user, password).String(), "•••")
		hide(url.QueryEscape(password), "•••")
		hide(url.PathEscape(password), "•••")
		hide(password, "•••")
	}
	// Some makes take the password in the path or the query.
	if uri := u.RequestURI(); strings.Contains(uri, "=") {
		hide(uri, "/…")
	}
	return scrubber{strings.NewReplacer(pairs...)}
}

// text is s without secrets, without userinfo in URLs, without control
// characters, and not endless.
func (s scrubber) text(t string) string {
	t = withoutUserinfo(s.replace.Replace(t))
	t = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, t)
	if len(t) > maxText {
		t = strings.ToValidUTF8(t[:maxText], "") + "…"
	}
	return t
}

// withoutUserinfo cuts what stands between :// and an @ of the same word.
func withoutUserinfo(t string) string {
	var b strings.Builder
	for {
		i := strings.Index(t, "://")
		if i < 0 {
			b.WriteString(t)
			return b.String()
		}
		b.WriteString(t[:i+3])
		t = t[i+3:]
		end := strings.IndexAny(t, "/ \t\"'")
		if end < 0 {
			end = len(t)
		}
		if at := strings.LastIndexByte(t[:end], '@'); at >= 0 {
			t = t[at+1:]
		}
	}
}
