package cluster

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"matthan/auth"
	"matthan/auth/audit"
)

// childViews opens and closes views, several viewers at once, and says of each
// record, after it was acknowledged, which it was.
func childViews(dir string) error {
	ctx := context.Background()
	s, err := Open(ctx, Config{Dir: dir, Key: testKey})
	if err != nil {
		return err
	}
	a, err := s.Audit(ctx, AuditConfig{Key: testAuditKey, Reserve: 1 << 20})
	if err != nil {
		return err
	}
	run := strconv.FormatInt(time.Now().UnixNano(), 36)
	var wg sync.WaitGroup
	errs := make(chan error, 8)
	for viewer := range 8 {
		wg.Go(func() {
			for i := range 125 {
				r := look(i)
				r.View = fmt.Sprintf("%s-%d-%d", run, viewer, i)
				for _, r.Event = range []auth.Event{auth.ViewOpened, auth.ViewClosed} {
					if err := a.Write(ctx, r); err != nil {
						errs <- err
						return
					}
					fmt.Printf("%s %s\n", r.Event, r.View) // one write each
				}
			}
		})
	}
	wg.Wait()
	select {
	case err := <-errs:
		return err
	default:
	}
	fmt.Println("done")
	select {} // until it is killed
}

func TestKilledGatewayLosesNoRecordThatWasAcknowledged(t *testing.T) { killViews(t, 2) }

func killViews(t *testing.T, kills int) {
	t.Parallel()
	dir := t.TempDir()
	said := map[string]bool{}
	var heads []audit.Mark
	for range kills {
		cmd, out := child(t, "views", dir)
		lines := bufio.NewScanner(out)
		left := 50 + rand.IntN(1500) // of 2,000
		for lines.Scan() {
			event, view, _ := strings.Cut(lines.Text(), " ")
			if event == "error" || event == "done" {
				t.Fatal(lines.Text())
			}
			said[event+" "+view] = true
			if left--; left == 0 {
				if err := cmd.Process.Kill(); err != nil { // SIGKILL; what it said until then is read on
					t.Fatal(err)
				}
			}
		}
		_ = cmd.Wait() // killed is an error too
		heads = append(heads, acknowledged(t, dir, said, heads))
	}
}

// acknowledged opens the log, verifies it with the heads that were noted, and
// looks for all that was acknowledged. It returns the head to note.
func acknowledged(t *testing.T, dir string, said map[string]bool, heads []audit.Mark) audit.Mark {
	t.Helper()
	s, a := openLog(t, dir)
	defer mustClose(t, s)
	text, _ := exported(t, a)
	r, err := audit.Verify(t.Context(), strings.NewReader(text), audit.Trust{Key: a.Key(), Heads: heads})
	if err != nil || !r.OK() {
		t.Fatalf("%+v, %v", r, err)
	}
	found := map[string]bool{}
	for e, err := range a.All(t.Context(), audit.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		found[string(e.Event)+" "+e.View] = true
	}
	if b := a.Broken(); len(b) > 0 {
		t.Errorf("%q", b)
	}
	missing := 0
	for what := range said {
		if !found[what] {
			missing++
		}
	}
	if missing > 0 {
		t.Errorf("%d of %d records that were acknowledged are gone", missing, len(said))
	}
	t.Logf("%d acknowledged, %d records, none missing", len(said), r.Records)
	return a.Head()
}
