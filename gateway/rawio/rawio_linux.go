package rawio

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strconv"
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

// UDPConn is a UDP socket that is not connected. One goroutine reads at a time.
type UDPConn struct {
	*net.UDPConn
	raw     syscall.RawConn
	inet6   bool // the socket's family
	receive func(fd uintptr) bool

	// of the read under way
	b     []byte
	from  unix.RawSockaddrInet6 // which an RawSockaddrInet4 fits into
	n     int
	errno syscall.Errno
}

// UDP is c, which one goroutine at a time may read.
func UDP(c *net.UDPConn) (*UDPConn, error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return nil, fmt.Errorf("connection's socket: %w", err)
	}
	u := &UDPConn{UDPConn: c, raw: raw}
	var inner error
	err = raw.Control(func(fd uintptr) {
		var domain int
		domain, inner = unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_DOMAIN)
		u.inet6 = domain == unix.AF_INET6
	})
	if err == nil {
		err = inner
	}
	if err != nil {
		return nil, fmt.Errorf("connection's address family: %w", err)
	}
	u.receive = func(fd uintptr) bool {
		for {
			size := uint32(unix.SizeofSockaddrInet6)
			n, _, errno := syscall.RawSyscall6(unix.SYS_RECVFROM, fd, uintptr(unsafe.Pointer(unsafe.SliceData(u.b))), uintptr(len(u.b)), unix.MSG_DONTWAIT,
				uintptr(unsafe.Pointer(&u.from)), uintptr(unsafe.Pointer(&size)))
			if errno != unix.EINTR {
				u.n, u.errno = int(n), errno
				return errno != unix.EAGAIN
			}
		}
	}
	return u, nil
}

// ReadFromUDPAddrPort reads a datagram, as that of net.UDPConn does, but that a
// zone is the interface's number.
func (u *UDPConn) ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error) {
	u.b = b
	err := u.raw.Read(u.receive)
	u.b = nil
	switch {
	case err != nil:
		return 0, netip.AddrPort{}, err
	case u.errno != 0:
		return 0, netip.AddrPort{}, &net.OpError{Op: "read", Net: "udp", Source: u.LocalAddr(), Err: os.NewSyscallError("recvfrom", u.errno)}
	}
	return u.n, addrPort(&u.from), nil
}

func addrPort(s *unix.RawSockaddrInet6) netip.AddrPort {
	port := binary.BigEndian.Uint16((*[2]byte)(unsafe.Pointer(&s.Port))[:])
	if s.Family == unix.AF_INET {
		return netip.AddrPortFrom(netip.AddrFrom4((*unix.RawSockaddrInet4)(unsafe.Pointer(s)).Addr), port)
	}
	a := netip.AddrFrom16(s.Addr)
	if s.Scope_id != 0 {
		a = a.WithZone(strconv.FormatUint(uint64(s.Scope_id), 10))
	}
	return netip.AddrPortFrom(a, port)
}

// WriteToUDPAddrPort sends a datagram, as that of net.UDPConn does, which is asked
// where this one does not know how: of an address with a zone or of the other
// family, and while the socket's buffer is full.
func (u *UDPConn) WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error) {
	if !to.Addr().IsValid() || to.Addr().Zone() != "" || to.Addr().Unmap().Is6() && !u.inet6 {
		return u.UDPConn.WriteToUDPAddrPort(b, to)
	}
	name, size := sockaddr(to, u.inet6)
	var errno syscall.Errno
	if err := u.raw.Control(func(fd uintptr) {
		_, _, errno = syscall.RawSyscall6(unix.SYS_SENDTO, fd, uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)), unix.MSG_DONTWAIT,
			uintptr(unsafe.Pointer(&name)), size)
	}); err != nil {
		return 0, err
	}
	if errno != 0 {
		return u.UDPConn.WriteToUDPAddrPort(b, to)
	}
	return len(b), nil
}

// sockaddr is an address in a socket's family, and its size.
func sockaddr(to netip.AddrPort, inet6 bool) (name unix.RawSockaddrInet6, size uintptr) {
	binary.BigEndian.PutUint16((*[2]byte)(unsafe.Pointer(&name.Port))[:], to.Port())
	if inet6 {
		name.Family, name.Addr = unix.AF_INET6, to.Addr().As16()
		return name, unix.SizeofSockaddrInet6
	}
	four := (*unix.RawSockaddrInet4)(unsafe.Pointer(&name))
	four.Family, four.Addr = unix.AF_INET, to.Addr().Unmap().As4()
	return name, unix.SizeofSockaddrInet4
}
