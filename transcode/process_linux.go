package transcode

import (
	"os/exec"
	"syscall"
)

// confine has a process, and all that it starts, end with us and be killed as one.
func confine(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// yield lets everything that is live go first.
func yield(pid int) { _ = syscall.Setpriority(syscall.PRIO_PROCESS, pid, 10) }
