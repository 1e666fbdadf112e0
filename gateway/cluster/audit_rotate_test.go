package cluster

import (
	"bytes"
	"crypto/ed25519"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"matthan/auth"
	"matthan/auth/audit"
)

// keyed opens the log of a store in dir with the key beside it, waits until it
// was read through, and fails where something is wrong with it.
func keyed(t *testing.T, dir string) (*Store, *Audit) {
	t.Helper()
	key, err := LoadAuditKey(AuditKeyFile(dir))
	if err != nil {
		t.Fatal(err)
	}
	s := openTest(t, dir)
	a, err := s.Audit(t.Context(), AuditConfig{Key: key, Reserve: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	<-a.Ready()
	if b := a.Broken(); len(b) > 0 {
		t.Errorf("the log is broken: %q", b)
	}
	return s, a
}

func exportOf(t *testing.T, a *Audit, from time.Time) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := a.Export(t.Context(), &out, from); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func verified(t *testing.T, text []byte, trust audit.Trust) *audit.Report {
	t.Helper()
	r, err := audit.Verify(t.Context(), bytes.NewReader(text), trust)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// rotated writes records, changes the key, and does so again; it closes the log
// each time and returns the public keys.
func rotated(t *testing.T, dir string, times int) (keys []ed25519.PublicKey) {
	t.Helper()
	for range times {
		s, a := keyed(t, dir)
		for i := range 5 {
			mustWrite(t, a, look(i))
		}
		keys = append(keys, a.Key())
		next, err := a.Rotate(t.Context(), auth.Record{Subject: "console", Name: "root"})
		if err != nil || !next.Equal(a.Key()) || next.Equal(keys[len(keys)-1]) {
			t.Fatalf("%v: %v", next, err)
		}
		mustWrite(t, a, look(6))
		mustClose(t, s)
	}
	s, a := keyed(t, dir)
	keys = append(keys, a.Key())
	mustWrite(t, a, look(7))
	mustClose(t, s)
	return keys
}

func TestTheLogsKeyIsChangedAndVerifyFollowsFromTheOldest(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	keys := rotated(t, dir, 2)
	s, a := keyed(t, dir)
	text := exportOf(t, a, time.Time{})
	for i, key := range keys {
		if r := verified(t, text, audit.Trust{Key: key}); !r.OK() || r.First != 1 || r.Header.Key != audit.KeyText(keys[2]) {
			t.Errorf("with the key %d: %+v", i, r)
		}
	}
	if r := verified(t, text, audit.Trust{Key: audit.Public(testAuditKey)}); r.OK() || r.Faults[0].Problem != audit.OtherKey {
		t.Errorf("with a key that the log never had: %+v", r)
	}
	p, err := a.Query(t.Context(), audit.Filter{Events: []auth.Event{auth.LogKey}}, 10, 0)
	if err != nil || len(p.Entries) != 2 || p.Entries[0].Target != audit.KeyText(keys[1]) || p.Entries[0].Subject != "console" {
		t.Errorf("%+v, %v", p, err)
	}
	part := exportOf(t, a, p.Entries[1].Time.Add(time.Millisecond))
	if r := verified(t, part, audit.Trust{Key: keys[0]}); !r.OK() || r.First <= p.Entries[0].N {
		t.Errorf("a part after the changes, with the oldest key: %+v", r)
	}
	mustClose(t, s)
	if left, err := filepath.Glob(filepath.Join(dir, nextKeyName)); err != nil || len(left) > 0 {
		t.Error("the next key is still there")
	}
}

// Who has copied the key of before writes the log anew as far as that key goes.
func TestWhoHasTheKeyOfBeforeCannotRewriteWhatItSigned(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, a := keyed(t, dir)
	mustClose(t, s)
	stolen := a.key
	rotated(t, dir, 1)
	s, a = keyed(t, dir)
	text := exportOf(t, a, time.Time{})
	mustClose(t, s)
	lines := strings.SplitAfter(strings.TrimSuffix(string(text), "\n"), "\n")
	var out []byte
	at := audit.Mark{Hash: audit.Genesis(audit.Public(stolen))}
	for i, line := range lines {
		l, err := audit.ParseLine([]byte(strings.TrimSuffix(line, "\n")))
		switch {
		case err != nil:
			t.Fatal(i, err)
		case l.Header != nil:
			out = append(out, line...)
		case l.Head != nil:
			h := *l.Head
			h.Mark = at
			out = audit.AppendHead(out, h, stolen)
		default:
			out, at = audit.AppendRecord(out, at, bytes.Replace(l.Record, []byte("camera-2"), []byte("camera-3"), 1))
		}
	}
	r := verified(t, out, audit.Trust{})
	has := func(p audit.Problem) bool {
		return slices.ContainsFunc(r.Faults, func(f audit.Fault) bool { return f.Problem == p })
	}
	if !has(audit.Rewritten) || !has(audit.Forged) { // before the change, and after it
		t.Errorf("%+v", r.Faults)
	}
}

// files are what a process that ends while the key is changed leaves behind.
func files(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, name := range []string{auditKeyName, nextKeyName, auditKeysName, filepath.Join(witnessDir, auditWitness)} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err == nil {
			out[name] = text
		} else if !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	return out
}

func TestAChangeOfTheKeyThatWasCutShortIsFinishedOrUndone(t *testing.T) {
	t.Parallel()
	witness := filepath.Join(witnessDir, auditWitness)
	for name, tt := range map[string]struct {
		restore func(old, done map[string][]byte) map[string][]byte
	}{
		"after the log had it": {func(old, done map[string][]byte) map[string][]byte {
			return map[string][]byte{auditKeyName: old[auditKeyName], nextKeyName: done[auditKeyName], auditKeysName: nil, witness: old[witness]}
		}},
		"after its public keys were written": {func(old, done map[string][]byte) map[string][]byte {
			return map[string][]byte{auditKeyName: old[auditKeyName], nextKeyName: done[auditKeyName], witness: old[witness]}
		}},
		"after the witness was sealed": {func(old, done map[string][]byte) map[string][]byte {
			return map[string][]byte{auditKeyName: old[auditKeyName], nextKeyName: done[auditKeyName]}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			s, a := keyed(t, dir)
			for i := range 5 {
				mustWrite(t, a, look(i))
			}
			mustClose(t, s)
			s, a = keyed(t, dir)
			first, old := a.Key(), files(t, dir)
			next, err := a.Rotate(t.Context(), auth.Record{Subject: "console"})
			if err != nil {
				t.Fatal(err)
			}
			mustClose(t, s)
			for file, text := range tt.restore(old, files(t, dir)) {
				err := os.WriteFile(filepath.Join(dir, file), text, 0o600)
				if text == nil {
					err = os.Remove(filepath.Join(dir, file))
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			for range 2 {
				s, a = keyed(t, dir)
				mustWrite(t, a, look(9))
				if !a.Key().Equal(next) {
					t.Error("the log is not signed with the next key")
				}
				if r := verified(t, exportOf(t, a, time.Time{}), audit.Trust{Key: first}); !r.OK() {
					t.Errorf("%+v", r.Faults)
				}
				mustClose(t, s)
			}
		})
	}
	dir := t.TempDir()
	s, a := keyed(t, dir)
	mustWrite(t, a, look(1))
	mustClose(t, s)
	stray := filepath.Join(dir, nextKeyName) // and the log knows nothing of it
	if err := os.WriteFile(stray, bytes.Repeat([]byte("ab"), ed25519.SeedSize), 0o600); err != nil {
		t.Fatal(err)
	}
	s, b := keyed(t, dir)
	if _, err := os.Stat(stray); !a.Key().Equal(b.Key()) || !os.IsNotExist(err) {
		t.Errorf("a key that the log does not have took over, or is still there: %v", err)
	}
	mustClose(t, s)
}

func TestAKeyThatDoesNotFollowFromTheOthersIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rotated(t, dir, 1)
	if err := os.WriteFile(AuditKeyFile(dir), bytes.Repeat([]byte("ab"), ed25519.SeedSize), 0o600); err != nil {
		t.Fatal(err)
	}
	key, err := LoadAuditKey(AuditKeyFile(dir))
	if err != nil {
		t.Fatal(err)
	}
	s := openTest(t, dir)
	if _, err := s.Audit(t.Context(), AuditConfig{Key: key}); err == nil || !strings.Contains(err.Error(), "not the last key") {
		t.Errorf("%v", err)
	}
	mustClose(t, s)
}
