package api

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"matthan/gateway"
)

func TestOutagesOfOneHostAreOne(t *testing.T) {
	t.Parallel()
	since := time.UnixMilli(1_700_000_000_000)
	var cameras []gateway.Camera
	troubles := map[gateway.CameraID]gateway.Trouble{}
	add := func(id, host string, is *gateway.Trouble) {
		c := gateway.Camera{ID: gateway.CameraID(id), Name: id, Main: "rtsp://" + host + "/" + id}
		cameras = append(cameras, c)
		if is != nil {
			troubles[c.ID] = *is
		}
	}
	gone := func(after time.Duration) *gateway.Trouble {
		return &gateway.Trouble{Since: since.Add(after), Cause: gateway.CauseUnreachable}
	}
	add("a1", "10.0.0.1:554", gone(time.Minute))
	add("a2", "10.0.0.1:8554", gone(0))
	add("b1", "10.0.0.2", gone(2*time.Minute))
	add("b2", "10.0.0.2", gone(2*time.Minute))
	add("b3", "10.0.0.2", nil)
	add("c1", "[2001:db8::1]:554", gone(3*time.Minute))
	add("d1", "10.0.0.4", &gateway.Trouble{Since: since.Add(4 * time.Minute), Unsteady: true})
	add("e1", "10.0.0.5", nil)
	doc := groupOutages(slices.Values(cameras), troubles)
	got := ""
	for _, o := range doc.Outages {
		got += fmt.Sprintf("%s %q %d %v; ", o.State, o.Host, o.Count, o.Whole)
	}
	if want := `unsteady "" 1 true; offline "" 1 true; offline "10.0.0.2" 2 false; offline "10.0.0.1" 2 true; `; got != want || doc.Cameras != 6 {
		t.Errorf("%d cameras: %s\nwant %s", doc.Cameras, got, want)
	}
	if last := doc.Outages[3]; last.Since != since.UnixMilli() || last.Cause != "unreachable" || last.Cameras[1].ID != "a2" {
		t.Errorf("%+v", last)
	}
}

func TestWhatIsToldOfOutagesIsBounded(t *testing.T) {
	t.Parallel()
	var cameras []gateway.Camera
	troubles := map[gateway.CameraID]gateway.Trouble{}
	for i := range 1000 {
		host := fmt.Sprintf("10.0.%d.%d", i/200, i%200)
		if i < 100 {
			host = "10.1.1.1"
		}
		c := gateway.Camera{ID: gateway.CameraID(fmt.Sprintf("c%d", i)), Main: "rtsp://" + host + "/"}
		cameras, troubles[c.ID] = append(cameras, c), gateway.Trouble{Since: time.UnixMilli(int64(2000 - i))}
	}
	doc := groupOutages(slices.Values(cameras), troubles)
	if doc.Cameras != 1000 || len(doc.Outages) != maxOutages {
		t.Errorf("%d cameras in %d outages", doc.Cameras, len(doc.Outages))
	}
	at := slices.IndexFunc(doc.Outages, func(g goneDoc) bool { return g.Count == 100 })
	if at < 0 || len(doc.Outages[at].Cameras) != maxOutageNames {
		t.Errorf("outage %d", at)
	}
	for id, is := range troubles {
		is.Network = true
		troubles[id] = is
	}
	if doc := groupOutages(slices.Values(cameras), troubles); len(doc.Outages) != 1 || doc.Outages[0].State != "network" || doc.Outages[0].Count != 1000 || doc.Outages[0].Host != "" {
		t.Errorf("%+v", doc.Outages)
	}
}
