package rtsp

import (
	"bytes"
	"strconv"
	"strings"
)

// wellFormed says whether a session description is as RFC 4566 section 5 has
// it, as far as strict readers stumble over what cameras do: lines that are none,
// v=, o= and s= not exactly once, no t=, a c= or m= with too few words, payload
// types that are no numbers, and a last line without an end.
func wellFormed(body []byte) bool {
	if !bytes.HasSuffix(body, []byte("\n")) {
		return false
	}
	times := map[byte]int{}
	session := true
	for line := range bytes.Lines(body) {
		text := strings.TrimRight(string(line), "\r\n \x00")
		if text == "" {
			continue
		}
		if len(text) < 2 || text[1] != '=' {
			return false
		}
		f := strings.Fields(text[2:])
		switch kind := text[0]; {
		case kind == 'm':
			session = false
			if len(f) < 4 || strings.HasPrefix(f[2], "RTP/") && !numbers(f[3:]) {
				return false
			}
		case kind == 'c' && len(f) != 3:
			return false
		case session:
			times[kind]++
		}
	}
	return times['v'] == 1 && times['o'] == 1 && times['s'] == 1 && times['t'] > 0
}

func numbers(words []string) bool {
	for _, w := range words {
		if _, err := strconv.ParseUint(w, 10, 7); err != nil {
			return false
		}
	}
	return true
}
