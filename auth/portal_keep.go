package auth

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"
)

// What administrators of everything do with portals, and portals' servers with us.

// keepsPortals says whether by may: a portal's bounds are anywhere in the tree.
func (p *Policy) keepsPortals(by Subject, now time.Time) error {
	if p.portals == nil {
		return ErrUnknown
	}
	_, err := p.Decide(by, Administer, Resource{Areas: []string{AllAreas}}, now)
	return err
}

// Portals are all portals, by their IDs.
func (p *Policy) Portals(by Subject, now time.Time) ([]Row[Portal], error) {
	if err := p.keepsPortals(by, now); err != nil {
		return nil, err
	}
	rows := slices.Clone(p.people.Portals.All())
	slices.SortFunc(rows, func(a, b Row[Portal]) int { return cmp.Compare(a.Key, b.Key) })
	return rows, nil
}

// Portal is one of them. To who may not know it the error is ErrDenied, where
// there is none ErrUnknown.
func (p *Policy) Portal(by Subject, id string, now time.Time) (Row[Portal], error) {
	if err := p.keepsPortals(by, now); err != nil {
		return Row[Portal]{}, err
	}
	v, revision, ok := p.people.Portals.Get(id)
	if !ok {
		return Row[Portal]{}, ErrUnknown
	}
	return Row[Portal]{id, v, revision}, nil
}

// PutPortal makes or changes a portal over the given revision; 0: there must be
// none. What it loses ends at once at whoever looks by it. By, Made, Secret,
// Before and Ended are not taken from v.
func (p *Policy) PutPortal(ctx context.Context, by Subject, v Portal, revision uint64, now time.Time) (uint64, error) {
	if err := p.keepsPortals(by, now); err != nil {
		return 0, err
	}
	old, _, there := p.people.Portals.Get(v.ID)
	v.By, v.Made, v.Secret, v.Before, v.Ended = by.ID, now, "", time.Time{}, nil
	if there {
		v.By, v.Made, v.Secret, v.Before, v.Ended = old.By, old.Made, old.Secret, old.Before, old.Ended
	}
	v = v.copy()
	if err := v.check(); err != nil {
		return 0, err
	}
	if err := p.portalPlaces(&v); err != nil {
		return 0, err
	}
	if !there && len(p.people.Portals.All()) >= MaxPortals {
		return 0, fmt.Errorf("%w: there are %d portals already: remove some", ErrFaulty, MaxPortals)
	}
	next, err := p.people.Portals.Put(ctx, v.ID, v, revision)
	if err != nil {
		return 0, fmt.Errorf("keep the portal: %w", err)
	}
	p.tell()
	return next, nil
}

// portalPlaces says which of a portal's areas and cameras is not there.
func (p *Policy) portalPlaces(v *Portal) error {
	for _, area := range v.Areas {
		if p.path(area) == nil {
			return fmt.Errorf("%w: there is no area %q", ErrFaulty, area)
		}
	}
	for _, id := range v.Cameras {
		if _, ok := p.camera(id); !ok {
			return fmt.Errorf("%w: there is no camera %q", ErrFaulty, id)
		}
	}
	return nil
}

// RemovePortal removes a portal of the given revision, and ends what is looked at
// by it.
func (p *Policy) RemovePortal(ctx context.Context, by Subject, id string, revision uint64, now time.Time) error {
	if err := p.keepsPortals(by, now); err != nil {
		return err
	}
	if err := p.people.Portals.Delete(ctx, id, revision); err != nil {
		return fmt.Errorf("remove the portal: %w", err)
	}
	p.portals.forget(func(l *embedLease) bool { return l.visa.Portal == id })
	p.tell()
	return nil
}

// NewPortalSecret makes the secret by which a portal's server has tokens issued,
// and ends the one before.
func (p *Policy) NewPortalSecret(ctx context.Context, by Subject, id string, now time.Time) (secret string, err error) {
	if err := p.keepsPortals(by, now); err != nil {
		return "", err
	}
	secret = rand.Text() + rand.Text()
	err = change(ctx, p.people.Portals, id, func(v *Portal, found bool) error {
		if !found {
			return ErrUnknown
		}
		v.Secret = hexOf(sha256.Sum256([]byte(secret)))
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("keep the portal's secret: %w", err)
	}
	p.tell()
	return secret, nil
}

// EndPortal ends what a portal's officer looks at, or all its officers where
// officer is "". Tokens that were issued until now are void; those issued later
// let in again.
func (p *Policy) EndPortal(ctx context.Context, by Subject, id, officer string, now time.Time) error {
	if err := p.keepsPortals(by, now); err != nil {
		return err
	}
	if cleanText(officer, maxOfficer) != officer {
		return fmt.Errorf("%w: an officer's id has at most %d bytes on one line", ErrFaulty, maxOfficer)
	}
	err := change(ctx, p.people.Portals, id, func(v *Portal, found bool) error {
		if !found {
			return ErrUnknown
		}
		*v = v.copy()
		for who, at := range v.Ended { // of what was issued so long ago nothing is left
			if now.Sub(at) > MaxEmbedLife+2*embedSkew {
				delete(v.Ended, who)
			}
		}
		switch {
		case officer == "":
			v.Before = now
		case len(v.Ended) >= MaxPortalViewers:
			return fmt.Errorf("%w: too many officers were ended within minutes: end all of the portal's", ErrFaulty)
		default:
			v.Ended[officer] = now
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("end the portal's viewers: %w", err)
	}
	p.portals.forget(func(l *embedLease) bool {
		return l.visa.Portal == id && (officer == "" || l.visa.Officer == officer)
	})
	p.tell()
	return nil
}

// PortalViewer is an officer of a portal who may look now.
type PortalViewer struct {
	Officer, Name string
	Camera, Area  string // one of them
	Origin        string
	Reason, Case  string
	Taken, Until  time.Time // of the last token
}

// PortalViewers are a portal's officers who may look now, by this node, in the
// order of their names at the portal.
func (p *Policy) PortalViewers(by Subject, id string, now time.Time) ([]PortalViewer, error) {
	if _, err := p.Portal(by, id, now); err != nil {
		return nil, err
	}
	v, all := p.portals, []PortalViewer{}
	portal, _ := v.portal(id)
	v.mu.Lock()
	for _, l := range v.leases {
		if l.visa.Portal == id && now.Before(l.end()) && v.holds(&portal, &l) {
			all = append(all, PortalViewer{Officer: l.visa.Officer, Name: l.name, Camera: l.visa.Camera, Area: l.visa.Area,
				Origin: l.visa.Origin, Reason: l.visa.Reason, Case: l.visa.Case, Taken: l.taken, Until: l.end()})
		}
	}
	v.mu.Unlock()
	slices.SortFunc(all, func(a, b PortalViewer) int {
		return cmp.Or(cmp.Compare(a.Officer, b.Officer), cmp.Compare(a.Camera, b.Camera), cmp.Compare(a.Area, b.Area))
	})
	return all, nil
}

// IssueEmbed signs a token for an officer of the portal whose server asks. Of v
// the portal, key, ID and time of issue are set here; Expires is at most
// MaxEmbedLife from now. The error is ErrDenied or an ErrFaulty.
func (p *Policy) IssueEmbed(by Subject, v Visa, now time.Time) (token string, issued Visa, err error) {
	if _, err := p.Decide(by, Issue, Resource{}, now); err != nil {
		return "", Visa{}, err
	}
	portal, ok := p.portalOf(by)
	if !ok {
		return "", Visa{}, errEnded
	}
	v.Portal, v.KID, v.ID = portal.ID, OwnKID, rand.Text()
	v.Issued = now.Add(time.Second - 1).Truncate(time.Second) // a token's times are whole seconds; later than what was ended just now
	v.Expires = v.Expires.Truncate(time.Second)
	v.Name = cleanText(v.Name, maxName)
	if err := v.faults(&portal, now); err != nil {
		return "", Visa{}, err
	}
	if !p.shows(&portal, &v) {
		return "", Visa{}, fmt.Errorf("%w: there is no such camera or area among those that the portal may show", ErrFaulty)
	}
	token, err = p.settings.Portals.Sign(v)
	if err != nil {
		return "", Visa{}, fmt.Errorf("sign a token: %w", err)
	}
	return token, v, nil
}

// portalOf is the portal whose server s is.
func (p *Policy) portalOf(s Subject) (Portal, bool) {
	if s.visit != visitPortal {
		return Portal{}, false
	}
	return p.portals.portal(s.ID[len("portal:"):])
}

// faults says in words what check only refuses.
func (v *Visa) faults(p *Portal, now time.Time) error {
	switch {
	case v.Officer == "" || cleanText(v.Officer, maxOfficer) != v.Officer:
		return fmt.Errorf("%w: sub is the officer's id at the portal, of at most %d bytes on one line", ErrFaulty, maxOfficer)
	case (v.Camera == "") == (v.Area == ""):
		return fmt.Errorf("%w: name either cam, a camera, or area", ErrFaulty)
	case !slices.Contains(p.Origins, v.Origin):
		return fmt.Errorf("%w: org is not among the portal's origins: have it added, exactly as the browser sends it", ErrFaulty)
	case v.checkCase() != nil:
		return v.checkCase()
	case v.Expires.Sub(v.Issued) > MaxEmbedLife || !v.Expires.After(v.Issued):
		return fmt.Errorf("%w: a token holds for 1 to %d seconds", ErrFaulty, int(MaxEmbedLife.Seconds()))
	}
	if errors.Is(v.check(p, now), ErrUnauthenticated) {
		return fmt.Errorf("%w: sub, cam or area is too long, or has letters that do not belong there", ErrFaulty)
	}
	return nil
}

// shows says whether a portal may show something of what a token would name.
func (p *Policy) shows(portal *Portal, v *Visa) bool {
	if v.Camera != "" {
		r, ok := p.camera(v.Camera)
		return ok && portal.covers(r)
	}
	path := p.path(v.Area)
	if path == nil || v.Area == AllAreas {
		return false
	}
	if (&Token{Areas: portal.Areas}).coversArea(path) {
		return true
	}
	// Or something below it is the portal's.
	below := func(path []string) bool { return slices.Contains(path, v.Area) }
	return slices.ContainsFunc(portal.Areas, func(id string) bool { return below(p.path(id)) }) ||
		slices.ContainsFunc(portal.Cameras, func(id string) bool { r, ok := p.camera(id); return ok && below(r.Areas) })
}
