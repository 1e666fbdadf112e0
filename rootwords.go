package main

import (
	"html/template"

	"matthan/auth/page"
)

// rootWords are the texts of the root certificate's page. Paths through a
// phone's settings are those of iOS 17 and 18, and of Android 14 and 15 by Google
// and Samsung. Makers rename them often: on Android the search comes first.
type rootWords struct {
	Title, Lead                          string
	Why                                  string
	Reasons                              []string
	NoPasskeys                           string
	Load, LoadSafari, LoadFile, LoadIt   string
	Install                              string
	IPhone, Android                      string
	IPhoneSteps, AndroidSteps            []template.HTML
	Compare, CompareText, CompareWhere   string
	Open, OpenText, OpenButton, OpenFail string
	Scan                                 string
	Once                                 string
}

var rootSpeak = map[page.Lang]rootWords{
	page.Vietnamese: {
		Title: "Để điện thoại này tin Mắt thần",
		Lead:  "Cài chứng chỉ gốc một lần, mất chừng hai phút. Sau đó điện thoại mở Mắt thần không còn cảnh báo.",
		Why:   "Vì sao cần?",
		Reasons: []string{
			"Hình camera chỉ đi qua kết nối mã hóa; chứng chỉ cho điện thoại biết đầu bên kia đúng là máy chủ của đơn vị.",
			"Chỉ trên kết nối được tin, trình duyệt mới cho dùng vị trí, cài vào màn hình chính và đăng nhập bằng khóa truy cập (passkey).",
		},
		NoPasskeys: "Địa chỉ này là dãy số. Khóa truy cập (passkey) cần tên miền: hãy hỏi quản trị viên.",
		Load:       "Tải chứng chỉ gốc", LoadSafari: "Trang này phải đang mở bằng Safari.", LoadFile: "Máy lưu tệp matthan-root.crt.", LoadIt: "Tải xuống",
		Install: "Cài đặt, bật tin cậy",
		IPhone:  "iPhone, iPad", Android: "Android",
		IPhoneSteps: []template.HTML{
			"Khi Safari hỏi, chọn <b>Cho phép</b>, rồi <b>Đóng</b>.",
			"Mở <b>Cài đặt</b> → <b>Đã tải về hồ sơ</b> ở đầu trang → <b>Cài đặt</b> ở góc trên. Nhập mật mã máy, chọn <b>Cài đặt</b> lần nữa.<small>Không thấy? <b>Cài đặt chung</b> → <b>Quản lý VPN &amp; Thiết bị</b>.</small>",
			"Vẫn trong Cài đặt: <b>Cài đặt chung</b> → <b>Giới thiệu</b> → <b>Cài đặt tin cậy chứng nhận</b> ở cuối trang. Bật công tắc, chọn <b>Tiếp tục</b>.<small>Thiếu bước này thì iPhone vẫn cảnh báo.</small>",
		},
		AndroidSteps: []template.HTML{
			"Mở <b>Cài đặt</b>, tìm <b>chứng chỉ CA</b> trong ô tìm kiếm.<small>Hoặc đi từng bước:</small><small>Google: <b>Bảo mật và quyền riêng tư</b> → <b>Chế độ bảo mật và quyền riêng tư khác</b> → <b>Mã hóa và thông tin xác thực</b> → <b>Cài đặt chứng chỉ</b>.</small><small>Samsung: <b>Bảo mật và quyền riêng tư</b> → <b>Cài đặt bảo mật khác</b> → <b>Cài đặt từ bộ nhớ điện thoại</b>.</small>",
			"Chọn <b>Chứng chỉ CA</b> → <b>Vẫn cài đặt</b>, nhập mã PIN của máy.",
			"Chọn tệp <b>matthan-root.crt</b> trong <b>Tệp đã tải xuống</b>.<small>Android có thể báo “mạng có thể bị giám sát”, như với mọi chứng chỉ tự cài. Hãy dùng Chrome; Firefox không nhận.</small>",
		},
		Compare:      "Đối chiếu mã",
		CompareText:  "Quản trị viên đọc mã SHA-256 ghi trên máy chủ. Mã dưới đây và mã trên điện thoại phải đúng như vậy. Khác một ký tự: gỡ chứng chỉ và báo ngay.",
		CompareWhere: "Xem trên điện thoại: iPhone ở Quản lý VPN & Thiết bị → tên chứng chỉ → Chi tiết khác; Android ở Thông tin xác thực đáng tin cậy → Người dùng.",
		Open:         "Mở Mắt thần", OpenText: "Không còn cảnh báo là xong.", OpenButton: "Mở bằng https",
		OpenFail: "Vẫn thấy “Kết nối không riêng tư”? Điện thoại chưa tin: xem lại bước 2.",
		Scan:     "Đang xem trên máy tính? Quét bằng điện thoại để mở trang này.",
		Once:     "Máy chủ của đơn vị giữ khóa của chứng chỉ này. Khi không dùng Mắt thần nữa, hãy gỡ nó khỏi điện thoại.",
	},
	page.English: {
		Title: "Have this phone trust Mắt thần",
		Lead:  "Install the root certificate once; it takes about two minutes. Then this phone opens Mắt thần without a warning.",
		Why:   "What for?",
		Reasons: []string{
			"Pictures travel encrypted only; the certificate tells the phone that the other end is really your unit's server.",
			"Only over a trusted connection do browsers allow your location, installing to the home screen, and signing in with a passkey.",
		},
		NoPasskeys: "This address is made of numbers. Passkeys need a name: ask your administrator.",
		Load:       "Get the root certificate", LoadSafari: "This page must be open in Safari.", LoadFile: "The phone keeps the file matthan-root.crt.", LoadIt: "Download",
		Install: "Install and trust it",
		IPhone:  "iPhone, iPad", Android: "Android",
		IPhoneSteps: []template.HTML{
			"When Safari asks, choose <b>Allow</b>, then <b>Close</b>.",
			"Open <b>Settings</b> → <b>Profile Downloaded</b> at the top → <b>Install</b> in the corner. Enter your passcode, choose <b>Install</b> again.<small>Not there? <b>General</b> → <b>VPN &amp; Device Management</b>.</small>",
			"Still in Settings: <b>General</b> → <b>About</b> → <b>Certificate Trust Settings</b> at the bottom. Switch it on, choose <b>Continue</b>.<small>Without this step the iPhone still warns.</small>",
		},
		AndroidSteps: []template.HTML{
			"Open <b>Settings</b>, and search for <b>CA certificate</b>.<small>Or step by step:</small><small>Google: <b>Security &amp; privacy</b> → <b>More security &amp; privacy</b> → <b>Encryption &amp; credentials</b> → <b>Install a certificate</b>.</small><small>Samsung: <b>Security and privacy</b> → <b>More security settings</b> → <b>Install from phone storage</b>.</small>",
			"Choose <b>CA certificate</b> → <b>Install anyway</b>, and enter the phone's PIN.",
			"Choose the file <b>matthan-root.crt</b> in <b>Downloads</b>.<small>Android may say “network may be monitored”, as of every certificate installed by hand. Use Chrome; Firefox does not take it.</small>",
		},
		Compare:      "Compare the code",
		CompareText:  "The administrator reads the SHA-256 code that the server wrote. The one below and the one on the phone must be the same. One letter differs: remove the certificate and tell somebody at once.",
		CompareWhere: "On the phone: iPhone under VPN & Device Management → the certificate → More Details; Android under Trusted credentials → User.",
		Open:         "Open Mắt thần", OpenText: "No warning: you are done.", OpenButton: "Open by https",
		OpenFail: "Still “Your connection is not private”? The phone does not trust it yet: see step 2 again.",
		Scan:     "On a computer? Scan this with the phone to open this page there.",
		Once:     "Your unit's server keeps this certificate's key. When you no longer use Mắt thần, remove it from the phone.",
	},
}
