package cluster

import (
	"time"

	"matthan/gateway"
)

// cameraRecord is a camera in the store, its fields named here so that a
// renamed field of gateway.Camera loses nothing.
type cameraRecord struct {
	ID             gateway.CameraID  `json:"id"`
	Name           string            `json:"name"`
	Area           gateway.AreaID    `json:"area"`
	Kind           gateway.Kind      `json:"kind"`
	Position       *[2]float64       `json:"position,omitempty"` // latitude, longitude in degrees
	Main           string            `json:"main"`
	Sub            string            `json:"sub,omitempty"`
	User           string            `json:"user,omitempty"`
	Password       []byte            `json:"password,omitempty"` // sealed for this camera
	Transport      gateway.Transport `json:"transport,omitempty"`
	KeepWarm       bool              `json:"keep_warm,omitempty"`
	AnyCertificate bool              `json:"any_certificate,omitempty"`
	ONVIF          onvifRecord       `json:"onvif,omitzero"`
	Masks          [][][2]float64    `json:"masks,omitempty"` // x, y in fractions of the picture
	Sound          bool              `json:"sound,omitempty"`
	Marked         bool              `json:"marked,omitempty"`
}

// onvifRecord is where a camera is asked in ONVIF.
type onvifRecord struct {
	Address  string `json:"address"`
	Identity string `json:"identity,omitempty"`
	Profile  string `json:"profile,omitempty"`
	PTZ      bool   `json:"ptz,omitempty"`
}

// areaRecord is an area in the store.
type areaRecord struct {
	ID     gateway.AreaID `json:"id"`
	Name   string         `json:"name"`
	Parent gateway.AreaID `json:"parent,omitempty"`
	Level  string         `json:"level,omitempty"`
	Codes  []codeRecord   `json:"codes,omitempty"`
}

type codeRecord struct {
	Code  string    `json:"code"`
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
}

func passwordPlace(id gateway.CameraID) string { return "camera " + string(id) }

func (s sealer) record(c gateway.Camera) cameraRecord {
	r := cameraRecord{
		ID: c.ID, Name: c.Name, Area: c.Area, Kind: c.Kind, Main: c.Main, Sub: c.Sub, User: c.Login.User,
		Transport: c.Transport, KeepWarm: c.KeepWarm, AnyCertificate: c.AnyCertificate, ONVIF: onvifRecord(c.ONVIF),
		Sound: c.Sound, Marked: c.Marked, Masks: gateway.PairsOf(c.Masks),
	}
	if c.Position != nil {
		r.Position = &[2]float64{c.Position.Lat, c.Position.Lng}
	}
	if c.Login.Password != "" {
		r.Password = s.seal(c.Login.Password.Reveal(), passwordPlace(c.ID))
	}
	return r
}

func (s sealer) camera(r cameraRecord) (gateway.Camera, error) {
	c := gateway.Camera{
		ID: r.ID, Name: r.Name, Area: r.Area, Kind: r.Kind, Main: r.Main, Sub: r.Sub, Login: gateway.Login{User: r.User},
		Transport: r.Transport, KeepWarm: r.KeepWarm && r.Kind != gateway.Household, // of before that was refused
		AnyCertificate: r.AnyCertificate, ONVIF: gateway.ONVIF(r.ONVIF), Sound: r.Sound && r.Kind != gateway.Household, Marked: r.Marked, Masks: gateway.MasksOf(r.Masks),
	}
	if r.Position != nil {
		c.Position = &gateway.Position{Lat: r.Position[0], Lng: r.Position[1]}
	}
	if r.Password != nil {
		password, err := s.open(r.Password, passwordPlace(r.ID))
		if err != nil {
			return c, err
		}
		c.Login.Password = gateway.Secret(password)
	}
	return c, nil
}

func recordOfArea(a gateway.Area) areaRecord {
	r := areaRecord{ID: a.ID, Name: a.Name, Parent: a.Parent, Level: a.Level}
	for _, c := range a.Codes {
		r.Codes = append(r.Codes, codeRecord(c))
	}
	return r
}

func (r areaRecord) area() gateway.Area {
	a := gateway.Area{ID: r.ID, Name: r.Name, Parent: r.Parent, Level: r.Level}
	for _, c := range r.Codes {
		a.Codes = append(a.Codes, gateway.AreaCode(c))
	}
	return a
}
