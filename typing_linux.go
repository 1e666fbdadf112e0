package main

import (
	"os"
	"syscall"
	"unsafe"
)

// hideTyping has a terminal not show what is typed, until show. ok is false for
// what is no terminal.
func hideTyping(f *os.File) (show func(), ok bool) {
	var was syscall.Termios
	control := func(request uintptr, t *syscall.Termios) bool {
		_, _, err := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), request, uintptr(unsafe.Pointer(t)))
		return err == 0
	}
	if !control(syscall.TCGETS, &was) {
		return nil, false
	}
	hidden := was
	hidden.Lflag &^= syscall.ECHO
	if !control(syscall.TCSETS, &hidden) {
		return nil, false
	}
	return func() { control(syscall.TCSETS, &was) }, true
}
