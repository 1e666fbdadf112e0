package provider

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"sync"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// Bounds of sign-ins that are under way.
const (
	requestLife  = 10 * time.Minute
	codeLife     = time.Minute
	maxRequests  = 4096
	maxPerSource = 64 // of one address: a station is behind one
	maxValue     = 512
)

var (
	errUnknown  = errors.New("this sign-in is unknown or over: begin again")
	errStranger = errors.New("this sign-in was begun by another browser: begin again in this one")
)

// request is a sign-in that is under way. Provider.requests guards its fields
// that change.
type request struct {
	id, source, family string
	browser            [sha256.Size]byte // of the cookie of the browser that began it
	asked              *oidc.AuthRequest
	created            time.Time

	knows   string    // whose password was right, while a passkey is still owed
	subject string    // "" until all that is asked was shown
	at      time.Time // when it was
	by      manner
	code    string
	coded   time.Time
	used    bool
	burned  bool // the code was used twice: nothing may come of it
}

// The methods below implement op.AuthRequest.

func (r *request) GetID() string                      { return r.id }
func (r *request) GetACR() string                     { return "" }
func (r *request) GetAMR() []string                   { return r.by.amr() }
func (r *request) GetAudience() []string              { return []string{r.asked.ClientID} }
func (r *request) GetAuthTime() time.Time             { return r.at }
func (r *request) GetClientID() string                { return r.asked.ClientID }
func (r *request) GetNonce() string                   { return r.asked.Nonce }
func (r *request) GetRedirectURI() string             { return r.asked.RedirectURI }
func (r *request) GetResponseType() oidc.ResponseType { return r.asked.ResponseType }
func (r *request) GetResponseMode() oidc.ResponseMode { return "" }
func (r *request) GetScopes() []string                { return r.asked.Scopes }
func (r *request) GetState() string                   { return r.asked.State }
func (r *request) GetSubject() string                 { return r.subject }
func (r *request) Done() bool                         { return r.subject != "" }
func (r *request) GetCodeChallenge() *oidc.CodeChallenge {
	return &oidc.CodeChallenge{Challenge: r.asked.CodeChallenge, Method: oidc.CodeChallengeMethodS256}
}

// origin is who sent an HTTP request: the address it came from and the digest
// of its browser's cookie.
type origin struct {
	source  string
	browser [sha256.Size]byte
}

type originKey struct{}

// requests are the sign-ins that are under way, by ID and by code.
type requests struct {
	mu     sync.Mutex
	byID   map[string]*request
	byCode map[string]*request // used ones too, until they are old
}

func newRequests() *requests {
	return &requests{byID: map[string]*request{}, byCode: map[string]*request{}}
}

// begin starts a sign-in. It fails where too many are under way.
func (q *requests) begin(asked *oidc.AuthRequest, from origin, now time.Time) (*request, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.sweep(now)
	var oldest *request
	n := 0
	for _, r := range q.byID {
		if r.source == from.source {
			if n++; oldest == nil || r.created.Before(oldest.created) {
				oldest = r
			}
		}
	}
	switch {
	case n >= maxPerSource:
		delete(q.byID, oldest.id) // a source only ever crowds out itself
	case len(q.byID) >= maxRequests:
		return nil, errBusy
	}
	r := &request{id: rand.Text(), source: from.source, family: rand.Text(), browser: from.browser, asked: asked, created: now}
	q.byID[r.id] = r
	return r, nil
}

func (q *requests) sweep(now time.Time) {
	for id, r := range q.byID {
		if now.Sub(r.created) >= requestLife {
			delete(q.byID, id)
		}
	}
	for code, r := range q.byCode {
		if now.Sub(r.created) >= 2*requestLife {
			delete(q.byCode, code)
		}
	}
}

// find returns a copy of a sign-in, to the browser that began it only.
func (q *requests) find(id string, from origin, now time.Time) (*request, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	r := q.byID[id]
	if r == nil || now.Sub(r.created) >= requestLife {
		return nil, errUnknown
	}
	if subtle.ConstantTimeCompare(r.browser[:], from.browser[:]) != 1 {
		return nil, errStranger
	}
	c := *r
	return &c, nil
}

// half notes whose password was right where a passkey is to follow.
func (q *requests) half(id, subject string, now time.Time) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	r := q.byID[id]
	if r == nil || r.subject != "" {
		return errUnknown
	}
	r.knows, r.at = subject, now.UTC()
	return nil
}

// finish notes who signed in, and how.
func (q *requests) finish(id, subject string, by manner, now time.Time) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	r := q.byID[id]
	if r == nil || r.subject != "" && r.subject != subject || r.code != "" {
		return errUnknown
	}
	r.subject, r.at, r.by = subject, now.UTC(), by
	return nil
}

// setCode gives a finished sign-in its code, once.
func (q *requests) setCode(id, code string, now time.Time) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	r := q.byID[id]
	if r == nil || r.subject == "" || r.code != "" {
		return errUnknown
	}
	r.code, r.coded = code, now
	q.byCode[code] = r
	return nil
}

// take redeems a code and returns a copy of its sign-in. A second use, even at
// the same moment, fails; it burns the sign-in and returns it too, for all that
// came of it to be ended.
func (q *requests) take(code string, now time.Time) (*request, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	r := q.byCode[code]
	if r == nil {
		return nil, errUnknown
	}
	delete(q.byID, r.id)
	if r.used {
		r.burned = true
		c := *r
		return &c, errUnknown
	}
	r.used = true
	if now.Sub(r.coded) >= codeLife {
		return nil, errUnknown
	}
	c := *r
	return &c, nil
}

// isBurned says whether a sign-in's code was used twice.
func (q *requests) isBurned(code string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	r := q.byCode[code]
	return r == nil || r.burned
}

func (q *requests) drop(id string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.byID, id)
}

// The methods below are the part of op.Storage that is about sign-ins.

// CreateAuthRequest begins a sign-in that was asked for as it must be.
func (s *storage) CreateAuthRequest(ctx context.Context, asked *oidc.AuthRequest, _ string) (op.AuthRequest, error) {
	switch {
	case asked.CodeChallenge == "" || asked.CodeChallengeMethod != oidc.CodeChallengeMethodS256:
		return nil, oidc.ErrInvalidRequest().WithDescription("PKCE with S256 is required")
	case len(asked.CodeChallenge) != 43:
		return nil, oidc.ErrInvalidRequest().WithDescription("the code_challenge is not a SHA-256 in base64url")
	case len(asked.State) > maxValue || len(asked.Nonce) > maxValue || len(asked.Scopes) > 20:
		return nil, oidc.ErrInvalidRequest().WithDescription("state, nonce or scope are too long")
	case asked.ResponseMode != "" && asked.ResponseMode != oidc.ResponseModeQuery:
		return nil, oidc.ErrInvalidRequest().WithDescription("only response_mode=query is offered")
	}
	for _, p := range asked.Prompt {
		if p == oidc.PromptNone {
			return nil, oidc.ErrLoginRequired()
		}
	}
	from, ok := ctx.Value(originKey{}).(origin)
	if !ok {
		return nil, oidc.ErrServerError()
	}
	r, err := s.requests.begin(asked, from, time.Now())
	if err != nil {
		return nil, oidc.ErrServerError().WithDescription("too many sign-ins are under way: try again in a minute")
	}
	return r, nil
}

// AuthRequestByID finds a sign-in for the browser that began it.
func (s *storage) AuthRequestByID(ctx context.Context, id string) (op.AuthRequest, error) {
	from, ok := ctx.Value(originKey{}).(origin)
	if !ok {
		return nil, errUnknown
	}
	r, err := s.requests.find(id, from, time.Now())
	if err != nil {
		return nil, err
	}
	return r, nil
}

// AuthRequestByCode redeems a code.
func (s *storage) AuthRequestByCode(ctx context.Context, code string) (op.AuthRequest, error) {
	r, err := s.requests.take(code, time.Now())
	if err == nil {
		return r, nil
	}
	if r != nil { // RFC 6749 section 4.1.2: what the first use gave is ended
		s.endFamily(context.WithoutCancel(ctx), r.subject, r.family)
		s.tell(ctx, Event{Kind: CodeReused, Subject: r.subject})
	}
	return nil, err
}

// SaveAuthCode keeps a code until it is redeemed.
func (s *storage) SaveAuthCode(_ context.Context, id, code string) error {
	return s.requests.setCode(id, code, time.Now())
}

// DeleteAuthRequest forgets a sign-in that is over.
func (s *storage) DeleteAuthRequest(_ context.Context, id string) error {
	s.requests.drop(id)
	return nil
}
