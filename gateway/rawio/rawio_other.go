//go:build !linux

package rawio

import "net"

// Stream is c.
func Stream(c *net.TCPConn) (net.Conn, error) { return c, nil }

// UDPConn is a UDP socket.
type UDPConn struct{ *net.UDPConn }

// UDP is c.
func UDP(c *net.UDPConn) (*UDPConn, error) { return &UDPConn{c}, nil }
