package audit

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// MaxHandovers bounds how often a log's key can be changed: all of the changes
// stand in the first line of an export.
const MaxHandovers = 32

// Handover is a head by which a key of a log makes another its successor. It is
// also a line of the log, at its place.
type Handover struct {
	Head Head   `json:"head"`
	Sig  string `json:"sig"`
}

// Keys are those of a log, one after the other, as they are kept and exported.
type Keys struct {
	First     string     `json:"first"` // see KeyText
	Handovers []Handover `json:"handovers,omitempty"`
}

// Ring are the keys of a log, checked: each was named by the one before.
type Ring struct {
	keys  []ed25519.PublicKey
	marks []Mark // where keys[i+1] took over
	kept  Keys
}

var errRing = errors.New("the keys of the audit log do not follow from each other")

// RingOf is the ring of a log whose key was never changed.
func RingOf(key ed25519.PublicKey) *Ring {
	return &Ring{keys: []ed25519.PublicKey{key}, kept: Keys{First: KeyText(key)}}
}

// NewRing checks that each key was named by the one before.
func NewRing(k Keys) (*Ring, error) {
	first, err := ParseKey(k.First)
	if err != nil {
		return nil, err
	}
	r := RingOf(first)
	for _, h := range k.Handovers {
		if r, err = r.With(h); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// With is the ring with one more key.
func (r *Ring) With(h Handover) (*Ring, error) {
	if len(r.marks) == MaxHandovers {
		return nil, fmt.Errorf("the key of an audit log can be changed %d times", MaxHandovers)
	}
	next, err := ParseKey(h.Head.Next)
	sig, bad := letters.DecodeString(h.Sig)
	text, wrong := json.Marshal(h.Head)
	if err = errors.Join(err, bad, wrong); err != nil {
		return nil, fmt.Errorf("%w: %w", errRing, err)
	}
	known := slices.ContainsFunc(r.keys, func(k ed25519.PublicKey) bool { return k.Equal(next) })
	if known || len(sig) != ed25519.SignatureSize || !ed25519.Verify(r.Last(), append([]byte(headDomain), text...), sig) ||
		len(r.marks) > 0 && h.Head.N <= r.marks[len(r.marks)-1].N {
		return nil, errRing
	}
	return &Ring{append(slices.Clone(r.keys), next), append(slices.Clone(r.marks), h.Head.Mark),
		Keys{r.kept.First, append(slices.Clone(r.kept.Handovers), h)}}, nil
}

// Hand makes a key the successor of another, after the record at a mark.
func Hand(at Mark, now time.Time, key ed25519.PrivateKey, next ed25519.PublicKey) Handover {
	h := Head{Mark: at, Time: now.UTC().Truncate(time.Millisecond), Next: KeyText(next)}
	text, err := json.Marshal(h)
	if err != nil {
		panic(err) // heads hold numbers, hashes and times of our own
	}
	return Handover{h, letters.EncodeToString(ed25519.Sign(key, append([]byte(headDomain), text...)))}
}

// First is the key from which all others follow.
func (r *Ring) First() ed25519.PublicKey { return r.keys[0] }

// Last is the key that signs now.
func (r *Ring) Last() ed25519.PublicKey { return r.keys[len(r.keys)-1] }

// At is the key that signs the head of a record.
func (r *Ring) At(n uint64) ed25519.PublicKey {
	for i, m := range r.marks {
		if n <= m.N {
			return r.keys[i]
		}
	}
	return r.Last()
}

// Has says whether a key is one of the ring's.
func (r *Ring) Has(key ed25519.PublicKey) bool {
	return slices.ContainsFunc(r.keys, func(k ed25519.PublicKey) bool { return k.Equal(key) })
}

// Names says whether a head that names a successor is one of the ring's.
func (r *Ring) Names(h *Head) bool {
	return slices.ContainsFunc(r.kept.Handovers, func(k Handover) bool {
		return k.Head.Mark == h.Mark && k.Head.Next == h.Next && k.Head.Time.Equal(h.Time)
	})
}

// Keys are the ring's, to be kept.
func (r *Ring) Keys() Keys { return r.kept }

// Earlier are the keys for an export's header: nil where there was one only.
func (r *Ring) Earlier() *Keys {
	if len(r.marks) == 0 {
		return nil
	}
	return &r.kept
}
