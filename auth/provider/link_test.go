package provider

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func (r *rig) setUp() string {
	r.t.Helper()
	link, err := SetUpLink(r.t.Context(), r.accounts, issuer, []string{"admin"}, time.Now())
	if err != nil {
		r.t.Fatal(err)
	}
	return link
}

func (r *rig) recover(login string) string {
	r.t.Helper()
	link, err := RecoverLink(r.t.Context(), r.accounts, issuer, login, time.Now())
	if err != nil {
		r.t.Fatal(err)
	}
	return link
}

func setUpForm(change ...string) url.Values {
	v := url.Values{"name": {"Trần Thị Bình"}, "login": {" Binh.TT "}, "password": {password}, "again": {password}}
	for i := 0; i < len(change); i += 2 {
		v.Set(change[i], change[i+1])
	}
	return v
}

func TestFirstAccountIsSetUpByALink(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.accounts = NewMemory()
	r.p.cfg.Accounts = r.accounts
	old := r.setUp()
	link := r.setUp()
	c := r.browser("192.0.2.1")
	if a := r.do(c, "GET", old, nil); a.code != 410 {
		t.Errorf("a link that was replaced: %d", a.code)
	}
	if a := r.do(r.browser("192.0.2.9"), "GET", link, nil); a.code != 200 { // a messenger looks what is behind it
		t.Errorf("preview: %d", a.code)
	}
	if a := r.do(c, "GET", link, nil); a.code != 200 || !strings.Contains(a.body, `autocomplete="new-password"`) || strings.Contains(a.body, strings.SplitN(link, ".", 4)[2]) {
		t.Fatalf("%d %s", a.code, a.body)
	}
	for want, form := range map[string]url.Values{
		"name-wrong":                 setUpForm("name", " "),
		"login-wrong":                setUpForm("login", "a b"),
		"ít nhất 10 ký tự":           setUpForm("password", "ngắn", "again", "ngắn"),
		"quá dễ đoán":                setUpForm("password", "matkhau123", "again", "matkhau123"),
		"giống tên":                  setUpForm("login", "tranthibinh", "password", "TranThiBinh"),
		"không giống nhau":           setUpForm("again", "khác hẳn đấy nhé"),
		`value="Trần Thị Bình"`:      setUpForm("again", ""),
		`aria-describedby="login-wr`: setUpForm("login", strings.Repeat("a", 65)),
	} {
		if a := r.do(c, "POST", issuer+"/link", form); a.code != 422 || !strings.Contains(a.body, want) {
			t.Errorf("%s: %d %s", want, a.code, a.body)
		}
	}
	if a := r.do(r.browser("192.0.2.1"), "POST", issuer+"/link", setUpForm()); a.code != 410 {
		t.Errorf("from a browser that did not open the link: %d", a.code)
	}
	if a := r.do(c, "POST", issuer+"/link", setUpForm()); a.code != 200 || !strings.Contains(a.body, "Đã đặt mật khẩu") {
		t.Fatalf("%d %s", a.code, a.body)
	}
	got, err := r.accounts.ByLogin(t.Context(), "binh.tt")
	if err != nil || got.Subject != FirstSubject || got.Name != "Trần Thị Bình" || !slices.Equal(got.Roles, []string{"admin"}) || got.Link.Digest != "" {
		t.Fatalf("%v %+v", err, got)
	}
	for _, again := range []*http.Client{c, r.browser("192.0.2.9")} {
		if a := r.do(again, "GET", link, nil); a.code != 410 {
			t.Errorf("the link works twice: %d", a.code)
		}
	}
	if _, err := SetUpLink(t.Context(), r.accounts, issuer, nil, time.Now()); !errors.Is(err, ErrSetUp) {
		t.Errorf("a second set-up: %v", err)
	}
	if a := r.send(c, r.form(c), "binh.tt", password); a.code != 302 || !slices.Contains(r.kinds(), WasSetUp) {
		t.Errorf("sign-in: %d", a.code)
	}
}

func TestRecoveryEndsWhatIsSignedIn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		c := r.browser("192.0.2.1")
		_, got := r.token(redeem(r.code(c)))
		link := r.recover("CÁNBỘ")
		if status, next := r.token(renew(got.Refresh)); status != 200 { // the link alone changes nothing
			t.Errorf("refresh: %d", status)
		} else {
			got = next
		}
		a := r.do(c, "GET", link, nil)
		if !strings.Contains(a.body, `value="cánbộ"`) || !strings.Contains(a.body, "readonly") || strings.Contains(a.body, `name="name"`) {
			t.Errorf("%d %s", a.code, a.body)
		}
		form := url.Values{"login": {"other"}, "password": {"một mật khẩu mới"}, "again": {"một mật khẩu mới"}, "lang": {"en"}}
		if a := r.do(c, "POST", issuer+"/link", form); a.code != 200 || !strings.Contains(a.body, "The password is set") {
			t.Fatalf("%d %s", a.code, a.body)
		}
		if status, _ := r.token(renew(got.Refresh)); status != 400 || r.families() != 0 || !slices.Contains(r.kinds(), Recovered) {
			t.Errorf("the old sign-in goes on: %d", status)
		}
		if a := r.send(c, r.form(c), "cánbộ", password); a.code != 401 {
			t.Errorf("the old password: %d", a.code)
		}
		if a := r.send(c, r.form(c), "cánbộ", "một mật khẩu mới"); a.code != 302 {
			t.Errorf("the new password: %d", a.code)
		}
		late := r.recover("cánbộ")
		r.do(c, "GET", late, nil)
		time.Sleep(linkLife)
		if a := r.do(c, "GET", late, nil); a.code != 410 {
			t.Errorf("a link of an hour: %d", a.code)
		}
		if a := r.do(c, "POST", issuer+"/link", form); a.code != 410 {
			t.Errorf("its form: %d", a.code)
		}
	})
}

func TestLinkIsGoodOnceEvenAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	link := r.recover("cánbộ")
	var wg sync.WaitGroup
	codes := make([]int, 4)
	for i := range codes {
		c := r.browser("192.0.2." + string(rune('1'+i)))
		r.do(c, "GET", link, nil)
		wg.Go(func() { codes[i] = r.do(c, "POST", issuer+"/link", setUpForm()).code })
	}
	wg.Wait()
	slices.Sort(codes)
	if !slices.Equal(codes, []int{200, 410, 410, 410}) {
		t.Errorf("%v", codes)
	}
}

func TestLinksThatAreNone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.recover("cánbộ")
	c := r.browser("192.0.2.1")
	for _, token := range []string{"", "x", "u1.", "u1.x", ".", "first.x", "u1." + strings.Repeat("x", 2*maxValue), "a%2Fb.c", "%00.x"} {
		if a := r.do(c, "GET", issuer+"/link/"+token, nil); a.code != 410 {
			t.Errorf("%.20q: %d", token, a.code)
		}
	}
	if a := r.do(c, "GET", issuer+"/link", nil); a.code != 410 {
		t.Errorf("none: %d", a.code)
	}
	if _, err := RecoverLink(t.Context(), r.accounts, issuer, "nobody", time.Now()); !errors.Is(err, ErrNoAccount) {
		t.Errorf("for nobody: %v", err)
	}
	_ = r.accounts.Change(t.Context(), "u1", func(a *Account) error { a.Disabled = true; return nil })
	if _, err := RecoverLink(t.Context(), r.accounts, issuer, "cánbộ", time.Now()); err == nil || !strings.Contains(err.Error(), "enable it") {
		t.Errorf("for a disabled account: %v", err)
	}
}

func TestLoginThatIsTakenIsRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	link := r.setUp()
	c := r.browser("192.0.2.1")
	r.do(c, "GET", link, nil)
	if a := r.do(c, "POST", issuer+"/link", setUpForm("login", "CÁNBỘ")); a.code != 422 || !strings.Contains(a.body, "đã có người dùng") {
		t.Errorf("%d %s", a.code, a.body)
	}
	if a := r.do(c, "POST", issuer+"/link", setUpForm()); a.code != 200 {
		t.Errorf("another name: %d", a.code)
	}
}
