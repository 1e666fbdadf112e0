package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/onvif"
)

// Bounds of looking for devices.
const (
	maxAsked    = 4                // devices that are asked at once
	askWithin   = 30 * time.Second // a recorder's channels are asked for one by one
	maxUser     = 200              // bytes
	maxPassword = 1024             // bytes
)

// Devices are how cameras and recorders are found that speak ONVIF.
type Devices struct {
	Search onvif.Search               // where on the gateway's networks
	Permit func(netip.AddrPort) error // says where a device may be asked; see onvif.Config

	seeking sync.Mutex // one search at a time: all hear the same answers
	asked   atomic.Int32
}

type (
	// seekBody asks POST /api/v1/inventory/discover.
	seekBody struct {
		Area gateway.AreaID `json:"area"` // where what is found is to be entered
	}

	foundListDoc struct {
		Devices []foundDoc `json:"devices"`
	}

	// foundDoc is a device, by its own word.
	foundDoc struct {
		Identity  string   `json:"identity"` // stays when its address changes
		Name      string   `json:"name,omitempty"`
		Model     string   `json:"model,omitempty"`
		Location  string   `json:"location,omitempty"`
		Addresses []string `json:"addresses"` // the most likely first
	}

	// onvifBody asks POST /api/v1/inventory/onvif.
	onvifBody struct {
		Area           gateway.AreaID `json:"area"`                                        // where its cameras are to be entered
		Address        string         `json:"address" schema:"minLength=1,maxLength=2048"` // a host, host:port, or the URL of the device service
		User           string         `json:"user,omitempty"`
		Password       string         `json:"password,omitempty" schema:"writeOnly"`
		AnyCertificate bool           `json:"any_certificate,omitempty"`
	}

	onvifDoc struct {
		Cause    gateway.Cause   `json:"cause,omitempty"`    // why the rest is missing; absent: all is well
		Identity string          `json:"identity,omitempty"` // stays when its address changes
		Maker    string          `json:"maker,omitempty"`
		Model    string          `json:"model,omitempty"`
		Firmware string          `json:"firmware,omitempty"`
		Serial   string          `json:"serial,omitempty"`
		Quirks   []gateway.Quirk `json:"quirks,omitempty"`
		Channels []channelDoc    `json:"channels"` // one for a camera, several for a recorder
	}

	channelDoc struct {
		Main     profileDoc  `json:"main"`
		Sub      *profileDoc `json:"sub,omitempty"`
		PTZ      bool        `json:"ptz,omitempty"`       // it can be moved
		H265Only bool        `json:"h265_only,omitempty"` // browsers do not play it
	}

	profileDoc struct {
		URL     string `json:"url"` // without a login
		Profile string `json:"profile"`
		Name    string `json:"name,omitempty"`
		Codec   string `json:"codec,omitempty"`  // absent: the device does not say
		Width   int    `json:"width,omitempty"`  // pixels
		Height  int    `json:"height,omitempty"` // pixels
		FPS     int    `json:"fps,omitempty"`
	}
)

var manyDevices = problem{Title: "Service Unavailable", Status: http.StatusServiceUnavailable, Code: "busy",
	Text: text{"Đang có người khác tìm thiết bị. Hãy thử lại sau ít giây.", "Somebody else is looking for devices. Try again in some seconds."}}

// finding is for those who enter cameras.
func (a *API) finding() []route {
	return []route{
		{method: post, path: "/api/v1/inventory/discover", does: "Cameras and recorders that speak ONVIF and answer on the networks that the gateway is in, within three seconds.",
			may: administers, takes: seekBody{}, gives: []answer{{200, foundListDoc{}}}, fails: []problem{manyDevices}, serve: a.seekDevices},
		{method: post, path: "/api/v1/inventory/onvif", does: "What a device is and where its streams are, by its address and login; every channel of a recorder. A login that the device refuses is shown once, since many lock an account after a few attempts. Channels that are a citizen's camera are left out.",
			may: administers, takes: onvifBody{}, gives: []answer{{200, onvifDoc{}}}, fails: []problem{wrong, lent, manyDevices}, serve: a.askDevice},
	}
}

// seekDevices serves POST /api/v1/inventory/discover.
func (a *API) seekDevices(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	var d seekBody
	if !readBody(w, r, &d) {
		return
	}
	if !a.administers(s, d.Area, "", "") {
		fail(w, notFound)
		return
	}
	if !a.Devices.seeking.TryLock() {
		w.Header().Set("Retry-After", "3")
		fail(w, manyDevices)
		return
	}
	defer a.Devices.seeking.Unlock()
	found, err := onvif.Discover(r.Context(), a.Devices.Search)
	if err != nil {
		a.Log.Warn("api: devices cannot be looked for", "err", err) // no network to look on: none are found
	}
	doc := foundListDoc{Devices: []foundDoc{}}
	for _, f := range found {
		doc.Devices = append(doc.Devices, foundDoc{Identity: f.Identity, Name: f.Name, Model: f.Hardware, Location: f.Location, Addresses: f.Addresses})
	}
	is := auth.Record{Event: auth.DevicesSought, Areas: a.path(d.Area), Detail: fmt.Sprintf("%d devices", len(found))}
	if a.noted(w, r, s, auth.Administer, is) {
		a.answer(w, r, doc)
	}
}

// askDevice serves POST /api/v1/inventory/onvif.
func (a *API) askDevice(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	var d onvifBody
	if !readBody(w, r, &d) {
		return
	}
	if !a.administers(s, d.Area, "", "") {
		fail(w, notFound)
		return
	}
	if len(d.User) > maxUser || len(d.Password) > maxPassword {
		fail(w, wrong.with("user", "the user or the password is too long"))
		return
	}
	device, err := onvif.New(onvif.Config{Address: d.Address, InsecureTLS: d.AnyCertificate, Permit: a.Devices.Permit,
		Login: gateway.Login{User: d.User, Password: gateway.Secret(d.Password)}})
	if err != nil {
		fail(w, wrong.with("address", err.Error()))
		return
	}
	defer device.Close()
	defer a.Devices.asked.Add(-1)
	if a.Devices.asked.Add(1) > maxAsked {
		w.Header().Set("Retry-After", "3")
		fail(w, manyDevices)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), askWithin)
	defer cancel()
	doc, err := describeDevice(ctx, device)
	is := auth.Record{Event: auth.DeviceAsked, Areas: a.path(d.Area), Detail: fmt.Sprintf("%s %s, %d channels", doc.Maker, doc.Model, len(doc.Channels))}
	if err != nil {
		a.Log.Info("api: a device was asked in vain", "subject", s.ID, "err", err)
		is.Detail = string(doc.Cause)
	}
	all := len(doc.Channels)
	doc.Channels = slices.DeleteFunc(doc.Channels, a.lends())
	if len(doc.Channels) < all {
		a.noteTwice(r, s, auth.ErrLent, is)
	}
	if len(doc.Channels) == 0 && all > 0 {
		fail(w, lent)
		return
	}
	if a.noted(w, r, s, auth.Administer, is) {
		a.answer(w, r, doc)
	}
}

// describeDevice asks a device what it is. The document holds why it failed, and
// what was known by then.
func describeDevice(ctx context.Context, device *onvif.Device) (onvifDoc, error) {
	doc := onvifDoc{Channels: []channelDoc{}}
	info, err := device.Information(ctx)
	var channels []onvif.Channel
	if err == nil {
		doc.Identity, err = device.Identity(ctx)
	}
	if err == nil {
		channels, err = device.Channels(ctx)
	}
	doc.Maker, doc.Model, doc.Firmware, doc.Serial, doc.Quirks = info.Maker, info.Model, info.Firmware, info.Serial, device.Quirks()
	if err != nil {
		doc.Cause = gateway.CauseOf(err)
		return doc, err
	}
	for _, c := range channels {
		is := channelDoc{Main: profileOf(c.Main, c.MainURL), H265Only: c.H265Only,
			PTZ: slices.ContainsFunc(c.Profiles, func(p onvif.Profile) bool { return p.PTZ })}
		if c.Sub != nil {
			sub := profileOf(*c.Sub, c.SubURL)
			is.Sub = &sub
		}
		doc.Channels = append(doc.Channels, is)
	}
	return doc, nil
}

func profileOf(p onvif.Profile, url string) profileDoc {
	return profileDoc{URL: url, Profile: p.Token, Name: p.Name, Codec: string(p.Codec), Width: p.Width, Height: p.Height, FPS: p.FPS}
}

// lends says of a channel whether it is, or was, a citizen's camera.
func (a *API) lends() func(channelDoc) bool {
	taken := a.Records.Lent()
	return func(c channelDoc) bool {
		is := gateway.Camera{Kind: gateway.Public, Main: c.Main.URL, Sub: cmp.Or(c.Sub, &profileDoc{}).URL}
		return taken(is) || a.isHouseholds(is)
	}
}
