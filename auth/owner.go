package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	visitOwner = "owner"
	// ownerStays is how long the owner of a camera that was withdrawn may still
	// read who looked at it.
	ownerStays = 30 * 24 * time.Hour
)

// owners are the citizens who lent a camera, each by the private link that its
// consent keeps the digest of. They may Own that camera and nothing else: not
// even look at it, for who holds the link may not live there.
type owners struct {
	policy *Policy
	links  links[Consent]
}

func newOwners(p *Policy) *owners {
	return &owners{p, links[Consent]{table: p.people.Consents, of: func(c Consent) string { return c.Link }}}
}

func (v *owners) authenticate(_ string, sum [sha256.Size]byte, now time.Time) (Subject, error) {
	camera, ok := v.links.find(sum)
	if !ok {
		return Subject{}, ErrUnauthenticated
	}
	s := Subject{ID: visitOwner + ":" + camera, credential: sum}
	c, err := v.of(s, now)
	s.Name = c.Owner
	return s, err
}

// of is the consent whose link a subject came by.
func (v *owners) of(s Subject, now time.Time) (Consent, error) {
	c, _, ok := v.policy.people.Consents.Get(strings.TrimPrefix(s.ID, visitOwner+":"))
	if !ok || !c.leads(s, now) {
		return Consent{}, errEnded
	}
	return c, nil
}

// leads says whether the owner's link of a consent is the one that s came by.
func (c *Consent) leads(s Subject, now time.Time) bool {
	return c.Link != "" && c.Link == hex.EncodeToString(s.credential[:]) && !c.Given.IsZero() &&
		(c.Withdrawn.IsZero() || now.Sub(c.Withdrawn) < ownerStays)
}

func (v *owners) decide(s Subject, a Action, r Resource, now time.Time) (Permission, error) {
	c, err := v.of(s, now)
	if err != nil {
		return Permission{}, err
	}
	if a == Connect || a == Own && r.Camera == c.Camera {
		return Permission{Until: now.Add(MaxLease), By: visitOwner}, nil
	}
	return Permission{}, ErrDenied
}

// owners are the visitors of that kind, nil where there are none.
func (p *Policy) owners() *owners {
	v, _ := p.visitors[visitOwner].(*owners)
	return v
}

// Owned is the consent to the camera that s owns, or ErrDenied.
func (p *Policy) Owned(s Subject, now time.Time) (Consent, error) {
	if s.visit != visitOwner || p.owners() == nil {
		return Consent{}, ErrDenied
	}
	return p.owners().of(s, now)
}

// SwitchOff closes the owner's camera to everybody at once, SwitchOn opens it again
// to those to whom the consent does. Both return ErrConflict once the owner
// has withdrawn.
func (p *Policy) SwitchOff(ctx context.Context, s Subject, now time.Time) error {
	return p.editOwned(ctx, s, now, func(c *Consent) {
		if c.Off.IsZero() {
			c.Off = now
		}
	})
}

// SwitchOn is the other way round.
func (p *Policy) SwitchOn(ctx context.Context, s Subject, now time.Time) error {
	return p.editOwned(ctx, s, now, func(c *Consent) { c.Off = time.Time{} })
}

// SetOwnHours changes the hours in which the owner's camera may be seen; nil is
// at all hours. Beside SwitchOff's errors it returns an ErrFaulty.
func (p *Policy) SetOwnHours(ctx context.Context, s Subject, hours *Hours, now time.Time) error {
	if hours != nil {
		if _, err := hours.check(); err != nil {
			return err
		}
	}
	return p.editOwned(ctx, s, now, func(c *Consent) { c.Hours = hours })
}

// SetOwnMasks puts masks in the place of those that the owner saw, was: nobody else
// lifts them. Beside SwitchOff's errors it returns an ErrFaulty, and ErrConflict
// where there are others by now.
func (p *Policy) SetOwnMasks(ctx context.Context, s Subject, was, masks []Mask, now time.Time) error {
	if err := CheckMasks(masks); err != nil {
		return err
	}
	stale := false
	err := p.editOwned(ctx, s, now, func(c *Consent) {
		if stale = !slices.EqualFunc(c.Masks, was, func(a, b Mask) bool { return slices.Equal(a, b) }); !stale {
			c.Masks = masks
		}
	})
	if err == nil && stale {
		err = ErrConflict
	}
	return err
}

// WithdrawOwn ends the owner's consent for good.
func (p *Policy) WithdrawOwn(ctx context.Context, s Subject, now time.Time) error {
	return p.editOwned(ctx, s, now, func(c *Consent) { c.Withdrawn = now })
}

func (p *Policy) editOwned(ctx context.Context, s Subject, now time.Time, edit func(*Consent)) error {
	c, err := p.Owned(s, now)
	if err != nil {
		return err
	}
	return p.editConsent(ctx, c.Camera, func(c *Consent, found bool) error {
		switch {
		case !found || !c.leads(s, now):
			return errEnded
		case !c.Withdrawn.IsZero():
			return ErrConflict
		}
		edit(c)
		return nil
	})
}

// Draft notes that the invitation which s came by makes a camera. From then on
// the camera is closed to everybody else until its owner agrees, so it comes before the
// camera. It returns ErrConflict where the id is taken, or the invitation made
// another one already.
func (p *Policy) Draft(ctx context.Context, s Subject, camera string, now time.Time) error {
	i, err := p.Invited(s, now)
	switch {
	case err != nil:
		return err
	case i.Tries >= MaxTries:
		return fmt.Errorf("%w: you tried %d addresses: ask for another invitation", ErrFaulty, MaxTries)
	case i.Camera == camera && p.isDraft(camera):
		return p.editInvited(ctx, s, now, func(i *Invitation) { i.Tries++ })
	case i.Camera != "":
		return ErrConflict
	}
	if len(p.people.Consents.All()) >= MaxConsents {
		return fmt.Errorf("%w: there are %d consents already", ErrFaulty, MaxConsents)
	}
	if _, err := p.people.Consents.Put(ctx, camera, Consent{Camera: camera, How: ByLink, By: s.ID}, 0); err != nil {
		return fmt.Errorf("close the draft: %w", err)
	}
	return p.editInvited(ctx, s, now, func(i *Invitation) { i.Camera, i.Tries = camera, i.Tries+1 })
}

func (p *Policy) editInvited(ctx context.Context, s Subject, now time.Time, edit func(*Invitation)) error {
	return change(ctx, p.people.Invitations, strings.TrimPrefix(s.ID, visitInvited+":"), func(i *Invitation, found bool) error {
		if !found || !i.open(now) {
			return errEnded
		}
		edit(i)
		return nil
	})
}

// isDraft says whether nobody has ever agreed to a camera that an invitation made.
func (p *Policy) isDraft(camera string) bool {
	c, _, ok := p.people.Consents.Get(camera)
	return ok && c.Given.IsZero() && c.Withdrawn.IsZero()
}

// dropDraft marks what an unused invitation made as withdrawn, which has the
// camera removed.
func (p *Policy) dropDraft(ctx context.Context, i Invitation, now time.Time) error {
	if i.Camera == "" || !i.Used.IsZero() || !p.isDraft(i.Camera) {
		return nil
	}
	if err := p.withdraw(ctx, i.Camera, now); err != nil && !errors.Is(err, ErrUnknown) {
		return fmt.Errorf("remove what an invitation made: %w", err)
	}
	return nil
}

// Agree puts the consent of who came by an invitation in force for its draft,
// and returns the secret of the owner's private link; the invitation is used up.
// Of c count Owner, Contact, Purposes, Until, Hours, Masks and Document. It
// returns an ErrFaulty, ErrConflict where there is no draft to agree to, or
// ErrLent or ErrEntered where the camera is there twice.
func (p *Policy) Agree(ctx context.Context, s Subject, c Consent, now time.Time) (secret string, err error) {
	i, err := p.Invited(s, now)
	switch {
	case err != nil:
		return "", err
	case i.Camera == "" || !p.isDraft(i.Camera):
		return "", ErrConflict
	}
	places, err := p.placesOf(i.Camera)
	if err != nil {
		return "", err
	}
	secret, link := newLink()
	c = Consent{Camera: i.Camera, Owner: cleanText(c.Owner, maxBytes(maxOwner)), Contact: cleanText(c.Contact, maxBytes(maxContact)),
		Purposes: c.Purposes, Given: now, From: now, Until: c.Until, Hours: c.Hours, How: ByLink, Document: c.Document, Masks: c.Masks, By: s.ID, Link: link, Places: places}
	if _, err := c.check(); err != nil {
		return "", err
	}
	// The invitation first: of two who agree one wins.
	if err := p.editInvited(ctx, s, now, func(i *Invitation) { i.Used = now }); err != nil {
		return "", err
	}
	err = p.editConsent(ctx, i.Camera, func(v *Consent, found bool) error {
		if !found || !v.Given.IsZero() || !v.Withdrawn.IsZero() {
			return ErrConflict
		}
		*v = c
		return nil
	})
	if err != nil {
		back := change(ctx, p.people.Invitations, strings.TrimPrefix(s.ID, visitInvited+":"), func(i *Invitation, found bool) error {
			if !found {
				return ErrUnknown
			}
			i.Used = time.Time{}
			return nil
		})
		return "", errors.Join(fmt.Errorf("keep the consent: %w", err), back)
	}
	return secret, nil
}
