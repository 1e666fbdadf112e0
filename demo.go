package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/simulate"
)

const demoUsage = `Usage: matthan demo [options]

Serves eight simulated intersection cameras of a made-up ward, and prints the
links to see them on this machine and on phones of the same network, with ready
accounts. Runs until it is interrupted. Links and accounts stay good: their
secrets are kept in the data.

`

// demoCameras is how many cameras the made-up ward has.
const demoCameras = 8

// demoCommand runs the demonstration until ctx ends and returns the exit code.
func demoCommand(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	cfg := defaultConfig()
	set := flag.NewFlagSet("demo", flag.ContinueOnError)
	set.StringVar(&cfg.HTTP, "http", cfg.HTTP, "`address` for this machine's browsers")
	set.StringVar(&cfg.HTTPS, "https", cfg.HTTPS, "`address` for phones")
	set.StringVar(&cfg.WebRTC.UDP, "udp", cfg.WebRTC.UDP, "`address` for pictures, by UDP and TCP")
	set.StringVar(&cfg.Data, "data", filepath.Join("data", "demo"), "`directory` of certificates and secrets")
	if code, ended := parseFlags(set, demoUsage, args, stdout, stderr); ended {
		return code
	}
	cfg.WebRTC.TCP = cfg.WebRTC.UDP
	for name, address := range map[string]string{"http": cfg.HTTP, "https": cfg.HTTPS, "udp": cfg.WebRTC.UDP} {
		if why := badListen(address); why != "" {
			fmt.Fprintf(stderr, "matthan demo: --%s: %s (see matthan demo --help)\n", name, why)
			return 2
		}
	}
	log := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelWarn})) // the links are what counts here
	if err := demo(ctx, cfg, log, stdout); err != nil {
		return failed(stderr, "demo", whenTaken(err, "with --http, --https or --udp"))
	}
	return 0
}

func demo(ctx context.Context, cfg *Config, log *slog.Logger, stdout io.Writer) error {
	cameras, err := simulate.Start(simulate.Options{Cameras: demoCameras, Logger: log})
	if err != nil {
		return fmt.Errorf("start the simulated cameras: %w", err)
	}
	defer cameras.Close()
	if cfg.Inventory, err = demoInventory(cameras); err != nil {
		return fmt.Errorf("describe the simulated cameras: %w", err)
	}
	ours, err := openAuthority(cfg.Data, time.Now()) // serve's too
	if err != nil {
		return err
	}
	token, err := keptSecret(cfg.Data, "demo.token", rand.Text)
	if err != nil {
		return err
	}
	password, err := keptSecret(cfg.Data, "demo.password", demoPassword)
	if err != nil {
		return err
	}
	cfg.prepare = func(ctx context.Context, s *signIn) error {
		if err := demoAccounts(ctx, s, password); err != nil {
			return err
		}
		return demoHouseholds(ctx, s, cfg.Inventory.Cameras(), time.Now())
	}
	secret, err := auth.NewSecret(token)
	if err != nil {
		return fmt.Errorf("read %s: %w; remove it, then a new one is made", filepath.Join(cfg.Data, "demo.token"), err)
	}
	cfg.Tokens = []auth.Token{{
		Name: "demo", Secret: secret, Areas: []string{auth.AllAreas},
		// Not households: a token states no case, so it sees none of them.
		Kinds: []string{string(gateway.Public), string(gateway.Office), string(gateway.Institution)},
	}}
	ctx, cancel := context.WithCancelCause(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := cameras.Wait(); err != nil {
			cancel(fmt.Errorf("run the simulated cameras: %w", err))
		}
	}()
	err = serve(ctx, cfg, log, func(l listening) {
		if err := printLinks(stdout, l, token, password, fingerprint(ours.root), isTerminal(stdout)); err != nil {
			log.Error("the links cannot be shown", "err", err)
		}
	})
	cameras.Close()
	<-ended
	cancel(nil)
	return err
}

// demoInventory is the simulated cameras as cameras of a made-up ward; camera i
// has the id cam followed by i, as in its address.
func demoInventory(s *simulate.Server) (*gateway.List, error) {
	areas := []gateway.Area{
		{ID: "thanh-pho-mo-phong", Name: "Thành phố mô phỏng"},
		{ID: "phuong-hoa-ban", Name: "Phường Hoa Ban", Parent: "thanh-pho-mo-phong"},
	}
	var cameras []gateway.Camera
	for i, c := range s.Cameras() {
		cameras = append(cameras, gateway.Camera{
			ID: gateway.CameraID("cam" + strconv.Itoa(i)), Name: c.Name, Area: "phuong-hoa-ban", Kind: gateway.Kind(c.Kind),
			Position: &gateway.Position{Lat: c.Position[0], Lng: c.Position[1]},
			Main:     s.URL(i, simulate.Main), Sub: s.URL(i, simulate.Sub),
		})
	}
	return gateway.NewList(areas, cameras)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&fs.ModeCharDevice != 0
}

// printLinks tells people where to look. The token is in the fragment, which
// browsers send to nobody. Only a terminal is shown the QR code.
func printLinks(w io.Writer, l listening, token, password, rootSum string, terminal bool) error {
	var b strings.Builder
	fmt.Fprintf(&b, "\nMatthan: %d camera mô phỏng đang chạy · %[1]d simulated cameras are running\n\n", demoCameras)
	if l.HTTP != nil {
		fmt.Fprintf(&b, "  Trên máy này · On this computer:\n    %s\n\n", link("http", "localhost", l.HTTP, token))
	}
	if phone := phoneLink(l, token); phone != "" {
		fmt.Fprintf(&b, "  Trên điện thoại cùng mạng · On a phone on the same network:\n    %s\n\n", phone)
		if terminal {
			code, err := qrCode(phone)
			if err != nil {
				return err
			}
			b.WriteString(code + "\n")
		}
		if l.HTTP != nil && reaches(l.HTTP) != "" {
			base, _, _ := strings.Cut(link("http", reaches(l.HTTP), l.HTTP, ""), "/#")
			fmt.Fprintf(&b, "  Lần đầu, cài chứng chỉ gốc tại · The first time, install the root certificate from:\n    %s\n    SHA-256 %s\n\n", base, rootSum)
		}
	} else {
		b.WriteString("  Máy này chưa có mạng cho điện thoại · This computer is on no network that phones could use\n\n")
	}
	if l.Origin != "" {
		fmt.Fprintf(&b, "  Đăng nhập như người dùng thật · Sign in as people do: %s/auth/login\n    mật khẩu · password: %s\n", l.Origin, password)
		for _, p := range demoPeople {
			fmt.Fprintf(&b, "    %-8s %s\n", p.login, p.does)
		}
		b.WriteString("\n")
	}
	b.WriteString("  Dừng · Stop: Ctrl+C\n\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// reaches is the host by which phones reach one of our listeners; "" where they
// cannot.
func reaches(at net.Addr) string {
	if a, err := netip.ParseAddrPort(at.String()); err == nil && !a.Addr().IsUnspecified() {
		if a.Addr().IsLoopback() {
			return ""
		}
		return a.Addr().String()
	}
	if found := machineAddresses(); len(found) > 0 {
		return found[0].String()
	}
	return ""
}

func phoneLink(l listening, token string) string {
	if l.HTTPS == nil || reaches(l.HTTPS) == "" {
		return ""
	}
	return link("https", reaches(l.HTTPS), l.HTTPS, token)
}

func link(scheme, host string, at net.Addr, token string) string {
	_, port, _ := net.SplitHostPort(at.String()) // a listener's address always has one
	return scheme + "://" + net.JoinHostPort(host, port) + "/#token=" + token
}
