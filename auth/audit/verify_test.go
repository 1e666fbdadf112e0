package audit

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"matthan/auth"
)

var (
	testKey  = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize))
	otherKey = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{2}, ed25519.SeedSize))
	testTime = time.Date(2026, 11, 22, 1, 2, 3, 0, time.UTC)
)

// logOf is an export of n records with a head after every tenth and the last,
// as lines; line i+1+i/10 holds record i+1.
func logOf(n int, key ed25519.PrivateKey, change func(i int, r *auth.Record)) []string {
	at := Mark{Hash: Genesis(key.Public().(ed25519.PublicKey))}
	h := Header{Time: testTime, Before: at}
	var lines []byte
	for i := 1; i <= n; i++ {
		r := auth.Record{Time: testTime.Add(time.Duration(i) * time.Second), Event: auth.ViewOpened, Subject: "p", Camera: fmt.Sprint("c", i), View: fmt.Sprint("v", i)}
		if change != nil {
			change(i, &r)
		}
		text, err := Encode(r)
		if err != nil {
			panic(err)
		}
		lines, at = AppendRecord(lines, at, text)
		if i%10 == 0 || i == n {
			lines = AppendHead(lines, Head{Mark: at, Time: r.Time}, key)
		}
	}
	h.Last = at
	lines = append(AppendHeader(nil, h, key), lines...)
	return strings.SplitAfter(strings.TrimSuffix(string(lines), "\n"), "\n")
}

// recordLine is where record n stands in lines.
func recordLine(n int) int { return n + (n-1)/10 }

func verify(t *testing.T, lines []string, trust Trust) *Report {
	t.Helper()
	text := strings.Join(lines, "")
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	r, err := Verify(t.Context(), strings.NewReader(text), trust)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAWholeLogHasNoFault(t *testing.T) {
	t.Parallel()
	lines := logOf(95, testKey, nil)
	middle, err := ParseLine([]byte(strings.TrimSuffix(lines[recordLine(33)], "\n")))
	if err != nil || middle.N != 33 {
		t.Fatal(middle.N, err)
	}
	r := verify(t, lines, Trust{Key: testKey.Public().(ed25519.PublicKey), Heads: []Mark{middle.Mark}})
	if !r.OK() || r.Records != 95 || r.Heads != 10 || r.First != 1 || r.Last.N != 95 || r.LastHead != r.Last {
		t.Errorf("%+v", r)
	}
	again, err := ParseMark(r.Last.String())
	if err != nil || again != r.Last {
		t.Errorf("%v %v", again, err)
	}
}

// Each thing that somebody may do to a log is named, once, at its record.
func TestTamperedLogsAreNamedAtTheRightRecord(t *testing.T) {
	t.Parallel()
	whole := logOf(95, testKey, nil)
	last, err := ParseLine([]byte(strings.TrimSuffix(whole[len(whole)-1], "\n")))
	if err != nil || last.Head == nil {
		t.Fatal(err)
	}
	longer := logOf(120, testKey, nil)
	noted, err := ParseLine([]byte(strings.TrimSuffix(longer[recordLine(110)], "\n")))
	if err != nil || noted.N != 110 {
		t.Fatal(noted.N, err)
	}
	at := recordLine
	replace := func(line int, old, new string) func([]string) []string {
		return func(l []string) []string {
			if !strings.Contains(l[line], old) {
				panic(old)
			}
			l[line] = strings.Replace(l[line], old, new, 1)
			return l
		}
	}
	rewritten := logOf(95, testKey, func(i int, r *auth.Record) {
		if i == 44 {
			r.Camera = "another"
		}
	})
	anew := logOf(95, otherKey, nil)
	for name, tt := range map[string]struct {
		tamper      func([]string) []string
		trust       Trust
		problem     Problem
		first, last uint64
		line        int // in the report, from 1
	}{
		"an altered byte":          {replace(at(7), `"camera":"c7"`, `"camera":"c8"`), Trust{}, Altered, 7, 7, at(7) + 1},
		"an altered last record":   {replace(at(95), `"v95"`, `"v94"`), Trust{}, Altered, 95, 95, at(95) + 1},
		"an altered first record":  {replace(at(1), `"v1"`, `"v2"`), Trust{}, Altered, 1, 1, at(1) + 1},
		"a space more":             {replace(at(7), `{"time"`, `{ "time"`), Trust{}, Altered, 7, 7, at(7) + 1},
		"another number":           {replace(at(7), `{"n":7`, `{"n":8`), Trust{}, Altered, 7, 7, at(7) + 1},
		"garbage instead":          {func(l []string) []string { l[at(7)] = "garbage\n"; return l }, Trust{}, Unreadable, 7, 7, at(7) + 1},
		"no end of line":           {func(l []string) []string { return append(l[:at(50)], strings.Repeat("x", 3*MaxLine)) }, Trust{}, CutShort, 50, 95, 0},
		"a removed record":         {func(l []string) []string { return slices.Delete(l, at(20), at(21)-1) }, Trust{}, Missing, 20, 20, 0},
		"removed with its head":    {func(l []string) []string { return slices.Delete(l, at(20), at(21)) }, Trust{}, Missing, 20, 20, 0},
		"several removed records":  {func(l []string) []string { return slices.Delete(l, at(13), at(17)) }, Trust{}, Missing, 13, 16, 0},
		"the first record removed": {func(l []string) []string { return slices.Delete(l, at(1), at(2)) }, Trust{}, Missing, 1, 1, 0},
		"two swapped": {func(l []string) []string {
			l[at(33)], l[at(34)] = l[at(34)], l[at(33)]
			return l
		}, Trust{}, Moved, 33, 33, at(34) + 1},
		"one moved far": {func(l []string) []string {
			moved := l[at(15)]
			return slices.Insert(slices.Delete(l, at(15), at(16)), at(60)-1, moved)
		}, Trust{}, Moved, 15, 15, at(60)},
		"one twice":            {func(l []string) []string { return slices.Insert(l, at(60), l[at(33)]) }, Trust{}, Twice, 33, 33, at(60) + 1},
		"the tail cut off":     {func(l []string) []string { return l[:at(62)] }, Trust{}, CutShort, 62, 95, 0},
		"the tail but a head":  {func(l []string) []string { return append(l[:at(62)], l[len(l)-1]) }, Trust{}, Missing, 62, 95, 0},
		"one of another chain": {func(l []string) []string { l[at(44)] = rewritten[at(44)]; return l }, Trust{}, Replaced, 44, 45, at(45) + 1},
		"rewritten from 44 on": {func(l []string) []string {
			for i := 44; i <= 95; i++ {
				l[at(i)] = rewritten[at(i)]
			}
			return l
		}, Trust{}, Rewritten, 41, 50, at(50) + 2},
		"a head that was altered":   {replace(at(40)+1, `{"n":40`, `{"n":39`), Trust{}, Forged, 39, 39, at(40) + 2},
		"a head of another key":     {func(l []string) []string { l[at(40)+1] = anew[at(40)+1]; return l }, Trust{}, Forged, 40, 40, at(40) + 2},
		"a head at another place":   {func(l []string) []string { return slices.Insert(l, at(55), l[at(40)+1]) }, Trust{}, Moved, 40, 40, at(55) + 1},
		"written anew":              {func([]string) []string { return anew }, Trust{Key: testKey.Public().(ed25519.PublicKey)}, OtherKey, 0, 0, 1},
		"written anew by the key":   {func([]string) []string { return rewritten }, Trust{Heads: []Mark{last.Mark}}, Rewritten, 0, 95, 0},
		"cut before a noted head":   {func(l []string) []string { return l }, Trust{Heads: []Mark{noted.Mark}}, CutShort, 96, 110, 0},
		"no header":                 {func(l []string) []string { return l[1:] }, Trust{}, NoExport, 0, 0, 1},
		"a header that was altered": {replace(0, `"n":95`, `"n":94`), Trust{}, NoExport, 0, 0, 1},
		"an empty file":             {func([]string) []string { return []string{"\n"} }, Trust{}, NoExport, 0, 0, 1},
		"records added": {func(l []string) []string {
			return append(l, longer[at(96)])
		}, Trust{}, Forged, 96, 96, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := slices.Clone(whole)
			l[len(l)-1] += "\n"
			r := verify(t, tt.tamper(l), tt.trust)
			i := slices.IndexFunc(r.Faults, func(f Fault) bool {
				return f.Problem == tt.problem && f.First == tt.first && f.Last == tt.last && f.Line == tt.line
			})
			if i < 0 {
				t.Fatalf("no %q of %d to %d in line %d: %+v", tt.problem, tt.first, tt.last, tt.line, r.Faults)
			}
			others := len(r.Faults) - 1
			// A head that is forged or a header that is changed leaves no more to say
			// than that; a line without an end hides what follows.
			if others > 1 || others == 1 && !slices.Contains([]string{"no end of line", "a header that was altered"}, name) {
				t.Errorf("more than one fault is named: %+v", r.Faults)
			}
		})
	}
}

func TestALogThatWasCutNeedsASignedHeadThatSaysSo(t *testing.T) {
	t.Parallel()
	whole := logOf(95, testKey, nil)
	before, err := ParseLine([]byte(strings.TrimSuffix(whole[recordLine(30)], "\n")))
	if err != nil {
		t.Fatal(err)
	}
	end, err := ParseLine([]byte(strings.TrimSuffix(whole[recordLine(95)], "\n")))
	if err != nil {
		t.Fatal(err)
	}
	part := func(asked bool) []string {
		h := Header{Time: testTime, Before: before.Mark, Last: end.Mark, Part: asked}
		return append([]string{string(AppendHeader(nil, h, testKey))}, whole[recordLine(31):]...)
	}
	cut := string(AppendHead(nil, Head{Mark: end.Mark, Time: testTime, Cut: &Cut{Last: before.Mark, Keep: "400d"}}, testKey))
	if r := verify(t, append(part(false), "\n"+cut), Trust{}); !r.OK() || r.First != 31 || r.Cut == nil {
		t.Errorf("cut with a head: %+v", r)
	}
	if r := verify(t, part(false), Trust{}); len(r.Faults) != 1 || r.Faults[0].Problem != Missing || r.Faults[0].Last != 30 {
		t.Errorf("cut without a head: %+v", r)
	}
	if r := verify(t, part(true), Trust{}); !r.OK() || !r.Header.Part {
		t.Errorf("a part that was asked for: %+v", r)
	}
	forged := string(AppendHead(nil, Head{Mark: end.Mark, Time: testTime, Cut: &Cut{Last: before.Mark, Keep: "400d"}}, otherKey))
	if r := verify(t, append(part(false), "\n"+forged), Trust{}); r.OK() {
		t.Error("a forged cut was believed")
	}
}

func TestALineHoldsTheLongestRecord(t *testing.T) {
	t.Parallel()
	for _, letters := range []string{"<>&", `"\`, "ế", "\x7f\x01"} {
		long := strings.Repeat(letters, 2000)
		r := auth.Record{Time: testTime, Event: auth.InventoryImported, Subject: long, Name: long, By: long, Address: long, Device: long, Camera: long,
			Kind: long, Target: long, View: long, Reason: long, Case: long, Detail: long, Duration: 1<<63 - 1}
		for range 100 {
			r.Areas = append(r.Areas, long)
		}
		clean, err := r.Clean()
		if err != nil {
			t.Fatal(err)
		}
		text, err := Encode(clean)
		if err != nil {
			t.Fatal(err)
		}
		line, _ := AppendRecord(nil, Mark{N: 1<<63 - 1}, text)
		l, err := ParseLine(bytes.TrimSuffix(line, []byte("\n")))
		if err != nil || !l.Intact() {
			t.Errorf("%q: %d bytes, %v", letters, len(line), err)
		}
		e, err := l.Entry()
		if err != nil || e.Name != clean.Name || e.Detail != clean.Detail || e.Duration != clean.Duration {
			t.Errorf("%q: %+v, %v", letters, e, err)
		}
	}
}

func TestFaultsOfAFileThatIsNoLogAreBounded(t *testing.T) {
	t.Parallel()
	lines := logOf(5, testKey, nil)
	for range 3000 {
		lines = append(lines, "\nx")
	}
	if r := verify(t, lines, Trust{}); len(r.Faults) != MaxFaults || r.More == 0 {
		t.Errorf("%d faults, %d more", len(r.Faults), r.More)
	}
}

// recordsOf are the records of an export; that a head is missing is no fault.
func recordsOf(text string) string {
	var out strings.Builder
	for line := range strings.SplitAfterSeq(text, "\n") {
		if strings.HasPrefix(line, recordPrefix) {
			out.WriteString(line)
		}
	}
	return out.String()
}

func FuzzVerify(f *testing.F) {
	text := strings.Join(logOf(12, testKey, nil), "") + "\n"
	f.Add(text)
	f.Add(strings.Replace(text, `"n":5`, `"n":18446744073709551615`, 1))
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		r, err := Verify(t.Context(), strings.NewReader(s), Trust{})
		if err != nil {
			t.Fatal(err)
		}
		if r.OK() && r.Header.Key == KeyText(testKey.Public().(ed25519.PublicKey)) && recordsOf(s) != recordsOf(text) {
			t.Errorf("an altered log has no fault: %q", s)
		}
		for line := range strings.SplitSeq(s, "\n") {
			l, err := ParseLine([]byte(line))
			if err == nil && l.Record != nil && l.Intact() {
				again, _ := AppendRecord(nil, Mark{l.N - 1, l.Prev}, l.Record)
				if string(again) != line+"\n" {
					t.Errorf("%q is read as %q", line, again)
				}
			}
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	text := strings.Join(logOf(10_000, testKey, nil), "")
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if r, err := Verify(b.Context(), strings.NewReader(text+"\n"), Trust{}); err != nil || !r.OK() {
			b.Fatal(err)
		}
	}
}

// Whatever is done to an export at random, its records are whole or a fault is
// named.
func TestRandomDamageIsAlwaysFound(t *testing.T) {
	t.Parallel()
	text := strings.Join(logOf(12, testKey, nil), "") + "\n"
	random := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		b := []byte(text)
		for range 1 + random.IntN(3) {
			i := random.IntN(len(b))
			j := min(len(b), i+random.IntN(400))
			switch random.IntN(3) {
			case 0:
				b[i] ^= byte(1 + random.IntN(255))
			case 1:
				b = slices.Concat(b[:i], b[j:])
			case 2:
				b = slices.Concat(b[:j], b[i:])
			}
			if len(b) == 0 {
				break
			}
		}
		r := verify(t, []string{string(b)}, Trust{})
		if r.OK() && recordsOf(string(b)) != recordsOf(text) {
			t.Errorf("no fault is named in %q", b)
		}
	}
}
