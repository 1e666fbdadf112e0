package cluster

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"matthan/auth"
	"matthan/auth/audit"
)

// savedLog is a backup of a store whose log was cut and signed with two keys, its
// head, and the key that signs now as its file holds it.
func savedLog(t *testing.T) (saved []byte, head audit.Mark, key []byte) {
	t.Helper()
	const day = 24 * time.Hour
	dir := t.TempDir()
	start := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	c := newClock(start)
	private, err := LoadAuditKey(AuditKeyFile(dir))
	if err != nil {
		t.Fatal(err)
	}
	s := openTest(t, dir)
	a, err := s.openAudit(t.Context(), AuditConfig{Key: private, Reserve: 1 << 20, Keep: 30 * day}, c.now)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		mustWrite(t, a, look(i))
	}
	c.set(start.Add(60 * day))
	for i := range 300 {
		mustWrite(t, a, look(i))
	}
	tidied(t, a)
	if a.kept().Cut.N == 0 {
		t.Fatal("nothing was cut off")
	}
	if _, err := a.Rotate(t.Context(), auth.Record{Subject: "console"}); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		mustWrite(t, a, look(i))
	}
	var out bytes.Buffer
	if err := s.Backup(t.Context(), &out, a); err != nil {
		t.Fatal(err)
	}
	head = a.Head()
	mustClose(t, s)
	if key, err = os.ReadFile(AuditKeyFile(dir)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), head, key
}

// dirWith is an empty directory but for the log's key.
func dirWith(t *testing.T, key []byte) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(AuditKeyFile(dir), key, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestARestoredStoreGoesOnWithItsAuditLog(t *testing.T) {
	t.Parallel()
	saved, head, key := savedLog(t)
	dir := dirWith(t, key)
	if err := Restore(t.Context(), dir, testKey, bytes.NewReader(saved), false); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		s, a := keyed(t, dir)
		mustWrite(t, a, look(1))
		r := verified(t, exportOf(t, a, time.Time{}), audit.Trust{Key: a.Key(), Heads: []audit.Mark{head}})
		if !r.OK() || r.First == 1 || r.Cut == nil || r.Header.Earlier == nil {
			t.Errorf("%+v", r)
		}
		p, err := a.Query(t.Context(), audit.Filter{Camera: "camera-3"}, 100, 0)
		if err != nil || len(p.Entries) < 20 {
			t.Errorf("%d records of a camera, %v", len(p.Entries), err)
		}
		mustClose(t, s)
	}
}

func TestALogThatIsNotWholeIsNotRestored(t *testing.T) {
	t.Parallel()
	saved, _, key := savedLog(t)
	z, err := gzip.NewReader(bytes.NewReader(saved))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	packed := func(text []byte) []byte {
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		_, err := w.Write(text)
		if err := errors.Join(err, w.Close()); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	other := bytes.Repeat([]byte("ab"), 32)
	for name, tt := range map[string]struct {
		saved, key []byte
		want       string
	}{
		"a record altered": {packed(bytes.Replace(plain, []byte(`"camera":"camera-3"`), []byte(`"camera":"camera-4"`), 1)), key, "was altered"},
		"a header altered": {packed(bytes.Replace(plain, []byte(`"earlier"`), []byte(`"earlies"`), 1)), key, "audit log in the backup"},
		"another key":      {saved, other, "put the right one there"},
		"no key":           {saved, nil, ErrNoLogKey.Error()},
		"cut short":        {packed(plain[:len(plain)-8<<10]), key, "take another"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if tt.key != nil {
				dir = dirWith(t, tt.key)
			}
			err := Restore(t.Context(), dir, testKey, bytes.NewReader(tt.saved), false)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
			left, err := os.ReadDir(dir)
			if err != nil || len(left) > 1 || len(left) == 1 && left[0].Name() != auditKeyName {
				t.Errorf("%v is left, %v", left, err)
			}
			if err := Restore(t.Context(), dir, testKey, bytes.NewReader(saved), true); err != nil {
				t.Errorf("without the log: %v", err)
			}
		})
	}
}
