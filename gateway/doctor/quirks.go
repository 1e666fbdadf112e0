package doctor

import (
	"maps"

	"matthan/gateway"
	"matthan/gateway/rtsp"
)

// What cameras do against the rules, in words. Nearly all of it is put right, so
// that nobody has to do anything.
var quirks = map[Code]entry{
	quirkCode(gateway.QuirkDescription): {is: Fine,
		says: Words{"Mô tả luồng (SDP) có dòng thiếu, thừa hoặc sai chuẩn; vẫn đọc được.", "Lines of its session description are missing, doubled or wrong; it is read all the same."}},
	quirkCode(gateway.QuirkContentBase): {is: Fine,
		says: Words{"Địa chỉ gốc camera báo không dùng được; dùng địa chỉ đã nhập.", "The base address that it tells is none; the one that was entered serves."}},
	quirkCode(gateway.QuirkControl): {is: Fine,
		says: Words{"Địa chỉ điều khiển của camera viết sai; đã sửa.", "Its control address is written wrongly; it was put right."}},
	quirkCode(gateway.QuirkTransport): {is: Fine,
		says: Words{"Camera trả lời sai về kênh truyền (TCP/UDP); đã thích ứng.", "It answers wrongly about its channels (TCP or UDP); that was adapted to."}},
	quirkCode(gateway.QuirkRange): {is: Fine,
		says: Words{"Camera từ chối lệnh phát thông thường (Range); đã hỏi theo cách khác.", "It refuses PLAY with the usual Range; it is asked in another way."}},
	quirkCode(gateway.QuirkKeepalive): {is: Fine,
		says: Words{"Camera từ chối tín hiệu giữ kết nối thông thường, hoặc không trả lời; đã thích ứng.", "It refuses the usual keepalive, or does not answer it; that was adapted to."}},
	quirkCode(gateway.QuirkLogin): {is: Fine,
		says: Words{"Camera dùng kiểu đăng nhập Digest mở rộng; đã thích ứng.", "It logs in by an extended Digest; that was adapted to."}},
	quirkCode(gateway.QuirkSSRC): {is: Fine,
		says: Words{"Mã luồng (SSRC) của camera là 0 hoặc đổi giữa chừng; đã nối lại.", "Its stream's identifier (SSRC) is 0 or changes while it plays; the parts are joined."}},
	quirkCode(gateway.QuirkMarker): {is: Fine,
		says: Words{"Dấu kết thúc hình (marker) không tin được; hình được tách theo nội dung.", "Its marks of where a picture ends are wrong; pictures are told apart by what they hold."}},
	quirkCode(gateway.QuirkStartCodes): {is: Fine,
		says: Words{"Gói tin chứa mã bắt đầu kiểu tệp (Annex B); đã cắt bỏ.", "Its packets hold start codes as files do (Annex B); they are cut there."}},
	quirkCode(gateway.QuirkFragments): {is: Fine,
		says: Words{"Camera chia gói tin khác thường; đã ghép lại.", "It cuts its packets in an unusual way; they are put together."}},
	quirkCode(gateway.QuirkMode): {is: Fine,
		says: Words{"Camera báo sai cách đóng gói (packetization-mode); đã thích ứng.", "It tells a wrong packetization-mode; that was adapted to."}},
	quirkCode(gateway.QuirkSets): {is: Fine,
		says: Words{"Thông số hình (SPS/PPS) chỉ có trong mô tả; được thêm trước mỗi hình khóa.", "Its parameter sets are in the description only; they are put before each key picture."}},
	quirkCode(gateway.QuirkSetsChange): {is: Advice,
		says: Words{"Thông số hình đổi trong lúc phát: hình có thể khựng một chút.", "Its parameter sets change while it plays: the picture may falter."},
		do:   Words{"Tắt những gì tự chỉnh hình trong lúc phát (SVC, tự thích ứng, nén thông minh), và cập nhật phần mềm của camera.", "Switch off what changes the encoding by itself (SVC, adaptive streaming, smart compression), and update the camera's firmware."}},
	quirkCode(gateway.QuirkClock): {is: Advice, topic: topicClock,
		says: Words{"Đồng hồ camera không tin được; tuổi của hình được tính theo lúc tới.", "Its clock cannot be trusted; the pictures' age is told by their arrival."},
		do:   Words{"Bật NTP trong camera.", "Switch NTP on in the camera."}},
	quirkCode(gateway.QuirkTimestamps): {is: Advice,
		says: Words{"Nhãn thời gian của hình bị nhảy, đứng yên hoặc đi lùi; tính theo lúc tới.", "Its pictures' timestamps jump, stand still or go back; times of arrival serve."},
		do:   Words{"Cập nhật phần mềm của camera; tắt nén thông minh.", "Update the camera's firmware; switch smart compression off."}},
	quirkCode(gateway.QuirkNoReports): {is: Advice,
		says: Words{"Camera không gửi giờ của hình (RTCP): tuổi của hình được tính theo lúc tới, không kể độ trễ trong camera.", "It does not send its pictures' time (RTCP): their age is told by their arrival, without the camera's own delay."},
		do:   Words{"Cập nhật phần mềm của camera nếu có; nếu không, vẫn xem được bình thường.", "Update the camera's firmware if there is a newer one; else it is viewed all the same."}},
	quirkCode(gateway.QuirkLargePackets): {is: Advice,
		says: Words{"Gói tin lớn hơn mạng cho phép, nên dễ mất.", "Its packets are larger than the network's, and easily lost."},
		do:   Words{"Chọn TCP, hoặc đặt MTU của camera là 1400.", "Choose TCP, or set the camera's MTU to 1400."}},
}

// OfQuirk is what is said of a quirk that was met of the camera at an address; ok
// is false where nothing is.
func OfQuirk(q gateway.Quirk, address string) (f Finding, ok bool) {
	code := quirkCode(q)
	if _, ok := catalogue[code]; !ok {
		return Finding{}, false
	}
	return findingOf(code, guess(address, rtsp.Description{})), true
}

// catalogue has what is said of every code.
var catalogue = func() map[Code]entry {
	all := maps.Clone(findings)
	maps.Copy(all, quirks)
	return all
}()
