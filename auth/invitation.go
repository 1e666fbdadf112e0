package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Bounds of invitations.
const (
	MaxInvitations = 1000
	MaxInvited     = 14 * 24 * time.Hour
	MaxTries       = 60 // addresses that are entered with one, so that it is no way to search a network

	keepInvitations = 7 * 24 * time.Hour // after their end, for those who made them
)

// Invitation lets a citizen add their own camera, once.
type Invitation struct {
	Area   string    `json:"area"`           // where the camera is to be
	Name   string    `json:"name,omitempty"` // of whom it is for
	Note   string    `json:"note,omitempty"` // to oneself
	By     string    `json:"by"`             // who made it
	Made   time.Time `json:"made"`
	Until  time.Time `json:"until"`
	Link   string    `json:"link"`             // SHA-256 of its secret, in hex
	Used   time.Time `json:"used,omitzero"`    // zero: not yet
	Camera string    `json:"camera,omitempty"` // the draft, and once it is used the camera
	Tries  int       `json:"tries,omitempty"`  // how often its address was entered
}

// open says whether the invitation can still be used.
func (i *Invitation) open(now time.Time) bool { return i.Used.IsZero() && now.Before(i.Until) }

const (
	// visitInvited and visitOwner are kinds of visitors, and begin their subjects'
	// IDs.
	visitInvited = "invitation"
	// invitedSecret begins an invitation's secret, so that a page knows what it
	// was opened for.
	invitedSecret = "i."
)

// invited are those who come by an invitation. They own nothing yet but the
// draft that they make.
type invited struct {
	policy *Policy
	links  links[Invitation]
}

func newInvited(p *Policy) *invited {
	return &invited{p, links[Invitation]{table: p.people.Invitations, of: func(i Invitation) string { return i.Link }}}
}

func (v *invited) authenticate(secret string, sum [sha256.Size]byte, now time.Time) (Subject, error) {
	if !strings.HasPrefix(secret, invitedSecret) {
		return Subject{}, ErrUnauthenticated
	}
	key, ok := v.links.find(sum)
	if !ok {
		return Subject{}, ErrUnauthenticated
	}
	s := Subject{ID: visitInvited + ":" + key, credential: sum}
	i, err := v.of(s, now)
	s.Name = i.Name
	return s, err
}

// of is the invitation that a subject came by, while it is open.
func (v *invited) of(s Subject, now time.Time) (Invitation, error) {
	i, _, ok := v.policy.people.Invitations.Get(strings.TrimPrefix(s.ID, visitInvited+":"))
	if !ok || i.Link != hex.EncodeToString(s.credential[:]) || !i.open(now) {
		return Invitation{}, errEnded
	}
	return i, nil
}

func (v *invited) decide(s Subject, a Action, r Resource, now time.Time) (Permission, error) {
	i, err := v.of(s, now)
	if err != nil {
		return Permission{}, err
	}
	held := Permission{Until: earliest(now.Add(MaxLease), i.Until), By: visitInvited}
	switch {
	case a == Connect, a == Own && r.Camera == "" && len(r.Areas) == 0:
		return held, nil
	case i.Camera != "" && r.Camera == i.Camera && (a == Own || a == List || a == View) && v.policy.isDraft(i.Camera):
		held.draft = true
		return held, nil
	}
	return Permission{}, ErrDenied
}

// invited are the visitors of that kind, nil where there are none.
func (p *Policy) invited() *invited {
	v, _ := p.visitors[visitInvited].(*invited)
	return v
}

// Invite makes an invitation to add a camera in an area, and returns its key and
// the secret of its link. It takes the right to Administer the area. Of i count
// Area, Name, Note and Until. It returns an ErrFaulty or ErrDenied.
func (p *Policy) Invite(ctx context.Context, by Subject, i Invitation, now time.Time) (key, secret string, err error) {
	if p.invited() == nil {
		return "", "", ErrDenied
	}
	path := p.path(i.Area)
	if path == nil || i.Area == AllAreas {
		return "", "", ErrDenied // like an area that is another's
	}
	if _, err := p.Decide(by, Administer, Resource{Areas: path}, now); err != nil {
		return "", "", err
	}
	if !i.Until.After(now) || i.Until.Sub(now) > MaxInvited {
		return "", "", fmt.Errorf("%w: an invitation holds for %d days at most", ErrFaulty, MaxInvited/(24*time.Hour))
	}
	if len(p.people.Invitations.All()) >= MaxInvitations {
		return "", "", fmt.Errorf("%w: there are %d invitations: take some back that nobody used", ErrFaulty, MaxInvitations)
	}
	key, secret = rand.Text(), invitedSecret+rand.Text()
	i = Invitation{Area: i.Area, Name: cleanText(i.Name, maxBytes(maxOwner)), Note: cleanText(i.Note, maxName), By: by.ID,
		Made: now, Until: i.Until, Link: linkOf(secret)}
	if _, err := p.people.Invitations.Put(ctx, key, i, 0); err != nil {
		return "", "", fmt.Errorf("keep the invitation: %w", err)
	}
	return key, secret, nil
}

// Invitations are those of the areas that by may Administer, the newest first.
func (p *Policy) Invitations(by Subject, now time.Time) []Row[Invitation] {
	if p.invited() == nil {
		return nil
	}
	rows := slices.DeleteFunc(p.people.Invitations.All(), func(row Row[Invitation]) bool {
		return p.mayInvite(by, &row.Value, now) != nil
	})
	slices.SortFunc(rows, func(a, b Row[Invitation]) int { return b.Value.Made.Compare(a.Value.Made) })
	return rows
}

func (p *Policy) mayInvite(by Subject, i *Invitation, now time.Time) error {
	_, err := p.Decide(by, Administer, Resource{Areas: p.path(i.Area)}, now)
	return err
}

// Uninvite takes an invitation back, with the draft that was made by it. It
// returns what it was, or ErrUnknown to who may not Administer its area, too. One
// that was used is only forgotten: its camera stays.
func (p *Policy) Uninvite(ctx context.Context, by Subject, key string, now time.Time) (Invitation, error) {
	if p.invited() == nil {
		return Invitation{}, ErrUnknown
	}
	i, revision, ok := p.people.Invitations.Get(key)
	if !ok || p.mayInvite(by, &i, now) != nil {
		return Invitation{}, ErrUnknown
	}
	// The invitation first: it could be used meanwhile.
	if err := p.people.Invitations.Delete(ctx, key, revision); err != nil {
		return i, fmt.Errorf("remove the invitation: %w", err)
	}
	return i, p.dropDraft(ctx, i, now)
}

// Invited is the invitation that s came by, or ErrDenied.
func (p *Policy) Invited(s Subject, now time.Time) (Invitation, error) {
	if s.visit != visitInvited || p.invited() == nil {
		return Invitation{}, ErrDenied
	}
	return p.invited().of(s, now)
}

// sweepInvitations removes those that ended long ago, and the drafts of those
// that ended unused.
func (p *Policy) sweepInvitations(ctx context.Context, now time.Time) error {
	if p.invited() == nil {
		return nil
	}
	var errs error
	for _, row := range p.people.Invitations.All() {
		i := row.Value
		if i.open(now) {
			continue
		}
		errs = errors.Join(errs, p.dropDraft(ctx, i, now))
		if now.Sub(i.Until) > keepInvitations {
			errs = errors.Join(errs, remove(ctx, p.people.Invitations, row.Key))
		}
	}
	return errs
}
