package rawio

import (
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// stream is a TCP connection. One goroutine reads at a time.
type stream struct {
	*net.TCPConn
	raw     syscall.RawConn
	receive func(fd uintptr) bool

	// of the Read under way
	b     []byte
	n     int
	errno syscall.Errno
}

// Stream is c, which one goroutine at a time may read.
func Stream(c *net.TCPConn) (net.Conn, error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return nil, fmt.Errorf("connection's socket: %w", err)
	}
	s := &stream{TCPConn: c, raw: raw}
	s.receive = func(fd uintptr) bool {
		for {
			n, _, errno := syscall.RawSyscall(unix.SYS_READ, fd, uintptr(unsafe.Pointer(unsafe.SliceData(s.b))), uintptr(len(s.b)))
			if errno != unix.EINTR {
				s.n, s.errno = int(n), errno
				return errno != unix.EAGAIN
			}
		}
	}
	return s, nil
}

// Read implements net.Conn.
func (s *stream) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	s.b = b
	err := s.raw.Read(s.receive)
	s.b = nil
	switch {
	case err != nil:
		return 0, err
	case s.errno != 0:
		return 0, &net.OpError{Op: "read", Net: "tcp", Source: s.LocalAddr(), Addr: s.RemoteAddr(), Err: os.NewSyscallError("read", s.errno)}
	case s.n == 0:
		return 0, io.EOF
	}
	return s.n, nil
}
