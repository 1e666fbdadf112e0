package auth

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

var (
	// ErrConflict is the answer to a change of a row that somebody else has
	// changed first.
	ErrConflict = errors.New("somebody else changed it meanwhile: look again")
	// ErrUnknown is the answer to an act on what is not there.
	ErrUnknown = errors.New("there is no such entry")
	// ErrFaulty is the answer to what is asked in a wrong form; the text after
	// it says what to do.
	ErrFaulty = errors.New("not accepted")
)

// Row is one entry of a table.
type Row[T any] struct {
	Key      string
	Value    T
	Revision uint64 // above 0, another one after each change
}

// Table keeps values by key. Its values are JSON, its keys are letters, digits,
// '-' and '_', at most 64 of them. Values that it gave are never changed.
type Table[T any] interface {
	// Get and All read from memory, and see what Put and Delete have done.
	Get(key string) (value T, revision uint64, ok bool)
	All() []Row[T]
	// Put stores a value over the given revision; 0: there must be none. Its
	// error is ErrConflict when there is another.
	Put(ctx context.Context, key string, value T, revision uint64) (uint64, error)
	Delete(ctx context.Context, key string, revision uint64) error
	// Changed is closed at the next change; ask for it before reading.
	Changed() <-chan struct{}
}

// Tables are all that is kept of people and their rights.
type Tables struct {
	People   Table[Person]  // by PersonKey
	Grants   Table[Grant]   // by a random key
	Requests Table[Request] // by a random key
	Sessions Table[Session] // by the SHA-256 of their secrets
	Consents Table[Consent] // by the camera's id

	Invitations Table[Invitation] // by a random key
	Shares      Table[Share]      // by a random key
	Portals     Table[Portal]     // by their IDs
	Embeds      Table[Embed]      // by a digest of the portal and the token's ID
	Layouts     Table[Layout]     // by a digest of the area or person, and the id
	Favourites  Table[Favourites] // by PersonKey
}

// Settings are what a policy for people needs to know of the house.
type Settings struct {
	// Path is an area and all above it, nil where there is none such.
	Path func(area string) []string
	// Camera is a camera as a resource.
	Camera func(id string) (Resource, bool)
	// Places are keyed digests of a camera's addresses, by which it is known
	// should somebody enter it once more. Its error is ErrLent or ErrEntered
	// where that has happened; nil: addresses are not compared.
	Places func(camera string) ([]string, error)
	// Emergency lets people give themselves a right for a short time, of which
	// Tell tells the supervisor. Without Tell nobody may.
	Emergency bool
	// Tell brings a notice to those who may Supervise its areas. When it fails
	// for an emergency, there is none.
	Tell func(ctx context.Context, n Notice) error
	// DrawsMasks says that masks are drawn into all pictures of a camera. Where they
	// are not, one whose owner drew any is closed.
	DrawsMasks bool
	// Portals reads portals' tokens; nil: no portal is let in.
	Portals PortalTokens
	// Log takes what Run cannot return; nil for none.
	Log *slog.Logger
}

// Notice is what a supervisor is told.
type Notice struct {
	Emergency bool   // else a request
	Key       string // of the grant or the request
	Person    string // who gave it to themselves, or asks
	Name      string
	Areas     []string
	Cameras   []string
	Actions   []Action
	Reason    string
	At        time.Time // when it was done or asked
	Until     time.Time // zero for a request
}

const (
	attempts     = 5                      // at changing a row that others change too
	conflictWait = 200 * time.Millisecond // for the other's change to come into memory
)

// change edits a row, or makes one of the zero value, as often as others are
// faster, a few times.
func change[T any](ctx context.Context, t Table[T], key string, edit func(v *T, found bool) error) error {
	var err error
	for range attempts {
		changed := t.Changed()
		v, revision, ok := t.Get(key)
		if !ok {
			revision = 0
		}
		if err = edit(&v, ok); err != nil {
			return err
		}
		if _, err = t.Put(ctx, key, v, revision); !errors.Is(err, ErrConflict) {
			return err
		}
		await(ctx, changed)
	}
	return err
}

// remove deletes a row whatever its revision; one that is gone is no error.
func remove[T any](ctx context.Context, t Table[T], key string) error {
	var err error
	for range attempts {
		changed := t.Changed()
		_, revision, ok := t.Get(key)
		if !ok {
			return nil
		}
		if err = t.Delete(ctx, key, revision); !errors.Is(err, ErrConflict) {
			return err
		}
		await(ctx, changed)
	}
	return err
}

// await waits for the change that was faster, but not for ever: it may come
// from another node.
func await(ctx context.Context, changed <-chan struct{}) {
	timer := time.NewTimer(conflictWait)
	defer timer.Stop()
	select {
	case <-changed:
	case <-timer.C:
	case <-ctx.Done():
	}
}
