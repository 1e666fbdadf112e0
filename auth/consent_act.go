package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// mayLend says whether by administers a camera that is there.
func (p *Policy) mayLend(by Subject, camera string, now time.Time) error {
	if p.people == nil {
		return ErrDenied
	}
	r, ok := p.camera(camera)
	if !ok {
		return ErrUnknown
	}
	_, err := p.Decide(by, Administer, r, now)
	return err
}

// ConsentOf is what a camera's owner agreed to, without the secret of their link
// and the camera's places, with its revision; ErrUnknown where nobody was asked.
// It takes the right to Administer the camera.
func (p *Policy) ConsentOf(by Subject, camera string, now time.Time) (Consent, uint64, error) {
	if err := p.mayLend(by, camera, now); err != nil {
		return Consent{}, 0, err
	}
	c, revision, ok := p.people.Consents.Get(camera)
	if !ok {
		return Consent{}, 0, ErrUnknown
	}
	c.Link, c.Places = "", nil
	return c, revision, nil
}

// EnterConsent keeps what an owner signed on paper in the place of the consent
// with that revision, 0 for none, and says whether the camera had none in force
// before. Its error is ErrConflict where somebody, perhaps the owner, was
// quicker, ErrLent or ErrEntered where the camera is there twice. Of c Camera, Owner, Contact, Purposes, From,
// Until, Hours and Document count; From is now where it is zero. What the owner
// masked or switched off stays so, unless they had withdrawn. It takes the right
// to Administer the camera.
func (p *Policy) EnterConsent(ctx context.Context, by Subject, c Consent, revision uint64, now time.Time) (first bool, next uint64, err error) {
	if err := p.mayLend(by, c.Camera, now); err != nil {
		return false, 0, err
	}
	if c.From.IsZero() {
		c.From = now
	}
	entered := Consent{Camera: c.Camera, Owner: cleanText(c.Owner, maxBytes(maxOwner)), Contact: cleanText(c.Contact, maxBytes(maxContact)),
		Purposes: slices.Clone(c.Purposes), Given: now, From: c.From, Until: c.Until, How: OnPaper,
		Document: cleanText(c.Document, maxBytes(maxDocument)), By: by.ID}
	if c.Hours != nil {
		entered.Hours = &Hours{c.Hours.Zone, slices.Clone(c.Hours.Spans)}
	}
	if _, err := entered.check(); err != nil {
		return false, 0, err
	}
	old, there, found := p.people.Consents.Get(c.Camera)
	switch {
	case found && there != revision || !found && revision != 0:
		return false, 0, ErrConflict
	case !found && len(p.people.Consents.All()) >= MaxConsents:
		return false, 0, fmt.Errorf("%w: there are %d consents already", ErrFaulty, MaxConsents)
	}
	if entered.Places = old.Places; found && old.Withdrawn.IsZero() {
		entered.Masks, entered.Off, entered.Link = old.Masks, old.Off, old.Link
	}
	places, err := p.placesOf(c.Camera)
	if err == nil {
		err = entered.remember(places)
	}
	if err != nil {
		return false, 0, err
	}
	first = !found || !old.lends() || !old.Until.IsZero() && !now.Before(old.Until)
	next, err = p.people.Consents.Put(ctx, c.Camera, entered, revision)
	return first, next, err
}

// maxBytes is what so many letters take at the most; check counts the letters.
func maxBytes(letters int) int { return 4 * (letters + 1) }

// WithdrawConsent withdraws on the owner's behalf, by a document that they
// signed: nobody sees the camera from now on. Its address and login are deleted by
// whoever follows Withdrawn. It takes the right to Administer the camera.
func (p *Policy) WithdrawConsent(ctx context.Context, by Subject, camera string, now time.Time) error {
	if err := p.mayLend(by, camera, now); err != nil {
		return err
	}
	return p.withdraw(ctx, camera, now)
}

// withdraw ends a consent for good; ErrUnknown where there is none to end.
func (p *Policy) withdraw(ctx context.Context, camera string, now time.Time) error {
	return p.editConsent(ctx, camera, func(v *Consent, found bool) error {
		if !found || !v.Withdrawn.IsZero() {
			return ErrUnknown
		}
		v.Withdrawn = now
		return nil
	})
}

// MakeOwnerLink gives the owner of a camera another secret, and returns it; the
// one before ends. It takes the right to Administer the camera, and a consent
// that was not withdrawn.
func (p *Policy) MakeOwnerLink(ctx context.Context, by Subject, camera string, now time.Time) (secret string, err error) {
	if err := p.mayLend(by, camera, now); err != nil {
		return "", err
	}
	secret, sum := newLink()
	err = p.editConsent(ctx, camera, func(v *Consent, found bool) error {
		if !found || v.Given.IsZero() || !v.Withdrawn.IsZero() {
			return fmt.Errorf("%w: nobody has agreed to lend this camera: enter the consent first", ErrFaulty)
		}
		v.Link = sum
		return nil
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// newLink makes the secret of a private link, and its SHA-256 as tables keep it.
func newLink() (secret, sum string) {
	var id [32]byte
	_, _ = rand.Read(id[:]) // never fails
	secret = base64.RawURLEncoding.EncodeToString(id[:])
	digest := sha256.Sum256([]byte(secret))
	return secret, hex.EncodeToString(digest[:])
}

// CameraRemoved closes the id of a camera whose row is about to be deleted: it
// shows nothing, under whatever kind, until somebody agrees anew.
func (p *Policy) CameraRemoved(ctx context.Context, camera string, now time.Time) error {
	if p.people == nil {
		return nil
	}
	return p.editConsent(ctx, camera, func(v *Consent, found bool) error {
		if !found || !v.Cleared.IsZero() {
			return errNothing
		}
		v.Cleared = now
		if v.Withdrawn.IsZero() {
			v.Withdrawn = now
		}
		return nil
	})
}

// Withdrawn are the cameras that were withdrawn and whose address and login may
// still be kept, with the channel that is closed when that may be new. Who
// deleted a row says so by CameraRemoved.
func (p *Policy) Withdrawn() (cameras []string, changed <-chan struct{}) {
	if p.people == nil {
		return nil, nil
	}
	changed = p.people.Consents.Changed()
	for id, a := range p.lent().byCamera {
		if !a.Withdrawn.IsZero() && a.Cleared.IsZero() {
			cameras = append(cameras, id)
		}
	}
	slices.Sort(cameras)
	return cameras, changed
}

// editConsent changes the row of a camera; found says whether there was one.
func (p *Policy) editConsent(ctx context.Context, camera string, edit func(v *Consent, found bool) error) error {
	if camera == "" || len(camera) > maxID {
		return ErrUnknown
	}
	err := change(ctx, p.people.Consents, camera, func(v *Consent, found bool) error {
		if err := edit(v, found); err != nil {
			return err
		}
		v.Camera = camera
		return nil
	})
	if errors.Is(err, errNothing) {
		return nil
	}
	return err
}

// Told is a consent in words, for the audit log: neither the owner nor how to
// reach them.
func (c Consent) Told() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, document %s, for %v, from %s", c.How, c.Document, c.Purposes, c.From.UTC().Format(time.RFC3339))
	if !c.Until.IsZero() {
		b.WriteString(" until " + c.Until.UTC().Format(time.RFC3339))
	}
	if c.Hours != nil {
		b.WriteString(", at some hours")
	}
	if len(c.Masks) > 0 {
		fmt.Fprintf(&b, ", %d masks", len(c.Masks))
	}
	return b.String()
}
