package api

import (
	"encoding/json"
	"testing"

	"matthan/gateway"
)

func TestAStoredPasswordIsNotSentWhereItWasNotSentBefore(t *testing.T) {
	t.Parallel()
	at := gateway.ONVIF{Address: "http://10.1.2.3/onvif/device_service", Identity: "urn:uuid:1"}
	old := gateway.Camera{Main: "rtsp://10.1.2.3/main", Login: gateway.Login{User: "viewer", Password: canary}, ONVIF: at}
	with := func(change func(*settingsDoc)) gateway.Camera {
		d := settingsOf(old)
		change(&d)
		return d.camera(old)
	}
	for name, tt := range map[string]struct {
		change func(*settingsDoc)
		kept   bool
	}{
		"nothing":                   {func(*settingsDoc) {}, true},
		"a name":                    {func(d *settingsDoc) { d.Name = "x" }, true},
		"no longer in ONVIF":        {func(d *settingsDoc) { d.ONVIF = nil }, true},
		"another stream":            {func(d *settingsDoc) { d.Main = "rtsp://10.6.6.6/main" }, false},
		"another user":              {func(d *settingsDoc) { d.User = "admin" }, false},
		"another device":            {func(d *settingsDoc) { d.ONVIF.Address = "http://10.6.6.6/" }, false},
		"another device's identity": {func(d *settingsDoc) { d.ONVIF.Identity = "urn:uuid:6" }, false},
	} {
		if got := with(tt.change); (got.Login.Password == canary) != tt.kept || !tt.kept && got.Login.Password != "" {
			t.Errorf("%s: kept %v", name, got.Login.Password != "")
		}
	}
}

func TestAClientThatKnowsOfNoMasksLiftsNone(t *testing.T) {
	t.Parallel()
	old := gateway.Camera{Masks: []gateway.Mask{{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 0, Y: 1}}}}
	for name, tt := range map[string]struct {
		body string
		want int
	}{
		"no such field": {`{"name":"x"}`, 1},
		"null":          {`{"name":"x","masks":null}`, 1},
		"none":          {`{"name":"x","masks":[]}`, 0},
		"others":        {`{"name":"x","masks":[[[0,0],[0.5,0],[0,1]],[[1,1],[1,0],[0,1]]]}`, 2},
	} {
		var d settingsDoc
		if err := json.Unmarshal([]byte(tt.body), &d); err != nil {
			t.Fatal(err)
		}
		if got := d.camera(old); len(got.Masks) != tt.want {
			t.Errorf("%s: %v", name, got.Masks)
		}
	}
	marked := gateway.Camera{Marked: true}
	for body, want := range map[string]bool{`{"name":"x"}`: true, `{"marked":null}`: true, `{"marked":true}`: true, `{"marked":false}`: false} {
		var d settingsDoc
		if err := json.Unmarshal([]byte(body), &d); err != nil {
			t.Fatal(err)
		}
		if d.camera(marked).Marked != want {
			t.Errorf("%s: marked is %v", body, !want)
		}
	}
	if d := settingsOf(marked); d.Marked == nil || !*d.Marked || settingsOf(old).Marked != nil {
		t.Errorf("%+v", d)
	}
	if again := settingsOf(old).camera(gateway.Camera{}); !gateway.SameMasks(again, old) {
		t.Errorf("what is told is not what is taken: %v", again.Masks)
	}
}
