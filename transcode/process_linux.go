package transcode

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// confine has a process, and all that it starts, end with us and be killed as one.
func confine(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// longSlice is for how long a process that runs goes on while others wait whose slices
// are as long. From Linux 6.12 on who wakes up with a shorter one, as all have that ask
// for none, goes first at once. Niceness alone is a share of the time: who wakes up
// waits for what is left of the slice of who runs, 2 ms in one of a hundred cases. Our
// own slice stays as it is: with a short one our threads go first too, and are stopped
// again before they have sent a picture to all.
const longSlice = 20 * time.Millisecond

// yield lets everything that is live go first.
func yield(pid int) { behind(pid, 10) }

// behind lets others go before a process and all that it starts from now on.
func behind(pid, niceness int) {
	is := unix.SchedAttr{Size: unix.SizeofSchedAttr, Nice: int32(niceness), Runtime: uint64(longSlice)}
	if unix.SchedSetAttr(pid, &is, 0) != nil {
		_ = syscall.Setpriority(syscall.PRIO_PROCESS, pid, niceness)
	}
}

// bound lets those go first whose pictures are passed on as they are, and bounds a
// process's memory. It may write no file and leave no core.
func bound(pid int, memory uint64) {
	behind(pid, 5)
	for what, most := range map[int]uint64{syscall.RLIMIT_AS: memory, syscall.RLIMIT_FSIZE: 0, syscall.RLIMIT_CORE: 0} {
		limit := syscall.Rlimit{Cur: most, Max: most}
		_, _, _ = syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(pid), uintptr(what), uintptr(unsafe.Pointer(&limit)), 0, 0, 0)
	}
}

// ticksPerSecond is USER_HZ, in which /proc tells times (proc(5)): 100 on every
// machine that Go runs on.
const ticksPerSecond = 100

// cpuOf is what a running process has used of CPU, 0 where that is not known.
func cpuOf(pid int) time.Duration {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), ") ") // after the name
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * time.Second / ticksPerSecond
}
