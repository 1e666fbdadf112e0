package doctor

// topic is what a finding is about in a camera's own menu.
type topic int

const (
	noTopic topic = iota
	topicRTSP
	topicLogin
	topicCodec
	topicGOP
	topicSmart
	topicProfile
	topicBFrames
	topicSize
	topicRate
	topicBitrate
	topicClock
	topicSub
	topics // how many there are
)

// nameOf is what people call a make.
var nameOf = map[Make]string{Hikvision: "Hikvision", Dahua: "Dahua / KBVision / Imou", Ezviz: "EZVIZ", Tapo: "TP-Link Tapo / VIGI",
	Uniview: "Uniview", Axis: "Axis", Reolink: "Reolink", Foscam: "Foscam"}

// menu says where in a make's menu a topic is; a make that is not known, or says
// nothing of it, has what most have.
func menu(is Make, t topic) (Words, bool) {
	if w, ok := menus[is][t]; ok {
		return w, true
	}
	w, ok := menus[""][t]
	return w, ok
}

// menus are as the makes' manuals have them; names of menus that their Vietnamese
// pages leave in English are left so.
var menus = map[Make]map[topic]Words{
	"": {
		topicRTSP:    {"Trang cài đặt của camera → Network → Port (hoặc RTSP).", "The camera's settings page → Network → Port (or RTSP)."},
		topicLogin:   {"Trang cài đặt của camera → System → Users / Security.", "The camera's settings page → System → Users / Security."},
		topicCodec:   {"Trang cài đặt → Video → Encoding: H.264.", "Settings page → Video → Encoding: H.264."},
		topicGOP:     {"Trang cài đặt → Video → I Frame Interval (GOP): 50.", "Settings page → Video → I Frame Interval (GOP): 50."},
		topicSmart:   {"Trang cài đặt → Video → Smart Codec / H.264+ / Smart Encoding: Off.", "Settings page → Video → Smart Codec / H.264+ / Smart Encoding: Off."},
		topicProfile: {"Trang cài đặt → Video → Profile: Main.", "Settings page → Video → Profile: Main."},
		topicBFrames: {"Trang cài đặt → Video → B-frame: Off, hoặc Profile: Baseline.", "Settings page → Video → B-frame: Off, or Profile: Baseline."},
		topicSize:    {"Trang cài đặt → Video → Resolution: 1920×1080.", "Settings page → Video → Resolution: 1920×1080."},
		topicRate:    {"Trang cài đặt → Video → Frame Rate: 25.", "Settings page → Video → Frame Rate: 25."},
		topicBitrate: {"Trang cài đặt → Video → Bitrate Type: CBR; Max. Bitrate: 4096.", "Settings page → Video → Bitrate Type: CBR; Max. Bitrate: 4096."},
		topicClock:   {"Trang cài đặt → System → Time → NTP: On.", "Settings page → System → Time → NTP: On."},
		topicSub:     {"Trang cài đặt → Video → Sub Stream: On.", "Settings page → Video → Sub Stream: On."},
	},
	Hikvision: {
		topicRTSP:    {"Cấu hình → Mạng → Cài đặt cơ bản → Cổng → RTSP: 554.", "Configuration → Network → Basic Settings → Port → RTSP: 554."},
		topicLogin:   {"Cấu hình → Hệ thống → Quản lý người dùng (thêm người dùng chỉ xem); Bảo mật → Xác thực → RTSP: digest.", "Configuration → System → User Management (add one that may only view); Security → Authentication → RTSP: digest."},
		topicCodec:   {"Cấu hình → Video/Âm thanh → Video → Mã hóa video: H.264; H.264+: TẮT.", "Configuration → Video/Audio → Video → Video Encoding: H.264; H.264+: OFF."},
		topicGOP:     {"Cấu hình → Video/Âm thanh → Video → I Frame Interval: 50; H.264+ / Smart Codec: TẮT.", "Configuration → Video/Audio → Video → I Frame Interval: 50; H.264+ / Smart Codec: OFF."},
		topicSmart:   {"Cấu hình → Video/Âm thanh → Video → H.264+ / Smart Codec: TẮT (camera sẽ khởi động lại).", "Configuration → Video/Audio → Video → H.264+ / Smart Codec: OFF (the camera restarts)."},
		topicProfile: {"Cấu hình → Video/Âm thanh → Video → Profile: Main Profile.", "Configuration → Video/Audio → Video → Profile: Main Profile."},
		topicBFrames: {"Cấu hình → Video/Âm thanh → Video → B-frame: TẮT; nếu không có mục này, Profile: Basic Profile.", "Configuration → Video/Audio → Video → B-frame: OFF; where there is no such entry, Profile: Basic Profile."},
		topicSize:    {"Cấu hình → Video/Âm thanh → Video → Độ phân giải: 1920×1080.", "Configuration → Video/Audio → Video → Resolution: 1920×1080."},
		topicRate:    {"Cấu hình → Video/Âm thanh → Video → Tốc độ khung hình: 25.", "Configuration → Video/Audio → Video → Frame Rate: 25."},
		topicBitrate: {"Cấu hình → Video/Âm thanh → Video → Bitrate Type: Constant; Max. Bitrate: 4096.", "Configuration → Video/Audio → Video → Bitrate Type: Constant; Max. Bitrate: 4096."},
		topicClock:   {"Cấu hình → Hệ thống → Cài đặt hệ thống → Cài đặt thời gian → NTP.", "Configuration → System → System Settings → Time Settings → NTP."},
		topicSub:     {"Cấu hình → Video/Âm thanh → Video → Stream Type: Sub Stream.", "Configuration → Video/Audio → Video → Stream Type: Sub Stream."},
	},
	Dahua: {
		topicRTSP:    {"Cài đặt → Mạng → Cổng (Port) → RTSP Port: 554.", "Setup → Network → Port → RTSP Port: 554."},
		topicLogin:   {"Cài đặt → Hệ thống → Tài khoản (Account): thêm người dùng nhóm user. Imou: mật khẩu là mã an toàn (Safety Code) dưới đáy máy, tên là admin.", "Setup → System → Account: add a user of the group user. Imou: the password is the Safety Code on its label, the user is admin."},
		topicCodec:   {"Cài đặt → Camera → Video → Encode Mode: H.264.", "Setup → Camera → Video → Encode Mode: H.264."},
		topicGOP:     {"Cài đặt → Camera → Video → I Frame Interval: 50; Smart Codec: Off.", "Setup → Camera → Video → I Frame Interval: 50; Smart Codec: Off."},
		topicSmart:   {"Cài đặt → Camera → Video → Smart Codec: Off.", "Setup → Camera → Video → Smart Codec: Off."},
		topicProfile: {"Cài đặt → Camera → Video → Encode Mode: H.264 (là Main; H.264B là Baseline, H.264H là High).", "Setup → Camera → Video → Encode Mode: H.264 (which is Main; H.264B is Baseline, H.264H is High)."},
		topicBFrames: {"Cài đặt → Camera → Video → Encode Mode: H.264B.", "Setup → Camera → Video → Encode Mode: H.264B."},
		topicSize:    {"Cài đặt → Camera → Video → Main Stream → Resolution: 1920×1080.", "Setup → Camera → Video → Main Stream → Resolution: 1920×1080."},
		topicRate:    {"Cài đặt → Camera → Video → Frame Rate (FPS): 25.", "Setup → Camera → Video → Frame Rate (FPS): 25."},
		topicBitrate: {"Cài đặt → Camera → Video → Bit Rate Type: CBR; Bit Rate: 4096.", "Setup → Camera → Video → Bit Rate Type: CBR; Bit Rate: 4096."},
		topicClock:   {"Cài đặt → Hệ thống → General → Date & Time → NTP.", "Setup → System → General → Date & Time → NTP."},
		topicSub:     {"Cài đặt → Camera → Video → Sub Stream: Enable.", "Setup → Camera → Video → Sub Stream: Enable."},
	},
	Ezviz: {
		topicRTSP:  {"Ứng dụng EZVIZ → Cài đặt → Dịch vụ cục bộ / LAN Live View: bật RTSP.", "EZVIZ app → Settings → Local Service / LAN Live View: switch RTSP on."},
		topicLogin: {"Tên là admin, mật khẩu là mã xác thực (Verification Code) trên nhãn máy; tắt Mã hóa hình ảnh trong ứng dụng.", "The user is admin, the password the Verification Code on its label; switch Image Encryption off in the app."},
		topicCodec: {"Ứng dụng EZVIZ → Cài đặt → Hình ảnh → Mã hóa video: H.264.", "EZVIZ app → Settings → Image → Video Encoding: H.264."},
	},
	Tapo: {
		topicRTSP:  {"Ứng dụng Tapo → Cài đặt camera → Nâng cao → Tài khoản camera: tạo tài khoản thì RTSP mới bật (cổng 554).", "Tapo app → Camera Settings → Advanced → Camera Account: RTSP is on once there is one (port 554)."},
		topicLogin: {"Ứng dụng Tapo → Cài đặt camera → Nâng cao → Tài khoản camera. Đây không phải tài khoản TP-Link.", "Tapo app → Camera Settings → Advanced → Camera Account. It is not the TP-Link account."},
		topicGOP:   {"Tapo không cho chỉnh; VIGI: Cài đặt → Camera → Video → I Frame Interval.", "A Tapo has no such entry; VIGI: Settings → Camera → Video → I Frame Interval."},
		topicSub:   {"Luồng phụ luôn có ở /stream2.", "The sub stream is always at /stream2."},
		topicClock: {"Ứng dụng Tapo → Cài đặt camera → Múi giờ; camera phải ra được Internet, hoặc VIGI: Cài đặt → Hệ thống → Thời gian → NTP.", "Tapo app → Camera Settings → Time Zone; it needs the Internet. VIGI: Settings → System → Time → NTP."},
	},
	Uniview: {
		topicRTSP:    {"Setup → Network → Port → RTSP Port: 554.", "Setup → Network → Port → RTSP Port: 554."},
		topicLogin:   {"Setup → System → User; Setup → System → Security → RTSP Authentication: Digest.", "Setup → System → User; Setup → System → Security → RTSP Authentication: Digest."},
		topicCodec:   {"Setup → Video & Audio → Video → Video Compression: H.264.", "Setup → Video & Audio → Video → Video Compression: H.264."},
		topicGOP:     {"Setup → Video & Audio → Video → I Frame Interval: 50; Smart Encoding (U-Code): Off.", "Setup → Video & Audio → Video → I Frame Interval: 50; Smart Encoding (U-Code): Off."},
		topicSmart:   {"Setup → Video & Audio → Video → Smart Encoding (U-Code): Off.", "Setup → Video & Audio → Video → Smart Encoding (U-Code): Off."},
		topicClock:   {"Setup → System → Time → Sync Mode: NTP.", "Setup → System → Time → Sync Mode: NTP."},
		topicSub:     {"Setup → Video & Audio → Video → Sub Stream: On.", "Setup → Video & Audio → Video → Sub Stream: On."},
		topicBitrate: {"Setup → Video & Audio → Video → Bitrate Type: CBR; Bit Rate: 4096.", "Setup → Video & Audio → Video → Bitrate Type: CBR; Bit Rate: 4096."},
	},
	Axis: {
		topicLogin:   {"System → Accounts; thêm tài khoản Viewer.", "System → Accounts; add a Viewer."},
		topicCodec:   {"Video → Stream → H.264.", "Video → Stream → H.264."},
		topicGOP:     {"Video → Stream → GOP length: 50; Dynamic GOP: Off.", "Video → Stream → GOP length: 50; Dynamic GOP: Off."},
		topicSmart:   {"Video → Stream → Zipstream: Dynamic GOP: Off, Dynamic FPS: Off.", "Video → Stream → Zipstream: Dynamic GOP: Off, Dynamic FPS: Off."},
		topicProfile: {"Video → Stream → H.264 profile: Main.", "Video → Stream → H.264 profile: Main."},
		topicClock:   {"System → Date and time → NTP.", "System → Date and time → NTP."},
	},
	Reolink: {
		topicRTSP:  {"Settings → Network → Advanced → Port Settings (Server Settings) → RTSP: bật.", "Settings → Network → Advanced → Port Settings (Server Settings) → RTSP: on."},
		topicCodec: {"Settings → Display → Stream: H.264 (giảm độ phân giải nếu chỉ có H.265), hoặc dùng luồng phụ.", "Settings → Display → Stream: H.264 (a lower resolution where there is only H.265), or use the sub stream."},
		topicGOP:   {"Settings → Display → Stream → Interframe Space: 2x.", "Settings → Display → Stream → Interframe Space: 2x."},
		topicClock: {"Settings → System → Date and Time → NTP.", "Settings → System → Date and Time → NTP."},
	},
	Foscam: {
		topicRTSP:  {"Settings → Network → Port → RTSP Port.", "Settings → Network → Port → RTSP Port."},
		topicGOP:   {"Settings → Video → Video Settings → Key Frame Interval: 50.", "Settings → Video → Video Settings → Key Frame Interval: 50."},
		topicSub:   {"Settings → Video → Video Settings → Sub stream.", "Settings → Video → Video Settings → Sub stream."},
		topicClock: {"Settings → Basic Settings → Device Time → NTP.", "Settings → Basic Settings → Device Time → NTP."},
	},
}
