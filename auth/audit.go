package auth

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Event is what a record of the audit log tells of.
type Event string

// All that is recorded. A name is never given another meaning: old logs hold it.
const (
	ViewOpened Event = "view.opened" // durable before the first picture leaves
	ViewClosed Event = "view.closed"
	ViewDenied Event = "view.denied"
	ViewEnded  Event = "view.ended" // by an administrator: View; Target: who looked; Detail: why
	ActDenied  Event = "act.denied" // any other act; Detail names it

	SignedIn      Event = "session.begun"
	SignInFailed  Event = "session.refused"
	SignedOut     Event = "session.ended"
	SessionsEnded Event = "sessions.ended" // of Target, by somebody else

	StillSeen       Event = "picture.still" // durable before the first still leaves; once in ten minutes for each person and camera
	PictureExported Event = "picture.exported"
	LookedBack      Event = "camera.lookback"
	CameraTurned    Event = "camera.ptz"
	CameraHeard     Event = "camera.sound" // View; durable before the first sound leaves, and again at its end with a duration

	GrantGiven      Event = "grant.given" // Target: its key
	GrantRevoked    Event = "grant.revoked"
	EmergencyTaken  Event = "grant.emergency"
	RequestAsked    Event = "request.asked"
	RequestAnswered Event = "request.answered"
	PersonBlocked   Event = "person.blocked"
	PersonUnblocked Event = "person.unblocked"
	AccountChanged  Event = "account.changed"

	ShareMade    Event = "share.made" // Target: its key
	ShareOpened  Event = "share.opened"
	ShareRefused Event = "share.refused" // a wrong pin, or a link that was passed on
	ShareRevoked Event = "share.revoked"

	CameraChanged     Event = "camera.changed"
	CameraRemoved     Event = "camera.removed"
	CameraTried       Event = "camera.tried"   // looked at before it is entered; Camera: as it is called for that; Target: the one that it is to replace
	CameraChecked     Event = "camera.checked" // examined by the doctor; Camera and Target: likewise
	MasksDrawn        Event = "masks.drawn"    // other masks of a camera, by its administrator or its owner; Detail: how many, and how much they hide, before and now
	MasksLifted       Event = "masks.lifted"   // likewise, and something is shown that was hidden
	DevicesSought     Event = "devices.sought" // on the networks that the gateway is in; Areas: for one that is to be entered there
	DeviceAsked       Event = "device.asked"   // for its streams, with a login; Detail: what it is, or why nothing is known
	AreaChanged       Event = "area.changed"
	AreaRemoved       Event = "area.removed"
	InventoryImported Event = "inventory.imported"
	InventoryExported Event = "inventory.exported"
	SettingsChanged   Event = "settings.changed"

	PortalChanged Event = "portal.changed" // Target: its id
	PortalRemoved Event = "portal.removed"
	PortalEnded   Event = "portal.ended" // what its officers look at; Detail names one of them, or all
	EmbedIssued   Event = "embed.issued" // a token for an officer, by us; Target: the officer

	LayoutChanged Event = "layout.changed" // an area's; Target: its id
	LayoutRemoved Event = "layout.removed"

	ConsentGiven      Event = "consent.given" // Camera; Detail says how and for what
	ConsentChanged    Event = "consent.changed"
	ConsentWithdrawn  Event = "consent.withdrawn"
	CameraOff         Event = "camera.off" // by its owner
	CameraOn          Event = "camera.on"
	OwnerLink         Event = "owner.link" // a new private link for the owner
	InvitationMade    Event = "invitation.made"
	InvitationUsed    Event = "invitation.used"
	InvitationRevoked Event = "invitation.revoked" // with the draft that was made by it
	CaseOpened        Event = "case.opened"        // Reason and Case
	CaseClosed        Event = "case.closed"

	LogRead      Event = "log.read" // the audit log itself
	LogExported  Event = "log.exported"
	LogRetention Event = "log.retention" // how long it is kept, and from when on
	LogCut       Event = "log.cut"
	LogKey       Event = "log.key"   // another key signs from here on
	LogSaved     Event = "log.saved" // in a backup, with the store
	LogRestored  Event = "log.restored"

	GatewayStarted Event = "gateway.started" // views without an end, before it, ended with a crash
	GatewayStopped Event = "gateway.stopped"
)

var events = []Event{
	ViewOpened, ViewClosed, ViewDenied, ViewEnded, ActDenied, SignedIn, SignInFailed, SignedOut, SessionsEnded,
	StillSeen, PictureExported, LookedBack, CameraTurned, CameraHeard,
	GrantGiven, GrantRevoked, EmergencyTaken, RequestAsked, RequestAnswered, PersonBlocked, PersonUnblocked, AccountChanged,
	ShareMade, ShareOpened, ShareRefused, ShareRevoked,
	CameraChanged, CameraRemoved, CameraTried, CameraChecked, MasksDrawn, MasksLifted, DevicesSought, DeviceAsked, AreaChanged, AreaRemoved, InventoryImported, InventoryExported, SettingsChanged,
	PortalChanged, PortalRemoved, PortalEnded, EmbedIssued, LayoutChanged, LayoutRemoved,
	ConsentGiven, ConsentChanged, ConsentWithdrawn, CameraOff, CameraOn, OwnerLink, InvitationMade, InvitationUsed, InvitationRevoked, CaseOpened, CaseClosed,
	LogRead, LogExported, LogRetention, LogCut, LogKey, LogSaved, LogRestored, GatewayStarted, GatewayStopped,
}

// Events are all events.
func Events() []Event { return slices.Clone(events) }

// Known says whether e is one of the events above.
func (e Event) Known() bool { return slices.Contains(events, e) }

// Ends says whether e tells that something ended. Such records are written to
// the last byte of a full disk; what begins is refused long before.
func (e Event) Ends() bool { return e == ViewClosed || e == SignedOut || e == GatewayStopped }

// Bounds of a record, in bytes.
const (
	MaxDetail = 1000
	maxPath   = 16 // areas
)

// Record is one entry of the audit log. It holds no secret: no password, no
// token, no session's secret, no address of a camera.
type Record struct {
	Time  time.Time `json:"time"` // zero: when it is written
	Event Event     `json:"event"`

	Subject string `json:"subject,omitempty"` // who acts: Subject.ID
	Name    string `json:"name,omitempty"`    // of them, at that time
	By      string `json:"by,omitempty"`      // what permitted it: Permission.By
	Address string `json:"address,omitempty"` // of the device, without a port
	Device  string `json:"device,omitempty"`  // see Device

	Camera string   `json:"camera,omitempty"`
	Kind   string   `json:"kind,omitempty"`  // of the camera, at that time
	Areas  []string `json:"areas,omitempty"` // the area acted on, or the camera's, and all above it, at that time
	Target string   `json:"target,omitempty"`

	View     string        `json:"view,omitempty"`     // joins ViewClosed to its ViewOpened
	Duration time.Duration `json:"duration,omitempty"` // of a view that closed

	Reason string `json:"reason,omitempty"` // a code, such as patrol
	Case   string `json:"case,omitempty"`   // the number of a case
	Detail string `json:"detail,omitempty"` // at most MaxDetail bytes
}

// Clean is the record as it is written: in UTC to the millisecond, its texts
// without what would break a line, cut to their bounds. Its error is ErrFaulty.
func (r Record) Clean() (Record, error) {
	if !r.Event.Known() {
		return Record{}, fmt.Errorf("%w: the audit log knows no event %.40q", ErrFaulty, string(r.Event))
	}
	if r.Time.Year() < 1 || r.Time.Year() > 9999 || r.Duration < 0 {
		return Record{}, fmt.Errorf("%w: a record of the audit log needs a time that can be written, and no duration below zero", ErrFaulty)
	}
	r.Time = r.Time.UTC().Truncate(time.Millisecond)
	r.Duration = r.Duration.Truncate(time.Millisecond)
	for _, s := range []*string{&r.Subject, &r.Address, &r.Device, &r.Target, &r.View, &r.Case} {
		*s = cleanText(*s, 2*maxID)
	}
	for _, s := range []*string{&r.Camera, &r.Kind, &r.Reason} {
		*s = cleanText(*s, maxID)
	}
	r.Name, r.By, r.Detail = cleanText(r.Name, maxName), cleanText(r.By, maxName), cleanText(r.Detail, MaxDetail)
	path := make([]string, 0, min(len(r.Areas), maxPath))
	for _, a := range r.Areas[:min(len(r.Areas), maxPath)] {
		path = append(path, cleanText(a, maxID))
	}
	r.Areas = path
	return r, nil
}

// Recorder keeps the audit log. Write returns once the record is durable; when
// it returns an error the act that the record is of must not take place.
type Recorder interface {
	Write(ctx context.Context, r Record) error
}
