package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"matthan/auth"
	"matthan/auth/audit"
	"matthan/gateway/cluster"
)

const auditRotateUsage = `Usage: matthan audit rotate-key [options]

Makes a new key that signs the audit log from here on. The old key signs it into
the log, so that verify follows from one to the other, and is then gone from this
machine. Do it when somebody who could read the key has left, when it may have
been copied, or once a year. The gateway must not run meanwhile: nobody else may
hold the key, and a restart takes seconds.

Note the new key in another place, and verify with it from then on: whoever has
copied the old one can still write another log that begins with it.

`

func auditRotateCommand(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	set := flag.NewFlagSet("audit rotate-key", flag.ContinueOnError)
	config := set.String("config", "", "configuration `file`")
	if code, ended := parseFlags(set, auditRotateUsage, args, stdout, stderr); ended {
		return code
	}
	old, next, err := rotateKey(ctx, *config, stderr)
	if err != nil {
		return failed(stderr, "audit rotate-key", err)
	}
	fmt.Fprintf(stdout, "old key: %s\nnew key: %s\n         (note it elsewhere, and give it with --key from now on)\n", old, next)
	return 0
}

// rotateKey changes the key of a log that nobody else has open.
func rotateKey(ctx context.Context, config string, stderr io.Writer) (old, next string, err error) {
	cfg, err := auditStoreConfig(config)
	if err != nil {
		return "", "", err
	}
	file := cluster.AuditKeyFile(storeDir(cfg))
	if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
		return "", "", fmt.Errorf("there is no audit log in %s yet", storeDir(cfg))
	}
	key, err := cluster.LoadAuditKey(file)
	if err != nil {
		return "", "", err
	}
	store, _, err := openStore(ctx, cfg, quiet(stderr))
	if err != nil {
		return "", "", err
	}
	a, err := store.Audit(ctx, cluster.AuditConfig{Key: key, Keep: cluster.KeepAsBefore})
	if err == nil {
		old = audit.KeyText(a.Key())
		var made []byte
		made, err = a.Rotate(ctx, auth.Record{Subject: "console", Name: consoleUser()})
		next = audit.KeyText(made)
	}
	return old, next, errors.Join(err, store.Close())
}
