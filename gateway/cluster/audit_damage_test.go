package cluster

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
