package cluster

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// childDir makes this test binary a child, which writes until it is killed.
var (
	childDir = flag.String("child", "", "write to the store in this directory")
	childJob = flag.String("child-job", "write", "write, import or views")
)

func TestMain(m *testing.M) {
	flag.Parse()
	if *childDir == "" {
		os.Exit(m.Run())
	}
	job := childWrite
	switch *childJob {
	case "import":
		job = childImport
	case "views":
		job = childViews
	}
	if err := job(*childDir); err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
}

// childKeys are few, so that most writes replace and some remove.
const childKeys = 97

// childWrite makes 1,000 changes and says of each, after it was acknowledged,
// which it was: the key and the number in it, or - where it was removed.
func childWrite(dir string) error {
	ctx := context.Background()
	s, err := Open(ctx, Config{Dir: dir, Key: testKey})
	if err != nil {
		return err
	}
	notes, err := OpenTable[note](ctx, s, "notes")
	if err != nil {
		return err
	}
	for range 1000 {
		n := notes.bucket.version() + 1 // no two changes are alike
		key := "k" + strconv.Itoa(rand.IntN(childKeys))
		_, revision, ok := notes.Get(key)
		said := strconv.FormatUint(n, 10)
		if ok && rand.IntN(4) == 0 {
			said, err = "-", notes.Delete(ctx, key, revision)
		} else {
			_, err = notes.Put(ctx, key, note{N: int(n), Text: strings.Repeat("x", rand.IntN(2000))}, revision)
		}
		if err != nil {
			return err
		}
		fmt.Println(key, said)
	}
	fmt.Println("done")
	select {} // until it is killed
}

// child starts one; the test ends it at the latest.
func child(t *testing.T, job, dir string) (*exec.Cmd, io.Reader) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-child", dir, "-child-job", job)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended
		_, _ = io.Copy(io.Discard, out)
		_ = cmd.Wait() // killed is an error too
	})
	return cmd, out
}

func TestKilledProcessLosesNothingAcknowledged(t *testing.T) { killAgainAndAgain(t, 3) }

func killAgainAndAgain(t *testing.T, kills int) {
	t.Parallel()
	dir := t.TempDir()
	want := map[string]string{}
	for range kills {
		cmd, out := child(t, "write", dir)
		said := bufio.NewScanner(out)
		left := 50 + rand.IntN(700)
		for said.Scan() {
			key, n, _ := strings.Cut(said.Text(), " ")
			if key == "error" {
				t.Fatal(said.Text())
			}
			if want[key] = n; key == "done" {
				t.Fatal("the child was not killed in time")
			}
			if left--; left == 0 {
				if err := cmd.Process.Kill(); err != nil { // SIGKILL; what it said until then is read on
					t.Fatal(err)
				}
			}
		}
		_ = cmd.Wait() // killed is an error too
		compare(t, dir, want)
	}
}

// compare opens the store and looks for all that was acknowledged. One change
// more may be there: the one whose acknowledgement was not heard.
func compare(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	s := openTest(t, dir)
	defer mustClose(t, s)
	notes := openNotes(t, s)
	found := map[string]string{}
	for key := range want {
		found[key] = "-"
	}
	for _, row := range notes.All() {
		found[row.Key] = strconv.Itoa(row.Value.N)
	}
	more := 0
	for key, n := range found {
		if want[key] == n || want[key] == "" && n == "-" {
			continue
		}
		if more++; more > 1 {
			t.Errorf("%s was acknowledged as %s and is %s", key, want[key], n)
		}
		want[key] = n
	}
	t.Logf("%d keys, %d records, last change %d, %d not heard of", len(want), len(notes.All()), notes.bucket.version(), more)
}
