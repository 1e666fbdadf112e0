package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/cluster"
	"matthan/gateway/sheet"
)

const importUsage = `Usage: matthan import [options] FILE

Reads cameras and areas from a CSV or YAML file and says for every row what
would happen. With --apply it happens: all of it, or nothing. The gateway must
not run meanwhile; while it runs, POST /api/v1/inventory/import does the same.

`

const exportUsage = `Usage: matthan export [options] FILE

Writes the store's cameras and areas to a CSV or YAML file that matthan import
reads. Passwords are not in it.

`

const backupUsage = `Usage: matthan backup [options] FILE

Writes all that the store holds to one file, with the audit log. Secrets in it stay
sealed: keep the store's key (store/store.key in the data directory) and the key
that signs the log (store/audit.key) in another place.

`

const restoreUsage = `Usage: matthan restore [options] FILE

Makes the store of a backup, in a data directory that has none. The key that the
backup was sealed with must be there, as store/store.key, or in MATTHAN_STORE_KEY,
and the key that signed its audit log as store/audit.key. The log is verified, and
goes on with a record that says so; what was recorded after the backup is not in it.

`

// fileCommand reads the options of a command on the store and its one file.
func fileCommand(set *flag.FlagSet, help string, args []string, stdout, stderr io.Writer) (cfg *Config, name string, code int, ended bool) {
	config := set.String("config", "", "configuration `file`")
	name, args = fileArgument(args)
	if code, ended := parseFlags(set, help, args, stdout, stderr); ended {
		return nil, "", code, true
	}
	if name == "" {
		fmt.Fprintf(stderr, "matthan %s: name the file (see matthan %[1]s --help)\n", set.Name())
		return nil, "", 2, true
	}
	cfg = defaultConfig()
	if *config != "" {
		var err error
		if cfg, err = loadConfig(*config); err != nil {
			return nil, "", failed(stderr, set.Name(), err), true
		}
	}
	return cfg, name, 0, false
}

// fileArgument takes the file's name out, which may stand before the options or
// after them.
func fileArgument(args []string) (name string, rest []string) {
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		return args[0], args[1:]
	} else if n := len(args); n > 0 && !strings.HasPrefix(args[n-1], "-") {
		return args[n-1], args[:n-1]
	}
	return "", args
}

func importCommand(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	set := flag.NewFlagSet("import", flag.ContinueOnError)
	apply := set.Bool("apply", false, "do it, not only say what would happen")
	skip := set.Bool("skip-refused", false, "with --apply: leave out the rows that are refused")
	ignore := set.Bool("ignore-columns", false, "take no notice of columns that are not known")
	language := set.String("lang", "vi", "`language` of the report, vi or en")
	cfg, name, code, ended := fileCommand(set, importUsage, args, stdout, stderr)
	if ended {
		return code
	}
	err := withStore(ctx, cfg, stderr, func(r records, store *cluster.Store) error {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		var state sheet.State
		state.Areas, state.Cameras = r.All()
		p, err := sheet.Read(filepath.Base(name), f, state, sheet.Options{IgnoreUnknownColumns: *ignore, Lent: r.Lent()})
		if err != nil {
			return err
		}
		printReport(stdout, p, *language)
		if !*apply {
			if !p.OK() {
				return sheet.ErrRefused
			}
			fmt.Fprintln(stdout, "Nothing was changed: matthan import --apply does it.")
			return nil
		}
		next, err := p.Apply(*skip)
		if err == nil {
			err = consoleAct(ctx, cfg, store, auth.Record{Event: auth.InventoryImported, Detail: fmt.Sprintf("cameras: %d new, %d changed; areas: %d new, %d changed",
				p.Cameras.Added, p.Cameras.Changed, p.Areas.Added, p.Areas.Changed)})
		}
		if err != nil {
			return err
		}
		return r.Replace(ctx, next.Areas, next.Cameras)
	})
	if err != nil {
		var problems sheet.Problems
		if errors.As(err, &problems) {
			err = errors.New(problems.Text(*language))
		}
		return failed(stderr, "import", err)
	}
	return 0
}

// printReport prints what an import does, a line a row.
func printReport(w io.Writer, p *sheet.Preview, language string) {
	for _, m := range p.Problems {
		fmt.Fprintln(w, m.Text(language))
	}
	for _, m := range p.Warnings {
		fmt.Fprintln(w, m.Text(language))
	}
	for _, l := range p.Lines {
		fmt.Fprintln(w, l.Text(language))
	}
	fmt.Fprintf(w, "cameras: %d new, %d changed, %d unchanged, %d refused; areas: %d new, %d changed\n",
		p.Cameras.Added, p.Cameras.Changed, p.Cameras.Unchanged, p.Cameras.Refused, p.Areas.Added, p.Areas.Changed)
}

func exportCommand(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	set := flag.NewFlagSet("export", flag.ContinueOnError)
	language := set.String("lang", "vi", "`language` of a CSV's first row, vi or en")
	semicolon := set.Bool("semicolon", false, "separate by ';', as spreadsheets want that write decimal commas")
	cfg, name, code, ended := fileCommand(set, exportUsage, args, stdout, stderr)
	if ended {
		return code
	}
	err := withStore(ctx, cfg, stderr, func(r records, store *cluster.Store) error {
		if err := consoleAct(ctx, cfg, store, auth.Record{Event: auth.InventoryExported, Detail: "export"}); err != nil {
			return err
		}
		style := sheet.Style{Format: sheet.FormatOf(name), Language: *language}
		if *semicolon {
			style.Separator = ';'
		}
		var state sheet.State
		state.Areas, state.Cameras = r.All()
		return writeNew(name, func(w io.Writer) error { return sheet.Write(w, style, state) })
	})
	if err != nil {
		return failed(stderr, "export", err)
	}
	return 0
}

func backupCommand(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	cfg, name, code, ended := fileCommand(flag.NewFlagSet("backup", flag.ContinueOnError), backupUsage, args, stdout, stderr)
	if ended {
		return code
	}
	store, _, err := openStore(ctx, cfg, quiet(stderr))
	if err == nil {
		err = errors.Join(backUp(ctx, cfg, store, name), store.Close())
	}
	if err != nil {
		return failed(stderr, "backup", err)
	}
	return 0
}

// backUp writes a backup, once the audit log has that it is made.
func backUp(ctx context.Context, cfg *Config, store *cluster.Store, name string) error {
	key, err := cluster.LoadAuditKey(cluster.AuditKeyFile(storeDir(cfg)))
	if err != nil {
		return err
	}
	a, err := store.Audit(ctx, cluster.AuditConfig{Key: key, Keep: cluster.KeepAsBefore})
	if err == nil {
		err = a.Write(ctx, auth.Record{Event: auth.LogSaved, Subject: "console", Name: consoleUser()})
	}
	if err != nil {
		return err
	}
	return writeNew(name, func(w io.Writer) error { return store.Backup(ctx, w, a) })
}

func restoreCommand(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	set := flag.NewFlagSet("restore", flag.ContinueOnError)
	withoutLog := set.Bool("without-log", false, "leave the audit log out: a new one begins. Keep the backup for the inspection")
	cfg, name, code, ended := fileCommand(set, restoreUsage, args, stdout, stderr)
	if ended {
		return code
	}
	key, err := storeKey(cfg)
	if err == nil {
		var f *os.File
		if f, err = os.Open(name); err == nil {
			err = errors.Join(cluster.Restore(ctx, storeDir(cfg), key, f, *withoutLog), f.Close())
		}
	}
	if errors.Is(err, cluster.ErrNoLogKey) {
		err = fmt.Errorf("%w: put it back as %s, or give --without-log if it is lost", err, cluster.AuditKeyFile(storeDir(cfg)))
	}
	if err == nil {
		err = withStore(ctx, cfg, stderr, func(_ records, store *cluster.Store) error {
			said := "from a backup; what was recorded after that is not here"
			if *withoutLog {
				said = "from a backup, without the log that was in it"
			}
			return consoleAct(ctx, cfg, store, auth.Record{Event: auth.LogRestored, Detail: said})
		})
	}
	if err != nil {
		return failed(stderr, "restore", err)
	}
	return 0
}

// withStore does something to the cameras of the store, which nobody else may
// have open.
func withStore(ctx context.Context, cfg *Config, stderr io.Writer, do func(records, *cluster.Store) error) error {
	store, inventory, err := openStore(ctx, cfg, quiet(stderr))
	if err != nil {
		return err
	}
	consents, err := openTable[auth.Consent](ctx, store, "consents")
	var known *lent
	if err == nil {
		known, err = newLent(cfg, consents, func() []gateway.Camera {
			return append(slices.Clone(cfg.Inventory.Cameras()), inventory.Cameras()...)
		})
	}
	if err == nil {
		err = do(records{inventory, cfg.Inventory, func() {}, known}, store)
	}
	return errors.Join(err, store.Close())
}

func quiet(stderr io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// writeNew writes a new file that only its owner reads, and leaves none where it
// fails.
func writeNew(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err = errors.Join(write(f), f.Sync(), f.Close()); err != nil {
		_ = os.Remove(name)
	}
	return err
}
