package sheet

import (
	"bytes"
	"strings"
	"testing"

	"matthan/gateway"
)

func TestASheetSaysWhereACameraIsAskedInONVIF(t *testing.T) {
	t.Parallel()
	was := camera(t, ward(), "cho-lang").ONVIF
	const cols = "id,onvif,onvif_identity,onvif_profile,ptz,password\n"
	for _, tt := range []struct {
		text string
		want gateway.ONVIF
		code Code
	}{
		{"id,name\ncho-lang,Chợ\n", was, ""},
		{cols + "cho-lang,http://10.1.2.4/onvif/device_service,urn:uuid:4,Profile_1,có,\n", was, ""},
		{cols + "cho-lang,10.1.2.4,urn:uuid:4,Profile_1,x,\n", was, ""},
		{"Mã,Địa chỉ ONVIF,Định danh ONVIF,Profile ONVIF,Quay quét\ncho-lang,10.1.2.4,urn:uuid:4,Profile_2,không\n",
			gateway.ONVIF{Address: was.Address, Identity: was.Identity, Profile: "Profile_2"}, ""},
		{"id,ptz\ncho-lang,no\n", gateway.ONVIF{Address: was.Address, Identity: was.Identity, Profile: was.Profile}, ""},
		{cols + "cho-lang,,,,,\n", gateway.ONVIF{}, ""},
		{"id,onvif\ncho-lang,\n", gateway.ONVIF{}, ""},
		// The identity was that of the device before.
		{"id,onvif,password\ncho-lang,10.1.2.9:8000,again\n", gateway.ONVIF{Address: "http://10.1.2.9:8000/onvif/device_service", Profile: was.Profile, PTZ: true}, ""},
		{cols + "cho-lang,https://nvr.example/x,urn:uuid:9,p,1,again\n", gateway.ONVIF{Address: "https://nvr.example/x", Identity: "urn:uuid:9", Profile: "p", PTZ: true}, ""},

		{"id,onvif\ncho-lang,10.1.2.9\n", was, PasswordAgain},
		{"id,onvif_identity\ncho-lang,urn:uuid:5\n", was, PasswordAgain},
		{cols + "cho-lang,,urn:uuid:4,,,\n", was, ONVIFMissing},
		{cols + "lang-ha,,,,có,\n", gateway.ONVIF{}, ONVIFMissing},
		{"id,onvif\ncho-lang,rtsp://10.1.2.4/\n", was, ONVIFBad},
		{"id,onvif\ncho-lang,http://u:" + "canary@10.1.2.4/\n", was, ONVIFBad},
		{"id,onvif\ncho-lang,canary 1\n", was, ONVIFBad},
		{"id,onvif\ncho-lang,canary\n", was, ONVIFBad},
		{"id,onvif,password\ncho-lang,2001:db8::1,again\n", gateway.ONVIF{Address: "http://[2001:db8::1]/onvif/device_service", Profile: was.Profile, PTZ: true}, ""},
		{"id,onvif,password\ncho-lang,[2001:db8::1]:8000,again\n", gateway.ONVIF{Address: "http://[2001:db8::1]:8000/onvif/device_service", Profile: was.Profile, PTZ: true}, ""},
		{"id,onvif\ncho-lang,http://10.1.2.4:0/\n", was, ONVIFBad},
		{"id,onvif_profile\ncho-lang," + strings.Repeat("x", 257) + "\n", was, ONVIFText},
		{"id,onvif_identity,password\ncho-lang,rtsp://u:canary@h/,again\n", was, ONVIFText},
		{"id,ptz\ncho-lang,perhaps\n", was, BoolUnknown},
	} {
		p := read(t, "a.csv", tt.text, ward())
		if strings.Contains(all(p), "canary") {
			t.Errorf("%s is quoted", tt.text)
		}
		if tt.code != "" {
			if problems := p.Lines[0].Problems; len(problems) != 1 || problems[0].Code != tt.code {
				t.Errorf("%s: %+v", tt.text, problems)
			}
			continue
		}
		if !p.OK() {
			t.Errorf("%s: %s", tt.text, all(p))
			continue
		}
		r := applied(t, p)
		if got := camera(t, r.State, "cho-lang"); got.ONVIF != tt.want {
			t.Errorf("%s: %+v", tt.text, got.ONVIF)
		}
		if changed := strings.Contains(outcomesOf(p), " onvif"); changed != (tt.want != was) {
			t.Errorf("%s: %s", tt.text, outcomesOf(p))
		}
	}
}

func TestONVIFIsExportedAndReadAgain(t *testing.T) {
	t.Parallel()
	for _, s := range []Style{{Format: CSV}, {Format: CSV, Language: "vi", Separator: ';'}, {Format: YAML}} {
		var b bytes.Buffer
		if err := Write(&b, s, ward()); err != nil {
			t.Fatal(err)
		}
		if p := read(t, "a."+string(s.Format), b.String(), ward()); outcomesOf(p) == "" || strings.Contains(outcomesOf(p), " changed") || !p.OK() {
			t.Errorf("%+v: %s %s", s, outcomesOf(p), all(p))
		}
		// Elsewhere all is new, but the password.
		text := strings.Replace(b.String(), ",viewer,,", ",viewer,again,", 1)
		text = strings.Replace(text, ";viewer;;", ";viewer;again;", 1)
		text = strings.Replace(text, `password: ""`, "password: again", 1)
		r := applied(t, read(t, "a."+string(s.Format), text, State{}))
		if got, want := camera(t, r.State, "cho-lang").ONVIF, camera(t, ward(), "cho-lang").ONVIF; got != want {
			t.Errorf("%+v: %+v", s, got)
		}
	}
	p := read(t, "a.yaml", "cameras:\n- {id: cho-lang, onvif: {address: 10.1.2.4, ptz: true}}\n- {id: lang-ha, onvif: null}\n", ward())
	if got := camera(t, applied(t, p).State, "cho-lang").ONVIF; got != (gateway.ONVIF{Address: "http://10.1.2.4/onvif/device_service", PTZ: true}) {
		t.Errorf("%+v", got)
	}
}
