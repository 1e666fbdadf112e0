package login

import (
	"net/http"
	"net/url"

	"matthan/auth/page"
)

// trouble is why somebody cannot sign in, as a page tells it.
type trouble struct {
	status int
	vi, en struct{ title, text, action string }
	again  bool // as somebody else
}

type say = struct{ title, text, action string }

var (
	silent = trouble{status: http.StatusServiceUnavailable,
		vi: say{"Chưa đăng nhập được", "Hệ thống đăng nhập chưa trả lời. Ai đang xem vẫn xem được. Hãy thử lại sau ít phút.", "Thử lại"},
		en: say{"Sign-in does not answer", "The identity provider does not answer. Those who are signed in go on. Try again in a few minutes.", "Try again"}}
	expired = trouble{status: http.StatusBadRequest,
		vi: say{"Lần đăng nhập này đã hết hạn", "Lần đăng nhập không bắt đầu từ trình duyệt này, đã quá 10 phút, hoặc trình duyệt không giữ cookie. Hãy mở trang bằng https và đăng nhập lại.", "Đăng nhập lại"},
		en: say{"This sign-in has expired", "It was not begun in this browser, is older than 10 minutes, or the browser keeps no cookies. Open the page by https and sign in again.", "Sign in again"}}
	refused = trouble{status: http.StatusForbidden,
		vi: say{"Không đăng nhập được", "Hệ thống đăng nhập đã từ chối.", "Thử lại"},
		en: say{"Not signed in", "The identity provider refused.", "Try again"}}
	failed = trouble{status: http.StatusBadGateway,
		vi: say{"Không đăng nhập được", "Câu trả lời của hệ thống đăng nhập không dùng được. Hãy thử lại; nếu vẫn lỗi, hãy báo quản trị.", "Thử lại"},
		en: say{"Not signed in", "The identity provider's answer could not be used. Try again, and tell an administrator if it goes on.", "Try again"}}
	noRole = trouble{status: http.StatusForbidden, again: true,
		vi: say{"Tài khoản chưa được cấp quyền", "Đăng nhập đúng, nhưng tài khoản này chưa có quyền xem camera.", "Dùng tài khoản khác"},
		en: say{"No rights yet", "You are signed in, but this account has no right to see cameras.", "Use another account"}}
	undecidable = trouble{status: http.StatusForbidden, again: true,
		vi: say{"Chưa xác định được quyền", "Tài khoản này thuộc quá nhiều nhóm nên hệ thống đăng nhập không gửi đủ danh sách.", "Dùng tài khoản khác"},
		en: say{"Rights are not known", "This account is in so many groups that the identity provider does not send them.", "Use another account"}}
)

// signedOut is told on the way to the provider.
var signedOut = map[page.Lang]say{
	page.Vietnamese: {"Đã đăng xuất", "Đã đăng xuất ở đây. Đang chuyển tới hệ thống đăng nhập để đăng xuất cả ở đó.", "Tiếp tục"},
	page.English:    {"Signed out", "You are signed out here. The identity provider is next.", "Go on"},
}

// sorry writes a page that says what is wrong and leads to a new sign-in.
func (l *Login) sorry(w http.ResponseWriter, lang page.Lang, t trouble, back string) {
	words, ask, whom := t.vi, " Hãy hỏi: ", "quản trị của đơn vị"
	if lang == page.English {
		words, ask, whom = t.en, " Ask: ", "your unit's administrator"
	} else {
		lang = page.Vietnamese
	}
	q := url.Values{"back": {local(back)}, "lang": {string(lang)}}
	text := words.text
	if t.again {
		if l.cfg.Contact != "" {
			whom = l.cfg.Contact
		}
		text += ask + whom + "."
		q.Set("again", "1")
	}
	if t.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "5")
	}
	page.Say(w, t.status, page.Page{Lang: lang, Title: words.title, Bad: true}, page.Message{Text: text, Action: words.action, Href: beginPath + "?" + q.Encode()})
}
