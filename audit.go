package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"matthan/auth"
	"matthan/auth/audit"
	"matthan/gateway/cluster"
)

const auditUsage = `Usage: matthan audit COMMAND [options]

  query       what the audit log says of a person, a camera, an area or a time
  report      what is unusual in it
  export      write it to a file that can be verified, or to a table
  verify      say whether such a file is what was written; needs no gateway
  key         print the public key of the log, to be noted in another place
  rotate-key  have another key sign the log from here on

But for verify the gateway must not run meanwhile. That somebody has read the log
is recorded in it, too. matthan audit COMMAND --help tells more.
`

const auditQueryUsage = `Usage: matthan audit query [options]

Prints the records that fit all that is given, the newest first.

`

const auditReportUsage = `Usage: matthan audit report [options]

Prints what is unusual: hours of looking at one camera at night, many cameras of
citizens or many areas in a day, one person at a camera that nobody else looks at,
cameras of citizens without a reason. Each is a question to ask, not an answer.

`

const auditExportUsage = `Usage: matthan audit export [options] FILE

Writes the audit log to a new file. Of a FILE.csv it makes a table for people,
which may be a part; of any other a text that matthan audit verify reads.

`

const auditVerifyUsage = `Usage: matthan audit verify [options] FILE

Says whether an export is what was written: every record unaltered, in its place,
none missing. Whoever has the log's key can write another log, so give the key and
a head that you noted elsewhere before.

`

const auditKeyUsage = `Usage: matthan audit key [options]

Prints the public key of the audit log.

`

func auditCommand(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	name := ""
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	switch name {
	case "query":
		return auditQueryCommand(ctx, args, stdout, stderr)
	case "report":
		return auditReportCommand(ctx, args, stdout, stderr)
	case "export":
		return auditExportCommand(ctx, args, stdout, stderr)
	case "verify":
		return auditVerifyCommand(ctx, args, stdout, stderr)
	case "key":
		return auditKeyCommand(args, stdout, stderr)
	case "rotate-key":
		return auditRotateCommand(ctx, args, stdout, stderr)
	case "help", "--help", "-help", "-h":
		fmt.Fprint(stdout, auditUsage)
		return 0
	case "":
		fmt.Fprint(stderr, auditUsage)
		return 2
	}
	fmt.Fprintf(stderr, "matthan audit: there is no command %q (see matthan audit --help)\n", shorten(name))
	return 2
}

func auditQueryCommand(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	set := flag.NewFlagSet("audit query", flag.ContinueOnError)
	ask := newAuditFlags(set)
	limit := set.Int("limit", 100, "at most so many records; 0 for all")
	oldest := set.Bool("oldest", false, "the oldest first")
	lines := set.Bool("json", false, "print JSON, a record a line")
	table := set.Bool("csv", false, "print a table")
	if code, ended := parseFlags(set, auditQueryUsage, args, stdout, stderr); ended {
		return code
	}
	f, zone, err := ask.filter()
	if err != nil {
		return misused(stderr, set, err)
	}
	f.Newest = !*oldest
	err = withAudit(ctx, ask.config, stderr, auth.LogRead, "query "+ask.text(), func(a *cluster.Audit) error {
		print, end, err := auditPrinter(stdout, zone, *lines, *table)
		if err != nil {
			return err
		}
		n := 0
		for e, err := range a.All(ctx, f) {
			if err != nil {
				return err
			}
			if err := print(e); err != nil {
				return err
			}
			if n++; n == *limit {
				break
			}
		}
		return end()
	})
	if err != nil {
		return failed(stderr, "audit query", err)
	}
	return 0
}

// auditPrinter is how entries are printed, and what to do at the end.
func auditPrinter(w io.Writer, zone *time.Location, lines, table bool) (print func(audit.Entry) error, end func() error, err error) {
	switch {
	case table:
		c, err := audit.NewCSV(w, zone)
		if err != nil {
			return nil, nil, err
		}
		return c.Write, c.End, nil
	case lines:
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		return func(entry audit.Entry) error { return e.Encode(entry) }, func() error { return nil }, nil
	}
	return func(e audit.Entry) error {
		_, err := fmt.Fprintln(w, auditLine(e, zone))
		return err
	}, func() error { return nil }, nil
}

// auditLine is an entry on one line.
func auditLine(e audit.Entry, zone *time.Location) string {
	out := []string{fmt.Sprint(e.N), e.Time.In(zone).Format("2006-01-02 15:04:05"), string(e.Event)}
	for _, part := range []struct{ name, value string }{
		{"", e.Name}, {"person", e.Subject}, {"camera", e.Camera}, {"area", strings.Join(e.Areas[:min(len(e.Areas), 1)], "")}, {"target", e.Target}, {"from", e.Address},
		{"reason", e.Reason}, {"case", e.Case}, {"by", e.By}, {"", e.Detail},
	} {
		switch {
		case part.value == "":
		case part.name == "":
			out = append(out, part.value)
		default:
			out = append(out, part.name+"="+part.value)
		}
	}
	if e.Duration > 0 {
		out = append(out, "for "+e.Duration.Round(time.Second).String())
	}
	return strings.Join(out, "  ")
}

func auditReportCommand(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	set := flag.NewFlagSet("audit report", flag.ContinueOnError)
	ask := newAuditFlags(set)
	lines := set.Bool("json", false, "print JSON, a finding a line")
	if code, ended := parseFlags(set, auditReportUsage, args, stdout, stderr); ended {
		return code
	}
	f, zone, err := ask.filter()
	if err != nil {
		return misused(stderr, set, err)
	}
	err = withAudit(ctx, ask.config, stderr, auth.LogRead, "report "+ask.text(), func(a *cluster.Audit) error {
		found, more, err := audit.Unusual(a.All(ctx, f), audit.Usual{Zone: zone})
		if err != nil {
			return err
		}
		for _, x := range found {
			if *lines {
				err = json.NewEncoder(stdout).Encode(x)
			} else {
				_, err = fmt.Fprintln(stdout, strings.Join(strings.Fields(fmt.Sprintf("%s %s %s (%s) %s: %s, from record %d on", x.Day, x.Pattern, x.Name, x.Subject, x.Camera, x.Text, x.First)), " "))
			}
			if err != nil {
				return err
			}
		}
		if more {
			fmt.Fprintln(stderr, "matthan audit report: there is more than one report holds: ask for a shorter time")
		}
		return nil
	})
	if err != nil {
		return failed(stderr, "audit report", err)
	}
	return 0
}

func auditExportCommand(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	set := flag.NewFlagSet("audit export", flag.ContinueOnError)
	ask := newAuditFlags(set)
	name, args := fileArgument(args)
	if code, ended := parseFlags(set, auditExportUsage, args, stdout, stderr); ended {
		return code
	}
	f, zone, err := ask.filter()
	table := strings.HasSuffix(strings.ToLower(name), ".csv")
	switch {
	case name == "":
		err = errors.New("name the file")
	case err == nil && !table && ask.narrow():
		err = errors.New("only --from may narrow what is to be verified: name a .csv file for a part")
	}
	if err != nil {
		return misused(stderr, set, err)
	}
	err = withAudit(ctx, ask.config, stderr, auth.LogExported, "export "+ask.text(), func(a *cluster.Audit) error {
		return writeNew(name, func(w io.Writer) error {
			if !table {
				return a.Export(ctx, w, f.From)
			}
			print, end, err := auditPrinter(w, zone, false, true)
			if err != nil {
				return err
			}
			for e, err := range a.All(ctx, f) {
				if err == nil {
					err = print(e)
				}
				if err != nil {
					return err
				}
			}
			return end()
		})
	})
	if err != nil {
		return failed(stderr, "audit export", err)
	}
	return 0
}

func auditVerifyCommand(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	set := flag.NewFlagSet("audit verify", flag.ContinueOnError)
	var trust audit.Trust
	set.Func("key", "public `key` of the log, as it was noted", func(s string) (err error) {
		trust.Key, err = audit.ParseKey(s)
		return err
	})
	set.Func("head", "`head` that was noted; may be given several times", func(s string) error {
		m, err := audit.ParseMark(s)
		trust.Heads = append(trust.Heads, m)
		return err
	})
	whole := set.Bool("json", false, "print JSON")
	name, args := fileArgument(args)
	if code, ended := parseFlags(set, auditVerifyUsage, args, stdout, stderr); ended {
		return code
	}
	if name == "" {
		return misused(stderr, set, errors.New("name the file"))
	}
	f, err := os.Open(name)
	if err != nil {
		return failed(stderr, "audit verify", err)
	}
	r, err := audit.Verify(ctx, f, trust)
	if err = errors.Join(err, f.Close()); err == nil {
		if *whole {
			err = json.NewEncoder(stdout).Encode(r)
		} else {
			printVerified(stdout, r, trust)
		}
	}
	if err == nil && !r.OK() {
		err = fmt.Errorf("this is not the log that was written: %d faults", len(r.Faults)+r.More)
	}
	if err != nil {
		return failed(stderr, "audit verify", err)
	}
	return 0
}
