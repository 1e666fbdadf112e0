package api

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// compressFrom is the size in bytes from which an answer is worth compressing.
const compressFrom = 1 << 10

// answer sends doc, or only that it has not changed (RFC 9110 section 13.1.2).
func (a *API) answer(w http.ResponseWriter, r *http.Request, doc any) {
	body, err := json.Marshal(doc)
	if err != nil {
		a.Log.Error("api: an answer cannot be written", "err", err)
		fail(w, internal)
		return
	}
	h := w.Header()
	h.Add("Vary", "Accept-Encoding")
	sum := sha256.Sum256(body)
	tag := `W/"` + base64.RawURLEncoding.EncodeToString(sum[:15]) + `"` // weak: it names the content, compressed or not
	h.Set("ETag", tag)
	if sameTag(r.Header.Values("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", "application/json; charset=utf-8")
	if len(body) >= compressFrom && acceptsGzip(r.Header.Values("Accept-Encoding")) {
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		_, _ = z.Write(body) // to memory: cannot fail
		_ = z.Close()
		body = packed.Bytes()
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // the caller may be gone
}

func sameTag(headers []string, tag string) bool {
	for _, h := range headers {
		for t := range strings.SplitSeq(h, ",") {
			if t = strings.TrimSpace(t); t == "*" || strings.TrimPrefix(t, "W/") == strings.TrimPrefix(tag, "W/") {
				return true
			}
		}
	}
	return false
}

// acceptsGzip reads Accept-Encoding (RFC 9110 section 12.5.3).
func acceptsGzip(headers []string) bool {
	for _, h := range headers {
		for item := range strings.SplitSeq(h, ",") {
			coding, params, _ := strings.Cut(item, ";")
			if !strings.EqualFold(strings.TrimSpace(coding), "gzip") {
				continue
			}
			weight, ok := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
			if q, err := strconv.ParseFloat(weight, 64); !ok || err != nil || q > 0 {
				return true
			}
		}
	}
	return false
}

// problem is a problem document (RFC 9457 section 3). Code is for programs,
// Text for people.
type problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Code   string `json:"code"`
	Text   text   `json:"text"`

	Errors []fault `json:"errors,omitempty"`
}

// fault is what is wrong with one field.
type fault struct {
	Field  string `json:"field,omitempty"`
	Detail string `json:"detail"`
}

// with is p with another fault.
func (p problem) with(field, detail string) problem {
	p.Errors = append(slices.Clone(p.Errors), fault{field, detail})
	return p
}

type text struct {
	VI string `json:"vi"`
	EN string `json:"en"`
}

var (
	unauthenticated = problem{Title: "Unauthorized", Status: http.StatusUnauthorized, Code: "token",
		Text: text{"Liên kết không đúng hoặc đã hết hạn. Hãy xin liên kết mới.", "The link is wrong or has expired. Ask for a new one."}}
	notFound = problem{Title: "Not Found", Status: http.StatusNotFound, Code: "not_found",
		Text: text{"Không có camera này, hoặc bạn chưa có quyền xem.", "There is no such camera, or you have no right to it."}}
	badMethod = problem{Title: "Method Not Allowed", Status: http.StatusMethodNotAllowed, Code: "method",
		Text: text{"Địa chỉ này không nhận lệnh như vậy.", "This address takes other methods only: see Allow."}}
	badType = problem{Title: "Unsupported Media Type", Status: http.StatusUnsupportedMediaType, Code: "type",
		Text: text{"Hãy gửi nội dung JSON.", "Send JSON, as application/json."}}
	badSheet = problem{Title: "Unsupported Media Type", Status: http.StatusUnsupportedMediaType, Code: "type",
		Text: text{"Chỉ nhận tệp CSV hoặc YAML.", "Only CSV (text/csv) and YAML (application/yaml) are taken."}}
	badBody = problem{Title: "Bad Request", Status: http.StatusBadRequest, Code: "body",
		Text: text{"Nội dung gửi lên không đọc được.", "What was sent cannot be read."}}
	tooLarge = problem{Title: "Content Too Large", Status: http.StatusRequestEntityTooLarge, Code: "large",
		Text: text{"Nội dung gửi lên quá lớn.", "What was sent is too large."}}
	wrong = problem{Title: "Unprocessable Content", Status: http.StatusUnprocessableEntity, Code: "wrong",
		Text: text{"Có mục chưa đúng. Hãy sửa rồi gửi lại.", "Something is not right. Correct it and send it again."}}
	ownRights = problem{Title: "Unprocessable Content", Status: http.StatusUnprocessableEntity, Code: "own_rights",
		Text: text{"Không ai tự đổi vai trò, khu vực hay khóa tài khoản của chính mình. Hãy nhờ quản trị viên khác.", "Nobody changes their own roles and areas, or shuts themselves out. Ask another administrator."}}
	needsVersion = problem{Title: "Precondition Required", Status: http.StatusPreconditionRequired, Code: "version",
		Text: text{"Hãy tải lại rồi sửa.", "Load it first: a change needs If-Match with its ETag, something new If-None-Match: *."}}
	conflict = problem{Title: "Precondition Failed", Status: http.StatusPreconditionFailed, Code: "conflict",
		Text: text{"Người khác vừa sửa mục này. Hãy tải lại.", "Somebody else has just changed it. Load it again."}}
	inUse = problem{Title: "Conflict", Status: http.StatusConflict, Code: "in_use",
		Text: text{"Khu vực này còn camera hoặc khu vực con. Hãy chuyển chúng đi trước.", "The area still holds cameras or areas. Move them first."}}
	lent = problem{Title: "Conflict", Status: http.StatusConflict, Code: "lent",
		Text: text{"Địa chỉ này là, hoặc đã từng là, của camera một hộ dân. Camera đó giữ mã cũ và cần sự đồng ý của chủ nhà.",
			"A citizen's camera is, or was, at this address. It stays under its own id, with its owner's consent."}}
	entered = problem{Title: "Conflict", Status: http.StatusConflict, Code: "entered",
		Text: text{"Camera này còn được nhập dưới một mã khác, nơi ai cũng xem được mà không cần chủ nhà đồng ý. Phải xóa mã kia trước.",
			"This camera is entered under another id, too, where it would be seen without its owner's consent. The other one has to be removed first."}}
	noEntry = problem{Title: "Not Found", Status: http.StatusNotFound, Code: "not_found",
		Text: text{"Không có mục này, hoặc bạn chưa có quyền.", "There is no such entry, or you have no right to it."}}
	quicker = problem{Title: "Conflict", Status: http.StatusConflict, Code: "answered",
		Text: text{"Yêu cầu đã được xử lý. Hãy tải lại.", "It has been answered already. Load it again."}}
	inForce = problem{Title: "Conflict", Status: http.StatusConflict, Code: "in_force",
		Text: text{"Quyền khẩn cấp trước của bạn vẫn còn hiệu lực.", "Your last emergency is still in force."}}
	noView = problem{Title: "Conflict", Status: http.StatusConflict, Code: "no_view",
		Text: text{"Hình này không còn mở trên máy của bạn. Hãy chụp lại.", "This view is no longer open on your screen. Take the picture again."}}
	unrecorded = problem{Title: "Internal Server Error", Status: http.StatusInternalServerError, Code: "unrecorded",
		Text: text{"Không ghi được nhật ký. Việc đã làm có thể đã có hiệu lực. Hãy báo quản trị viên.", "The log cannot be written. What was done may be in force. Tell an administrator."}}
	internal = problem{Title: "Internal Server Error", Status: http.StatusInternalServerError, Code: "internal",
		Text: text{"Máy chủ gặp lỗi. Hãy thử lại.", "The gateway failed. Try again."}}
)

func fail(w http.ResponseWriter, p problem) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the caller may be gone
}
