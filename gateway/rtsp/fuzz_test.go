package rtsp

import (
	"bufio"
	"bytes"
	"context"
	"net"
	"net/textproto"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"matthan/gateway"
	"matthan/gateway/video"
)

// FuzzSplitter checks that a splitter gives all of a stream however it is cut,
// and never more than was received.
func FuzzSplitter(f *testing.F) {
	f.Add([]byte("RTSP/1.0 200 OK\r\nContent-Length: 3\r\n\r\n$ab$\x00\x00\x04\x80\x60\x00\x01OPTIONS rtsp://x RTSP/1.0\r\n\r\n"), uint8(3))
	f.Add([]byte("x$\x00\x00\x02\x80\x60RTSP"), uint8(1))
	f.Fuzz(func(t *testing.T, in []byte, step uint8) {
		whole, cut := split(in, len(in)+1), split(in, int(step)+1)
		if !bytes.Equal(whole, cut) {
			t.Fatalf("%q in one piece, %q in pieces of %d", whole, cut, step+1)
		}
		if len(whole) > len(in) {
			t.Fatal("more came out than in")
		}
	})
}

func split(in []byte, step int) (out []byte) {
	var s splitter
	for len(in) > 0 {
		n := copy(s.room(), in[:min(step, len(in))])
		s.taken(n)
		in = in[n:]
		for {
			frame, text := s.next()
			if frame == nil && text == nil {
				break
			}
			out = append(append(out, frame...), text...)
		}
		if len(s.buf) > 2*maxFrame {
			panic("an unbounded buffer")
		}
	}
	return out
}

// What a camera of FuzzCamera's does with its garbage.
const (
	early = 1 << iota // writes it for an answer to DESCRIBE, else behind the one to PLAY
	stays             // and goes on to answer
)

// FuzzCamera drives a whole client against a camera that writes garbage.
func FuzzCamera(f *testing.F) {
	var garbage atomic.Pointer[[]byte]
	var how atomic.Uint32
	address, _ := listenTCP(f, func(conn net.Conn) { writesGarbage(conn, *garbage.Load(), how.Load()) })
	packet := func(payload ...byte) []byte {
		p := header{kind: 96, sequence: 1, ssrc: 2}.packet(payload)
		return append([]byte{'$', 0, 0, byte(len(p))}, p...)
	}
	f.Add([]byte("RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Type: application/sdp\r\nContent-Base: rtsp://rtsp://\r\nContent-Length: 51\r\n\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264\r\na=control:/"), uint8(early|stays))
	f.Add([]byte("RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nWWW-Authenticate: Digest realm=\"a\", nonce=\"\r\nSession: ;timeout=\r\n\r\n"), uint8(early))
	f.Add([]byte("RTSP/1.0 302 Found\r\nCSeq: 2\r\nLocation: rtsp://\r\n\r\n"), uint8(early))
	f.Add(append(packet(0x7c, 0x85, 0xb8, 1), packet(0x18, 0, 1, 0x67, 0, 9)...), uint8(0))
	f.Add([]byte("$\x01\x00\x1c\x80\xc8\x00\x06\x00\x00\x00\x02\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x01"), uint8(0))
	f.Add([]byte("GET_PARAMETER rtsp://x RTSP/1.0\r\nCSeq: 1\r\n\r\nRTSP/1.0 454 x\r\n\r\n"), uint8(0))
	f.Fuzz(func(t *testing.T, in []byte, mode uint8) {
		garbage.Store(&in)
		how.Store(uint32(mode))
		s, err := New(Config{URL: "rtsp://" + address + "/main", Login: gateway.Login{User: user, Password: canary},
			Transport: gateway.TCP, ReadTimeout: 100 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		err = s.Run(ctx, func(au *video.AccessUnit) { _ = au.NALUs() })
		if ctx.Err() != nil || gateway.CauseOf(err) == gateway.CauseInternal {
			t.Fatal(err)
		}
		noSecret(t, err.Error())
	})
}

func writesGarbage(conn net.Conn, garbage []byte, how uint32) {
	r := textproto.NewReader(bufio.NewReader(conn))
	for {
		line, err := r.ReadLine()
		if err != nil {
			return
		}
		h, err := r.ReadMIMEHeader()
		if err != nil {
			return
		}
		method, _, _ := strings.Cut(line, " ")
		usual := strings.Replace((&raw{}).usual(request{method: method, header: h}), "$", h.Get("Cseq"), 1)
		switch {
		case method == "DESCRIBE" && how&early != 0:
			_, err = conn.Write(garbage)
		case method == "PLAY":
			if _, err = conn.Write([]byte(usual)); err == nil && how&early == 0 {
				_, err = conn.Write(garbage)
			}
		case method == "RTSP/1.0":
			continue
		default:
			_, err = conn.Write([]byte(usual))
		}
		if err != nil || method == "PLAY" || method == "DESCRIBE" && how&(early|stays) == early {
			return
		}
	}
}
