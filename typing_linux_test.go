package main

import (
	"os"
	"syscall"
	"testing"
	"unsafe"
)

func TestTypingIsHiddenOnATerminalAndShownAgain(t *testing.T) {
	t.Parallel()
	f, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("there are no terminals here: ", err)
	}
	defer f.Close()
	echoes := func() bool {
		var is syscall.Termios
		if _, _, err := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), syscall.TCGETS, uintptr(unsafe.Pointer(&is))); err != 0 {
			t.Fatal(err)
		}
		return is.Lflag&syscall.ECHO != 0
	}
	if !echoes() {
		t.Fatal("a new terminal shows nothing")
	}
	show, ok := hideTyping(f)
	if !ok || echoes() {
		t.Fatalf("hidden %v, and it echoes %v", ok, echoes())
	}
	if show(); !echoes() {
		t.Error("it stays hidden")
	}
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	if _, ok := hideTyping(null); ok {
		t.Error("what is no terminal is hidden")
	}
}
