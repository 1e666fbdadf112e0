package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"matthan/gateway"
	"matthan/gateway/doctor"
	"matthan/gateway/rtsp"
)

const checkUsage = `Usage: matthan check URL [options]

Examines a camera for some seconds and says in words what is wrong with it and
what to change in its menu: whether it is reached, its login, codec, resolution,
frame rate, bandwidth, key pictures, clock, losses and sub stream. The exit code
is 0 where browsers can play it, 1 where they cannot, 2 for wrong usage.

The password is read from --password-file, else asked for where --user is given;
it never belongs on the command line. docs/check.md explains the findings.

`

// check is the command line of "matthan check".
type check struct {
	camera   rtsp.Config
	inURL    bool // the login came in the address
	json     bool
	language string
	look     time.Duration
}

// checkCommand examines one camera.
func checkCommand(ctx context.Context, args []string, stdin *os.File, stdout, stderr io.Writer) int {
	c, code, ended := parseCheck(args, stdin, stdout, stderr)
	if ended {
		return code
	}
	if !c.json {
		fmt.Fprintln(stderr, doctor.Words{VI: "Đang khám, mất khoảng 10 giây…", EN: "Examining, about 10 seconds…"}.In(c.language))
	}
	o := doctor.Examine(ctx, c.camera, c.look)
	o.LoginInURL, o.NoRungs = c.inURL, !defaultTranscode.Possible()
	if ctx.Err() != nil {
		return failed(stderr, "check", errors.New("interrupted"))
	}
	report := doctor.Diagnose(o)
	var err error
	if c.json {
		out := json.NewEncoder(stdout)
		out.SetIndent("", "  ")
		out.SetEscapeHTML(false)
		err = out.Encode(report)
	} else {
		err = report.Print(stdout, c.language)
	}
	switch {
	case err != nil:
		return failed(stderr, "check", err)
	case !report.Playable:
		return 1
	}
	return 0
}

func parseCheck(args []string, stdin *os.File, stdout, stderr io.Writer) (c check, code int, ended bool) {
	var urls, rest []string
	for _, a := range args { // first, so that no error repeats one
		if strings.Contains(a, "://") && !strings.HasPrefix(a, "-") {
			urls = append(urls, a)
		} else {
			rest = append(rest, a)
		}
	}
	set := flag.NewFlagSet("check", flag.ContinueOnError)
	user := set.String("user", "", "the camera's account, by its `name`")
	file := set.String("password-file", "", "`file` with its password")
	transport := set.String("transport", "auto", "tcp, udp, or auto: TCP first")
	seconds := set.Int("seconds", int(doctor.Usual/time.Second), "how long to look at the pictures, 1 to 10; up to 12 in all where that saw no whole GOP")
	set.BoolVar(&c.camera.InsecureTLS, "any-certificate", false, "take any certificate of an rtsps:// camera, as most sign their own")
	set.BoolVar(&c.json, "json", false, "print the report as JSON, in both languages")
	set.StringVar(&c.language, "lang", "", "`language` of the report, vi or en; vi where LANG is not English")
	if code, ended = parseFlags(set, checkUsage, rest, stdout, stderr); ended {
		return c, code, true
	}
	wrong := func(err error) (check, int, bool) {
		fmt.Fprintf(stderr, "matthan check: %v (see matthan check --help)\n", err)
		return c, 2, true
	}
	if c.language == "" {
		c.language = languageOf(os.Getenv("LC_ALL"), os.Getenv("LANG"))
	}
	c.look = time.Duration(*seconds) * time.Second
	c.camera.Transport = gateway.Transport(*transport)
	switch {
	case len(urls) != 1:
		return wrong(errors.New("name one camera by its address, such as rtsp://192.168.1.20/stream1"))
	case c.language != "vi" && c.language != "en":
		return wrong(errors.New("--lang is vi or en"))
	case *seconds < 1 || c.look > doctor.Usual:
		return wrong(fmt.Errorf("--seconds must be 1 to %d", doctor.Usual/time.Second))
	case *file != "" && *user == "":
		return wrong(errors.New("--password-file goes with --user"))
	}
	var err error
	var login gateway.Login
	if c.camera.URL, login, err = rtsp.ParseURL(urls[0]); err != nil {
		return wrong(err)
	}
	c.inURL = login != gateway.Login{}
	if *user != "" {
		login.User = *user
		if login.Password, err = askPassword(*file, stdin, stderr, c.language); err != nil {
			return c, failed(stderr, "check", err), true
		}
	}
	c.camera.Login = login
	if _, err = rtsp.New(c.camera); err != nil { // an unknown transport
		return wrong(err)
	}
	return c, 0, false
}

// languageOf is that of the first locale that is set.
func languageOf(locales ...string) string {
	for _, l := range locales {
		if strings.HasPrefix(l, "en") {
			return "en"
		} else if l != "" {
			break
		}
	}
	return "vi"
}

// askPassword reads a password from its file, or from who types it or pipes it in.
func askPassword(file string, stdin *os.File, stderr io.Writer, language string) (gateway.Secret, error) {
	if file != "" {
		p, err := readPassword(file)
		if err != nil {
			return "", fmt.Errorf("read --password-file: %w", err)
		}
		return gateway.Secret(p), nil
	}
	if show, ok := hideTyping(stdin); ok {
		defer show()
		fmt.Fprint(stderr, doctor.Words{VI: "Mật khẩu của camera: ", EN: "The camera's password: "}.In(language))
		defer fmt.Fprintln(stderr)
	}
	line, err := bufio.NewReader(io.LimitReader(stdin, 1026)).ReadString('\n')
	p := strings.TrimRight(line, "\r\n")
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return "", fmt.Errorf("read the password: %w", err)
	case p == "" || len(p) > 1024:
		return "", errors.New("a password has 1 to 1024 bytes; give it by --password-file or on the standard input")
	}
	return gateway.Secret(p), nil
}
