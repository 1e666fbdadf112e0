package transcode

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

// confine has a process, and all that it starts, end with us and be killed as one.
func confine(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// yield lets everything that is live go first.
func yield(pid int) { _ = syscall.Setpriority(syscall.PRIO_PROCESS, pid, 10) }

// bound lets those go first whose pictures are passed on as they are, and bounds a
// process's memory. It may write no file and leave no core.
func bound(pid int, memory uint64) {
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, pid, 5)
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
