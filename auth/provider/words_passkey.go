package provider

import (
	"fmt"

	"matthan/auth/page"
)

// keyWords are what the pages about passkeys say.
type keyWords struct {
	signIn, how, or, confirm, make, add, name, nameHint   string
	wrong, stale, cancelled, exists, unable, noScript     string
	notMade, full, needKey                                string
	secondTitle, secondText, secondHint                   string
	offerTitle, offerText, offerHint, skip                string
	requiredTitle, requiredText                           string
	title, showText, intro, none, newTitle                string
	created, used, unused, synced, remove, removeSure     string
	removeHint                                            string
	demandTitle, demandOn, demandOff, demandForced        string
	demandAsk, demandStop                                 string
	history, noteAdded, noteRemoved, noteCopied, noteWish string
	newsTitle, newsText, newsYes, newsNo                  string
	offTitle, offText, home, check, checkText             string
}

var speakKeys = map[page.Lang]keyWords{
	page.Vietnamese: {
		signIn: "Đăng nhập bằng passkey", how: "Vân tay, khuôn mặt hoặc khóa màn hình", or: "hoặc dùng mật khẩu", confirm: "Xác nhận bằng passkey", make: "Tạo passkey", add: "Tạo passkey trên máy này",
		name: "Tên thiết bị", nameHint: "Để bạn nhận ra passkey này về sau.",
		wrong:     "Passkey này không dùng được ở đây. Hãy dùng mật khẩu, hoặc passkey khác.",
		stale:     "Trang mở đã quá lâu. Hãy bấm lại lần nữa.",
		cancelled: "Chưa xác nhận được. Hãy bấm lại, hoặc dùng cách khác.",
		exists:    "Máy này đã có passkey của tài khoản này.",
		unable:    "Trình duyệt này không dùng được passkey ở đây.",
		noScript:  "Trình duyệt đang chặn JavaScript, nên không dùng được passkey.",
		notMade:   "Chưa tạo được passkey. Hãy thử lại.", full: "Mỗi tài khoản có tối đa %d passkey. Hãy xóa bớt một cái.",
		needKey:     "Tài khoản này cần xác nhận bằng passkey, mật khẩu chưa đủ.",
		secondTitle: "Thêm một bước nữa", secondText: "Mật khẩu đã đúng. Hãy xác nhận bằng passkey của bạn.",
		secondHint: "Mất máy có passkey? Hãy xin quản trị một liên kết đặt lại mật khẩu: nó cho bạn vào để xóa passkey cũ.",
		offerTitle: "Lần sau chỉ cần một chạm", offerText: "Tạo passkey để đăng nhập trên máy này bằng vân tay, khuôn mặt hoặc mã khóa màn hình, không cần gõ mật khẩu.",
		offerHint: "Chỉ tạo trên máy của riêng bạn, đừng tạo trên máy dùng chung.", skip: "Để sau",
		requiredTitle: "Hãy tạo passkey", requiredText: "Hệ thống này yêu cầu passkey sau mật khẩu. Tạo một lần, rồi xác nhận bằng vân tay, khuôn mặt hoặc mã khóa màn hình.",
		title: "Passkey của bạn", showText: "Hãy cho biết bạn là ai để xem và thay đổi passkey.",
		intro: "Passkey thay cho mật khẩu: đăng nhập bằng vân tay, khuôn mặt hoặc mã khóa màn hình.", none: "Bạn chưa có passkey nào.",
		newTitle: "Thêm passkey", created: "Tạo lúc", used: "Dùng lần cuối", unused: "Chưa dùng lần nào", synced: "Đồng bộ giữa các máy của bạn",
		remove: "Xóa", removeSure: "Xóa passkey này", removeHint: "Thiết bị đang đăng nhập bằng passkey này sẽ phải đăng nhập lại.",
		demandTitle: "Sau mật khẩu", demandOn: "Luôn hỏi passkey sau mật khẩu.", demandOff: "Đăng nhập bằng mật khẩu chưa hỏi passkey.",
		demandForced: "Hệ thống này luôn hỏi passkey sau mật khẩu.", demandAsk: "Luôn hỏi passkey", demandStop: "Không hỏi nữa",
		history: "Thay đổi gần đây", noteAdded: "Đã thêm “%s”", noteRemoved: "Đã xóa “%s”",
		noteCopied: "Đã từ chối “%s”: có thể passkey này bị sao chép. Hãy xóa nó.", noteWish: "Đã đổi việc hỏi passkey sau mật khẩu",
		newsTitle: "Passkey của bạn có thay đổi", newsText: "Từ lần đăng nhập trước trên máy này:", newsYes: "Đúng là tôi, tiếp tục", newsNo: "Không phải tôi, kiểm tra ngay",
		offTitle: "Chưa dùng được passkey", offText: "Passkey cần một tên miền: đặt url: trong cấu hình của hệ thống (https://tên-miền), rồi mở trang bằng tên đó.",
		home: "Về trang camera", check: "Kiểm tra passkey", checkText: "Tài khoản này vẫn còn passkey. Nếu đã mất máy, hãy xóa passkey của máy đó ngay.",
	},
	page.English: {
		signIn: "Sign in with a passkey", how: "Your finger, face or screen lock", or: "or use your password", confirm: "Confirm with a passkey", make: "Make a passkey", add: "Make a passkey on this device",
		name: "Name of the device", nameHint: "So that you know this passkey again.",
		wrong:     "This passkey does not work here. Use your password, or another passkey.",
		stale:     "The page was open for too long. Press again.",
		cancelled: "This was not confirmed. Press again, or use another way.",
		exists:    "This device already has a passkey of this account.",
		unable:    "This browser cannot use passkeys here.",
		noScript:  "The browser blocks JavaScript, so passkeys do not work.",
		notMade:   "The passkey could not be made. Try again.", full: "An account has at most %d passkeys. Remove one first.",
		needKey:     "This account confirms with a passkey: the password alone will not do.",
		secondTitle: "One more step", secondText: "The password is right. Now confirm with your passkey.",
		secondHint: "Lost the device with your passkey? Ask an administrator for a link that sets a new password: it lets you in to remove the old passkey.",
		offerTitle: "One tap next time", offerText: "Make a passkey to sign in on this device with your finger, face or screen lock, without typing a password.",
		offerHint: "Only on a device of your own, never on one that you share.", skip: "Not now",
		requiredTitle: "Make a passkey", requiredText: "This system asks for a passkey after the password. Make one now; then your finger, face or screen lock will do.",
		title: "Your passkeys", showText: "Show who you are to see and change your passkeys.",
		intro: "A passkey stands for your password: sign in with your finger, face or screen lock.", none: "You have no passkey yet.",
		newTitle: "Add a passkey", created: "Made", used: "Last used", unused: "Never used", synced: "Shared between your devices",
		remove: "Remove", removeSure: "Remove this passkey", removeHint: "Devices that signed in with this passkey will have to sign in again.",
		demandTitle: "After the password", demandOn: "A passkey is always asked for after the password.", demandOff: "A sign-in with the password asks for no passkey.",
		demandForced: "This system always asks for a passkey after the password.", demandAsk: "Always ask for a passkey", demandStop: "Ask no more",
		history: "Recent changes", noteAdded: "Added “%s”", noteRemoved: "Removed “%s”",
		noteCopied: "Refused “%s”: there may be a copy of it. Remove it.", noteWish: "Changed whether a passkey is asked for after the password",
		newsTitle: "Your passkeys have changed", newsText: "Since the last sign-in on this device:", newsYes: "That was me, go on", newsNo: "That was not me, check now",
		offTitle: "No passkeys here yet", offText: "Passkeys need a DNS name: set url: in the configuration (https://name), then open this page by that name.",
		home: "To the cameras", check: "Check your passkeys", checkText: "This account still has passkeys. If you lost a device, remove its passkey now.",
	},
}

// Getters for the templates, which see exported names only.

func (w keyWords) SignIn() string       { return w.signIn }
func (w keyWords) How() string          { return w.how }
func (w keyWords) Or() string           { return w.or }
func (w keyWords) Cancelled() string    { return w.cancelled }
func (w keyWords) Exists() string       { return w.exists }
func (w keyWords) Unable() string       { return w.unable }
func (w keyWords) NoScript() string     { return w.noScript }
func (w keyWords) Skip() string         { return w.skip }
func (w keyWords) Name() string         { return w.name }
func (w keyWords) NameHint() string     { return w.nameHint }
func (w keyWords) Intro() string        { return w.intro }
func (w keyWords) None() string         { return w.none }
func (w keyWords) NewTitle() string     { return w.newTitle }
func (w keyWords) Add() string          { return w.add }
func (w keyWords) Created() string      { return w.created }
func (w keyWords) Used() string         { return w.used }
func (w keyWords) Unused() string       { return w.unused }
func (w keyWords) Synced() string       { return w.synced }
func (w keyWords) Remove() string       { return w.remove }
func (w keyWords) RemoveHint() string   { return w.removeHint }
func (w keyWords) RemoveSure() string   { return w.removeSure }
func (w keyWords) DemandTitle() string  { return w.demandTitle }
func (w keyWords) DemandOn() string     { return w.demandOn }
func (w keyWords) DemandOff() string    { return w.demandOff }
func (w keyWords) DemandForced() string { return w.demandForced }
func (w keyWords) DemandAsk() string    { return w.demandAsk }
func (w keyWords) DemandStop() string   { return w.demandStop }
func (w keyWords) NewsText() string     { return w.newsText }
func (w keyWords) NewsYes() string      { return w.newsYes }
func (w keyWords) NewsNo() string       { return w.newsNo }
func (w keyWords) History() string      { return w.history }
func (w keyWords) Home() string         { return w.home }

// ofNote says what happened.
func (w keyWords) ofNote(n Note) string {
	switch n.Kind {
	case PasskeyAdded:
		return fmt.Sprintf(w.noteAdded, n.Passkey)
	case PasskeyRemoved:
		return fmt.Sprintf(w.noteRemoved, n.Passkey)
	case PasskeyCopied:
		return fmt.Sprintf(w.noteCopied, n.Passkey)
	}
	return w.noteWish
}
