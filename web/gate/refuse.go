package gate

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"matthan/auth/page"
)

// refusal is a problem document (RFC 9457), and the same for people.
type refusal struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Code   string `json:"code"`
	Text   text   `json:"text"`
}

type text struct {
	VI string `json:"vi"`
	EN string `json:"en"`
}

var (
	slowDown = refusal{Title: "Too Many Requests", Status: http.StatusTooManyRequests, Code: "too_many",
		Text: text{"Quá nhiều yêu cầu cùng lúc. Hãy đợi một chút rồi thử lại.", "Too many at once. Wait a moment and try again."}}
	stranger = refusal{Title: "Forbidden", Status: http.StatusForbidden, Code: "origin",
		Text: text{"Yêu cầu đến từ một trang web khác. Hãy mở lại trang Mắt thần.", "The request comes from another site's page. Open the gateway's own page."}}
)

// tooMany says when to come back (RFC 6585 section 4).
func tooMany(w http.ResponseWriter, r *http.Request, wait time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(wait.Seconds())))))
	slowDown.write(w, r)
}

func otherSite(w http.ResponseWriter, r *http.Request) { stranger.write(w, r) }

func (f refusal) write(w http.ResponseWriter, r *http.Request) {
	if strings.Contains(r.Header.Get("Accept"), "text/html") { // a person's page
		p := page.Page{Lang: page.LangOf(r.Header.Get("Accept-Language")), Title: "Hãy đợi một chút", Bad: true}
		m := page.Message{Text: f.Text.VI}
		if f.Status == http.StatusForbidden {
			p.Title = "Không thực hiện được"
		}
		if p.Lang == page.English {
			p.Title, m.Text = f.Title, f.Text.EN
		}
		page.Say(w, f.Status, p, m)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(f.Status)
	_ = json.NewEncoder(w).Encode(f) // the caller may be gone
}
