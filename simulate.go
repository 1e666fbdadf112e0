package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"matthan/gateway/simulate"
)

const simulateUsage = `Usage: matthan simulate [--cameras N] [--listen ADDRESS] [...]

Simulated intersection cameras on an RTSP server, for tests, load and
demonstration: rtsp://ADDRESS/cam0/main, rtsp://ADDRESS/cam0/sub, and so on.
With --profiles, cameras that break the rules instead, one of each kind that
docs/cameras.md lists: rtsp://ADDRESS/PROFILE/main, rtsp://ADDRESS/PROFILE/sub.
--listen, --user and --password-file go with it; some kinds ask for that login.
Prints the addresses and "ready", then runs until it is interrupted.

With --onvif they are also one recorder that speaks ONVIF, with heads that turn.

`

// simulateFlags is the command line of "matthan simulate".
type simulateFlags struct {
	options         simulate.Options
	passwordFile    string
	tlsCert, tlsKey string
	log             string
	profiles        bool
	onvif           string // address of the recorder; "" for none
	discovery       string
}

// simulateCommand runs simulated cameras until ctx is done. It returns the exit
// code: 0, 1 where it failed, 2 where args are wrong.
func simulateCommand(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	f, err := parseSimulate(args, stdout)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintf(stderr, "matthan simulate: %v (see matthan simulate --help)\n", err)
		return 2
	}
	if err := runSimulate(ctx, f, stdout, stderr); err != nil {
		fmt.Fprintf(stderr, "matthan simulate: %v\n", err)
		return 1
	}
	return 0
}

func parseSimulate(args []string, help io.Writer) (*simulateFlags, error) {
	f := &simulateFlags{}
	o := &f.options
	set := flag.NewFlagSet("simulate", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.IntVar(&o.Cameras, "cameras", 8, fmt.Sprintf("how many cameras, 1 to %d", simulate.MaxCameras))
	set.StringVar(&o.Listen, "listen", "127.0.0.1:8554", "`address` of the RTSP server")
	set.BoolVar(&o.UDP, "udp", false, "offer RTP over UDP too, on two ports of the system's choice")
	set.DurationVar(&o.Delay, "delay", 0, "time from the capture of a picture to its sending, up to 1m")
	set.BoolVar(&o.StartWithKey, "start-with-key", false, "begin every session with a key picture instead of at the live point")
	set.DurationVar(&o.ClockOffset, "clock-offset", 0, "how wrong the cameras' clocks are, as their sender reports tell it")
	set.DurationVar(&o.ClockDrift, "clock-drift", 0, "how much the cameras' clocks gain each second, as their sender reports tell it")
	set.DurationVar(&o.ClockJump, "clock-jump", 0, "how far the cameras' clocks jump every 10 s, there and back, as their sender reports tell it")
	set.StringVar(&o.Sound, "sound", "", fmt.Sprintf("let the cameras be heard, a tone at each whole second, in this `coding`: %s", strings.Join(simulate.Sounds(), ", ")))
	set.BoolVar(&o.NoReports, "no-reports", false, "send no RTCP sender reports")
	set.StringVar(&o.User, "user", "", "ask for a login with this `name`")
	set.StringVar(&f.passwordFile, "password-file", "", "`file` with the password of --user")
	set.StringVar(&f.tlsCert, "tls-cert", "", "serve RTSPS with the certificate chain in this PEM `file`")
	set.StringVar(&f.tlsKey, "tls-key", "", "PEM `file` with the key of --tls-cert")
	set.BoolVar(&f.profiles, "profiles", false, "serve cameras that break the rules, one of each kind")
	set.StringVar(&f.onvif, "onvif", "", "`address` at which the cameras are one recorder that speaks ONVIF over HTTP")
	set.StringVar(&f.discovery, "discovery", "", "UDP `address` at which the recorder answers WS-Discovery, such as 239.255.255.250:3702")
	set.StringVar(&f.log, "log", "", "append a JSON line for every picture sent to this `file`")
	if err := set.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprint(help, simulateUsage)
			set.SetOutput(help)
			set.PrintDefaults()
		}
		return nil, err
	}
	var alone error
	set.Visit(func(is *flag.Flag) {
		if f.profiles && !slices.Contains([]string{"profiles", "listen", "user", "password-file"}, is.Name) {
			alone = fmt.Errorf("--profiles and --%s do not go together", is.Name)
		}
	})
	switch {
	case set.NArg() > 0:
		return nil, fmt.Errorf("unexpected argument %q", set.Arg(0))
	case alone != nil:
		return nil, alone
	case f.profiles && o.User == "":
		return nil, errors.New("--profiles needs --user and --password-file")
	case o.Cameras < 1 || o.Cameras > simulate.MaxCameras:
		return nil, fmt.Errorf("--cameras must be 1 to %d", simulate.MaxCameras)
	case o.Delay < 0 || o.Delay > simulate.MaxDelay:
		return nil, fmt.Errorf("--delay must be 0 to %v", simulate.MaxDelay)
	case o.Sound != "" && !slices.Contains(simulate.Sounds(), o.Sound):
		return nil, fmt.Errorf("--sound must be one of %s", strings.Join(simulate.Sounds(), ", "))
	case (o.User == "") != (f.passwordFile == ""):
		return nil, errors.New("--user and --password-file go together")
	case (f.tlsCert == "") != (f.tlsKey == ""):
		return nil, errors.New("--tls-cert and --tls-key go together")
	case f.discovery != "" && f.onvif == "":
		return nil, errors.New("--discovery is for --onvif")
	case f.onvif != "" && o.Cameras > simulate.MaxChannels:
		return nil, fmt.Errorf("--onvif takes at most %d cameras", simulate.MaxChannels)
	case o.UDP && f.tlsCert != "":
		return nil, errors.New("--udp and --tls-cert do not go together")
	}
	return f, nil
}

func runSimulate(ctx context.Context, f *simulateFlags, stdout, stderr io.Writer) error {
	o := f.options
	o.Logger = slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	if f.passwordFile != "" {
		p, err := readPassword(f.passwordFile)
		if err != nil {
			return fmt.Errorf("read --password-file: %w", err)
		}
		o.Password = p
	}
	if f.profiles {
		return runProfiles(ctx, o, stdout)
	}
	if f.tlsCert != "" {
		c, err := tls.LoadX509KeyPair(f.tlsCert, f.tlsKey)
		if err != nil {
			return fmt.Errorf("read --tls-cert and --tls-key: %w", err)
		}
		o.TLS = &tls.Config{Certificates: []tls.Certificate{c}}
	}
	var log *pictureLog
	if f.log != "" {
		file, err := os.OpenFile(f.log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
		if err != nil {
			return fmt.Errorf("open --log: %w", err)
		}
		log = &pictureLog{to: file}
		o.OnPicture = log.write
		defer file.Close()
	}
	server, err := simulate.Start(o)
	if err != nil {
		return taken(err)
	}
	defer server.Close()
	var urls []string
	for i := range server.Cameras() {
		urls = append(urls, server.URL(i, simulate.Main), server.URL(i, simulate.Sub))
	}
	if f.onvif != "" {
		recorder, err := startRecorder(server, f, o)
		if err != nil {
			return err
		}
		defer recorder.Close()
		urls = append(urls, recorder.URL())
	}
	if err := printStreams(stdout, urls); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	select {
	case err = <-ended:
	case <-ctx.Done():
		server.Close()
		err = <-ended
	}
	if log != nil && err == nil {
		err = log.failure()
	}
	return err
}

// startRecorder makes all cameras one ONVIF device with the same login.
func startRecorder(s *simulate.Server, f *simulateFlags, cameras simulate.Options) (*simulate.ONVIF, error) {
	o := simulate.ONVIFOptions{Listen: f.onvif, Discovery: f.discovery, User: cameras.User, Password: cameras.Password,
		ClockOffset: cameras.ClockOffset, PTZ: true}
	for i := range cameras.Cameras {
		o.Cameras = append(o.Cameras, i)
	}
	return simulate.StartONVIF(s, o)
}

// runProfiles serves the cameras that break the rules until ctx is done.
func runProfiles(ctx context.Context, o simulate.Options, stdout io.Writer) error {
	rig, err := simulate.StartRig(simulate.RigOptions{Listen: o.Listen, User: o.User, Password: o.Password, Logger: o.Logger})
	if err != nil {
		return taken(err)
	}
	defer rig.Close()
	var urls []string
	for _, p := range simulate.Profiles() {
		urls = append(urls, rig.URL(p.Name, simulate.Main), rig.URL(p.Name, simulate.Sub))
	}
	if err := printStreams(stdout, urls); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// taken says what to do where an address is in use.
func taken(err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%w; choose another address with --listen", err)
	}
	return err
}

func printStreams(to io.Writer, urls []string) error {
	if _, err := fmt.Fprintln(to, strings.Join(append(urls, "ready"), "\n")); err != nil {
		return fmt.Errorf("print addresses: %w", err)
	}
	return nil
}

// readPassword reads a file's only line, of at most 1024 bytes.
func readPassword(name string) (string, error) {
	file, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	b, err := io.ReadAll(io.LimitReader(file, 1025))
	if err != nil {
		return "", err
	}
	b = bytes.TrimRight(b, "\r\n")
	if len(b) == 0 || len(b) > 1024 || bytes.ContainsAny(b, "\r\n") {
		return "", fmt.Errorf("%s must hold one line of 1 to 1024 bytes", name)
	}
	return string(b), nil
}

// pictureLine is a line of the picture log.
type pictureLine struct {
	Camera    int       `json:"camera"`
	Quality   string    `json:"quality"`
	Session   string    `json:"session"`   // address of the reader
	Number    uint64    `json:"number"`    // as in the bitstream
	Loop      int       `json:"loop"`      // as in the pixels
	Timestamp uint32    `json:"timestamp"` // RTP
	Captured  time.Time `json:"captured"`
	Sent      time.Time `json:"sent"`
	Packets   int       `json:"packets"`
	Key       bool      `json:"key"`
}

// pictureLog writes a JSON line for every picture. It keeps the first error and
// writes no more after it.
type pictureLog struct {
	mu  sync.Mutex
	to  io.Writer
	err error
}

func (l *pictureLog) write(p simulate.Sent) {
	b, err := json.Marshal(pictureLine{
		Camera: p.Camera, Quality: string(p.Quality), Session: p.Session, Number: p.Number, Loop: p.Loop,
		Timestamp: p.Timestamp, Captured: p.Captured.UTC(), Sent: p.At.UTC(), Packets: p.Packets, Key: p.Key,
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	if err == nil && l.err == nil {
		_, err = l.to.Write(append(b, '\n'))
	}
	if l.err == nil {
		l.err = err
	}
}

func (l *pictureLog) failure() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return fmt.Errorf("write --log: %w", l.err)
	}
	return nil
}
