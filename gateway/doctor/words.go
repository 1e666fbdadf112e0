package doctor

import "matthan/gateway"

// Code names a finding, for programs.
type Code string

// Findings.
const (
	CodeLoginInURL Code = "login_in_url"
	CodeOutOfReach Code = "out_of_reach"
	CodeName       Code = "name"
	CodeRefused    Code = "refused"
	CodeNobody     Code = "nobody"
	CodeHTTP       Code = "http"
	CodeTLS        Code = "tls"
	CodeSilentPort Code = "silent_port"
	CodeNotRTSP    Code = "not_rtsp"
	CodeReached    Code = "reached"
	CodeSlowAnswer Code = "slow_answer"

	CodeLoginNeeded  Code = "login_needed"
	CodeLoginRefused Code = "login_refused"
	CodeLoginOpen    Code = "login_open"
	CodeLoginBasic   Code = "login_basic"
	CodeLoginGood    Code = "login_good"

	CodeNoStream     Code = "no_stream"
	CodeNoVideo      Code = "no_video"
	CodeH265         Code = "h265"
	CodeCodec        Code = "codec"
	CodeNoPicture    Code = "no_picture"
	CodeRedirect     Code = "redirect"
	CodeRedirectLoop Code = "redirect_loop"
	CodeHangsUp      Code = "hangs_up"
	CodeBusy         Code = "busy"
	CodeNoAnswer     Code = "no_answer"
	CodeNonsense     Code = "nonsense"
	CodeBroke        Code = "broke"
	CodeFallsSilent  Code = "falls_silent"

	CodePicture     Code = "picture"
	CodeNoKey       Code = "no_key"
	CodeProfile     Code = "profile"
	CodeBFrames     Code = "b_frames"
	CodeLarge       Code = "large"
	CodeSizeChanges Code = "size_changes"
	CodeSlow        Code = "slow"
	CodeFast        Code = "fast"
	CodeMuch        Code = "much"
	CodeBursts      Code = "bursts"
	CodeAudio       Code = "audio"
	CodeNoFFmpeg    Code = "no_ffmpeg"

	CodeGOPUnknown Code = "gop_unknown"
	CodeGOPUneven  Code = "gop_uneven"
	CodeGOPLong    Code = "gop_long"
	CodeGOPShort   Code = "gop_short"
	CodeGOPGood    Code = "gop_good"
	CodeKeyLate    Code = "key_late"
	CodeKeySoon    Code = "key_soon"

	CodeClockBehind Code = "clock_behind"
	CodeClockAhead  Code = "clock_ahead"
	CodeClockLeaps  Code = "clock_leaps"
	CodeClockDrifts Code = "clock_drifts"
	CodeClockGood   Code = "clock_good"
	CodeLateImage   Code = "late_image"

	CodeMuchLoss       Code = "much_loss"
	CodeSomeLoss       Code = "some_loss"
	CodeMuchDropped    Code = "much_dropped"
	CodeSomeDropped    Code = "some_dropped"
	CodeBrokenPictures Code = "broken_pictures"
	CodeNoLoss         Code = "no_loss"
	CodeFreeze         Code = "freeze"

	CodeLastSession  Code = "last_session"
	CodeNoUDP        Code = "no_udp"
	CodeUDPChosen    Code = "udp_chosen"
	CodeOnlyUDP      Code = "only_udp"
	CodeOnlyTCP      Code = "only_tcp"
	CodeBothCarriers Code = "both_carriers"

	CodeMainFound    Code = "main_found"
	CodeOtherAddress Code = "other_address"
	CodeNoSub        Code = "no_sub"
	CodeSub          Code = "sub"
	CodeSubPlays     Code = "sub_plays"
	CodeSubCodec     Code = "sub_codec"
	CodeSubLarge     Code = "sub_large"
)

// quirkCode is the finding of a quirk.
func quirkCode(q gateway.Quirk) Code {
	if q == gateway.QuirkReorder { // the pictures tell it as well
		return CodeBFrames
	}
	return Code("quirk_" + string(q))
}

// entry is what is said of a code.
type entry struct {
	is     Severity
	blocks bool  // no browser shows it well
	topic  topic // of the camera's menu
	says   Words
	do     Words // the zero Words where there is nothing to do
}

var verdicts = struct{ good, better, shaky, convert, none Words }{
	good: Words{"Camera tốt: trình duyệt xem được ngay, không phải chuyển mã.",
		"A good camera: browsers play it as it is, nothing has to be converted."},
	better: Words{"Xem được ngay, không phải chuyển mã. Có {count} điều nên xem lại.",
		"Browsers play it as it is, nothing has to be converted. To be looked at below: {count}."},
	shaky: Words{"Trình duyệt xem được, không phải chuyển mã, nhưng hình không giữ được. Phải sửa lỗi dưới đây trước.",
		"Browsers play it as it is, nothing has to be converted, but the picture does not hold. Mend the faults below first."},
	convert: Words{"Có hình nhưng trình duyệt không phát được đúng. Phải chỉnh camera như dưới đây; nếu không, Matthan phải chuyển mã khi có người xem, tốn từ một phần năm (720p) đến gần cả một nhân CPU (4 MP).",
		"There is a picture, but browsers do not play it well. Set the camera as told below; else Matthan transcodes it while somebody watches, which takes a fifth of a CPU core (720p) to nearly a whole one (4 MP)."},
	none: Words{"Chưa xem được camera này.", "This camera cannot be viewed yet."},
}

// findings are all codes but those of quirks.
var findings = map[Code]entry{
	CodeLoginInURL: {is: Advice,
		says: Words{"Địa chỉ có chứa tên và mật khẩu. Đã tách ra, không in lại.", "The address held a user and a password. They were taken out and are not repeated."},
		do:   Words{"Để mật khẩu trong tệp và dùng --user với --password-file: dòng lệnh lưu trong lịch sử và ai trên máy cũng thấy.", "Keep the password in a file, with --user and --password-file: a command line is kept in histories and seen by everybody on the machine."}},
	CodeOutOfReach: {is: Fault, blocks: true,
		says: Words{"Máy chủ này không được phép gọi tới {host}:{port}.", "This gateway may not call {host}:{port}."},
		do:   Words{"Người vận hành thêm mạng và cổng của camera vào mục reach trong tệp cấu hình.", "Have the operator add the camera's network and port to reach in the configuration file."}},
	CodeName: {is: Fault, blocks: true,
		says: Words{"Không tìm thấy máy nào tên {host}.", "No host named {host} is known."},
		do:   Words{"Kiểm tra chính tả, hoặc dùng địa chỉ IP của camera (xem trong đầu ghi, bộ định tuyến hoặc ứng dụng của hãng).", "Check the spelling, or use the camera's IP address (see the recorder, the router or the maker's app)."}},
	CodeRefused: {is: Fault, blocks: true, topic: topicRTSP,
		says: Words{"Có thiết bị ở {host}, nhưng cổng {port} đóng.", "There is a device at {host}, but port {port} is closed."},
		do:   Words{"Bật RTSP trong camera và xem đúng số cổng: thường là 554. Cổng 8000 (Hikvision), 37777 (Dahua), 80 là của ứng dụng và trang web, không phải RTSP.", "Switch RTSP on in the camera and look up its port: mostly 554. Ports 8000 (Hikvision), 37777 (Dahua) and 80 are for apps and web pages, not for RTSP."}},
	CodeNobody: {is: Fault, blocks: true,
		says: Words{"Không thiết bị nào trả lời ở {host}:{port}.", "No device answers at {host}:{port}."},
		do:   Words{"Kiểm tra camera có điện và cắm mạng, địa chỉ IP có đổi không, máy chủ này có cùng mạng (VLAN, VPN) với camera không, và tường lửa có chặn không.", "Check that the camera has power and network, that its IP address has not changed, that this machine can reach the camera's network (VLAN, VPN), and that no firewall is between."}},
	CodeHTTP: {is: Fault, blocks: true, topic: topicRTSP,
		says: Words{"Ở {host}:{port} là một trang web, không phải luồng hình RTSP.", "At {host}:{port} there is a web server, not an RTSP stream."},
		do:   Words{"Đổi cổng trong địa chỉ: cổng RTSP thường là 554, còn 80, 8080 và 443 là trang cài đặt của camera.", "Change the port in the address: RTSP is mostly at 554; 80, 8080 and 443 are the camera's settings page."}},
	CodeTLS: {is: Fault, blocks: true,
		says: Words{"Không lập được kết nối mã hóa (rtsps) tới {host}:{port}.", "No encrypted connection (rtsps) to {host}:{port} came about."},
		do:   Words{"Phần lớn camera tự ký chứng chỉ: đánh dấu chấp nhận mọi chứng chỉ. Hoặc camera không có rtsps: dùng địa chỉ rtsp://.", "Most cameras sign their own certificate: accept any certificate for it. Or the camera has no rtsps: use an rtsp:// address."}},
	CodeSilentPort: {is: Fault, blocks: true, topic: topicRTSP,
		says: Words{"{host}:{port} nhận kết nối nhưng không nói gì.", "{host}:{port} takes the connection and says nothing."},
		do:   Words{"Có thể sai cổng (cổng riêng của hãng), hoặc camera bị treo: thử cổng 554, rồi khởi động lại camera.", "It may be another port (one of the maker's own), or the camera hangs: try port 554, then restart the camera."}},
	CodeNotRTSP: {is: Fault, blocks: true, topic: topicRTSP,
		says: Words{"Ở {host}:{port} có dịch vụ khác, không phải RTSP.", "Something else than RTSP answers at {host}:{port}."},
		do:   Words{"Kiểm tra địa chỉ IP và cổng; cổng RTSP thường là 554.", "Check the IP address and the port; RTSP is mostly at 554."}},
	CodeReached: {is: Fine,
		says: Words{"Kết nối được: RTSP trả lời ở cổng {port} sau {within}.", "Reached: RTSP answers at port {port} after {within}."}},
	CodeSlowAnswer: {is: Advice,
		says: Words{"Camera trả lời chậm: mất {seconds} mới mô tả luồng, nên mỗi lần mở hình đều phải đợi.", "The camera answers slowly: it took {seconds} until it described its stream, and whoever opens it waits that long."},
		do:   Words{"Camera quá tải hoặc mạng tới nó chậm: khởi động lại, tắt bớt phần mềm khác đang xem, giảm độ phân giải. Hoặc bật giữ luồng (keep warm) cho camera này.", "It is overloaded, or the network to it slow: restart it, end other programs that watch it, lower its resolution. Or keep this camera's stream warm."}},

	CodeLoginNeeded: {is: Fault, blocks: true, topic: topicLogin,
		says: Words{"Camera đòi tên và mật khẩu.", "The camera asks for a user and a password."},
		do:   Words{"Nhập tài khoản của camera; tốt nhất là tài khoản riêng chỉ có quyền xem.", "Enter an account of the camera; best one of its own that may only view."}},
	CodeLoginRefused: {is: Fault, blocks: true, topic: topicLogin,
		says: Words{"Camera từ chối tên hoặc mật khẩu này.", "The camera refuses this user or password."},
		do:   Words{"Nhập lại cho đúng chữ hoa chữ thường. Đừng thử quá 3 lần: nhiều camera khóa tài khoản 30 phút sau 5 lần sai.", "Enter it again and mind capital letters. Do not try more than 3 times: many cameras lock the account for 30 minutes after 5 wrong tries."}},
	CodeLoginOpen: {is: Advice, topic: topicLogin,
		says: Words{"Camera không đòi mật khẩu: ai vào được mạng đều xem được.", "The camera asks for no password: whoever is on its network can watch."},
		do:   Words{"Bật xác thực RTSP (Digest) trong camera và đặt mật khẩu.", "Switch RTSP authentication (Digest) on in the camera and set a password."}},
	CodeLoginBasic: {is: Advice, topic: topicLogin,
		says: Words{"Camera chỉ nhận mật khẩu kiểu Basic: mật khẩu đi qua mạng ở dạng đọc được.", "The camera takes passwords as Basic only: they cross the network readable."},
		do:   Words{"Chọn Digest cho RTSP, hoặc dùng rtsps.", "Choose Digest for RTSP, or use rtsps."}},
	CodeLoginGood: {is: Fine,
		says: Words{"Đăng nhập được ({way}).", "The login is accepted ({way})."}},

	CodeNoStream: {is: Fault, blocks: true,
		says: Words{"Camera trả lời, nhưng không biết luồng ở địa chỉ này.", "The camera answers, but knows no stream of this address."},
		do:   Words{"Kiểm tra phần sau dấu / của địa chỉ. Hikvision: /Streaming/Channels/101. Dahua, KBVision, Imou: /cam/realmonitor?channel=1&subtype=0. Tapo, VIGI: /stream1. Ezviz: /h264/ch1/main/av_stream. Uniview: /media/video1. Reolink: /h264Preview_01_main.", "Check what follows the / of the address. Hikvision: /Streaming/Channels/101. Dahua, KBVision, Imou: /cam/realmonitor?channel=1&subtype=0. Tapo, VIGI: /stream1. Ezviz: /h264/ch1/main/av_stream. Uniview: /media/video1. Reolink: /h264Preview_01_main."}},
	CodeNoVideo: {is: Fault, blocks: true,
		says: Words{"Luồng này không có hình.", "This stream has no video."},
		do:   Words{"Chọn kênh khác: có thể kênh này của đầu ghi chưa gắn camera, hoặc chỉ có tiếng.", "Choose another channel: this one of the recorder may have no camera, or only sound."}},
	CodeH265: {is: Fault, blocks: true, topic: topicCodec,
		says: Words{"Camera phát H.265 (HEVC). Thiết bị nào giải mã được thì nhận thẳng luồng này; nhiều trình duyệt và điện thoại thì không, và cần luồng phụ H.264 hoặc phải chuyển mã.", "The camera sends H.265 (HEVC). It is passed through to devices that decode it; many browsers and phones do not, and need an H.264 sub stream or transcoding."},
		do:   Words{"Đổi kiểu mã hóa video của luồng sang H.264, hoặc đặt luồng phụ là H.264; tắt H.265+ và H.264+.", "Set the stream's video encoding to H.264, or that of the sub stream; switch H.265+ and H.264+ off."}},
	CodeCodec: {is: Fault, blocks: true, topic: topicCodec,
		says: Words{"Camera phát {codec}, trình duyệt không xem được.", "The camera sends {codec}, which browsers do not play."},
		do:   Words{"Đổi kiểu mã hóa video của luồng sang H.264.", "Set the stream's video encoding to H.264."}},
	CodeNoPicture: {is: Fault, blocks: true,
		says: Words{"Camera nhận lệnh phát nhưng không gửi hình nào.", "The camera agrees to play and sends no picture."},
		do:   Words{"Khởi động lại camera. Nếu qua đầu ghi: xem kênh đó có tín hiệu không. Nếu dùng UDP: tường lửa có thể chặn, hãy chọn TCP.", "Restart the camera. Behind a recorder: see whether that channel has a signal. With UDP: a firewall may be between, choose TCP."}},
	CodeRedirect: {is: Fault, blocks: true,
		says: Words{"Camera chuyển hướng sang {to}; không đi theo, để mật khẩu không lọt ra ngoài.", "The camera redirects to {to}, which is not followed, so that no password leaks."},
		do:   Words{"Nhập thẳng địa chỉ mà camera chuyển tới, nếu tin địa chỉ đó.", "Enter the address that it redirects to, if you trust it."}},
	CodeRedirectLoop: {is: Fault, blocks: true,
		says: Words{"Camera chuyển hướng vòng quanh về chính nó, không bao giờ tới luồng hình.", "The camera redirects to itself again and again, and never comes to a stream."},
		do:   Words{"Khởi động lại camera và cập nhật phần mềm. Kiểm tra phần sau dấu / của địa chỉ, và chuyển tiếp cổng trên bộ định tuyến.", "Restart the camera and update its firmware. Check what follows the / of the address, and what the router forwards."}},
	CodeHangsUp: {is: Fault, blocks: true,
		says: Words{"Camera ngắt kết nối giữa chừng.", "The camera hangs up."},
		do:   Words{"Thường là đã hết số người xem cùng lúc, hoặc địa chỉ IP của máy chủ bị camera khóa. Tắt bớt phần mềm xem khác, khởi động lại camera.", "Mostly it has as many viewers as it takes, or it has blocked this machine's address. End other programs that watch it, and restart the camera."}},
	CodeBusy: {is: Fault, blocks: true,
		says: Words{"Camera hoặc đầu ghi đã hết số người xem cùng lúc.", "The camera or recorder has as many viewers as it takes."},
		do:   Words{"Tắt bớt phần mềm và ứng dụng khác đang xem nó, hoặc tăng số kết nối tối đa trong cài đặt; khởi động lại nếu kết nối cũ bị treo.", "End other programs and apps that watch it, or raise the most connections in its settings; restart it if old ones hang."}},
	CodeNoAnswer: {is: Fault, blocks: true,
		says: Words{"Camera có nói RTSP, nhưng rồi để một câu hỏi không trả lời quá {seconds}.", "The camera speaks RTSP, and then left a question without an answer for more than {seconds}."},
		do:   Words{"Nó quá tải hoặc bị treo, hoặc mạng tới nó rất chậm: khởi động lại, tắt bớt phần mềm khác đang xem, rồi khám lại.", "It is overloaded or hangs, or the network to it is very slow: restart it, end other programs that watch it, and check again."}},
	CodeNonsense: {is: Fault, blocks: true,
		says: Words{"Camera trả lời không đúng chuẩn RTSP.", "The camera's answers are no proper RTSP."},
		do:   Words{"Cập nhật phần mềm của camera, khởi động lại, rồi khám lại. Gửi dòng kỹ thuật ở cuối cho người hỗ trợ.", "Update the camera's firmware, restart it, and check again. Send the technical line at the end to who supports you."}},
	CodeBroke: {is: Fault,
		says: Words{"Camera đang phát thì ngắt.", "The camera stopped while it played."},
		do:   Words{"Kiểm tra nguồn điện, dây mạng và Wi-Fi của camera; tắt bớt phần mềm xem khác.", "Check the camera's power, cable and Wi-Fi; end other programs that watch it."}},
	CodeFallsSilent: {is: Fault,
		says: Words{"Phát được {seconds} thì camera im hẳn, dù kết nối vẫn mở.", "It played for {seconds} and then fell silent, although the connection stayed open."},
		do:   Words{"Khởi động lại và cập nhật phần mềm của camera; kiểm tra nguồn điện và dây mạng, và xem tường lửa hay bộ định tuyến ở giữa có bỏ kết nối mà không báo không.", "Restart the camera and update its firmware; check its power and cable, and whether a firewall or router between drops connections without a word."}},

	CodePicture: {is: Fine,
		says: Words{"Hình {codec}, {size}, {rate} hình/giây, {bits}.", "The picture is {codec}, {size}, {rate} a second, {bits}."}},
	CodeNoKey: {is: Fault, blocks: true, topic: topicGOP,
		says: Words{"Sau {seconds} vẫn chưa có hình khóa (I-frame), nên chưa xem được gì.", "After {seconds} there was no key picture (I-frame), so nothing can be shown."},
		do:   Words{"Tắt chế độ nén thông minh (H.264+, Smart Codec) và đặt khoảng cách I-frame là 2 giây.", "Switch smart compression (H.264+, Smart Codec) off and set the I-frame interval to 2 s."}},
	CodeProfile: {is: Fault, blocks: true, topic: topicProfile,
		says: Words{"Kiểu H.264 {profile} không trình duyệt nào phát được.", "No browser plays H.264 {profile}."},
		do:   Words{"Chọn Profile Main.", "Choose the profile Main."}},
	CodeBFrames: {is: Fault, blocks: true, topic: topicBFrames,
		says: Words{"Hình có B-frame: trên trình duyệt hình sẽ giật lùi.", "It has B-frames: in browsers its pictures jump back and forth."},
		do:   Words{"Tắt B-frame, hoặc chọn Profile Baseline.", "Switch B-frames off, or choose the profile Baseline."}},
	CodeNoFFmpeg: {is: Advice,
		says: Words{"Máy chủ này chưa chuyển mã được: chưa cài ffmpeg, hoặc việc chuyển mã bị tắt.", "This machine cannot transcode: ffmpeg is not installed, or transcoding is switched off."},
		do:   Words{"Nếu không chỉnh được camera: cài ffmpeg có libx264 (Debian, Ubuntu: apt install ffmpeg) rồi khởi động lại Matthan.", "Where the camera cannot be set otherwise: install an ffmpeg with libx264 (Debian, Ubuntu: apt install ffmpeg) and restart Matthan."}},
	CodeLarge: {is: Advice, topic: topicSize,
		says: Words{"Hình lớn ({size}): điện thoại yếu và mạng di động khó xem mượt.", "The picture is large ({size}): weak phones and mobile networks struggle."},
		do:   Words{"Đặt luồng chính 1920×1080, và bật luồng phụ cho điện thoại.", "Set the main stream to 1920×1080, and switch a sub stream on for phones."}},
	CodeSizeChanges: {is: Advice, topic: topicSize,
		says: Words{"Độ phân giải đổi trong lúc phát, từ {least} đến {most}: hình nhảy cỡ và khựng lại.", "The resolution changes while it plays, from {least} to {most}: the picture changes its size and falters."},
		do:   Words{"Đặt một độ phân giải cố định, tắt chế độ tự thích ứng (SVC, Adaptive Stream) và cài đặt riêng cho ban đêm hay báo động.", "Set one resolution, and switch off what changes it by itself: SVC, adaptive streaming, settings of their own for night or alarm."}},
	CodeSlow: {is: Advice, topic: topicRate,
		says: Words{"Chỉ {rate} hình/giây: chuyển động bị giật.", "Only {rate} pictures a second: motion is jerky."},
		do:   Words{"Đặt 15 đến 25 hình/giây. Ban đêm nhiều camera tự giảm: tắt màn trập chậm (Slow Shutter).", "Set 15 to 25 a second. At night many cameras slow down: switch Slow Shutter off."}},
	CodeFast: {is: Advice, topic: topicRate,
		says: Words{"{rate} hình/giây là nhiều hơn cần thiết.", "{rate} pictures a second are more than needed."},
		do:   Words{"Đặt 25 hình/giây.", "Set 25 a second."}},
	CodeMuch: {is: Advice, topic: topicBitrate,
		says: Words{"Băng thông lớn: {bits}. Mạng di động khó theo kịp.", "It takes much bandwidth: {bits}. Mobile networks hardly keep up."},
		do:   Words{"Đặt tối đa 4 Mbit/s cho 1080p, 512 kbit/s cho luồng phụ.", "Set at most 4 Mbit/s for 1080p, 512 kbit/s for the sub stream."}},
	CodeBursts: {is: Advice, topic: topicBitrate,
		says: Words{"Băng thông không đều: bình quân {bits}, có giây tới {peak}.", "Its bandwidth is uneven: {bits} on average, up to {peak} in a second."},
		do:   Words{"Chọn bitrate cố định (CBR), hoặc đặt mức tối đa thấp hơn.", "Choose a constant bitrate (CBR), or a lower maximum."}},
	CodeAudio: {is: Fine,
		says: Words{"Camera có tiếng ({codec}); chỉ truyền tiếng khi quản trị viên đã bật cho camera này.", "The camera has sound ({codec}); it is sent on only where an administrator switches it on."}},

	CodeGOPUnknown: {is: Advice, topic: topicGOP,
		says: Words{"Khoảng cách giữa hai hình khóa dài hơn {seconds}.", "Key pictures are more than {seconds} apart."},
		do:   Words{"Đặt khoảng cách I-frame là 2 giây (50 ở 25 hình/giây) và tắt nén thông minh (H.264+, Smart Codec).", "Set the I-frame interval to 2 s (50 at 25 pictures a second) and switch smart compression (H.264+, Smart Codec) off."}},
	CodeGOPUneven: {is: Advice, topic: topicSmart,
		says: Words{"Khoảng cách hình khóa thay đổi từ {least} đến {most}: camera đang bật nén thông minh.", "Key pictures are {least} to {most} apart: smart compression is on."},
		do:   Words{"Tắt H.264+ / Smart Codec và đặt khoảng cách I-frame là 2 giây.", "Switch H.264+ / Smart Codec off and set the I-frame interval to 2 s."}},
	CodeGOPLong: {is: Advice, topic: topicGOP,
		says: Words{"Khoảng cách hình khóa dài: {seconds} ({pictures} hình). Người xem đầu tiên phải đợi, và mất gói là hình hỏng lâu.", "Key pictures are far apart: {seconds} ({pictures} pictures). The first viewer waits, and a lost packet spoils the picture for long."},
		do:   Words{"Đặt khoảng cách I-frame là 2 giây: bằng hai lần số hình mỗi giây (50 ở 25 hình/giây), và tắt nén thông minh (H.264+, Smart Codec), thứ kéo dài nó.", "Set the I-frame interval to 2 s: twice the pictures a second (50 at 25), and switch smart compression (H.264+, Smart Codec) off, which stretches it."}},
	CodeGOPShort: {is: Advice, topic: topicGOP,
		says: Words{"Hình khóa quá dày ({seconds} một hình): tốn băng thông.", "Key pictures come too often (every {seconds}), which wastes bandwidth."},
		do:   Words{"Đặt khoảng cách I-frame là 2 giây.", "Set the I-frame interval to 2 s."}},
	CodeGOPGood: {is: Fine,
		says: Words{"Hình khóa cách nhau {seconds} ({pictures} hình).", "Key pictures are {seconds} apart ({pictures} pictures)."}},
	CodeKeyLate: {is: Advice, topic: topicGOP,
		says: Words{"Từ lúc phát phải đợi {seconds} mới có hình khóa đầu tiên.", "From PLAY on it took {seconds} until the first key picture."},
		do:   Words{"Rút ngắn khoảng cách I-frame, hoặc bật giữ luồng (keep warm) cho camera này để người xem không phải đợi.", "Shorten the I-frame interval, or keep this camera's stream warm so that viewers need not wait."}},
	CodeKeySoon: {is: Fine,
		says: Words{"Hình khóa đầu tiên đến sau {within}.", "The first key picture came after {within}."}},

	CodeClockBehind: {is: Advice, topic: topicClock,
		says: Words{"Đồng hồ camera chậm {by}, hoặc hình tới trễ chừng ấy. Tuổi của hình được tính theo lúc tới.", "The camera's clock is behind by {by}, or its pictures are that late. Their age is told by their arrival."},
		do:   Words{"Bật NTP trong camera, chọn múi giờ +7.", "Switch NTP on in the camera, and choose its time zone (+7 in Vietnam)."}},
	CodeClockAhead: {is: Advice, topic: topicClock,
		says: Words{"Đồng hồ camera nhanh {by}. Tuổi của hình được tính theo lúc tới.", "The camera's clock is ahead by {by}. The pictures' age is told by their arrival."},
		do:   Words{"Bật NTP trong camera, chọn múi giờ +7.", "Switch NTP on in the camera, and choose its time zone (+7 in Vietnam)."}},
	CodeClockLeaps: {is: Advice, topic: topicClock,
		says: Words{"Đồng hồ camera nhảy trong lúc phát. Tuổi của hình được tính theo lúc tới.", "The camera's clock jumps while it plays. The pictures' age is told by their arrival."},
		do:   Words{"Chỉ để một nguồn chỉnh giờ: NTP trong camera, tắt đồng bộ giờ từ đầu ghi và ứng dụng.", "Leave one source of time only: NTP in the camera; switch off what the recorder and apps set."}},
	CodeClockDrifts: {is: Advice, topic: topicClock,
		says: Words{"Đồng hồ camera chạy lệch {by} ms mỗi giây.", "The camera's clock runs away by {by} ms each second."},
		do:   Words{"Bật NTP và đồng bộ mỗi giờ; nếu vẫn lệch, cập nhật phần mềm camera.", "Switch NTP on, every hour; if it still runs away, update the camera's firmware."}},
	CodeClockGood: {is: Fine,
		says: Words{"Đồng hồ camera đúng: biết được tuổi thật của hình.", "The camera's clock is right: the pictures' true age is known."}},
	CodeLateImage: {is: Advice, topic: topicClock,
		says: Words{"Hình tới trễ {by} sau khi chụp, hoặc đồng hồ camera chậm chừng ấy.", "Pictures come {by} after they were taken, or the camera's clock is that much behind."},
		do:   Words{"Bật NTP trong camera. Nếu giờ đã đúng: giảm độ phân giải hoặc bitrate, tắt làm mượt (Smoothing), kiểm tra mạng.", "Switch NTP on in the camera. If its time is right: lower the resolution or bitrate, switch Smoothing off, and check the network."}},

	CodeMuchLoss: {is: Fault,
		says: Words{"Mất {percent} % gói tin giữa camera và máy chủ: hình vỡ và đứng.", "{percent} % of the packets between camera and gateway are lost: the picture breaks and freezes."},
		do:   Words{"Chọn TCP thay UDP; kiểm tra dây, Wi-Fi, bộ chuyển mạch; giảm bitrate.", "Choose TCP in place of UDP; check cable, Wi-Fi and switches; lower the bitrate."}},
	CodeSomeLoss: {is: Advice,
		says: Words{"Mất {percent} % gói tin giữa camera và máy chủ.", "{percent} % of the packets between camera and gateway are lost."},
		do:   Words{"Kiểm tra dây và Wi-Fi của camera, hoặc chọn TCP.", "Check the camera's cable and Wi-Fi, or choose TCP."}},
	CodeMuchDropped: {is: Fault,
		says: Words{"Camera hoặc đầu ghi tự bỏ {percent} % gói tin (qua TCP, mạng không làm mất gói nào): hình vỡ và đứng.", "The camera or recorder itself leaves out {percent} % of its packets (over TCP the network loses none): the picture breaks and freezes."},
		do:   Words{"Nó quá tải, hoặc mạng tới nó quá chậm: giảm bitrate và số hình mỗi giây, tắt bớt phần mềm khác đang xem, cập nhật phần mềm. Qua đầu ghi: kiểm tra dây từ camera tới đầu ghi.", "It is overloaded, or the network to it too slow: lower the bitrate and the pictures a second, end other programs that watch it, update its firmware. Behind a recorder: check the cable from the camera to it."}},
	CodeSomeDropped: {is: Advice,
		says: Words{"Camera hoặc đầu ghi tự bỏ {percent} % gói tin (qua TCP, mạng không làm mất gói nào).", "The camera or recorder itself leaves out {percent} % of its packets (over TCP the network loses none)."},
		do:   Words{"Giảm bitrate, tắt bớt phần mềm khác đang xem, cập nhật phần mềm. Qua đầu ghi: kiểm tra dây từ camera tới đầu ghi.", "Lower the bitrate, end other programs that watch it, update its firmware. Behind a recorder: check the cable from the camera to it."}},
	CodeBrokenPictures: {is: Advice,
		says: Words{"{count} hình bị hỏng, dù không mất gói tin.", "{count} pictures were broken, although no packet was lost."},
		do:   Words{"Cập nhật phần mềm của camera.", "Update the camera's firmware."}},
	CodeNoLoss: {is: Fine,
		says: Words{"Không mất gói tin.", "No packets are lost."}},
	CodeFreeze: {is: Fault,
		says: Words{"Hình đứng {seconds} trong lúc khám.", "The picture froze for {seconds} during the check."},
		do:   Words{"Kiểm tra mạng và nguồn điện của camera; giảm bitrate; tắt bớt phần mềm xem khác.", "Check the camera's network and power; lower the bitrate; end other programs that watch it."}},

	CodeLastSession: {is: Advice,
		says: Words{"Đang phát cho máy chủ này thì camera không mở thêm phiên nào: ứng dụng khác, hoặc luồng phụ cùng lúc, sẽ không xem được.", "While it plays to this gateway it gives no further session: no other program gets in, nor the sub stream at the same time."},
		do:   Words{"Tăng số kết nối tối đa trong camera hoặc đầu ghi, tắt bớt phần mềm khác đang xem. Nếu nó chỉ cho một phiên, hãy để trống luồng phụ.", "Raise the most connections in the camera or recorder, and end other programs that watch it. Where it gives one session only, leave the sub stream empty."}},
	CodeNoUDP: {is: Fault, blocks: true,
		says: Words{"Qua UDP như đã chọn thì không có hình, qua TCP thì có.", "Over UDP, as was chosen, no picture comes; over TCP it does."},
		do:   Words{"Chọn TCP. Camera không phát qua UDP, hoặc tường lửa hay bộ định tuyến ở giữa chặn.", "Choose TCP. The camera does not play over UDP, or a firewall or router between blocks it."}},
	CodeUDPChosen: {is: Advice,
		says: Words{"Đang xem qua UDP như đã chọn, trong khi camera phát được qua TCP.", "It is viewed over UDP, as was chosen, and plays over TCP as well."},
		do:   Words{"Chọn TCP: không mất gói khi mạng bận.", "Choose TCP: it loses nothing when the network is busy."}},
	CodeOnlyUDP: {is: Advice,
		says: Words{"Camera chỉ phát qua UDP.", "The camera plays over UDP only."},
		do:   Words{"Nếu camera cho chọn, bật RTSP qua TCP: không mất gói khi mạng bận.", "If the camera lets you choose, switch RTSP over TCP on: it loses nothing when the network is busy."}},
	CodeOnlyTCP: {is: Fine,
		says: Words{"Phát qua TCP; UDP không được, và không cần.", "It plays over TCP; UDP does not work, and is not needed."}},
	CodeBothCarriers: {is: Fine,
		says: Words{"Phát được cả qua TCP và UDP; TCP là tốt nhất.", "It plays over TCP and over UDP; TCP is best."}},

	CodeMainFound: {is: Advice,
		says: Words{"Đây là luồng phụ. Luồng chính ở {url}", "This is the sub stream. The main one is at {url}"},
		do:   Words{"Nhập luồng chính vào ô chính, luồng này vào ô phụ.", "Enter that as main, and this one as sub."}},
	CodeOtherAddress: {is: Advice,
		says: Words{"Camera không biết địa chỉ đã nhập; địa chỉ này dùng được: {url}", "The camera does not know the address that was given; this one works: {url}"},
		do:   Words{"Dùng địa chỉ vừa tìm thấy.", "Use the address that was found."}},
	CodeNoSub: {is: Advice, topic: topicSub,
		says: Words{"Không tìm thấy luồng phụ (hình nhỏ cho điện thoại và lưới nhiều camera).", "No sub stream was found (the small picture for phones and grids)."},
		do:   Words{"Bật luồng phụ: H.264, 640×360, 15 hình/giây, 512 kbit/s.", "Switch the sub stream on: H.264, 640×360, 15 pictures a second, 512 kbit/s."}},
	CodeSub: {is: Fine,
		says: Words{"Có luồng phụ {size} ở {url}", "There is a sub stream of {size} at {url}"}},
	CodeSubPlays: {is: Advice,
		says: Words{"Luồng phụ là H.264, xem được ngay: {url}", "The sub stream is H.264 and can be viewed now: {url}"},
		do:   Words{"Trong lúc chưa chỉnh được camera, nhập địa chỉ này làm luồng chính.", "Until the camera is set, enter this address as main."}},
	CodeSubCodec: {is: Advice, topic: topicCodec,
		says: Words{"Luồng phụ phát {codec}, trình duyệt không xem được: {url}", "The sub stream is {codec}, which browsers do not play: {url}"},
		do:   Words{"Đổi luồng phụ sang H.264.", "Set the sub stream to H.264."}},
	CodeSubLarge: {is: Advice, topic: topicSub,
		says: Words{"Luồng phụ cũng lớn như luồng chính ({size}), nên không đỡ được mạng yếu.", "The sub stream is as large as the main one ({size}), so it does not help on weak networks."},
		do:   Words{"Đặt luồng phụ 640×360, 512 kbit/s.", "Set the sub stream to 640×360, 512 kbit/s."}},
}
