package cluster

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"

	"matthan/auth/audit"
)

func logged(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	s, a := openLog(t, dir)
	<-a.Ready()
	for i := range n {
		mustWrite(t, a, look(i))
	}
	mustClose(t, s)
	return dir
}

func auditBlocks(t *testing.T, dir, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, natsDir, "*", "streams", auditStream, pattern))
	if err != nil || len(files) == 0 {
		t.Fatal(pattern, files, err)
	}
	return files
}

func TestDamagedLogIsNeverSilentlyShorter(t *testing.T) {
	t.Parallel()
	made := logged(t, 100)
	block := func(dir string) string { return auditBlocks(t, dir, "msgs/*.blk")[0] }
	for name, damage := range map[string]func(dir string){
		"a flipped bit at the beginning": func(dir string) { alter(t, block(dir), flip(0.02)) },
		"a flipped bit in the middle":    func(dir string) { alter(t, block(dir), flip(0.5)) },
		"a flipped bit near the end":     func(dir string) { alter(t, block(dir), flip(0.999)) },
		"the last byte cut off":          func(dir string) { alter(t, block(dir), cut(1)) },
		"the end cut off":                func(dir string) { alter(t, block(dir), cut(5000)) },
		"garbage at the end": func(dir string) {
			alter(t, block(dir), func(b []byte) []byte { return append(b[:len(b)-300], bytes.Repeat([]byte{0xa5}, 300)...) })
		},
		"an empty block": func(dir string) { alter(t, block(dir), func([]byte) []byte { return nil }) },
		"no block":       func(dir string) { removeFile(t, block(dir)) },
		"no stream":      func(dir string) { _ = os.RemoveAll(filepath.Dir(filepath.Dir(block(dir)))) },
		"no witness":     func(dir string) { removeFile(t, filepath.Join(dir, witnessDir, auditWitness)) },
		"a foreign witness": func(dir string) {
			alter(t, filepath.Join(dir, witnessDir, auditWitness), func(b []byte) []byte { return make([]byte, len(b)) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(made)); err != nil {
				t.Fatal(err)
			}
			damage(dir)
			s := openTest(t, dir)
			a, err := s.Audit(t.Context(), AuditConfig{Key: testAuditKey, Reserve: 1 << 20})
			if err != nil {
				if !errors.Is(err, ErrAudit) || !strings.Contains(err.Error(), "matthan audit export") {
					t.Errorf("%v", err)
				}
				return
			}
			<-a.Ready()
			text, r := exported(t, a)
			if strings.Count(text, `"view.opened"`) == 100 && r.OK() {
				t.Log("all records are there")
			} else if len(a.Broken()) == 0 || r.OK() {
				t.Errorf("nobody says that it is broken: %q, %+v", a.Broken(), r)
			}
		})
	}
}

func TestDamagedLogCanStillBeExportedAndVerifySaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	dir := logged(t, 100)
	alter(t, auditBlocks(t, dir, "msgs/*.blk")[0], cut(5000))
	s := openTest(t, dir)
	if _, err := s.Audit(t.Context(), AuditConfig{Key: testAuditKey}); !errors.Is(err, ErrAudit) {
		t.Fatalf("%v", err)
	}
	a, err := s.Audit(t.Context(), AuditConfig{Key: testAuditKey, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	text, r := exported(t, a)
	if n := strings.Count(text, `"view.opened"`); n < 50 || n == 100 || r.Last.N < 50 {
		t.Errorf("%d records are left, %+v", n, r)
	}
	if err := a.Write(t.Context(), look(1)); !errors.Is(err, ErrClosed) {
		t.Errorf("a log that is opened to be read was written: %v", err)
	}
}

// Who can write the files, but has not the key, takes the end away and sets the
// witness back, or writes records that no head has signed yet.
func TestEndThatWasExchangedWithoutTheKeyIsRefused(t *testing.T) {
	t.Parallel()
	for name, tamper := range map[string]func(t *testing.T, s *Store, a *Audit){
		"an older witness": func(t *testing.T, s *Store, a *Audit) {
			for range slots {
				if err := a.witness.set(a.end.number - 30); err != nil {
					t.Fatal(err)
				}
			}
		},
		"no witness's seal": func(t *testing.T, s *Store, a *Audit) {
			for range slots {
				if err := a.witness.set(a.end.number); err != nil {
					t.Fatal(err)
				}
			}
		},
		"a seal of another message": func(t *testing.T, s *Store, a *Audit) {
			for range slots {
				if err := a.witness.setSealed(a.end.number, a.seal(a.end.number-1, a.end.at)); err != nil {
					t.Fatal(err)
				}
			}
		},
		"an end of their own": func(t *testing.T, s *Store, a *Audit) {
			text, err := audit.Encode(look(7))
			if err != nil {
				t.Fatal(err)
			}
			lines, _ := audit.AppendRecord(nil, a.end.at, text)
			e, done, err := s.use(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer done()
			if _, err := e.publish(t.Context(), []*nats.Msg{auditMessage(lines, a.end.number)}); err != nil {
				t.Fatal(err)
			}
			for range slots {
				if err := a.witness.set(a.end.number + 1); err != nil {
					t.Fatal(err)
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			s, a := openLog(t, dir)
			for i := range 50 {
				mustWrite(t, a, look(i))
			}
			<-a.Ready()
			done := make(chan struct{})
			a.work <- func(ctx context.Context) {
				defer close(done)
				a.sign(ctx) // so that nothing more is written at the end
				tamper(t, s, a)
			}
			<-done
			mustClose(t, s)
			s = openTest(t, dir)
			if _, err := s.Audit(t.Context(), AuditConfig{Key: testAuditKey, Reserve: 1 << 20}); !errors.Is(err, ErrAudit) {
				t.Errorf("%v", err)
			}
		})
	}
}
