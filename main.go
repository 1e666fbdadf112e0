// Matthan shows intersection cameras in browsers: RTSP in, WebRTC out,
// WebSocket signaling between. See README.md, and gateway/doc.go for the way
// of a picture.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// version is set by the Makefile, from git.
var version = "dev"

const usage = `Matthan shows intersection cameras in browsers, live.

Usage: matthan COMMAND [options]

  run       serve the cameras of a configuration file
  demo      serve eight simulated cameras, and print the links to see them
  check     examine a camera, and say what is wrong with it
  import    put cameras and areas of a CSV or YAML file into the store
  export    write them to such a file
  backup    write all that the store holds to one file
  restore   make the store of such a file
  account   list, recover and disable the accounts of people
  token     make a bearer token for a tool or a portal
  audit     ask the audit log, export it, verify an export
  simulate  only the simulated cameras, on an RTSP server
  version   print the version

matthan COMMAND --help tells more.
`

const runUsage = `Usage: matthan run [--config FILE]

Serves until it is interrupted. Prints "ready" with its addresses when viewers
may come. Without a file: with the defaults, data in
./data, and no cameras. docs/config.example.yaml describes the file. SIGHUP has
its tokens read again; what else has changed holds from the next start.

`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	go paceGarbage(ctx)          // as long as the process
	os.Exit(command(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// command runs one command line and returns its exit code: 0, 1 where it
// failed, 2 where it was used wrongly.
func command(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	name := ""
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	switch name {
	case "run":
		return runCommand(ctx, args, stdout, stderr)
	case "demo":
		return demoCommand(ctx, args, stdout, stderr)
	case "check":
		return checkCommand(ctx, args, os.Stdin, stdout, stderr)
	case "import":
		return importCommand(ctx, args, stdout, stderr)
	case "export":
		return exportCommand(ctx, args, stdout, stderr)
	case "backup":
		return backupCommand(ctx, args, stdout, stderr)
	case "restore":
		return restoreCommand(ctx, args, stdout, stderr)
	case "account":
		return accountCommand(ctx, args, stdout, stderr)
	case "token":
		return tokenCommand(args, stdout, stderr)
	case "audit":
		return auditCommand(ctx, args, stdout, stderr)
	case "simulate":
		return simulateCommand(ctx, args, stdout, stderr)
	case "version", "--version":
		fmt.Fprintln(stdout, "matthan", version)
		return 0
	case "help", "--help", "-help", "-h":
		fmt.Fprint(stdout, usage)
		return 0
	case "":
		fmt.Fprint(stderr, usage)
		return 2
	}
	fmt.Fprintf(stderr, "matthan: there is no command %q (see matthan --help)\n", shorten(name))
	return 2
}

// parseFlags reads a command's options. Where that ends the command, it says
// with which exit code.
func parseFlags(set *flag.FlagSet, help string, args []string, stdout, stderr io.Writer) (code int, ended bool) {
	set.SetOutput(io.Discard)
	err := set.Parse(args)
	if err == nil && set.NArg() > 0 {
		err = fmt.Errorf("unexpected argument %q", shorten(set.Arg(0)))
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, help)
		set.SetOutput(stdout)
		set.PrintDefaults()
		return 0, true
	case err != nil:
		fmt.Fprintf(stderr, "matthan %s: %v (see matthan %[1]s --help)\n", set.Name(), err)
		return 2, true
	}
	return 0, false
}

func runCommand(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	set := flag.NewFlagSet("run", flag.ContinueOnError)
	file := set.String("config", "", "configuration `file`")
	if code, ended := parseFlags(set, runUsage, args, stdout, stderr); ended {
		return code
	}
	log := slog.New(slog.NewTextHandler(stderr, nil))
	cfg := defaultConfig()
	if *file != "" {
		c, err := loadConfig(*file)
		if err != nil {
			return failed(stderr, "run", err)
		}
		cfg = c
		var stop func()
		cfg.reread, stop = rereadAt(*file)
		defer stop()
	}
	for _, w := range cfg.Warnings {
		log.Warn(w)
	}
	if err := serve(ctx, cfg, log, func(l listening) { printReady(stdout, l) }); err != nil {
		return failed(stderr, "run", whenTaken(err, "in the configuration"))
	}
	return 0
}

// printReady writes one line for programs that wait for the gateway.
func printReady(w io.Writer, l listening) {
	line := "ready"
	if l.HTTP != nil {
		line += " http=http://" + l.HTTP.String()
	}
	if l.HTTPS != nil {
		line += " https=https://" + l.HTTPS.String()
	}
	fmt.Fprintln(w, line)
	if l.SetUp == "" {
		return
	}
	fmt.Fprintf(w, "\nChưa có tài khoản nào, tạo tài khoản đầu tiên trong một giờ · There is no account yet, make the first one within an hour:\n  %s\n", l.SetUp)
	if l.Root && l.HTTP != nil && reaches(l.HTTP) != "" {
		page, _, _ := strings.Cut(link("http", reaches(l.HTTP), l.HTTP, ""), "/#")
		fmt.Fprintf(w, "Trình duyệt cảnh báo đến khi máy tin chứng chỉ gốc, cài tại · Browsers warn until the device trusts the root certificate, from:\n  %s\n", page)
	}
}

// failed tells an error's lines and returns the exit code for it.
func failed(stderr io.Writer, name string, err error) int {
	for line := range strings.SplitSeq(err.Error(), "\n") {
		fmt.Fprintf(stderr, "matthan %s: %s\n", name, line)
	}
	return 1
}

// whenTaken adds what to do to the error of a port that another program uses.
func whenTaken(err error, where string) error {
	if !errors.Is(err, syscall.EADDRINUSE) {
		return err
	}
	return fmt.Errorf("%w: another program uses this port; end it, or choose another port %s", err, where)
}
