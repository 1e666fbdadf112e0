package signaling

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"matthan/auth"
)

func TestNewsIsToldOnceASecondAndNeverLost(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	v := newSession(&Server{Log: slog.New(slog.DiscardHandler)}, auth.Subject{}, now)
	l := &line{kick: make(chan struct{}, 1)}
	told := func() int {
		n := 0
		for _, b := range v.news(l) {
			n += strings.Count(string(b), TypeNotices)
		}
		return n
	}
	v.tellNews(true, now) // no socket yet
	v.line = l
	for i, step := range []struct {
		fresh bool
		after time.Duration
		want  int
	}{
		{false, 0, 1}, // what came while there was no socket
		{true, time.Millisecond, 0},
		{true, noticesEvery - 1, 0},
		{false, noticesEvery, 1}, // both at once
		{false, 2 * noticesEvery, 0},
		{true, 3 * noticesEvery, 1},
	} {
		v.tellNews(step.fresh, now.Add(step.after))
		if got := told(); got != step.want {
			t.Errorf("step %d: told %d times, want %d", i, got, step.want)
		}
	}
}
