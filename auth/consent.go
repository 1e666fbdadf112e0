package auth

import (
	"fmt"
	"slices"
	"time"
	"unicode/utf8"
)

// Bounds of consents.
const (
	MaxConsents = 50_000 // those that were withdrawn stay, so that their cameras do
	MaxMasks    = 16     // of one camera
	MaxPoints   = 16     // of one mask

	maxOwner    = 100 // letters
	maxContact  = 200
	maxDocument = 100
)

// Reason is what a citizen's camera may be viewed for, as a code.
type Reason string

// The reasons that there are. A code is never given another meaning: consents and
// old logs hold it.
const (
	Theft    Reason = "theft"
	Disorder Reason = "disorder"
	Traffic  Reason = "traffic"
	Fire     Reason = "fire"
	Missing  Reason = "missing" // a person
	Wanted   Reason = "wanted"  // a person
	Assist   Reason = "assist"  // somebody who needs help
)

var reasons = []Reason{Theft, Disorder, Traffic, Fire, Missing, Wanted, Assist}

// Reasons are all reasons, in the order in which they are offered.
func Reasons() []Reason { return slices.Clone(reasons) }

// Known says whether r is one of the reasons above.
func (r Reason) Known() bool { return slices.Contains(reasons, r) }

// How an owner agreed.
const (
	ByLink  = "link"  // on their own device
	OnPaper = "paper" // in a signed form that an administrator entered
)

// Point is a place in a picture: both from 0, left and top, to 1.
type Point struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

// Mask is what must not be seen of a picture: a polygon.
type Mask []Point

// Consent is what the owner of a camera agreed to. Without one in force nobody
// sees a household's pictures, nor those of any camera that has ever had one.
type Consent struct {
	Camera    string    `json:"camera"`            // its key in the table
	Owner     string    `json:"owner"`             // who agreed, by name
	Contact   string    `json:"contact,omitempty"` // phone or address, for who administers the camera only
	Purposes  []Reason  `json:"purposes"`          // empty: it may be viewed for nothing
	Given     time.Time `json:"given,omitzero"`    // zero: not yet
	From      time.Time `json:"from,omitzero"`
	Until     time.Time `json:"until,omitzero"` // not included; zero: until it is withdrawn
	Hours     *Hours    `json:"hours,omitempty"`
	How       string    `json:"how"`
	Document  string    `json:"document,omitempty"` // on paper: the form's number; by link: the digest of the text that was agreed to
	Masks     []Mask    `json:"masks,omitempty"`    // the owner's, beside the camera's own; any: it is shown to nobody, unless masks are drawn into the picture
	Off       time.Time `json:"off,omitzero"`       // the owner switched the camera off; zero: it is on
	Withdrawn time.Time `json:"withdrawn,omitzero"` // zero: in force
	Cleared   time.Time `json:"cleared,omitzero"`   // when the withdrawn camera's address and login were deleted
	By        string    `json:"by"`                 // the subject that entered it
	Link      string    `json:"link,omitempty"`     // the SHA-256 of the owner's secret, as hex; "": there is none
	Places    []string  `json:"places,omitempty"`   // where its pictures came from while it was lent, as keyed digests; they stay after a withdrawal
}

// Closed is why a citizen's camera shows nothing now; "" where it is open.
type Closed string

const (
	ClosedNone      Closed = "none" // nobody has agreed, or it has not begun
	ClosedOff       Closed = "off"
	ClosedHours     Closed = "hours"
	ClosedMasked    Closed = "masked"
	ClosedExpired   Closed = "expired"
	ClosedWithdrawn Closed = "withdrawn"
)

var (
	// ErrClosed is, beside being ErrDenied, the answer to who has a right to a
	// citizen's camera that is not to be viewed now.
	ErrClosed = fmt.Errorf("%w: its owner does not have it viewed now", ErrDenied)
	// ErrCase is, beside being ErrDenied, the answer to who has a right to a
	// citizen's camera and no open case of a kind that its owner agreed to.
	ErrCase = fmt.Errorf("%w: it takes an open case, for a reason that its owner agreed to", ErrDenied)
)

// check returns the location of the hours' zone. A consent that fails it opens
// nothing, whoever put it into the table.
func (c *Consent) check() (*time.Location, error) {
	switch {
	case c.Owner == "" || utf8.RuneCountInString(c.Owner) > maxOwner:
		return nil, fmt.Errorf("%w: name the owner, in at most %d letters", ErrFaulty, maxOwner)
	case utf8.RuneCountInString(c.Contact) > maxContact:
		return nil, fmt.Errorf("%w: the contact has more than %d letters", ErrFaulty, maxContact)
	case utf8.RuneCountInString(c.Document) > maxDocument:
		return nil, fmt.Errorf("%w: the document has more than %d letters", ErrFaulty, maxDocument)
	case c.How != ByLink && c.How != OnPaper:
		return nil, fmt.Errorf("%w: say how the owner agreed: by link or on paper", ErrFaulty)
	case c.Document == "":
		return nil, fmt.Errorf("%w: name the document that the owner agreed to", ErrFaulty)
	case !c.Until.IsZero() && !c.Until.After(c.From):
		return nil, fmt.Errorf("%w: the consent ends before it begins", ErrFaulty)
	case len(c.Purposes) > len(reasons):
		return nil, fmt.Errorf("%w: name each purpose once", ErrFaulty)
	}
	for i, r := range c.Purposes {
		if !r.Known() || slices.Contains(c.Purposes[:i], r) {
			return nil, fmt.Errorf("%w: %.32q is no purpose, or is named twice: see the list of reasons", ErrFaulty, string(r))
		}
	}
	if err := CheckMasks(c.Masks); err != nil {
		return nil, err
	}
	if c.Hours == nil {
		return time.UTC, nil
	}
	return c.Hours.check()
}

// CheckMasks is an ErrFaulty that says what is wrong with masks, if anything is.
func CheckMasks(masks []Mask) error {
	if len(masks) > MaxMasks {
		return fmt.Errorf("%w: at most %d masks", ErrFaulty, MaxMasks)
	}
	for _, m := range masks {
		if len(m) < 3 || len(m) > MaxPoints {
			return fmt.Errorf("%w: a mask has 3 to %d corners", ErrFaulty, MaxPoints)
		}
		for _, at := range m {
			if !(at.X >= 0 && at.X <= 1 && at.Y >= 0 && at.Y <= 1) { // nor what is no number
				return fmt.Errorf("%w: a mask's corner lies within the picture, from 0 to 1", ErrFaulty)
			}
		}
	}
	return nil
}

// window says whether a checked consent lets the camera be viewed, why not, and
// when that changes by itself.
func (c *Consent) window(now time.Time, zone *time.Location) (open bool, why Closed, edge time.Time) {
	ends := forever
	if !c.Until.IsZero() {
		ends = c.Until
	}
	switch {
	case c.Given.IsZero() || c.From.IsZero():
		return false, ClosedNone, forever
	case !c.Withdrawn.IsZero():
		return false, ClosedWithdrawn, forever
	case !now.Before(ends):
		return false, ClosedExpired, forever
	case now.Before(c.From):
		return false, ClosedNone, c.From
	case !c.Off.IsZero():
		return false, ClosedOff, ends
	case len(c.Masks) > 0:
		return false, ClosedMasked, ends
	case c.Hours == nil:
		return true, "", ends
	}
	if open, edge = c.Hours.at(now, zone); !open {
		why = ClosedHours
	}
	return open, why, earliest(edge, ends)
}
