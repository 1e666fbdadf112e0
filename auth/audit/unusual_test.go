package audit

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"matthan/auth"
)

var hanoi = time.FixedZone("+07", 7*60*60)

// diary collects entries with numbers of their own.
type diary []Entry

func (d *diary) add(r auth.Record) { *d = append(*d, Entry{uint64(len(*d) + 1), r}) }

// view adds a view from a time on, for so long.
func (d *diary) view(who, camera, kind, area string, from time.Time, long time.Duration, reason string) {
	r := auth.Record{Event: auth.ViewOpened, Time: from, Subject: who, Name: "Anh " + who, Camera: camera, Kind: kind, Areas: []string{area, "city"}, Reason: reason}
	d.add(r)
	r.Event, r.Time, r.Duration = auth.ViewClosed, from.Add(long), long
	d.add(r)
}

func (d diary) all() iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for _, e := range d {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func TestWhatIsUnusualIsFoundAndTheUsualIsNot(t *testing.T) {
	t.Parallel()
	day := func(d, hour int) time.Time { return time.Date(2026, 11, d, hour, 0, 0, 0, hanoi) }
	var d diary
	for i := range 40 { // an ordinary week of two officers at two cameras
		d.view("binh", "crossroads", "public", "lang", day(1+i/6, 8+i%6), 5*time.Minute, "")
		d.view("chi", "crossroads", "public", "lang", day(1+i/6, 9+i%6), 5*time.Minute, "")
	}
	d.view("dung", "alley", "public", "lang", day(3, 21), 6*time.Hour, "") // 22:00 to 03:00
	d.view("binh", "alley", "public", "lang", day(4, 21), 2*time.Hour, "") // one hour of it at night
	for i := range 6 {
		d.view("giang", fmt.Sprint("house-", i), auth.Household, "lang", day(5, 8+i), time.Minute, "theft")
		d.view("hoa", "square", "public", fmt.Sprint("ward-", i), day(6, 8+i), time.Minute, "")
		d.view("khanh", "gate", "public", "lang", day(10+i, 12), time.Minute, "")
	}
	d.view("khanh", "house-1", auth.Household, "lang", day(20, 12), time.Minute, "")
	found, more, err := Unusual(d.all(), Usual{Zone: hanoi})
	if err != nil || more {
		t.Fatal(more, err)
	}
	want := map[Pattern]struct {
		subject string
		amount  float64
		day     string
		camera  string
	}{
		LongNight:      {"dung", 5, "2026-11-03", "alley"},
		ManyHouseholds: {"giang", 6, "2026-11-05", ""},
		ManyAreas:      {"hoa", 6, "2026-11-06", ""},
		SoleWatcher:    {"khanh", 6, "", "gate"},
		NoReason:       {"khanh", 1, "2026-11-20", ""},
	}
	for _, f := range found {
		w, ok := want[f.Pattern]
		if !ok || f.Subject != w.subject || f.Amount != w.amount || f.Day != w.day || f.Camera != w.camera || f.Name != "Anh "+f.Subject || f.First == 0 {
			t.Errorf("%+v", f)
		}
		delete(want, f.Pattern)
	}
	if len(want) > 0 {
		t.Errorf("not found: %v", want)
	}
}

func TestReportPassesAnErrorOn(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk")
	_, _, err := Unusual(func(yield func(Entry, error) bool) { yield(Entry{}, broken) }, Usual{})
	if !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

func TestTableIsReadBackAndHoldsNoFormula(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	c, err := NewCSV(&out, hanoi)
	if err != nil {
		t.Fatal(err)
	}
	e := Entry{7, auth.Record{Time: testTime, Event: auth.ViewClosed, Name: `=HYPERLINK("x")`, Areas: []string{"lang", "ha-noi"}, Duration: 1500 * time.Millisecond, Detail: `a "quoted", text`}}
	if err := errors.Join(c.Write(e), c.End()); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatal(rows, err)
	}
	got := map[string]string{}
	for i, name := range rows[0] {
		got[name] = rows[1][i]
	}
	if got["n"] != "7" || got["time"] != "2026-11-22T08:02:03.000+07:00" || got["name"] != `'=HYPERLINK("x")` || got["areas"] != "lang < ha-noi" || got["seconds"] != "1.500" || got["detail"] != e.Detail {
		t.Errorf("%v", got)
	}
}
