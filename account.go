package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"matthan/auth"
	"matthan/auth/provider"
	"matthan/gateway/cluster"
)

const accountUsage = `Usage: matthan account list [options]
       matthan account recover LOGIN [options]
       matthan account disable LOGIN [options]
       matthan account enable LOGIN [options]

The accounts of people who sign in with the gateway's own provider.

  list      all accounts, with their roles and areas
  recover   print a one-time link by which LOGIN gets a new password; it is good
            for an hour, and the old password works until it is used
  disable   shut LOGIN out, and end what they are signed in on
  enable    let LOGIN in again

The gateway must not run meanwhile; while it runs, an administrator does the
same on its page.

`

// accountCommand is for whoever stands at the machine, above all when the only
// administrator has forgotten the password.
func accountCommand(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	set := flag.NewFlagSet("account", flag.ContinueOnError)
	config := set.String("config", "", "configuration `file`")
	do, rest := "", args
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		do, rest = args[0], args[1:]
	}
	name := ""
	if len(rest) > 0 && !strings.HasPrefix(rest[0], "-") {
		name, rest = rest[0], rest[1:]
	}
	if code, ended := parseFlags(set, accountUsage, rest, stdout, stderr); ended {
		return code
	}
	switch {
	case !slices.Contains([]string{"list", "recover", "disable", "enable"}, do):
		fmt.Fprintln(stderr, "matthan account: say list, recover, disable or enable (see matthan account --help)")
		return 2
	case (name == "") != (do == "list"):
		fmt.Fprintf(stderr, "matthan account: %s (see matthan account --help)\n",
			map[bool]string{true: "list takes no login", false: "name the login after " + do}[do == "list"])
		return 2
	}
	cfg := defaultConfig()
	var err error
	if *config != "" {
		cfg, err = loadConfig(*config)
	}
	if err == nil {
		err = withAccounts(ctx, cfg, stderr, func(a *accounts, store *cluster.Store) error {
			switch do {
			case "list":
				return listAccounts(stdout, a)
			}
			v, err := findAccount(ctx, a, name)
			if err == nil {
				err = consoleAct(ctx, cfg, store, auth.Record{Event: auth.AccountChanged, Areas: v.Areas, Detail: do + ": login " + v.Login})
			}
			if err != nil {
				return err
			}
			if do == "recover" {
				return recoverAccount(ctx, stdout, cfg, a, name)
			}
			return disableAccount(ctx, a, store, name, do == "disable")
		})
	}
	if err != nil {
		return failed(stderr, "account", err)
	}
	return 0
}

// withAccounts does something to the accounts of a gateway that does not run.
func withAccounts(ctx context.Context, cfg *Config, stderr io.Writer, do func(*accounts, *cluster.Store) error) error {
	if cfg.SignIn != nil {
		return fmt.Errorf("people sign in with %s: their accounts are there", cfg.SignIn.Issuer)
	}
	if _, err := os.Stat(storeDir(cfg)); err != nil {
		return fmt.Errorf("there is no store: name the gateway's configuration with --config: %w", err)
	}
	store, _, err := openStore(ctx, cfg, quiet(stderr))
	if errors.Is(err, cluster.ErrLocked) {
		return fmt.Errorf("the gateway runs with the store in %s: stop it for a moment, or let an administrator do this on its page", storeDir(cfg))
	}
	if err != nil {
		return err
	}
	t, err := openTable[provider.Account](ctx, store, "accounts")
	if err == nil {
		err = do(&accounts{table: t}, store)
	}
	return errors.Join(err, store.Close())
}

func listAccounts(w io.Writer, a *accounts) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "LOGIN\tNAME\tROLES\tAREAS\tSTATE")
	rows := a.table.All()
	slices.SortFunc(rows, func(a, b auth.Row[provider.Account]) int { return strings.Compare(a.Value.Login, b.Value.Login) })
	for _, row := range rows {
		v := row.Value
		state := ""
		switch {
		case v.Login == "": // nobody has used the set-up link
			continue
		case v.Disabled:
			state = "disabled"
		case v.Hash == "":
			state = "no password yet"
		}
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\n", v.Login, v.Name, strings.Join(v.Roles, ","), strings.Join(v.Areas, ","), state)
	}
	return out.Flush()
}

// findAccount finds an account by what somebody typed.
func findAccount(ctx context.Context, a *accounts, name string) (provider.Account, error) {
	v, err := a.ByLogin(ctx, provider.NormalLogin(name))
	if err != nil {
		return v, fmt.Errorf("there is no account %q: matthan account list tells them", shorten(name))
	}
	return v, nil
}

func recoverAccount(ctx context.Context, w io.Writer, cfg *Config, a *accounts, name string) error {
	v, err := findAccount(ctx, a, name)
	if err != nil {
		return err
	}
	if v.Disabled {
		return fmt.Errorf("the account %q is disabled: matthan account enable %s first", v.Login, v.Login)
	}
	origin, err := configuredOrigin(cfg)
	if err != nil {
		return err
	}
	link, err := provider.RecoverLink(ctx, a, origin+providerPath, name, time.Now())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "Start the gateway, and let %s open this within an hour:\n  %s\n", v.Login, link)
	return err
}

// disableAccount shuts somebody out, or lets them in again. What they were
// signed in on is over either way.
func disableAccount(ctx context.Context, a *accounts, store *cluster.Store, name string, disabled bool) error {
	v, err := findAccount(ctx, a, name)
	if err != nil {
		return err
	}
	err = a.Change(ctx, v.Subject, func(v *provider.Account) error {
		v.Disabled, v.Families, v.Link = disabled, nil, provider.Link{}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep the account: %w", err)
	}
	running, err := openTable[auth.Session](ctx, store, "sessions")
	if err != nil {
		return err
	}
	for _, row := range running.All() {
		// The embedded provider's name holds the gateway's address, which may have changed.
		issuer := row.Value.Issuer
		if !strings.HasSuffix(issuer, providerPath) || row.Value.Person != auth.PersonKey(issuer, v.Subject) {
			continue
		}
		if err := running.Delete(ctx, row.Key, row.Revision); err != nil {
			return fmt.Errorf("end a session: %w", err)
		}
	}
	return nil
}

// configuredOrigin is where people reach a gateway that does not run.
func configuredOrigin(cfg *Config) (string, error) {
	var where listening
	if cfg.URL != nil {
		return originOf(cfg, where), nil
	}
	address := cfg.HTTPS
	if address == "" {
		address = cfg.HTTP
	}
	at, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		return "", fmt.Errorf("find the gateway's address: %w", err)
	}
	if at.Port == 0 {
		return "", errors.New("the configuration leaves the port open: set url, so that the link leads to the gateway")
	}
	if at.IP == nil {
		at.IP = net.IPv6unspecified
	}
	if cfg.HTTPS != "" {
		where.HTTPS = at
	} else {
		where.HTTP = at
	}
	return originOf(cfg, where), nil
}
