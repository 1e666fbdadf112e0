package sheet

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"matthan/gateway"
)

func outcomesOf(p *Preview) string {
	var list []string
	for _, l := range p.Lines {
		what := ""
		if l.Area {
			what = "area "
		}
		list = append(list, strings.Join(strings.Fields(fmt.Sprintf("%d %s%s %s %s", l.Row, what, l.ID, l.Outcome, strings.Join(l.Fields, " "))), " "))
	}
	return strings.Join(list, "; ")
}

func TestRowFindsItsCamera(t *testing.T) {
	t.Parallel()
	const short = "id,name,area,kind,main\n"
	twins := ward()
	twins.Cameras = append(twins.Cameras, gateway.Camera{ID: "lang-ha-2", Name: "Láng Hạ", Area: "phuong-lang", Kind: gateway.Public, Main: "rtsp://10.1.2.3/main"})
	for _, tt := range []struct {
		symptom, text, want string
		now                 State
	}{
		{"by id", short + "lang-ha,Mới,phuong-lang,office,rtsp://10.1.2.99/1\n", "2 lang-ha changed name kind main", ward()},
		{"by main address", short + ",Mới,phuong-lang,public,rtsp://10.1.2.3/main\n", "2 lang-ha changed name", ward()},
		{"by area and name", short + ",láng hạ,phuong-lang,public,rtsp://10.1.2.3/other\n", "2 lang-ha changed name main", ward()},
		{"nothing new", short + ",Láng Hạ,Phường Láng,Công cộng,rtsp://10.1.2.3/main\n", "2 lang-ha unchanged", ward()},
		{"an id that nobody has", short + "moi,Láng Hạ,phuong-lang,public,rtsp://10.1.2.3/main\n", "2 moi added", ward()},
		{"an id and the kind alone", "id,kind\ncho-lang,office\n", "2 cho-lang changed kind", ward()},
		{"the same name elsewhere", short + ",Láng Hạ,phuong-vinh,public,rtsp://10.1.2.9/main\n", "2 lang-ha-2 added", ward()},
		{"tones are other names", short + ",Lạng Hạ,phuong-lang,public,rtsp://10.1.2.9/main\n", "2 lang-ha-2 added", ward()},
		{"the same row twice", short + ",A,phuong-lang,public,rtsp://h/1\n,A,phuong-lang,public,rtsp://h/1\n", "2 a added; 3 refused", ward()},
		{"the same id twice", short + "a,A,phuong-lang,public,rtsp://h/1\na,B,phuong-lang,public,rtsp://h/2\n", "2 a added; 3 a refused", ward()},
		{"two at one address", short + ",A,phuong-lang,public,rtsp://10.1.2.3/main\n,Láng Hạ,phuong-lang,public,rtsp://10.1.2.3/main\n", "2 a added; 3 lang-ha unchanged", ward()},
		{"two that fit", short + ",Láng Hạ,phuong-lang,public,rtsp://10.1.2.3/main\n", "2 refused", twins},
		{"an id kept for a later row", short + ",A,phuong-lang,public,rtsp://h/1\na,B,phuong-lang,public,rtsp://h/2\n", "2 a-2 added; 3 a added", ward()},
		{"no letter to make an id of", short + ",摄像头,phuong-lang,public,rtsp://h/1\n,***,phuong-lang,public,rtsp://h/2\n", "2 camera added; 3 camera-2 added", ward()},
	} {
		p := read(t, "a.csv", tt.text, tt.now)
		if got := outcomesOf(p); got != tt.want {
			t.Errorf("%s: %s, want %s\n%s", tt.symptom, got, tt.want, all(p))
		}
	}
}

func TestAreasAreMadeFromTheirNames(t *testing.T) {
	t.Parallel()
	const rows = "name,area,kind,main\n"
	for _, tt := range []struct{ symptom, cells, want string }{
		{"new below a known one", "A,Hà Nội / Phường Đống Đa,public,rtsp://h/1\n", "2 area phuong-dong-da added; 2 a added"},
		{"a whole path", "A,Huế / Phường An Cựu / Tổ 3,public,rtsp://h/1\n", "2 area hue added; 2 area phuong-an-cuu added; 2 area to-3 added; 2 a added"},
		{"shared", "A,Huế/X,public,rtsp://h/1\nB,huế / x,public,rtsp://h/2\n", "2 area hue added; 2 area x added; 2 a added; 3 b added"},
		{"a taken id is numbered", "A,Đà Nẵng / Phường Láng,public,rtsp://h/1\n", "2 area da-nang added; 2 area phuong-lang-2 added; 2 a added"},
		{"known by its own name alone", "A,phường láng,public,rtsp://h/1\n", "2 a added"},
		{"known by its id", "A,phuong-lang,public,rtsp://h/1\n", "2 a added"},
		{"two of that name", "A,Huế / Phường Láng,public,rtsp://h/1\nB,Phường Láng,public,rtsp://h/2\n", "2 area hue added; 2 area phuong-lang-2 added; 2 a added; 3 refused"},
		{"the second of that name below", "B,Phường Láng,public,rtsp://h/2\nA,Huế / Phường Láng,public,rtsp://h/1\n", "2 refused; 3 area hue added; 3 area phuong-lang-2 added; 3 a added"},
		{"no camera for it", "A,Huế,,rtsp://h/1\n", "2 refused"},
		{"all is taken", "A,ALL,public,rtsp://h/1\n", "2 area all-2 added; 2 a added"},
	} {
		p := read(t, "a.csv", rows+tt.cells, ward())
		if got := outcomesOf(p); got != tt.want {
			t.Errorf("%s: %s, want %s\n%s", tt.symptom, got, tt.want, all(p))
			continue
		}
		r, err := p.Apply(true)
		if err != nil {
			t.Errorf("%s: %v", tt.symptom, err)
			continue
		}
		if made := strings.Count(tt.want, "area "); len(r.ChangedAreas) != made || len(r.Areas) != len(ward().Areas)+made {
			t.Errorf("%s: %v", tt.symptom, r.ChangedAreas)
		}
	}
}

func TestAreasIDAndNamesMustAgree(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ cells, want string }{
		{"phuong-lang,Hà Nội / Phường Láng", "2 a added"},
		{"phuong-lang,", "2 a added"},
		{"phuong-lang,Phường Vinh", "2 refused"},
		{"phuong-moi,Hà Nội / Phường Mới", "2 area phuong-moi added; 2 a added"},
		{"q1,Hà Nội / Phường Mới", "2 area q1 added; 2 a added"},
		{"q1,Hà Nội / Phường Láng", "2 refused"},
		{"q1,", "2 refused"},
		{"Q 1,Hà Nội / Phường Mới", "2 refused"},
		{"all,Hà Nội / Phường Mới", "2 refused"},
	} {
		p := read(t, "a.csv", "Tên,Mã khu vực,Khu vực,Loại,RTSP\nA,"+tt.cells+",hộ dân,rtsp://h/1\n", ward())
		if got := outcomesOf(p); got != tt.want {
			t.Errorf("%s: %s, want %s\n%s", tt.cells, got, tt.want, all(p))
		}
	}
}

func TestWhatASheetDoesNotSpeakOfStays(t *testing.T) {
	t.Parallel()
	r := applied(t, read(t, "a.csv", "id,name\ncho-lang,Chợ mới\n", ward()))
	want := camera(t, ward(), "cho-lang")
	want.Name = "Chợ mới"
	if got := camera(t, r.State, "cho-lang"); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	r = applied(t, read(t, "a.csv", "id,sub,user,password,transport,keep_warm\ncho-lang,,,,,\n", ward()))
	want = camera(t, ward(), "cho-lang")
	want.Sub, want.Login, want.Transport, want.KeepWarm = "", gateway.Login{}, gateway.Auto, false
	if got := camera(t, r.State, "cho-lang"); !reflect.DeepEqual(got, want) {
		t.Errorf("empty cells: %+v", got)
	}
}

func TestStoredPasswordStaysWhereItWasSentBefore(t *testing.T) {
	t.Parallel()
	const cols = "id,main,sub,user,password\n"
	for _, tt := range []struct {
		cells, password string
		refused         bool
	}{
		{"cho-lang,rtsp://10.1.2.4/main,rtsp://10.1.2.4/sub,viewer,", "kept-7a1c", false},
		{"cho-lang,rtsp://10.1.2.4/main,,viewer,", "kept-7a1c", false},
		{"cho-lang,rtsp://10.1.2.4/main,rtsp://10.1.2.4/sub2,viewer,", "kept-7a1c", false},
		{"cho-lang,rtsp://10.1.2.4/main,rtsp://10.1.2.4/sub,viewer,new", "new", false},
		{"cho-lang,rtsp://10.1.2.5/main,,viewer,new", "new", false},
		{"cho-lang,rtsp://10.1.2.5/main,,,", "", false},
		{"cho-lang,rtsp://10.1.2.5/main,,viewer,", "", true},
		{"cho-lang,rtsp://10.1.2.4/other,,viewer,", "", true},
		{"cho-lang,rtsp://10.1.2.4/main,,other,", "", true},
		{"cho-lang,rtsp://10.1.2.4/main,rtsp://10.1.2.4:8554/sub,viewer,", "", true},
		{"cho-lang,rtsp://viewer@10.1.2.5/main,,,", "", true},
		{"cho-lang,rtsp://viewer:url@10.1.2.5/main,,,", "url", false},
	} {
		p := read(t, "a.csv", cols+tt.cells+"\n", ward())
		if p.OK() == tt.refused {
			t.Errorf("%s: %s", tt.cells, all(p))
			continue
		}
		if !tt.refused {
			if got := camera(t, applied(t, p).State, "cho-lang").Login.Password.Reveal(); got != tt.password {
				t.Errorf("%s: the password is %q", tt.cells, got)
			}
		}
	}
	if p := read(t, "a.csv", "id,main\ncho-lang,rtsp://thief.example/x\n", ward()); p.OK() {
		t.Error("a sheet without accounts moved a password to another machine")
	}
}

func TestAreaRowsOfYAML(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ symptom, areas, want string }{
		{"new, child first", "{id: b, name: B, parent: a}, {id: a, name: A}", "area b added; area a added"},
		{"renamed", "{id: phuong-lang, name: Láng}", "area phuong-lang changed name"},
		{"moved", "{id: phuong-lang, name: Phường Láng, parent: phuong-vinh}", "area phuong-lang changed parent"},
		{"parent left out stays", "{id: phuong-lang, name: Phường Láng}", "area phuong-lang unchanged"},
		{"to the top", "{id: phuong-lang, name: Phường Láng, parent: ''}", "area phuong-lang changed parent"},
		{"twice", "{id: a, name: A}, {id: a, name: B}", "area a added; area a refused"},
		{"a loop", "{id: ha-noi, parent: phuong-lang}, {id: a, name: A, parent: ha-noi}", "area ha-noi refused; area a refused"},
		{"no such parent", "{id: a, name: A, parent: nowhere}, {id: b, name: B, parent: a}, {id: c, name: C}", "area a refused; area b refused; area c added"},
		{"no id", "{name: A}", "area refused"},
		{"no name", "{id: a}", "area a refused"},
		{"all", "{id: all, name: A}", "area all refused"},
	} {
		p := read(t, "a.yaml", "areas: ["+tt.areas+"]\n", ward())
		if got := strings.ReplaceAll(outcomesOf(p), "1 area", "area"); got != tt.want {
			t.Errorf("%s: %s, want %s\n%s", tt.symptom, got, tt.want, all(p))
		}
		if r, err := p.Apply(true); err != nil || len(r.ChangedAreas) != p.Areas.Added+p.Areas.Changed {
			t.Errorf("%s: %+v, %v", tt.symptom, r, err)
		}
	}
}

// A move of one area can break others, of which the file does not speak.
func TestMoveThatMakesOtherAreasTooDeepIsRefused(t *testing.T) {
	t.Parallel()
	var now State
	for _, chain := range []string{"a", "b"} {
		for i := range 10 {
			a := gateway.Area{ID: gateway.AreaID(fmt.Sprintf("%s%d", chain, i)), Name: "X"}
			if i > 0 {
				a.Parent = gateway.AreaID(fmt.Sprintf("%s%d", chain, i-1))
			}
			now.Areas = append(now.Areas, a)
		}
	}
	p := read(t, "a.yaml", "areas: [{id: b0, parent: a9}]", now)
	if len(p.Problems) != 1 || p.Problems[0].Code != AreasDeep {
		t.Error(all(p))
	}
	if _, err := p.Apply(true); err != ErrRefused {
		t.Errorf("applied: %v", err)
	}
}
