package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/user"
	"strings"
	"time"

	"matthan/auth"
	"matthan/auth/audit"
	"matthan/gateway/cluster"
)

// misused says how a command was used wrongly.
func misused(stderr io.Writer, set *flag.FlagSet, err error) int {
	fmt.Fprintf(stderr, "matthan %s: %v (see matthan %[1]s --help)\n", set.Name(), err)
	return 2
}

// auditFlags are the options that narrow what is asked of the log.
type auditFlags struct {
	config                     string
	person, camera, area, view string
	reason, number             string
	events, from, until, zone  string
}

func newAuditFlags(set *flag.FlagSet) *auditFlags {
	f := &auditFlags{}
	set.StringVar(&f.config, "config", "", "configuration `file`")
	set.StringVar(&f.person, "person", "", "`key` of a person, or name of a token: who acted, or was acted on")
	set.StringVar(&f.camera, "camera", "", "`id` of a camera")
	set.StringVar(&f.area, "area", "", "`id` of an area, with all that was below it")
	set.StringVar(&f.view, "view", "", "`code` of a picture's watermark, such as 7KQ-2M4X, or the id of a view")
	set.StringVar(&f.reason, "reason", "", "`code` of the reason that was stated, such as theft")
	set.StringVar(&f.number, "case", "", "`number` of the case that was stated")
	set.StringVar(&f.events, "event", "", "`events`, separated by commas, such as view.opened,view.denied")
	set.StringVar(&f.from, "from", "", "`time` such as 2026-11-30 or 2026-11-30T06:00:00+07:00")
	set.StringVar(&f.until, "until", "", "`time`, itself not included")
	set.StringVar(&f.zone, "zone", "Asia/Ho_Chi_Minh", "time `zone` of what is read and printed")
	return f
}

// filter is what the options say.
func (f *auditFlags) filter() (audit.Filter, *time.Location, error) {
	out := audit.Filter{Person: f.person, Camera: f.camera, View: f.view, Reason: f.reason, Case: f.number}
	if f.area != "" {
		out.Areas = []string{f.area}
	}
	zone, err := time.LoadLocation(f.zone)
	if err != nil {
		return out, nil, fmt.Errorf("there is no time zone %.40q", f.zone)
	}
	for e := range strings.SplitSeq(f.events, ",") {
		if e == "" {
			continue
		}
		if !auth.Event(e).Known() {
			return out, nil, fmt.Errorf("there is no event %.40q", e)
		}
		out.Events = append(out.Events, auth.Event(e))
	}
	for _, t := range []struct {
		text string
		to   *time.Time
	}{{f.from, &out.From}, {f.until, &out.Until}} {
		if t.text == "" {
			continue
		}
		if *t.to, err = time.ParseInLocation(time.DateOnly, t.text, zone); err != nil {
			*t.to, err = time.Parse(time.RFC3339, t.text)
		}
		if err != nil {
			return out, nil, fmt.Errorf("%.40q is no time such as 2026-11-30 or 2026-11-30T06:00:00+07:00", t.text)
		}
	}
	return out, zone, nil
}

// narrow says whether more is left out than what was before From.
func (f *auditFlags) narrow() bool {
	return f.person+f.camera+f.area+f.view+f.reason+f.number+f.events+f.until != ""
}

// text is what was asked, for the log.
func (f *auditFlags) text() string {
	var out []string
	for _, p := range []struct{ name, value string }{{"person", f.person}, {"camera", f.camera}, {"area", f.area}, {"view", f.view}, {"reason", f.reason}, {"case", f.number},
		{"event", f.events}, {"from", f.from}, {"until", f.until}} {
		if p.value != "" {
			out = append(out, p.name+"="+p.value)
		}
	}
	return strings.Join(out, " ")
}

// withAudit does something with the log of a store that nobody else has open,
// and records that before. A damaged log is opened all the same, and only read.
func withAudit(ctx context.Context, config string, stderr io.Writer, event auth.Event, detail string, do func(*cluster.Audit) error) error {
	cfg, err := auditStoreConfig(config)
	if err != nil {
		return err
	}
	if _, err := os.Stat(cluster.AuditKeyFile(storeDir(cfg))); errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("there is no audit log in %s yet", storeDir(cfg))
	}
	key, err := cluster.LoadAuditKey(cluster.AuditKeyFile(storeDir(cfg)))
	if err != nil {
		return err
	}
	store, _, err := openStore(ctx, cfg, quiet(stderr))
	if err != nil {
		return err
	}
	a, err := store.Audit(ctx, cluster.AuditConfig{Key: key, Keep: cluster.KeepAsBefore})
	if errors.Is(err, cluster.ErrAudit) {
		fmt.Fprintf(stderr, "matthan audit: %v\n", err)
		a, err = store.Audit(ctx, cluster.AuditConfig{Key: key, ReadOnly: true})
	} else if err == nil {
		err = a.Write(ctx, auth.Record{Event: event, Subject: "console", Name: consoleUser(), Detail: detail})
		if errors.Is(err, cluster.ErrFull) { // whoever makes room may look at it
			fmt.Fprintf(stderr, "matthan audit: that the log is read was not recorded: %v\n", err)
			err = nil
		}
	}
	if err == nil {
		err = do(a)
	}
	return errors.Join(err, store.Close())
}

// consoleAct records, before it takes place, what somebody does to a store on this
// machine.
func consoleAct(ctx context.Context, cfg *Config, store *cluster.Store, r auth.Record) error {
	key, err := cluster.LoadAuditKey(cluster.AuditKeyFile(storeDir(cfg)))
	if err != nil {
		return err
	}
	a, err := store.Audit(ctx, cluster.AuditConfig{Key: key, Keep: cluster.KeepAsBefore})
	if err != nil {
		return err
	}
	r.Subject, r.Name = "console", consoleUser()
	if err := a.Write(ctx, r); err != nil {
		return fmt.Errorf("nothing was changed, since that could not be recorded: %w", err)
	}
	return nil
}

func auditStoreConfig(file string) (*Config, error) {
	if file == "" {
		return defaultConfig(), nil
	}
	return loadConfig(file)
}

// consoleUser is who runs the command on this machine.
func consoleUser() string {
	u, err := user.Current()
	if err != nil {
		return "uid " + fmt.Sprint(os.Getuid())
	}
	return u.Username
}

func auditKeyCommand(args []string, stdout, stderr io.Writer) int {
	set := flag.NewFlagSet("audit key", flag.ContinueOnError)
	config := set.String("config", "", "configuration `file`")
	if code, ended := parseFlags(set, auditKeyUsage, args, stdout, stderr); ended {
		return code
	}
	cfg, err := auditStoreConfig(*config)
	if err != nil {
		return failed(stderr, "audit key", err)
	}
	file := cluster.AuditKeyFile(storeDir(cfg))
	if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
		return failed(stderr, "audit key", fmt.Errorf("there is no audit log in %s yet", storeDir(cfg)))
	}
	key, err := cluster.LoadAuditKey(file)
	if err != nil {
		return failed(stderr, "audit key", err)
	}
	fmt.Fprintln(stdout, audit.KeyText(audit.Public(key)))
	return 0
}

// printVerified tells what a verification has found.
func printVerified(w io.Writer, r *audit.Report, trust audit.Trust) {
	for _, f := range r.Faults {
		fmt.Fprintln(w, f)
	}
	if r.More > 0 {
		fmt.Fprintf(w, "and %d more faults\n", r.More)
	}
	if r.Header.Key == "" {
		return
	}
	fmt.Fprintf(w, "records: %d, from %d to %d, exported at %s\n", r.Records, r.First, r.Last.N, r.Header.Time.Format(time.RFC3339))
	if r.Cut != nil {
		fmt.Fprintf(w, "cut off: records up to %d, of times until %s, after %s\n", r.Cut.Last.N, r.Cut.Until.Format(time.RFC3339), r.Cut.Keep)
	}
	if r.Header.Part {
		fmt.Fprintf(w, "part: what was before record %d was not asked for\n", r.First)
	}
	fmt.Fprintf(w, "key: %s\n", r.Header.Key)
	if k := r.Header.Earlier; k != nil {
		key := k.First
		for _, h := range k.Handovers {
			fmt.Fprintf(w, "     before, until record %d: %s, which signed the one after it\n", h.Head.N, key)
			key = h.Head.Next
		}
	}
	if trust.Key == nil {
		fmt.Fprintln(w, "     (as the export says: compare it with the key that you noted, or give it with --key)")
	}
	if r.LastHead.N > 0 {
		fmt.Fprintf(w, "head: %s\n      (signed at %s: note it elsewhere, and give it with --head the next time)\n", r.LastHead, r.SignedAt.Format(time.RFC3339))
	}
	if r.OK() {
		fmt.Fprintln(w, "nothing was altered, moved or taken away")
	}
}
