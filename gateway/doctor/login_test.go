package doctor

import (
	"testing"

	"matthan/gateway"
	"matthan/gateway/rtsp"
	"matthan/gateway/simulate"
)

// A camera that a pull gets through to is not told to have refused its login.
func TestALoginThatAPullIsGivenIsNotCalledRefused(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"basic", "digest-md5", "digest-sha-256", "digest-qop", "digest-two", "digest-nonce-ages", "digest-nonce-once"} {
		rig, err := simulate.StartRig(simulate.RigOptions{Profiles: []string{name}, User: "viewer", Password: "mật khẩu"})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(rig.Close)
		is, err := rtsp.Describe(t.Context(), rtsp.Config{URL: rig.URL(name, simulate.Main), Login: gateway.Login{User: "viewer", Password: "mật khẩu"}})
		if err != nil || len(is.Medias) == 0 || len(is.Logins) == 0 {
			t.Errorf("%s: %+v, %v", name, is, err)
		}
	}
}
