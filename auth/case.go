package auth

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Bounds of a case's number, in letters.
const (
	MinCase = 3
	MaxCase = 40
)

// Case is what somebody works on, stated once for all citizens' cameras that are
// looked at for it.
type Case struct {
	Reason Reason    `json:"reason"`
	Number string    `json:"number"` // letters, digits, spaces and . / - _
	Opened time.Time `json:"opened"`
}

// Check says what is wrong with a case.
func (c Case) Check() error {
	n := utf8.RuneCountInString(c.Number)
	odd := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" ./-_", r)
	}
	switch {
	case !c.Reason.Known():
		return fmt.Errorf("%w: %.32q is no reason: see the list of reasons", ErrFaulty, string(c.Reason))
	case n < MinCase || n > MaxCase || strings.ContainsFunc(c.Number, odd) || !strings.ContainsFunc(c.Number, isAlphanumeric):
		return fmt.Errorf("%w: a case's number has %d to %d letters, digits, spaces and . / - _", ErrFaulty, MinCase, MaxCase)
	}
	return nil
}

func isAlphanumeric(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// OpenCase states on the session that s came by what is worked on, in the place
// of what was stated before. It ends with CloseCase or the session. It returns an
// ErrFaulty, and ErrDenied to who is no person.
func (p *Policy) OpenCase(ctx context.Context, s Subject, c Case, now time.Time) error {
	if s.session == "" {
		return ErrDenied
	}
	c.Number, c.Opened = strings.TrimSpace(c.Number), now
	if err := c.Check(); err != nil {
		return err
	}
	replaced := false
	err := p.editSession(ctx, s, now, func(v *Session) error {
		if v.Case != nil && v.Case.Reason == c.Reason && v.Case.Number == c.Number && now.Before(v.Case.Opened.Add(SessionLife)) {
			return errNothing // a second tap on the same button ends no look
		}
		v.Case, replaced = &c, v.Case != nil
		return nil
	})
	if replaced {
		p.caseEnded()
	}
	return err
}

// caseEnded has Run tell of it, even where it was opened and closed between two
// looks of Run.
func (p *Policy) caseEnded() {
	select {
	case p.ended <- struct{}{}:
	default:
	}
}

// CloseCase ends what OpenCase stated, and all looks at citizens' cameras with
// it. Without an open case it is ErrUnknown.
func (p *Policy) CloseCase(ctx context.Context, s Subject, now time.Time) error {
	if s.session == "" {
		return ErrDenied
	}
	err := p.editSession(ctx, s, now, func(v *Session) error {
		if v.Case == nil {
			return ErrUnknown
		}
		v.Case = nil
		return nil
	})
	if err == nil {
		p.caseEnded()
	}
	return err
}

// CaseOf is the open case of the session that s came by; ErrUnknown where there
// is none.
func (p *Policy) CaseOf(s Subject, now time.Time) (Case, error) {
	session, err := p.Session(s, now)
	switch {
	case err != nil:
		return Case{}, err
	case session.Case == nil || !now.Before(session.Case.Opened.Add(SessionLife)):
		return Case{}, ErrUnknown
	}
	return *session.Case, nil
}
