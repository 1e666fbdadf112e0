package rtc

import (
	"fmt"
	"net/netip"
	"sync/atomic"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Bounds of one UDP_SEGMENT message: the kernel's oldest limit of segments, and
// what a UDP datagram may hold.
const (
	maxSegments = 64
	maxMessage  = 65507
)

// egressMessages is how many messages leave with one system call.
const egressMessages = 32

// controlSize holds one UDP_SEGMENT control message.
var controlSize = unix.CmsgSpace(2)

// segmentation is whether the kernel cuts messages into datagrams (UDP_SEGMENT,
// Linux 4.18). It is given up for all shards when an interface refuses it.
type segmentation struct{ off atomic.Bool }

// mmsghdr is struct mmsghdr of sendmmsg(2).
type mmsghdr struct {
	hdr unix.Msghdr
	len uint32
}

// egress sends a shard's packets from the media socket, by a descriptor of its
// own. It is for who has the shard's turn alone. It never waits: what the kernel
// cannot take is lost, as on the wire.
type egress struct {
	fd    int
	inet6 bool // the socket's family, which addresses must have
	seg   *segmentation

	headers []mmsghdr
	iovecs  []unix.Iovec
	names4  []unix.RawSockaddrInet4
	names6  []unix.RawSockaddrInet6
	control []byte
	sizes   []int // of a segment, for each message
	n       int
	buf     []byte
	used    int

	refuse   func() error  // what a test's interface answers to segmentation; nil: the real one's answer
	lost     atomic.Uint64 // messages that the kernel did not take
	fallback atomic.Uint64 // messages that were sent without segmentation
}

// newEgress duplicates the descriptor of c.
func newEgress(c syscall.Conn, seg *segmentation) (*egress, error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return nil, fmt.Errorf("media socket: %w", err)
	}
	e := &egress{fd: -1, seg: seg, headers: make([]mmsghdr, egressMessages), iovecs: make([]unix.Iovec, egressMessages),
		names4: make([]unix.RawSockaddrInet4, egressMessages), names6: make([]unix.RawSockaddrInet6, egressMessages),
		control: make([]byte, egressMessages*controlSize), sizes: make([]int, egressMessages), buf: make([]byte, 4*maxMessage)}
	var inner error
	err = raw.Control(func(fd uintptr) {
		if e.fd, inner = unix.FcntlInt(fd, unix.F_DUPFD_CLOEXEC, 0); inner != nil {
			return
		}
		domain, err := unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_DOMAIN)
		e.inet6, inner = domain == unix.AF_INET6, err
		if _, err := unix.GetsockoptInt(int(fd), unix.IPPROTO_UDP, unix.UDP_SEGMENT); err != nil {
			seg.off.Store(true)
		}
	})
	if err == nil {
		err = inner
	}
	if err != nil {
		return nil, fmt.Errorf("duplicate the media socket: %w", err)
	}
	return e, nil
}

func (e *egress) close() { _ = unix.Close(e.fd) }

// room returns an empty buffer for a message of up to n bytes, at most
// maxMessage. What is appended to it goes to commit.
func (e *egress) room(n int) []byte {
	if e.n == egressMessages || e.used+n > len(e.buf) {
		e.flush()
	}
	return e.buf[e.used : e.used : e.used+n]
}

// commit queues what was built in room's buffer for to: datagrams of segment
// bytes, the last perhaps shorter, at most maxSegments of them.
func (e *egress) commit(b []byte, segment int, to netip.AddrPort) {
	i := e.n
	e.iovecs[i].Base = &b[0]
	e.iovecs[i].SetLen(len(b))
	h := &e.headers[i].hdr
	h.Iov = &e.iovecs[i]
	h.SetIovlen(1)
	e.address(i, to)
	h.Control = nil
	h.SetControllen(0)
	if segment < len(b) {
		c := e.control[i*controlSize:]
		m := (*unix.Cmsghdr)(unsafe.Pointer(&c[0]))
		m.Level, m.Type = unix.IPPROTO_UDP, unix.UDP_SEGMENT
		m.SetLen(unix.CmsgLen(2))
		*(*uint16)(unsafe.Pointer(&c[unix.CmsgLen(0)])) = uint16(segment)
		h.Control = &c[0]
		h.SetControllen(controlSize)
	}
	e.sizes[i] = segment
	e.n++
	e.used += len(b)
}

// address sets the destination of message i, in the socket's family.
func (e *egress) address(i int, to netip.AddrPort) {
	h := &e.headers[i].hdr
	port := to.Port()<<8 | to.Port()>>8
	if e.inet6 {
		e.names6[i] = unix.RawSockaddrInet6{Family: unix.AF_INET6, Port: port, Addr: to.Addr().As16()}
		h.Name = (*byte)(unsafe.Pointer(&e.names6[i]))
		h.Namelen = unix.SizeofSockaddrInet6
		return
	}
	e.names4[i] = unix.RawSockaddrInet4{Family: unix.AF_INET, Port: port, Addr: to.Addr().Unmap().As4()}
	h.Name = (*byte)(unsafe.Pointer(&e.names4[i]))
	h.Namelen = unix.SizeofSockaddrInet4
}

// flush sends what is queued.
func (e *egress) flush() {
	for i := 0; i < e.n; {
		if e.seg.off.Load() && e.headers[i].hdr.Control != nil {
			e.single(i)
			i++
			continue
		}
		if e.refuse != nil && e.headers[i].hdr.Control != nil {
			i += e.failed(i, e.refuse().(syscall.Errno))
			continue
		}
		// Raw, without telling the scheduler: the call does not wait, and a processor
		// taken away from it and given back costs a tenth of what a packet does.
		sent, _, errno := syscall.RawSyscall6(unix.SYS_SENDMMSG, uintptr(e.fd), uintptr(unsafe.Pointer(&e.headers[i])),
			uintptr(e.n-i), unix.MSG_DONTWAIT, 0, 0)
		if errno == 0 {
			i += int(sent)
			continue
		}
		i += e.failed(i, errno)
	}
	e.n, e.used = 0, 0
}

// failed deals with message i, which the kernel refused, and tells how many
// messages are done with.
func (e *egress) failed(i int, errno syscall.Errno) int {
	switch {
	case errno == unix.EINTR:
		return 0
	case e.headers[i].hdr.Control != nil && (errno == unix.EIO || errno == unix.EINVAL):
		// EIO: the interface has no checksum offload, and will not grow one. EINVAL:
		// this message, for one: its segments are over the path's MTU.
		if errno == unix.EIO {
			e.seg.off.Store(true)
		}
		e.single(i)
	default: // EAGAIN: the socket's buffer is full; ENETUNREACH and the like: the viewer's network is gone
		e.lost.Add(1)
	}
	return 1
}

// single sends message i datagram by datagram.
func (e *egress) single(i int) {
	e.fallback.Add(1)
	b := unsafe.Slice(e.iovecs[i].Base, e.iovecs[i].Len)
	h := e.headers[i].hdr
	h.Control = nil
	h.SetControllen(0)
	iov := unix.Iovec{}
	h.Iov = &iov
	for len(b) > 0 {
		n := min(e.sizes[i], len(b))
		iov.Base = &b[0]
		iov.SetLen(n)
		if _, _, errno := syscall.Syscall(unix.SYS_SENDMSG, uintptr(e.fd), uintptr(unsafe.Pointer(&h)), unix.MSG_DONTWAIT); errno != 0 && errno != unix.EINTR {
			e.lost.Add(1)
		}
		b = b[n:]
	}
}
