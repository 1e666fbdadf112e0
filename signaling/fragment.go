package signaling

import (
	"strings"
	"time"

	"matthan/gateway"
	"matthan/gateway/video"
)

func ignoreClock(int, uint64, gateway.StreamID, uint32, time.Time, video.Clock) {}

// fragment is an SDP fragment for trickle ICE (RFC 8840 section 9).
type fragment struct {
	ufrag, pwd string
	candidates []fragmentCandidate
}

type fragmentCandidate struct{ text, mid string }

// parseFragment reads a fragment of at most MaxCandidates candidates.
func parseFragment(text string) (fragment, error) {
	var f fragment
	mid := ""
	for _, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch {
		case strings.HasPrefix(line, "m="):
			mid = ""
		case key == "a=mid":
			mid = value
		case key == "a=ice-ufrag":
			f.ufrag = value
		case key == "a=ice-pwd":
			f.pwd = value
		case key == "a=candidate":
			if len(f.candidates) == MaxCandidates {
				return fragment{}, coded(CodeTooMany)
			}
			f.candidates = append(f.candidates, fragmentCandidate{"candidate:" + value, mid})
		}
	}
	if (f.ufrag == "") != (f.pwd == "") || f.ufrag == "" && len(f.candidates) == 0 {
		return fragment{}, coded(CodeOffer)
	}
	return f, nil
}

// into is the offer that restarts ICE: the old one with the fragment's
// credentials and candidates.
func (f fragment) into(offer string) string {
	var out []string
	lines := strings.Split(strings.TrimRight(offer, "\r\n"), "\r\n")
	first := true
	for i, line := range lines {
		key, _, _ := strings.Cut(line, ":")
		switch key {
		case "a=ice-ufrag":
			out = append(out, key+":"+f.ufrag)
		case "a=ice-pwd":
			out = append(out, key+":"+f.pwd)
		case "a=candidate", "a=end-of-candidates":
		default:
			out = append(out, line)
		}
		// the candidates belong to the first line, which carries the bundle
		last := i == len(lines)-1 || strings.HasPrefix(lines[i+1], "m=")
		if last && first && strings.Contains(strings.Join(lines[:i+1], "\n"), "\nm=") {
			first = false
			for _, c := range f.candidates {
				out = append(out, "a="+c.text)
			}
		}
	}
	return strings.Join(out, "\r\n") + "\r\n"
}

// fragmentOf is what an answer says of ICE.
func fragmentOf(answer string) string {
	var b strings.Builder
	section, written := "", map[string]bool{}
	for _, line := range strings.Split(strings.TrimRight(answer, "\r\n"), "\r\n") {
		key, _, _ := strings.Cut(line, ":")
		switch {
		case strings.HasPrefix(line, "m="):
			section = line
		case key == "a=ice-ufrag", key == "a=ice-pwd", key == "a=ice-lite", key == "a=ice-options":
			if !written[key] {
				b.WriteString(line + "\r\n")
				written[key] = true
			}
		case key == "a=mid" && section != "" && !written["m"]:
			b.WriteString(section + "\r\n" + line + "\r\n")
			written["m"] = true
		}
	}
	for _, line := range strings.Split(answer, "\r\n") {
		if strings.HasPrefix(line, "a=candidate:") || line == "a=end-of-candidates" {
			if !written[line] {
				b.WriteString(line + "\r\n")
				written[line] = true
			}
		}
	}
	return b.String()
}
