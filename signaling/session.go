package signaling

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/rtc"
	"matthan/gateway/video"
)

// session is one viewer: it outlives its socket for resumeLimit and owns one
// peer with its tiles.
type session struct {
	server  *Server
	id      string // for logs
	resume  string // secret
	subject auth.Subject
	log     *slog.Logger

	turn       turn
	act        sync.Mutex // serializes what changes the peer: messages, reviews, the end
	peer       *rtc.Peer
	candidates int
	offers     *offers
	thin       bool                        // as the offer said
	warm       map[gateway.CameraID]func() // releases of what is kept warm
	looks      [MaxTiles]*look             // the views that the audit log knows to be open; nil where none is
	hearing    hearing
	broken     atomic.Bool // the peer's connection failed for good

	mu     sync.Mutex // guards what follows; taken after act, never the other way
	line   *line      // nil while no socket is attached
	from   device     // of the last socket
	page   auth.From  // likewise
	since  time.Time  // when the last socket went
	tiles  []slot
	listed bool // the page is to be told that the list of cameras has changed
	closed bool
	sticks map[gateway.CameraID]stickHeld // of cameras that the viewer turns; at most one a tile

	fresh   bool      // there is news that the page is to be told of when noticesEvery has passed
	notice  bool      // the page is to be told now
	noticed time.Time // when it was told last
}

// slot is what a session knows of a tile.
type slot struct {
	asked  View
	view   uint64           // counts what the tile was pointed at
	camera gateway.CameraID // shown, "" where none
	until  time.Time        // the permission's end
	state  Tile
	open   *look // by which it is shown; nil where none
	clock  Clock
	tell   bool  // state is to be sent
	tick   bool  // clock is to be sent
	turns  bool  // its camera can be turned
	may    bool  // by this viewer
	drawn  drawn // what was drawn on its camera's pictures when they were chosen
	stick  bool  // who turns it is to be sent
	sound  Sound
	ring   bool // sound is to be sent
}

func newSession(s *Server, subject auth.Subject, now time.Time) *session {
	id := newID()[:8]
	return &session{server: s, id: id, resume: newID(), subject: subject, since: now, warm: map[gateway.CameraID]func(){}, sticks: map[gateway.CameraID]stickHeld{},
		log: s.Log.With("session", id), tiles: make([]slot, MaxTiles)}
}

// attach makes l the session's socket and tells it all there is to know.
func (v *session) attach(l *line, resumed bool, from device, page auth.From) {
	v.mu.Lock()
	old := v.line
	v.line, v.from, v.page = l, from, page
	for i := range v.tiles {
		v.tiles[i].tell = v.tiles[i].state.Type != ""
		v.tiles[i].tick = v.tiles[i].clock.Type != ""
		v.tiles[i].stick = v.tiles[i].turns
		v.tiles[i].ring = v.tiles[i].sound.On
	}
	closed := v.closed
	v.mu.Unlock()
	if old != nil {
		old.close(closeOf(coded(CodeTaken)), CodeTaken)
	}
	servers := v.server.ICEServers
	if servers == nil {
		servers = []ICEServer{}
	}
	l.send(Welcome{Type: TypeWelcome, Version: Version, Session: v.id, Resume: v.resume, Resumed: resumed,
		Subject: v.subject.Name, Now: unixMilli(time.Now()), ICEServers: servers, MaxTiles: MaxTiles, Until: v.until(time.Now())})
	l.mu.Lock()
	l.fill = func() [][]byte { return v.news(l) }
	l.mu.Unlock()
	l.wake()
	if closed {
		l.close(closeOf(coded(CodeRestarting)), CodeRestarting)
	}
}

func (v *session) detach(l *line) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.line == l {
		v.line, v.since = nil, time.Now()
	}
}

// news takes what l has not been told yet, if it is still the session's socket.
func (v *session) news(l *line) [][]byte {
	v.mu.Lock()
	defer v.mu.Unlock()
	var out [][]byte
	if v.line != l {
		return out
	}
	if v.listed {
		if b, err := json.Marshal(Cameras{TypeCameras}); err == nil {
			out = append(out, b)
		}
		v.listed = false
	}
	if v.notice {
		if b, err := json.Marshal(Notices{TypeNotices}); err == nil {
			out = append(out, b)
		}
		v.notice = false
	}
	for i := range v.tiles {
		t := &v.tiles[i]
		if t.tell {
			if b, err := json.Marshal(t.state); err == nil {
				out = append(out, b)
			}
		}
		if t.tick {
			if b, err := json.Marshal(t.clock); err == nil {
				out = append(out, b)
			}
		}
		if t.ring {
			if b, err := json.Marshal(t.sound); err == nil {
				out = append(out, b)
			}
		}
		if t.stick {
			if b, err := json.Marshal(v.stickOf(i, time.Now())); err == nil {
				out = append(out, b)
			}
		}
		t.tell, t.tick, t.stick, t.ring = false, false, false, false
	}
	return out
}

// looking says whether the viewer has a camera in view.
func (v *session) looking() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	for i := range v.tiles {
		if v.tiles[i].camera != "" {
			return v.line != nil
		}
	}
	return false
}

// listChanged tells the viewer to fetch the list of cameras again, when its
// socket is back at the latest. Changes that follow each other are told once.
func (v *session) listChanged() {
	v.mu.Lock()
	v.listed = true
	l := v.line
	v.mu.Unlock()
	if l != nil {
		l.wake()
	}
}

func (v *session) send(msg any) {
	v.mu.Lock()
	l := v.line
	v.mu.Unlock()
	if l != nil {
		l.send(msg)
	}
}

func (v *session) bye(status int, code string) {
	v.mu.Lock()
	l := v.line
	v.mu.Unlock()
	if l != nil {
		l.close(status, code)
	}
}

// message does what one message asks. Its error ends the socket; what cannot
// be done is answered instead.
func (v *session) message(ctx context.Context, b []byte) error {
	kind, err := typeOf(b)
	if err != nil {
		return coded(CodeBadMessage)
	}
	switch kind {
	case TypeOffer:
		return v.onOffer(ctx, b)
	case TypeView:
		return v.onView(ctx, b)
	case TypeCandidate:
		return v.onCandidate(b)
	case TypeWarm:
		return v.onWarm(b)
	case TypeTime:
		return v.onTime(b)
	case TypeRenew:
		return v.onRenew(ctx, b)
	case TypeTurn:
		return v.onTurn(ctx, b)
	case TypeListen:
		return v.onListen(ctx, b)
	}
	v.refuse(coded(CodeUnknownType), nil)
	return nil
}

// refuse tells that something asked for could not be done.
func (v *session) refuse(err error, tile *int) {
	code := codeOf(err)
	if code == CodeInternal {
		v.log.Error("a viewer's message failed", "err", err)
	} else {
		v.log.Info("a viewer's message was refused", "code", code, "err", err)
	}
	v.send(Error{Type: TypeError, Code: code, Text: textOf(code), Tile: tile})
}

func (v *session) onTime(b []byte) error {
	now := time.Now()
	var m Time
	if err := decode(b, &m); err != nil {
		return err
	}
	v.send(Time{Type: TypeTime, T0: m.T0, T1: unixMilli(now)})
	return nil
}

func (v *session) onOffer(ctx context.Context, b []byte) error {
	var m Offer
	if err := decode(b, &m); err != nil {
		return err
	}
	if len(m.SDP) > MaxSDP || len(m.Tiles) > MaxTiles {
		v.refuse(coded(CodeTooLarge), nil)
		return nil
	}
	if !v.offers.allow(time.Now()) {
		v.refuse(coded(CodeTooMany), nil)
		return nil
	}
	v.act.Lock()
	defer v.act.Unlock()
	answer, err := v.answer(ctx, m)
	if err != nil {
		v.refuse(err, nil)
		return nil
	}
	v.send(Answer{Type: TypeAnswer, SDP: answer})
	var wanted []View
	for i := range v.peer.Tiles() {
		v.mu.Lock()
		now := v.tiles[i]
		v.mu.Unlock()
		want := now.asked
		for _, t := range m.Tiles {
			if t.Tile == i {
				want = t
				want.Type = ""
			}
		}
		if want == now.asked && now.camera != "" || want.Camera == "" && now.camera == "" {
			continue // a restart leaves the pictures as they are
		}
		wanted = append(wanted, want)
	}
	return v.views(ctx, wanted, time.Now())
}

// answer makes the peer, or answers a restart on the one there is.
func (v *session) answer(ctx context.Context, m Offer) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if v.gone() {
		return "", coded(CodeRestarting)
	}
	v.candidates = 0
	v.thin = m.Thin
	if v.peer != nil && !m.New {
		return v.peer.Answer(ctx, m.SDP)
	}
	peer, answer, err := v.server.RTC.NewPeer(ctx, m.SDP, rtc.Events{Tile: v.onState, Clock: v.onClock, Connection: v.onConnection})
	if err != nil {
		return "", err
	}
	if v.peer != nil {
		v.peer.Close()
		v.blank(whyPeer)
	}
	v.peer = peer
	v.broken.Store(false)
	return answer, nil
}

// blank notes that a peer has gone, and its pictures with it. v.act is held.
func (v *session) blank(why string) {
	v.lookAway(why)
	v.mu.Lock()
	defer v.mu.Unlock()
	for i := range v.tiles {
		v.tiles[i].camera = ""
	}
}

func (v *session) gone() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.closed
}

func (v *session) onCandidate(b []byte) error {
	var m Candidate
	if err := decode(b, &m); err != nil {
		return err
	}
	v.act.Lock()
	defer v.act.Unlock()
	if v.candidates++; v.candidates > MaxCandidates || v.peer == nil {
		return nil
	}
	if err := v.peer.AddCandidate(m.Candidate, m.Mid); err != nil {
		v.refuse(err, nil)
	}
	return nil
}

func (v *session) onView(ctx context.Context, b []byte) error {
	var m View
	if err := decode(b, &m); err != nil {
		return err
	}
	m.Type = ""
	v.act.Lock()
	defer v.act.Unlock()
	if m.Tile < 0 || m.Tile >= MaxTiles || v.peer == nil || m.Tile >= v.peer.Tiles() {
		v.refuse(coded(CodeNoTile), &m.Tile)
		return nil
	}
	return v.view(ctx, m, time.Now())
}

// onState hears of a stream from the shard, which it must not hold up.
func (v *session) onState(tile int, view uint64, id gateway.StreamID, st gateway.State) {
	m := Tile{Type: TypeTile, Tile: tile, Camera: string(id.Camera), Stream: string(id.Quality), State: StateOpening}
	switch st.Phase {
	case gateway.Live:
		m.State = StateLive
	case rtc.Held:
		m.State = StateHeld
	case gateway.Offline:
		text := textOfCause(st.Cause)
		m.State, m.Code, m.Text, m.Since = StateOffline, string(st.Cause), &text, st.Since.UnixMilli()
		if !st.Retry.IsZero() {
			m.RetryAt = st.Retry.UnixMilli()
		}
	}
	v.change(tile, view, func(t *slot) {
		m.Name, m.Mark, m.Sound = t.state.Name, t.state.Mark, t.state.Sound // the view goes on
		t.state, t.tell = m, true
	})
}

// onClock hears a tile's capture clock from the shard.
func (v *session) onClock(tile int, view uint64, id gateway.StreamID, rtp uint32, captured time.Time, c video.Clock) {
	m := Clock{Type: TypeClock, Tile: tile, Camera: string(id.Camera), RTP: rtp, Captured: unixMilli(captured), Source: c.String()}
	v.change(tile, view, func(t *slot) { t.clock, t.tick = m, true })
}

// change applies f to a tile that still shows the view.
func (v *session) change(tile int, view uint64, f func(*slot)) {
	v.mu.Lock()
	t := &v.tiles[tile]
	ok := t.view == view
	if ok {
		f(t)
	}
	l := v.line
	v.mu.Unlock()
	if ok && l != nil {
		l.wake()
	}
}

func (v *session) onConnection(state string) {
	if state == "failed" {
		v.broken.Store(true)
	}
}

// close ends the session and its pictures.
func (v *session) close() {
	v.act.Lock()
	defer v.act.Unlock()
	v.mu.Lock()
	v.closed = true
	v.mu.Unlock()
	if v.peer != nil {
		v.peer.Close()
		v.peer = nil
	}
	v.lookAway(v.server.whyClosed())
	v.keepWarm(nil)
}

func unixMilli(t time.Time) float64 { return float64(t.UnixNano()) / 1e6 }
