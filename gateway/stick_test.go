package gateway

import (
	"errors"
	"testing"
	"time"
)

func TestStick(t *testing.T) {
	officer, colleague := Hand{"a", "Minh", 1}, Hand{"b", "Lan", 1}
	chief := Hand{"c", "Hòa", 2}
	t0 := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	type try struct {
		at    time.Duration
		who   Hand
		taken bool // by another, so that who does not get it
		from  string
	}
	for name, tries := range map[string][]try{
		"the first gets it, the second not":    {{0, officer, false, ""}, {time.Second, colleague, true, ""}},
		"who holds it keeps it by moving":      {{0, officer, false, ""}, {9 * time.Second, officer, false, ""}, {18 * time.Second, colleague, true, ""}},
		"who does not move loses it":           {{0, officer, false, ""}, {StickIdle, colleague, false, ""}, {StickIdle + 1, officer, true, ""}},
		"a higher rank takes it at once":       {{0, officer, false, ""}, {1, chief, false, "a"}, {2, officer, true, ""}},
		"a lower rank waits until it is idle":  {{0, chief, false, ""}, {9 * time.Second, chief, false, ""}, {StickIdle + time.Second, officer, true, ""}, {19 * time.Second, officer, false, ""}},
		"after a turn an equal may take it":    {{0, officer, false, ""}, {9 * time.Second, officer, false, ""}, {18 * time.Second, officer, false, ""}, {27 * time.Second, officer, false, ""}, {36 * time.Second, officer, false, ""}, {45 * time.Second, officer, false, ""}, {54 * time.Second, officer, false, ""}, {StickTurn - 1, colleague, true, ""}, {StickTurn, colleague, false, "a"}},
		"one person's two devices are two too": {{0, officer, false, ""}, {1, Hand{"d", "Minh", 1}, true, ""}},
	} {
		t.Run(name, func(t *testing.T) {
			var s Stick
			for i, c := range tries {
				from, err := s.Take(c.who, t0.Add(c.at))
				if errors.Is(err, ErrStickTaken) != c.taken || from.ID != c.from {
					t.Fatalf("try %d of %s after %v: from %q, %v", i, c.who.Name, c.at, from.ID, err)
				}
			}
		})
	}
}

func TestAStickThatIsLeftIsFree(t *testing.T) {
	var s Stick
	now := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	if s.Leave("") {
		t.Error("nobody left a free stick")
	}
	if _, err := s.Take(Hand{ID: "a"}, now); err != nil {
		t.Fatal(err)
	}
	if s.Leave("b") || !s.Leave("a") {
		t.Error("the holder leaves it, nobody else")
	}
	if _, _, held := s.Holder(now); held {
		t.Error("it is still held")
	}
}
