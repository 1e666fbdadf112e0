package rawio

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"
)

// A poller that asks is woken after each datagram that leaves.
func TestNoPollerAsksWhenADatagramMayBeSent(t *testing.T) {
	t.Parallel()
	u := socket(t, "127.0.0.1")
	var at unix.Stat_t
	if err := u.sock.Control(func(fd uintptr) {
		if err := unix.Fstat(int(fd), &at); err != nil {
			t.Error(err)
		}
	}); err != nil {
		t.Fatal(err)
	}
	infos, err := filepath.Glob("/proc/self/fdinfo/*")
	if err != nil {
		t.Fatal(err)
	}
	mine := regexp.MustCompile(fmt.Sprintf(`(?m)^tfd:.* events: *([0-9a-f]+) .*ino:%x `, at.Ino))
	pollers := 0
	for _, info := range infos {
		b, err := os.ReadFile(info)
		if err != nil {
			continue // closed meanwhile
		}
		for _, m := range mine.FindAllSubmatch(b, -1) {
			pollers++
			events, err := strconv.ParseUint(string(m[1]), 16, 32)
			if err != nil || events&unix.EPOLLIN == 0 || events&unix.EPOLLOUT != 0 {
				t.Errorf("polled for %s", m[1])
			}
		}
	}
	if pollers != 1 {
		t.Errorf("in %d pollers", pollers)
	}
}
