package rtsp

import (
	"bytes"
	"strconv"
	"strings"
)

// Bounds of what a splitter holds.
const (
	firstBuffer = 16 << 10   // bytes; it grows where a message or packet asks for more
	maxFrame    = 4 + 1<<16  // bytes of an interleaved packet with its head
	maxHead     = 32 << 10   // bytes of the head of an RTSP message
	maxGarbage  = 256 << 10  // bytes in a row that are neither
	frameHead   = 4          // '$', the channel and two bytes of length
	frameSign   = '$'        // what an interleaved packet begins with
	headEnd     = "\r\n\r\n" // what ends the head of a message
)

// starts are how an RTSP message begins: an answer, or a request of the
// camera's own.
var starts = []string{"RTSP/1.0 ", "OPTIONS ", "GET_PARAMETER ", "SET_PARAMETER ", "ANNOUNCE ", "REDIRECT ", "TEARDOWN ",
	"PLAY_NOTIFY ", "DESCRIBE ", "SETUP ", "PLAY ", "PAUSE ", "RECORD "}

// splitter takes apart what a camera sends over TCP: RTSP messages, and the
// packets interleaved with them (RFC 2326 section 10.12). What is neither it
// skips: some firmwares send bytes too many behind a packet.
type splitter struct {
	buf     []byte
	r, w    int // buf[r:w] is received and not yet taken
	body    int // bytes that follow of the message under way
	garbage int // bytes skipped since the last message or packet
	others  int // bytes so far that belong to no packet
}

// next gives the packet at the front, with its head, or a part of a message;
// neither where more must be received first. Both are slices of the splitter's
// memory, which hold until room is called.
func (s *splitter) next() (frame, text []byte) {
	for s.r < s.w {
		b := s.buf[s.r:s.w]
		switch {
		case s.body > 0:
			n := min(s.body, len(b))
			s.body -= n
			s.r += n
			s.others += n
			return nil, b[:n]
		case b[0] == frameSign:
			whole, plausible := frameSize(b, s.garbage > 0)
			switch {
			case !plausible:
				s.skip()
			case len(b) < whole:
				return nil, nil
			default:
				s.r += whole
				s.garbage = 0
				return b[:whole], nil
			}
		case begins(b):
			end := bytes.Index(b, []byte(headEnd))
			switch {
			case end >= 0:
				head := b[:end+len(headEnd)]
				s.r += len(head)
				s.others += len(head)
				s.body, s.garbage = contentLength(head), 0
				return nil, head
			case len(b) < maxHead:
				return nil, nil
			}
			s.skip()
		default:
			s.skip()
		}
	}
	return nil, nil
}

func (s *splitter) skip() {
	s.r++
	s.garbage++
	s.others++
}

// room is where to put what is received next; taken tells how much it was.
func (s *splitter) room() []byte {
	if s.buf == nil {
		s.buf = make([]byte, firstBuffer)
	}
	if s.r == s.w {
		s.r, s.w = 0, 0
	}
	if len(s.buf)-s.w < len(s.buf)/4 {
		s.w = copy(s.buf, s.buf[s.r:s.w])
		s.r = 0
	}
	if s.w == len(s.buf) { // one packet or message fills it
		s.buf = append(s.buf, make([]byte, min(len(s.buf), maxFrame))...)
	}
	return s.buf[s.w:]
}

func (s *splitter) taken(n int) { s.w += n }

// frameSize is how long the packet at the front is with its head. Behind
// garbage a '$' may be more of it: a packet's version is asked then.
func frameSize(b []byte, doubtful bool) (size int, plausible bool) {
	if len(b) <= frameHead {
		return maxFrame, true
	}
	return frameHead + int(b[2])<<8 + int(b[3]), !doubtful || b[frameHead]>>6 == rtpVersion
}

// begins says whether b is, as far as it goes, the start of a message.
func begins(b []byte) bool {
	for _, s := range starts {
		if n := min(len(s), len(b)); string(b[:n]) == s[:n] {
			return true
		}
	}
	return false
}

// contentLength reads a head as gortsplib does: of several lengths none counts.
// One that gortsplib refuses, it refuses.
func contentLength(head []byte) int {
	found, length := 0, 0
	for line := range bytes.Lines(head) {
		k, v, _ := bytes.Cut(line, []byte(":"))
		if !strings.EqualFold(string(k), "Content-Length") {
			continue
		}
		found++
		if n, err := strconv.ParseUint(string(bytes.TrimSpace(v)), 10, 31); err == nil {
			length = int(n)
		}
	}
	if found != 1 {
		return 0
	}
	return length
}
