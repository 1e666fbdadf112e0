package main

import (
	"crypto/rand"
	"encoding/base64"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const tokenUsage = `Usage: matthan token --name NAME --areas AREA,… [options] FILE

Makes a bearer token for a tool or a portal: writes its secret to FILE, which
must not be there yet, and prints the lines for the configuration. It is in
force from the gateway's next start.

`

func tokenCommand(args []string, stdout, stderr io.Writer) int {
	set := flag.NewFlagSet("token", flag.ContinueOnError)
	name := set.String("name", "", "`name` in the audit log")
	lists := map[string]*string{}
	for key, help := range map[string]string{
		"areas":   "`areas`, each with all below it, separated by commas; all for every one",
		"cameras": "`cameras` by identifier, whatever their kind",
		"kinds":   "`kinds` of the cameras in the areas; public, office and institution where none is named",
		"actions": "view, administer; `actions` beside listing; view where none is named",
	} {
		lists[key] = set.String(key, "", help)
	}
	life := set.Duration("for", 0, "`time` until it ends, such as 720h; without it, it does not")
	file := ""
	if n := len(args); n > 0 && !strings.HasPrefix(args[n-1], "-") {
		file, args = args[n-1], args[:n-1]
	}
	if code, ended := parseFlags(set, tokenUsage, args, stdout, stderr); ended {
		return code
	}
	if file == "" || *name == "" || *lists["areas"]+*lists["cameras"] == "" || *life < 0 {
		fmt.Fprintln(stderr, "matthan token: it needs --name, --areas or --cameras, and a file for the secret (see matthan token --help)")
		return 2
	}
	file, err := filepath.Abs(file) // the configuration may be in another directory
	if err != nil {
		return failed(stderr, "token", err)
	}
	lines := tokenLines(*name, file, lists, *life, time.Now())
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails
	err = writeNew(file, func(w io.Writer) error {
		_, err := fmt.Fprintln(w, base64.RawURLEncoding.EncodeToString(secret))
		return err
	})
	if err == nil {
		if _, err = parseConfig("the token", []byte("tokens:\n"+lines)); err != nil { // a kind that there is not, and the like
			_ = os.Remove(file)
			err = fmt.Errorf("no token was made: %w", err)
		}
	}
	if err != nil {
		return failed(stderr, "token", err)
	}
	fmt.Fprintf(stdout, "The secret is in %s. Put this into the configuration, under tokens:\n\n%s", file, lines)
	return 0
}

// tokenLines describes a token as the configuration does.
func tokenLines(name, file string, lists map[string]*string, life time.Duration, now time.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, "  - name: %q\n    secret_file: %q\n", name, file)
	for _, key := range []string{"areas", "cameras", "kinds", "actions"} {
		var values []string
		for v := range strings.SplitSeq(*lists[key], ",") {
			if v = strings.TrimSpace(v); v != "" {
				values = append(values, fmt.Sprintf("%q", v))
			}
		}
		if values != nil {
			fmt.Fprintf(&b, "    %s: [%s]\n", key, strings.Join(values, ", "))
		}
	}
	if life > 0 {
		fmt.Fprintf(&b, "    expires: %s\n", now.Add(life).Format(time.RFC3339))
	}
	return b.String()
}
