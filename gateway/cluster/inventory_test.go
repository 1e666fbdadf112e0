package cluster

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"matthan/gateway"
)

const testPassword = "canary-7f3a"

func openInventory(t *testing.T, s *Store) *Inventory {
	t.Helper()
	inv, err := s.Inventory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

// testAreas are a city and wards in it, n in all.
func testAreas(n int) []gateway.Area {
	areas := []gateway.Area{{ID: "area-0", Name: "Hà Nội", Level: "thành phố", Codes: []gateway.AreaCode{{Code: "01"}}}}
	reform := time.Date(2025, 7, 1, 0, 0, 0, 0, time.FixedZone("", 7*3600))
	for i := 1; i < n; i++ {
		areas = append(areas, gateway.Area{
			ID: gateway.AreaID(fmt.Sprint("area-", i)), Name: "Phường", Parent: "area-0", Level: "phường",
			Codes: []gateway.AreaCode{{Code: fmt.Sprintf("%05d", i), Until: reform}, {Code: fmt.Sprintf("1%05d", i), From: reform}},
		})
	}
	return areas
}

func testCamera(i int) gateway.Camera {
	return gateway.Camera{
		ID: gateway.CameraID(fmt.Sprint("camera-", i)), Name: "Ngã tư", Area: "area-0", Kind: gateway.Institution,
		Position: &gateway.Position{Lat: 21.0126, Lng: 105.8169}, Main: "rtsp://10.1.2.3/main", Sub: "rtsp://10.1.2.3/sub",
		Login: gateway.Login{User: "viewer", Password: testPassword}, Transport: gateway.UDP, KeepWarm: true, AnyCertificate: true, Sound: true,
		ONVIF:  gateway.ONVIF{Address: "http://10.1.2.3/onvif/device_service", Identity: "urn:uuid:1", Profile: "main", PTZ: true},
		Marked: true, Masks: []gateway.Mask{{{X: 0, Y: 0}, {X: 0.25, Y: 0}, {X: 0, Y: 1}}},
	}
}

func testCameras(n, areas int) []gateway.Camera {
	var cameras []gateway.Camera
	for i := range n {
		c := testCamera(i)
		c.Area = gateway.AreaID(fmt.Sprint("area-", i%areas))
		cameras = append(cameras, c)
	}
	return cameras
}

func TestCameraComesBackWithAllItsFields(t *testing.T) {
	t.Parallel()
	v := reflect.ValueOf(testCamera(1))
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Errorf("the test camera's %s is not set, and nothing is proved", v.Type().Field(i).Name)
		}
	}
	dir := t.TempDir()
	s := openTest(t, dir)
	inv := openInventory(t, s)
	for _, a := range testAreas(3) {
		if _, err := inv.PutArea(t.Context(), a, 0); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := inv.PutCamera(t.Context(), testCamera(1), 0); err != nil {
		t.Fatal(err)
	}
	for range 2 { // in this process and in the next
		if c, err := inv.Camera("camera-1"); err != nil || !reflect.DeepEqual(c, testCamera(1)) {
			t.Errorf("%+v, %v", c, err)
		}
		for i, a := range inv.Areas() {
			if !a.Equal(testAreas(3)[i]) {
				t.Errorf("%+v", a)
			}
		}
		if p := gateway.AreaPath(inv, "area-1"); len(p) != 2 || p[1] != "area-0" {
			t.Errorf("%v", p)
		}
		mustClose(t, s)
		s = openTest(t, dir)
		inv = openInventory(t, s)
	}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(name)
		if strings.Contains(string(content), testPassword) {
			t.Errorf("%s holds the password", name)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestReadersSeeAWriteOnceItReturns(t *testing.T) {
	t.Parallel()
	inv := openInventory(t, openTest(t, t.TempDir()))
	changed := inv.Changed()
	if _, err := inv.PutCamera(t.Context(), testCamera(1), 0); err == nil {
		t.Error("a camera in no area was taken")
	}
	areaRevision, err := inv.PutArea(t.Context(), testAreas(1)[0], 0)
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-changed:
	default:
		t.Error("readers were not told")
	}
	c := testCamera(1)
	first, err := inv.PutCamera(t.Context(), c, 0)
	if err != nil || inv.Revision(c.ID) != first {
		t.Fatal(first, err)
	}
	c.Name = "Cầu Giấy"
	second, err := inv.PutCamera(t.Context(), c, first)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := inv.Camera(c.ID); err != nil || got.Name != c.Name {
		t.Errorf("%v, %v", got.Name, err)
	}
	if _, err := inv.PutCamera(t.Context(), c, first); !errors.Is(err, ErrConflict) {
		t.Errorf("an old revision: %v", err)
	}
	if err := inv.DeleteArea(t.Context(), "area-0", areaRevision); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("an area with a camera in it was removed: %v", err)
	}
	child := gateway.Area{ID: "child", Name: "Tổ 1", Parent: "area-0"}
	if _, err := inv.PutArea(t.Context(), child, 0); err != nil {
		t.Fatal(err)
	}
	if err := inv.DeleteCamera(t.Context(), c.ID, second); err != nil {
		t.Fatal(err)
	}
	if _, err := inv.Camera(c.ID); !errors.Is(err, gateway.ErrNotFound) {
		t.Errorf("a removed camera: %v", err)
	}
	if err := inv.DeleteArea(t.Context(), "area-0", areaRevision); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("an area with another in it was removed: %v", err)
	}
	if err := inv.DeleteArea(t.Context(), "child", inv.AreaRevision("child")); err != nil {
		t.Error(err)
	}
	if err := inv.DeleteArea(t.Context(), "area-0", areaRevision); err != nil || len(inv.Areas()) != 0 {
		t.Error(inv.Areas(), err)
	}
}

func TestImportOfAWholeCity(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openTest(t, dir)
	inv := openInventory(t, s)
	areas, cameras := testAreas(160), testCameras(3000, 160)
	began := time.Now()
	if err := inv.Replace(t.Context(), areas, cameras); err != nil {
		t.Fatal(err)
	}
	took := time.Since(began)
	before := inv.Revision("camera-7")
	began = time.Now()
	cameras[8].Name = "Đổi tên"
	if err := inv.Replace(t.Context(), areas[:], cameras[:2999]); err != nil {
		t.Fatal(err)
	}
	again := time.Since(began)
	if inv.Revision("camera-7") != before {
		t.Error("a camera that the import did not change has a new revision")
	}
	mustClose(t, s)
	began = time.Now()
	inv = openInventory(t, openTest(t, dir))
	opened := time.Since(began)
	// No limits: these are syncs of a disk that others use too.
	t.Logf("3,000 cameras in 160 areas: import %v, again with two changes %v, open %v", took, again, opened)
	if n := len(inv.Cameras()); n != 2999 || len(inv.Areas()) != 160 {
		t.Errorf("%d cameras, %d areas", n, len(inv.Areas()))
	}
	if c, err := inv.Camera("camera-8"); err != nil || c.Name != "Đổi tên" {
		t.Errorf("%+v, %v", c, err)
	}
}
