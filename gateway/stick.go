package gateway

import (
	"errors"
	"time"
)

// How long a hand may keep a camera's stick.
const (
	StickIdle = 10 * time.Second // without a move anybody may take it
	StickTurn = time.Minute      // after that an equal may take it, moving or not
)

// ErrStickTaken is the answer to a hand while another one, which goes before
// it, holds the stick.
var ErrStickTaken = errors.New("somebody else turns this camera")

// Hand is who wants to turn a camera.
type Hand struct {
	ID   string // of the viewer: somebody may look on two devices
	Name string // for the others who look
	Rank int    // the higher takes from the lower at once
}

// Stick says who turns one camera: one hand at a time. A higher rank takes it at
// once; an equal once its holder has had it for StickTurn; anybody once its
// holder has not moved for StickIdle. It is a pure state machine; its zero value
// is free.
type Stick struct {
	hand         Hand // zero where nobody holds it
	taken, moved time.Time
}

// Holder is who holds the stick, until when at least nobody of their rank gets
// it, and whether anybody does.
func (s *Stick) Holder(now time.Time) (h Hand, until time.Time, held bool) {
	if s.hand.ID == "" || now.Sub(s.moved) >= StickIdle {
		return Hand{}, time.Time{}, false
	}
	idle, turn := s.moved.Add(StickIdle), s.taken.Add(StickTurn)
	if turn.Before(idle) {
		return s.hand, turn, true
	}
	return s.hand, idle, true
}

// free is when the stick falls free by itself, zero where it is.
func (s *Stick) free(now time.Time) time.Time {
	if _, _, held := s.Holder(now); !held {
		return time.Time{}
	}
	return s.moved.Add(StickIdle)
}

// Take gives the stick to h, or keeps it there, or returns ErrStickTaken.
// from is whose it was, zero where it was free or h's already.
func (s *Stick) Take(h Hand, now time.Time) (from Hand, err error) {
	holder, until, held := s.Holder(now)
	switch {
	case held && holder.ID == h.ID:
		s.moved = now
		return Hand{}, nil
	case held && (h.Rank < holder.Rank || h.Rank == holder.Rank && now.Before(until)):
		return Hand{}, ErrStickTaken
	}
	s.hand, s.taken, s.moved = h, now, now
	return holder, nil
}

// Leave frees the stick if the hand with the id holds it.
func (s *Stick) Leave(id string) (left bool) {
	if s.hand.ID != id || id == "" {
		return false
	}
	s.hand = Hand{}
	return true
}
