package audit

import "testing"

func TestAPicturesCodeLeadsToItsView(t *testing.T) {
	t.Parallel()
	const view = "4qx7rt2m01abcdef"
	for asked, want := range map[string]bool{
		view: true, "4QX-7RT2": true, "4qx 7rt2": true, "4QX7RT2MO1": true, "4qx7rt2mol": true, "4QX-7RT": false, "4QX-7RT3": false,
		"qx7rt2m": false, "": true, "v1": false,
	} {
		f := Filter{View: asked}
		e := Entry{}
		if e.View = view; f.Fits(&e) != want {
			t.Errorf("%q: %v", asked, !want)
		}
	}
	short := Entry{}
	if short.View = "v1"; !(&Filter{View: "v1"}).Fits(&short) {
		t.Error("the id of an old view does not lead to it")
	}
	if CodeOf(view) != "4qx7rt2" || CodeOf("v1") != "" {
		t.Error(CodeOf(view))
	}
}
