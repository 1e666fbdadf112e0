package api

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
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
}

type text struct {
	VI string `json:"vi"`
	EN string `json:"en"`
}

var (
	unauthenticated = problem{"Unauthorized", http.StatusUnauthorized, "token",
		text{"Liên kết không đúng hoặc đã hết hạn. Hãy xin liên kết mới.", "The link is wrong or has expired. Ask for a new one."}}
	notFound = problem{"Not Found", http.StatusNotFound, "not_found",
		text{"Không có camera này, hoặc bạn chưa có quyền xem.", "There is no such camera, or you have no right to it."}}
	badMethod = problem{"Method Not Allowed", http.StatusMethodNotAllowed, "method",
		text{"Địa chỉ này chỉ để đọc.", "This address can only be read."}}
	internal = problem{"Internal Server Error", http.StatusInternalServerError, "internal",
		text{"Máy chủ gặp lỗi. Hãy thử lại.", "The gateway failed. Try again."}}
)

func fail(w http.ResponseWriter, p problem) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the caller may be gone
}
