package auth

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// end ends a session and tells of it. Run tells too, but does not see one that
// began and ended between two of its looks.
func (p *Policy) end(ctx context.Context, key string) error {
	if err := remove(ctx, p.people.Sessions, key); err != nil {
		return err
	}
	p.tell()
	return nil
}

// SignOut ends the session that s came by.
func (p *Policy) SignOut(ctx context.Context, s Subject) error {
	if p.people == nil || s.session == "" {
		return nil
	}
	return p.end(ctx, s.session)
}

// Sessions lists a person's running sessions, the oldest first, without what is
// sealed in them. One may list one's own, and those of people in one's care:
// see Block.
func (p *Policy) Sessions(by Subject, person string, now time.Time) ([]Row[Session], error) {
	if err := p.mayCare(by, person, Supervise, now); err != nil {
		return nil, err
	}
	var running []Row[Session]
	for _, row := range p.sessionsOf(person) {
		if !row.Value.ended(now) {
			row.Value.Sealed = nil
			running = append(running, row)
		}
	}
	return running, nil
}

// End ends one session: one's own, on whichever device, or that of a person in
// one's care.
func (p *Policy) End(ctx context.Context, by Subject, key string, now time.Time) error {
	if _, err := p.person(by, now); err != nil {
		return err
	}
	session, _, ok := p.people.Sessions.Get(key)
	if !ok {
		return ErrUnknown
	}
	if err := p.mayCare(by, session.Person, Supervise, now); err != nil {
		return ErrUnknown // whether there is such a session is not theirs to know
	}
	return p.end(ctx, key)
}

// EndAll ends all sessions of a person in one's care, or one's own but that by
// which by came, and returns how many.
func (p *Policy) EndAll(ctx context.Context, by Subject, person string, now time.Time) (int, error) {
	if err := p.mayCare(by, person, Supervise, now); err != nil {
		return 0, err
	}
	return p.endAll(ctx, func(key string, v *Session) bool { return v.Person == person && key != by.session })
}

// EndByProvider ends what a provider's verified logout names: the sessions of
// its sid, or of its subject where sid is empty. It returns how many.
func (p *Policy) EndByProvider(ctx context.Context, issuer, sid, subject string) (int, error) {
	if p.people == nil || issuer == "" || sid == "" && subject == "" {
		return 0, nil
	}
	person := PersonKey(issuer, subject)
	return p.endAll(ctx, func(_ string, v *Session) bool {
		if sid != "" {
			return v.Issuer == issuer && v.SID == sid && (subject == "" || v.Person == person)
		}
		return v.Person == person
	})
}

func (p *Policy) endAll(ctx context.Context, which func(key string, v *Session) bool) (n int, err error) {
	for _, row := range p.people.Sessions.All() {
		if !which(row.Key, &row.Value) {
			continue
		}
		if e := p.end(ctx, row.Key); e != nil {
			err = errors.Join(err, fmt.Errorf("end a session: %w", e)) // and on with the others
			continue
		}
		n++
	}
	return n, err
}

// Block shuts a person out at once, whatever the provider says, and ends their
// sessions. A person is in the care of those who may Supervise every area that
// the person's claims name (the whole tree, where they name none). Nobody
// blocks themselves.
func (p *Policy) Block(ctx context.Context, by Subject, person, reason string, now time.Time) error {
	if by.ID == person {
		return fmt.Errorf("%w: nobody blocks themselves: sign out instead", ErrFaulty)
	}
	if err := checkReason(reason); err != nil {
		return err
	}
	if err := p.mayCare(by, person, Supervise, now); err != nil {
		return err
	}
	if err := p.setBlock(ctx, person, true, by.ID, reason); err != nil {
		return fmt.Errorf("block: %w", err)
	}
	_, err := p.endAll(ctx, func(_ string, v *Session) bool { return v.Person == person })
	return err
}

// Unblock lets a person sign in again. It takes the right to Administer their
// areas.
func (p *Policy) Unblock(ctx context.Context, by Subject, person string, now time.Time) error {
	if by.ID == person {
		return ErrDenied
	}
	if err := p.mayCare(by, person, Administer, now); err != nil {
		return err
	}
	if err := p.setBlock(ctx, person, false, "", ""); err != nil {
		return fmt.Errorf("unblock: %w", err)
	}
	return nil
}

func (p *Policy) setBlock(ctx context.Context, person string, blocked bool, by, reason string) error {
	return change(ctx, p.people.People, person, func(v *Person, found bool) error {
		if !found {
			return ErrUnknown
		}
		v.Blocked, v.BlockedBy, v.BlockReason = blocked, by, cleanText(reason, maxReason)
		return nil
	})
}

// person is who acts, where a person does.
func (p *Policy) person(by Subject, now time.Time) (Person, error) {
	if _, err := p.Decide(by, Connect, Resource{}, now); err != nil {
		return Person{}, err
	}
	if by.session == "" {
		return Person{}, ErrDenied // tools do not manage people
	}
	person, _, ok := p.people.People.Get(by.ID)
	if !ok {
		return Person{}, errEnded
	}
	return person, nil
}

// mayCare says whether by may act on a person: oneself, or by a right to all
// areas that the person's claims name.
func (p *Policy) mayCare(by Subject, key string, a Action, now time.Time) error {
	if _, err := p.person(by, now); err != nil {
		return err
	}
	if by.ID == key {
		return nil
	}
	person, _, ok := p.people.People.Get(key)
	areas := person.Areas
	if len(areas) == 0 {
		areas = []string{AllAreas}
	}
	for _, area := range areas {
		path := p.path(area)
		if path == nil {
			path = []string{AllAreas} // an area that is gone is in the care of those who have all
		}
		if _, err := p.Decide(by, a, Resource{Areas: path}, now); err != nil {
			return err
		}
	}
	if !ok {
		return ErrUnknown
	}
	return nil
}

// path is an area and all above it, nil for an unknown one.
func (p *Policy) path(area string) []string {
	switch {
	case area == AllAreas:
		return []string{AllAreas}
	case area == "" || p.settings.Path == nil:
		return nil
	}
	return p.settings.Path(area)
}
