package rtsp

import (
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"matthan/gateway"
)

// Bounds of AAC.
const (
	aacSamples = 1024 // of an access unit
	maxConfig  = 16   // bytes of an AudioSpecificConfig
	maxAUs     = 16   // access units of a packet
)

// aac reads a line of AAC in its high bit-rate mode (RFC 3640 section 3.3.6),
// which all cameras use that send AAC in RTP's generic format.
func (l *soundLine) aac(m *section, format string) bool {
	fmtp := m.ofFormat("fmtp", format)
	is := func(name, want string) bool { return strings.EqualFold(strings.TrimSpace(parameter(fmtp, name)), want) }
	if encoding(m, format) != "MPEG4-GENERIC" || !is("mode", "AAC-hbr") || !is("sizelength", "13") || !is("indexlength", "3") || !is("indexdeltalength", "3") {
		return false
	}
	config, err := hex.DecodeString(strings.TrimSpace(parameter(fmtp, "config")))
	if err != nil || len(config) > maxConfig {
		return false
	}
	core := gateway.AACRate(config)
	_, clock, _ := strings.Cut(m.ofFormat("rtpmap", format), "/")
	clock, _, _ = strings.Cut(clock, "/")
	rate, err := strconv.Atoi(strings.TrimSpace(clock))
	if core == 0 || err != nil || rate < 7350 || rate > 96000 {
		return false
	}
	l.codec, l.rate, l.config, l.ticks = gateway.AAC, rate, string(config), int64(aacSamples*rate/core)
	return true
}

// unpack gives the access units of a packet: their sizes stand before them, in 13
// bits each and 3 more. One in pieces, which is larger than any camera's, is passed
// by.
func (s *sounds) unpack(p gateway.Sound, payload []byte) {
	if len(payload) < 2 {
		return
	}
	bits := int(payload[0])<<8 | int(payload[1])
	n := bits / 16
	if bits%16 != 0 || n == 0 || n > maxAUs || len(payload) < 2+2*n {
		return
	}
	heads, data := payload[2:2+2*n], payload[2+2*n:]
	p.Config = []byte(s.line.config)
	pts, captured := p.PTS, s.began(p, int64(n)*s.line.ticks)
	for i := range n {
		size := int(heads[2*i])<<5 | int(heads[2*i+1])>>3
		if size == 0 || size > len(data) {
			return
		}
		p.PTS = pts + int64(i)*s.line.ticks
		p.Captured = captured.Add(time.Duration(int64(i)*s.line.ticks) * time.Second / time.Duration(s.line.rate))
		s.give(p, data[:size])
		data = data[size:]
	}
}
