package signaling

import "matthan/gateway"

// Codes of error and bye messages, and of WHEP problem documents.
const (
	CodeBadMessage   = "bad_message"  // no JSON, or a field of the wrong kind
	CodeUnknownType  = "unknown_type" // no such message type
	CodeVersion      = "version"      // hello asks for another protocol version
	CodeTooLarge     = "too_large"    // a message over MaxMessage
	CodeTooMany      = "too_many"     // messages, tiles, sockets or viewers over their limit
	CodeSlow         = "slow"         // hello or reading took too long
	CodeToken        = "token"        // the token is wrong, expired or withdrawn
	CodeOffer        = "offer"        // an offer that cannot be answered
	CodeOfferNoVideo = "offer_no_video"
	CodeOfferSends   = "offer_sends"
	CodeNoTile       = "no_tile" // a view for a tile that the offer has no line for
	CodeNotFound     = "not_found"
	CodeRestarting   = "restarting"
	CodeTaken        = "taken"           // another socket resumed the session
	CodeOrigin       = "origin"          // a page of an origin that is not allowed
	CodeUnrecorded   = "unrecorded"      // the audit log cannot be written, so nothing may be watched
	CodeCase         = "case_needed"     // a citizen's camera, of one who has the right to it and no open case that its owner agreed to
	CodeClosed       = "closed_by_owner" // a citizen's camera, of one who has the right to it, at a time that its owner did not agree to
	CodeEnded        = "view_ended"      // an administrator ended the view, not a minute ago
	CodeNoTurn       = "no_turn"         // the camera cannot be turned, or not by this viewer
	CodeStick        = "stick"           // another viewer turns the camera
	CodeMasked       = "other_masks"     // the camera was given masks a moment ago, or has none any more
	CodeNoRungs      = "no_rungs"        // the camera is shown through ffmpeg only, and there is none
	CodeNoSound      = "no_sound"        // the camera's sound is not switched on, or not for this viewer, or the offer had no line for it
	CodeInternal     = "internal"
)

var texts = map[string]Text{
	CodeBadMessage:   {"Trang và máy chủ không hiểu nhau. Hãy tải lại trang.", "The page and the gateway do not understand each other. Reload the page."},
	CodeUnknownType:  {"Trang dùng lệnh mà máy chủ không biết. Hãy tải lại trang.", "The page used a message that the gateway does not know. Reload the page."},
	CodeVersion:      {"Trang đã cũ. Hãy tải lại trang.", "The page is out of date. Reload it."},
	CodeTooLarge:     {"Dữ liệu gửi lên quá lớn.", "The message is too large."},
	CodeTooMany:      {"Quá nhiều yêu cầu cùng lúc. Hãy đợi một chút rồi thử lại.", "Too many at once. Wait a moment and try again."},
	CodeSlow:         {"Mạng quá chậm, kết nối đã đóng.", "The network is too slow; the connection was closed."},
	CodeToken:        {"Liên kết không đúng hoặc đã hết hạn. Hãy xin liên kết mới.", "The link is wrong or has expired. Ask for a new one."},
	CodeOffer:        {"Trình duyệt gửi lời mời mà máy chủ không trả lời được.", "The offer cannot be answered."},
	CodeOfferNoVideo: {"Lời mời không có hình H.264. Trình duyệt này không xem được camera.", "The offer has no H.264 video. This browser cannot show cameras."},
	CodeOfferSends:   {"Máy chủ chỉ gửi hình, không nhận. Lời mời phải là recvonly.", "The gateway only sends. The offer must be recvonly."},
	CodeNoTile:       {"Ô hình này chưa được mở.", "There is no such tile."},
	CodeNotFound:     {"Không có camera này, hoặc bạn chưa có quyền xem.", "There is no such camera, or you have no right to it."},
	CodeRestarting:   {"Máy chủ khởi động lại, hình sẽ tự trở lại.", "The gateway is restarting; the picture will come back by itself."},
	CodeTaken:        {"Phiên này đã được mở ở kết nối khác.", "This session went on over another connection."},
	CodeOrigin:       {"Trang web này chưa được phép nhúng hình. Quản trị cần thêm địa chỉ của trang vào mục origins.", "This site may not show cameras yet. The administrator must add its origin to origins."},
	CodeUnrecorded:   {"Không ghi được nhật ký, nên không được xem. Hãy báo quản trị viên.", "The log cannot be written, so nothing may be watched. Tell an administrator."},
	CodeCase:         {"Đây là camera nhà dân. Hãy nêu vụ việc đang xử lý, với lý do mà chủ camera đã đồng ý.", "This is a citizen's camera. State the case that you work on, for a reason that its owner agreed to."},
	CodeClosed:       {"Chủ camera hiện không cho xem.", "The camera's owner does not have it viewed now."},
	CodeEnded:        {"Quản trị viên đã ngắt lượt xem này. Sau một phút có thể mở lại.", "An administrator has ended this view. It can be opened again after a minute."},
	CodeNoTurn:       {"Camera này không xoay được, hoặc bạn chưa có quyền điều khiển.", "This camera cannot be turned, or you have no right to turn it."},
	CodeStick:        {"Người khác đang điều khiển camera này. Hãy đợi một chút.", "Somebody else turns this camera. Wait a moment."},
	CodeMasked:       {"Vùng che hoặc mã in vào hình của camera vừa thay đổi. Hãy mở lại camera.", "What is drawn on the camera's pictures has just changed. Open it again."},
	CodeNoRungs:      {"Máy chủ chưa chuyển được hình của camera này. Quản trị cần cài ffmpeg.", "The gateway cannot convert this camera's pictures. The administrator must install ffmpeg."},
	CodeNoSound:      {"Camera này không có tiếng, hoặc tiếng chưa được bật.", "This camera has no sound, or it is not switched on."},
	CodeInternal:     {"Máy chủ gặp lỗi. Hãy thử lại.", "The gateway failed. Try again."},
}

// causes are the words for why a camera gives no picture.
var causes = map[gateway.Cause]Text{
	gateway.CauseUnreachable:  {"Không kết nối được tới camera.", "The camera cannot be reached."},
	gateway.CauseOutOfReach:   {"Máy chủ không được phép gọi tới địa chỉ này. Quản trị cần thêm mạng của camera vào mục reach.", "The gateway may not call this address. The administrator must add the camera's network to reach."},
	gateway.CauseUnauthorized: {"Camera từ chối đăng nhập. Quản trị cần sửa tài khoản camera.", "The camera refuses the login. The administrator must correct it."},
	gateway.CauseForbiddenURL: {"Camera chuyển sang địa chỉ khác. Quản trị cần kiểm tra.", "The camera redirects to another address. The administrator must look at it."},
	gateway.CauseNoStream:     {"Camera không có luồng này. Quản trị cần sửa đường dẫn.", "The camera has no such stream. The administrator must correct its address."},
	gateway.CauseCodec:        {"Thiết bị này không xem được kiểu mã hóa của camera. Quản trị có thể đổi camera sang H.264.", "This device cannot show this stream's encoding. The administrator can set the camera to H.264."},
	gateway.CauseNoVideo:      {"Camera không phát hình.", "The camera sends no video."},
	gateway.CauseProtocol:     {"Camera trả lời sai giao thức.", "The camera breaks the protocol."},
	gateway.CauseSilent:       {"Camera ngừng gửi hình.", "The camera stopped sending pictures."},
	gateway.CauseEnded:        {"Camera ngắt kết nối.", "The camera closed the connection."},
	gateway.CauseFull:         {"Camera hoặc đầu ghi đã hết số người xem cùng lúc. Quản trị cần tắt bớt phần mềm khác đang xem.", "The camera or recorder has as many viewers as it takes. The administrator must end other programs that watch it."},
	gateway.CauseLimit:        {"Máy chủ đã mở đủ số camera cùng lúc.", "The gateway has as many cameras open as it may."},
	gateway.CauseHost:         {"Đầu ghi của camera này đã phát hết mức cho phép. Hãy đóng bớt camera khác của cùng đầu ghi.", "This camera's recorder gives as many pictures as it may. Close another camera of the same recorder."},
	gateway.CauseMasked:       {"Vùng che của camera vừa thay đổi, hình sẽ tự trở lại.", "The camera's masks have just changed; the picture will come back by itself."},
	gateway.CauseRung:         {"Máy chủ không chuyển được hình của camera này. Hình sẽ tự trở lại; nếu không, hãy báo quản trị viên.", "The gateway failed to convert this camera's pictures. They will come back by themselves; else tell an administrator."},
	gateway.CauseRungsFull:    {"Máy chủ đang chuyển hình của nhiều camera hết mức. Hãy đóng bớt camera khác.", "The gateway converts as many cameras' pictures as it can. Close other cameras."},
	gateway.CauseInternal:     {"Máy chủ gặp lỗi khi mở camera.", "The gateway failed to open the camera."},
}

func textOf(code string) Text {
	if t, ok := texts[code]; ok {
		return t
	}
	return texts[CodeInternal]
}

func textOfCause(c gateway.Cause) Text {
	if t, ok := causes[c]; ok {
		return t
	}
	return causes[gateway.CauseInternal]
}
