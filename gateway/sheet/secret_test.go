package sheet

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"matthan/gateway"
	"matthan/gateway/rtsp"
)

// A password must reach nobody, wherever an officer has put it: not the report,
// not an error, not a preview that somebody prints, not an export.
func TestPasswordInAFileIsToldToNobody(t *testing.T) {
	t.Parallel()
	const canary = "canary-41fe"
	const address = "rtsp://admin:" + canary + "@10.1.2.9/main"
	head := strings.TrimSpace(head) + ",onvif,onvif_identity,onvif_profile,ptz\n"
	good := []string{"a", "A", "phuong-lang", "public", "rtsp://h/1", "", "", "", "", "", "", "", "", "", "", "", ""}
	with := func(column int, value string) string {
		row := append([]string{}, good...)
		row[column] = value
		return head + strings.Join(row, ",") + "\n"
	}
	files := map[string]string{
		"no header.csv":   address + ",admin," + canary + "\n",
		"slipped.csv":     head + canary + "A,phuong-lang,public," + address + "\n",
		"header.csv":      "id,name," + address + "\nx,y,z\n",
		"quote.csv":       head + "a,A,phuong-lang,public,\"" + address + "\n",
		"both.csv":        with(4, address+",rtsp://admin:other@h/2"),
		"twice.csv":       with(4, address) + strings.SplitN(with(4, address), "\n", 2)[1],
		"a.yaml":          "cameras: [{id: a, name: A, area: phuong-lang, kind: public, main: '" + address + "', login: {user: admin, password: " + canary + "}}]",
		"shape.yaml":      "cameras: [{id: a, login: {admin: x, " + canary + "}, kind: {" + canary + ": 1}}]",
		"key.yaml":        canary + ": 1\ncameras: [" + canary + "]",
		"syntax.yaml":     "cameras:\n- id: a\n  login: {user: a, password: *" + canary + "}\n",
		"syntax two.yaml": "cameras:\n- id: 'a\n  " + canary + ": \"\n",
		"tag.yaml":        "cameras:\n- {id: a, name: !!float " + canary + ", keep_warm: !!bool " + canary + "}\n",
	}
	for column := range good {
		if column != 1 {
			files[fmt.Sprintf("column %d.csv", column)] = with(column, address)
		}
		if column > 2 {
			files[fmt.Sprintf("cell %d.csv", column)] = with(column, canary)
		}
	}
	files["name.csv"] = with(1, address)
	for name, text := range files {
		p, err := Read(name, strings.NewReader(text), ward(), Options{IgnoreUnknownColumns: true})
		said := fmt.Sprint(err)
		if p != nil {
			r, _ := p.Apply(true)
			j, err := json.Marshal(struct {
				P *Preview
				R *Result
			}{p, r})
			if err != nil {
				t.Fatal(err)
			}
			said += all(p) + string(j) + fmt.Sprintf("%v %+v %#v %+v %v", p, p, p, *p, r)
			if r != nil && name != "column 6.csv" && name != "cell 6.csv" { // the account's name is no secret
				for _, f := range []Format{CSV, YAML} {
					var b bytes.Buffer
					if err := Write(&b, Style{Format: f}, r.State); err != nil {
						t.Fatal(err)
					}
					said += b.String()
				}
			}
		}
		if name == "column 6.csv" || name == "cell 6.csv" {
			continue
		}
		for _, secret := range []string{canary, "kept-7a1c"} { // of the file, and of the store
			if i := strings.Index(said, secret); i >= 0 {
				t.Errorf("%s tells a password: %s", name, said[max(0, i-200):min(len(said), i+100)])
			}
		}
	}
}

func TestLoginIsMovedOutOfTheAddress(t *testing.T) {
	t.Parallel()
	p := read(t, "a.csv", "name,area,kind,main,sub\nA,phuong-lang,public,rtsp://admin:p@ss@10.9.9.9/main,rtsp://admin:p%40ss@10.9.9.9/sub\n", ward())
	c := camera(t, applied(t, p).State, "a")
	if c.Main != "rtsp://10.9.9.9/main" || c.Sub != "rtsp://10.9.9.9/sub" || c.Login != (gateway.Login{User: "admin", Password: "p@ss"}) {
		t.Errorf("%s %s %s %s", c.Main, c.Sub, c.Login.User, c.Login.Password.Reveal())
	}
	if w := p.Lines[0].Warnings; len(w) != 2 || w[0].Code != LoginMoved || w[1].Letter != "E" {
		t.Error(all(p))
	}
}

// Some makes want the password in the path or the query.
func TestExportHidesPasswordsInAddresses(t *testing.T) {
	t.Parallel()
	now := ward()
	now.Cameras[0].Main = "rtsp://10.1.2.4/user=admin_password=canary-9_channel=1"
	now.Cameras[0].Sub = "rtsp://10.1.2.4/?user=admin&PWD=canary-9&channel=1"
	for _, f := range []Format{CSV, YAML} {
		var b bytes.Buffer
		if err := Write(&b, Style{Format: f}, now); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), "canary-9") || !strings.Contains(b.String(), "channel=1") {
			t.Errorf("%s", b.String())
		}
		p := read(t, "a."+string(f), b.String(), now)
		if got := camera(t, applied(t, p).State, "cho-lang"); got.Main != now.Cameras[0].Main || got.Sub != now.Cameras[0].Sub {
			t.Errorf("%s: the hidden passwords are lost: %+v", f, got)
		}
		p = read(t, "a."+string(f), strings.Replace(b.String(), "rtsp://10.1.2.4/user", "rtsp://10.1.2.5/user", 1), now)
		if p.OK() || !strings.Contains(all(p), "hides passwords") {
			t.Error(all(p))
		}
	}
}

// The two rooms may not import each other, and must read addresses alike.
func FuzzAddressIsReadAsTheSourceReadsIt(f *testing.F) {
	for _, s := range []string{"rtsp://h/1", " RTSPS://u:p@[::1]:322/x?y=1 ", "rtsp://u:p@ss@h", "rtsp://u:p/q@h/", "http://h", "rtsp://", "rtsp://h:0/",
		"rtsp://h/#x", "rtsp://h/%zz", "rtsp://h:/", "rtsp://u%3A:%2F@h/ä ö", "rtsp://" + strings.Repeat("h", 2100)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		clean, login, wrong := parseAddress(raw)
		want, wantLogin, err := rtsp.ParseURL(raw)
		if clean != want || login != wantLogin || (wrong != "") != (err != nil) {
			t.Errorf("%q: %q %q %s, the source reads %q %q %v", raw, clean, login.User, wrong, want, wantLogin.User, err)
		}
	})
}
