package signaling

import "encoding/json"

// Version is the protocol's version, the number in hello and welcome.
const Version = 1

// Bounds of what a viewer may send. A socket that passes one is closed.
const (
	MaxMessage    = 64 << 10 // bytes of one message
	MaxSDP        = 48 << 10 // bytes of one offer
	MaxTiles      = 16       // video lines of one peer, and tiles of one session
	MaxCandidates = 32       // of one offer
	MaxWarm       = 4        // cameras that one session keeps warm
	MessageRate   = 20       // messages a second, after a burst of
	MessageBurst  = 60
)

// Message types from the viewer.
const (
	TypeHello     = "hello"
	TypeOffer     = "offer"
	TypeView      = "view"
	TypeCandidate = "candidate"
	TypeWarm      = "warm"
	TypeTime      = "time" // also the answer to it
	TypeRenew     = "renew"
	TypeTurn      = "turn"
	TypeListen    = "listen"
)

// Message types from the gateway.
const (
	TypeWelcome = "welcome"
	TypeAnswer  = "answer"
	TypeTile    = "tile"
	TypeClock   = "clock"
	TypeCameras = "cameras"
	TypeNotices = "notices"
	TypeRenewed = "renewed"
	TypeStick   = "stick"
	TypeSound   = "sound"
	TypeError   = "error"
	TypeBye     = "bye"
)

// Hello is the first message, due within 5 s of the socket's opening.
type Hello struct {
	Type    string `json:"type"`
	Version int    `json:"v"`
	Token   string `json:"token"`            // a bearer token, never in a URL; "": who the page's session cookie speaks for
	Resume  string `json:"resume,omitempty"` // Welcome.Resume of a session whose socket broke
}

// Offer carries the page's SDP offer: recvonly video lines, one a tile, in the
// order of their tiles; at most one audio line. It may point tiles at cameras
// at once. A second offer on the same session is a renegotiation, for an ICE
// restart, and must hold the same lines; with New it replaces the peer.
type Offer struct {
	Type  string `json:"type"`
	SDP   string `json:"sdp"`
	New   bool   `json:"new,omitempty"`
	Thin  bool   `json:"thin,omitempty"` // the viewer's link is thin, or a mobile one of which nothing is known: begin with small streams
	Tiles []View `json:"tiles,omitempty"`
}

// View points a tile at a camera, without renegotiation; an empty Camera
// stops the tile and its traffic.
type View struct {
	Type   string `json:"type,omitempty"`
	Tile   int    `json:"tile"`             // index of the tile's video line among the offer's video lines
	Camera string `json:"camera"`           // "" for none
	Stream string `json:"stream,omitempty"` // main, sub or auto (the default)
	Small  bool   `json:"small,omitempty"`  // auto: the tile is small, so the sub stream is enough
	First  bool   `json:"first,omitempty"`  // the tile that is looked at most: a thin link is its before it is the others'
	Stills bool   `json:"stills,omitempty"` // auto: the page shows a still of the tile while it is "held"
}

// Warm names cameras that the viewer may turn to next, at most MaxWarm. The
// gateway pulls them, as far as its limits allow, so that they start at once.
// It takes the place of the Warm before it. Nothing is sent of them.
type Warm struct {
	Type    string   `json:"type"`
	Cameras []string `json:"cameras"`
}

// Candidate is an ICE candidate found after the offer. Viewers need not send any.
type Candidate struct {
	Type      string `json:"type"`
	Candidate string `json:"candidate"`
	Mid       string `json:"mid,omitempty"`
}

// Time measures the offset between the page's clock and the gateway's. The
// page sends T0; the gateway answers at once with T0 as it came and T1.
type Time struct {
	Type string  `json:"type"`
	T0   float64 `json:"t0"`           // page's clock, ms
	T1   float64 `json:"t1,omitempty"` // gateway's clock, Unix ms with fractions
}

// Welcome answers Hello.
type Welcome struct {
	Type       string      `json:"type"`
	Version    int         `json:"v"`
	Session    string      `json:"session"` // names the session in logs; not a secret
	Resume     string      `json:"resume"`  // a secret that takes the session over on a new socket, within 30 s of the old one's end
	Resumed    bool        `json:"resumed,omitempty"`
	Subject    string      `json:"subject"` // who the token speaks for
	Now        float64     `json:"now"`     // gateway's clock, Unix ms
	ICEServers []ICEServer `json:"ice_servers"`
	MaxTiles   int         `json:"max_tiles"`
	Until      int64       `json:"until,omitempty"` // a portal's token: when its time is over, Unix ms
}

// Renew prolongs what a portal's token began, with a fresh one of the same
// officer, page and camera or area. Pictures go on meanwhile; what is refused
// leaves the time as it was.
type Renew struct {
	Type  string `json:"type"`
	Token string `json:"token"`
}

// Renewed answers Renew.
type Renewed struct {
	Type  string `json:"type"`
	Until int64  `json:"until"` // Unix ms
}

// ICEServer is an RTCIceServer (WebRTC section 4.2.2).
type ICEServer struct {
	URLs       []string `json:"urls" yaml:"urls"`
	Username   string   `json:"username,omitempty" yaml:"username"`
	Credential string   `json:"credential,omitempty" yaml:"credential"`
}

// Answer carries the SDP answer, with all of the gateway's candidates.
type Answer struct {
	Type string `json:"type"`
	SDP  string `json:"sdp"`
}

// Tile tells a tile's state, at once after a View and at every change.
type Tile struct {
	Type    string `json:"type"`
	Tile    int    `json:"tile"`
	Camera  string `json:"camera"`
	State   string `json:"state"`
	Name    string `json:"name,omitempty"`     // the camera's, for people; where it may be seen
	Stream  string `json:"stream,omitempty"`   // which encoding is sent: main or sub, full or low where the gateway makes it of those; held: the smallest there is
	Since   int64  `json:"since,omitempty"`    // offline: since when, Unix ms
	RetryAt int64  `json:"retry_at,omitempty"` // offline: the next try, Unix ms
	Code    string `json:"code,omitempty"`     // offline, denied: why
	Text    *Text  `json:"text,omitempty"`     // the code in words
	Mark    *Mark  `json:"mark,omitempty"`     // while a view of the camera is open: what the page lays over its pictures
	Sound   bool   `json:"sound,omitempty"`    // the viewer may ask for its sound
}

// Mark is the watermark of a view: who looks, and the code that leads back to the
// view's record in the audit log.
type Mark struct {
	Code   string `json:"code"`             // as XXX-XXXX; see auth.ViewCode
	Name   string `json:"name"`             // of who looks
	Number string `json:"number,omitempty"` // by which their office knows them
}

// States of a tile.
const (
	StateIdle    = "idle"    // shows no camera
	StateOpening = "opening" // the camera is being reached, or its first picture is awaited
	StateLive    = "live"    // pictures are being sent; whether they arrive is the page's to measure
	StateHeld    = "held"    // the viewer's link has no room for it: nothing is sent, until it has
	StateOffline = "offline" // the camera gives no picture; the gateway goes on trying. By the code codec without retry_at: it does, and this device does not decode it
	StateDenied  = "denied"  // no such camera, or no right to it (which of the two is not told); by its code also: the audit log cannot be written, or a citizen's camera is not to be viewed now
)

// Clock maps a tile's RTP timestamps to capture time: a picture with RTP
// timestamp t was taken at Captured + (t - RTP)/90 ms. It holds for pictures
// from RTP on; earlier ones are the backlog that a start is made of. Sent when
// a tile comes to the live edge, and every second after.
type Clock struct {
	Type     string  `json:"type"`
	Tile     int     `json:"tile"`
	Camera   string  `json:"camera"`
	RTP      uint32  `json:"rtp"`      // 90 kHz, as on the wire
	Captured float64 `json:"captured"` // gateway's clock, Unix ms with fractions
	Source   string  `json:"source"`   // camera: by its sender report; arrival: by arrival, the camera's own delay is missing
}

// Cameras tells that the list of cameras, or the viewer's rights to them, have
// changed: GET /api/v1/cameras has another answer, perhaps.
type Cameras struct {
	Type string `json:"type"`
}

// Notices tells a person that there is news for them: an emergency or a request
// in their care, or the answer to a request of theirs. GET /api/v1/notices and
// /api/v1/requests have it. At most once in noticesEvery.
type Notices struct {
	Type string `json:"type"`
}

// Turn turns the camera that a tile shows. One viewer at a time holds its stick:
// the first message takes it, and who has not moved for 10 s may lose it. A motion
// stops when it is not asked for again within 600 ms.
type Turn struct {
	Type   string  `json:"type"`
	Tile   int     `json:"tile"`
	Act    string  `json:"act"`            // take, move, home, preset, leave
	Pan    float64 `json:"pan,omitempty"`  // move: -1 to 1 of the fastest, to the right
	Tilt   float64 `json:"tilt,omitempty"` // up
	Zoom   float64 `json:"zoom,omitempty"` // in
	Preset string  `json:"preset,omitempty"`
}

// Stick tells who turns the camera of a tile: when the tile begins to show one
// that can be turned, and at every change.
type Stick struct {
	Type    string        `json:"type"`
	Tile    int           `json:"tile"`
	Camera  string        `json:"camera"`
	May     bool          `json:"may,omitempty"`    // the viewer may turn it
	Holder  string        `json:"holder"`           // name of who turns it, "" where nobody does
	Mine    bool          `json:"mine,omitempty"`   // it is this viewer
	Ready   bool          `json:"ready,omitempty"`  // the camera answers
	Failed  bool          `json:"failed,omitempty"` // the camera cannot be reached, or does not turn
	Presets []StickPreset `json:"presets,omitempty"`
}

// StickPreset is a direction that the camera knows.
type StickPreset struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Listen asks for the sound of the camera that a tile shows, in place of
// another's, or ends it. An offer must have had a recvonly audio line, which a
// second one may add. It ends by itself when the tile shows another camera.
type Listen struct {
	Type string `json:"type"`
	Tile int    `json:"tile"`
	On   bool   `json:"on,omitempty"`
}

// Sound tells whether the sound of a tile's camera is sent, at every change.
type Sound struct {
	Type   string `json:"type"`
	Tile   int    `json:"tile"`
	Camera string `json:"camera"`
	On     bool   `json:"on,omitempty"`
}

// Error answers a message that could not be done. The socket stays open.
type Error struct {
	Type string `json:"type"`
	Code string `json:"code"`
	Text Text   `json:"text"`
	Tile *int   `json:"tile,omitempty"`
}

// Bye is the last message before the gateway closes the socket for good. A
// viewer that gets it does not reconnect by itself, unless the code is
// "restarting".
type Bye struct {
	Type string `json:"type"`
	Code string `json:"code"`
	Text Text   `json:"text"`
}

// Text is a sentence for people.
type Text struct {
	VI string `json:"vi"`
	EN string `json:"en"`
}

// envelope is read first to learn a message's type.
type envelope struct {
	Type string `json:"type"`
}

func typeOf(b []byte) (string, error) {
	var e envelope
	err := json.Unmarshal(b, &e)
	return e.Type, err
}
