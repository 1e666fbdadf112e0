package rawio

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// UDPConn is a UDP socket that is not connected. One goroutine reads at a time.
//
// Go's poller asks of each socket when it may be written to, and the kernel answers
// for a UDP socket after each datagram that has left: the thread that waits for the
// network wakes up, finds nothing to do, and looks for work with the others. So this
// socket is not in that poller, but a poller of its own is, which hears of reading
// alone.
type UDPConn struct {
	local *net.UDPAddr
	inet6 bool // the socket's family

	file  *os.File        // the socket, which Go takes for one that blocks
	sock  syscall.RawConn // of file
	ready *os.File        // an epoll instance: readable while the socket is
	poll  syscall.RawConn // of ready

	closed atomic.Bool

	// of the read under way
	receive func(uintptr) bool
	take    func(fd uintptr)
	b       []byte
	from    unix.RawSockaddrInet6 // which an RawSockaddrInet4 fits into
	n       int
	errno   syscall.Errno
	gone    error // of file
}

// UDP makes c's socket one that is cheap to send from. c is closed.
func UDP(c *net.UDPConn) (*UDPConn, error) {
	defer func() { _ = c.Close() }()
	raw, err := c.SyscallConn()
	if err != nil {
		return nil, fmt.Errorf("connection's socket: %w", err)
	}
	u := &UDPConn{local: c.LocalAddr().(*net.UDPAddr)}
	var inner error
	err = raw.Control(func(fd uintptr) { inner = u.own(int(fd)) })
	if err = errors.Join(err, inner); err != nil {
		_ = u.Close()
		return nil, err
	}
	u.take = func(fd uintptr) {
		for {
			size := uint32(unix.SizeofSockaddrInet6)
			n, _, errno := syscall.RawSyscall6(unix.SYS_RECVFROM, fd, uintptr(unsafe.Pointer(unsafe.SliceData(u.b))), uintptr(len(u.b)), unix.MSG_DONTWAIT,
				uintptr(unsafe.Pointer(&u.from)), uintptr(unsafe.Pointer(&size)))
			if errno != unix.EINTR {
				u.n, u.errno = int(n), errno
				return
			}
		}
	}
	u.receive = func(uintptr) bool {
		u.gone = u.sock.Control(u.take)
		return u.gone != nil || u.errno != unix.EAGAIN
	}
	return u, nil
}

// own takes a descriptor of its own for the socket fd, and makes the poller.
func (u *UDPConn) own(fd int) error {
	domain, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_DOMAIN)
	if err != nil {
		return fmt.Errorf("connection's address family: %w", err)
	}
	u.inet6 = domain == unix.AF_INET6
	if fd, err = unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0); err != nil {
		return fmt.Errorf("duplicate a socket: %w", err)
	}
	// What os.NewFile finds blocking it leaves out of Go's poller. No call on it blocks:
	// each says so itself.
	err = unix.SetNonblock(fd, false)
	if u.file = os.NewFile(uintptr(fd), "udp"); err != nil {
		return fmt.Errorf("keep a socket out of the poller: %w", err)
	}
	if u.sock, err = u.file.SyscallConn(); err != nil {
		return fmt.Errorf("connection's socket: %w", err)
	}
	poller, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return fmt.Errorf("make a poller: %w", err)
	}
	if err = unix.SetNonblock(poller, true); err == nil {
		err = unix.EpollCtl(poller, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN})
	}
	if u.ready = os.NewFile(uintptr(poller), "epoll"); err != nil {
		return fmt.Errorf("make a poller: %w", err)
	}
	if u.poll, err = u.ready.SyscallConn(); err != nil {
		return fmt.Errorf("make a poller: %w", err)
	}
	return nil
}

// ReadFromUDPAddrPort reads a datagram, as that of net.UDPConn does, but that a
// zone is the interface's number.
func (u *UDPConn) ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error) {
	u.b = b
	err := u.poll.Read(u.receive)
	u.b = nil
	switch {
	case err != nil:
		return 0, netip.AddrPort{}, u.failed("read", err)
	case u.gone != nil:
		return 0, netip.AddrPort{}, u.failed("read", u.gone)
	case u.errno != 0:
		return 0, netip.AddrPort{}, u.failed("read", os.NewSyscallError("recvfrom", u.errno))
	}
	return u.n, addrPort(&u.from), nil
}

// WriteToUDPAddrPort sends a datagram, as that of net.UDPConn does, but that it
// never waits: what the socket's buffer has no room for is lost, as on the wire.
func (u *UDPConn) WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error) {
	name, size, err := u.sockaddr(to)
	if err != nil {
		return 0, u.failed("write", err)
	}
	var errno syscall.Errno
	if err := u.sock.Control(func(fd uintptr) {
		_, _, errno = syscall.RawSyscall6(unix.SYS_SENDTO, fd, uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)), unix.MSG_DONTWAIT,
			uintptr(unsafe.Pointer(&name)), size)
	}); err != nil {
		return 0, u.failed("write", err)
	}
	if errno != 0 && errno != unix.EAGAIN && errno != unix.EINTR {
		return 0, u.failed("write", os.NewSyscallError("sendto", errno))
	}
	return len(b), nil
}

func (u *UDPConn) failed(op string, err error) error {
	if u.closed.Load() {
		err = net.ErrClosed
	}
	return &net.OpError{Op: op, Net: "udp", Source: u.local, Err: err}
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

// sockaddr is an address in the socket's family, and its size.
func (u *UDPConn) sockaddr(to netip.AddrPort) (name unix.RawSockaddrInet6, size uintptr, err error) {
	a := to.Addr()
	binary.BigEndian.PutUint16((*[2]byte)(unsafe.Pointer(&name.Port))[:], to.Port())
	switch {
	case !a.IsValid():
		return name, 0, errors.New("no address")
	case u.inet6:
		name.Family, name.Addr = unix.AF_INET6, a.As16()
		if a.Zone() != "" {
			name.Scope_id, err = scope(a.Zone())
		}
		return name, unix.SizeofSockaddrInet6, err
	case a.Unmap().Is6():
		return name, 0, fmt.Errorf("%s: not of the socket's family, IPv4", a)
	}
	four := (*unix.RawSockaddrInet4)(unsafe.Pointer(&name))
	four.Family, four.Addr = unix.AF_INET, a.Unmap().As4()
	return name, unix.SizeofSockaddrInet4, nil
}

// scope is the number of the interface that a zone names.
func scope(zone string) (uint32, error) {
	if n, err := strconv.ParseUint(zone, 10, 32); err == nil {
		return uint32(n), nil
	}
	i, err := net.InterfaceByName(zone)
	if err != nil {
		return 0, fmt.Errorf("zone %s: %w", zone, err)
	}
	return uint32(i.Index), nil
}

// LocalAddr is the address that the socket is bound to.
func (u *UDPConn) LocalAddr() net.Addr { return u.local }

// SyscallConn is for socket options, and for descriptors to send by.
func (u *UDPConn) SyscallConn() (syscall.RawConn, error) { return u.sock, nil }

// SetDeadline sets that of reading.
func (u *UDPConn) SetDeadline(t time.Time) error { return u.SetReadDeadline(t) }

// SetReadDeadline implements net.PacketConn.
func (u *UDPConn) SetReadDeadline(t time.Time) error { return u.ready.SetReadDeadline(t) }

// SetWriteDeadline does nothing: no write waits.
func (u *UDPConn) SetWriteDeadline(time.Time) error { return nil }

// Close ends the read under way.
func (u *UDPConn) Close() error {
	u.closed.Store(true)
	var all []error
	for _, f := range []*os.File{u.ready, u.file} {
		if f != nil {
			all = append(all, f.Close())
		}
	}
	return errors.Join(all...)
}
