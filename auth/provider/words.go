package provider

import "matthan/auth/page"

// words are what the pages say.
type words struct {
	signIn, login, password, newPassword, again, name string
	wrong, paused, busy, missing, failed              string
	over, stranger, overTitle, begin                  string
	setUp, setUpText, recover, recoverText            string
	save, done, doneText, deadTitle, deadText         string
	passwordHint, loginHint                           string
	badLogin, taken, badName, differ                  string
	short, long, isLogin, common                      string
}

var speak = map[page.Lang]words{
	page.Vietnamese: {
		signIn: "Đăng nhập", login: "Tên đăng nhập", password: "Mật khẩu", newPassword: "Mật khẩu mới", again: "Nhập lại mật khẩu", name: "Họ và tên",
		wrong:     "Tên đăng nhập hoặc mật khẩu không đúng.",
		paused:    "Nhập sai quá nhiều lần. Hãy thử lại sau %s.",
		busy:      "Đang có quá nhiều người đăng nhập. Hãy thử lại sau vài giây.",
		missing:   "Hãy nhập tên đăng nhập và mật khẩu.",
		failed:    "Hệ thống chưa mở được tài khoản. Hãy thử lại sau ít phút.",
		overTitle: "Lần đăng nhập này đã hết hạn", over: "Hãy đăng nhập lại từ đầu.",
		stranger: "Trang này được mở từ một trình duyệt khác, hoặc trình duyệt không giữ cookie. Đừng đăng nhập qua liên kết người khác gửi. Hãy bắt đầu lại trên trình duyệt này.",
		begin:    "Đăng nhập lại",
		setUp:    "Tạo tài khoản đầu tiên", setUpText: "Tài khoản này quản trị toàn bộ hệ thống.",
		recover: "Đặt mật khẩu mới", recoverText: "Mọi thiết bị đang đăng nhập bằng tài khoản này sẽ phải đăng nhập lại.",
		save: "Lưu", done: "Đã đặt mật khẩu", doneText: "Bây giờ hãy đăng nhập bằng mật khẩu mới.",
		deadTitle: "Liên kết không dùng được", deadText: "Liên kết chỉ dùng được một lần và trong một giờ. Hãy xin quản trị một liên kết mới.",
		passwordHint: "Ít nhất 10 ký tự. Một câu dài dễ nhớ là tốt nhất.", loginHint: "Chữ, số và . _ - @",
		badLogin: "Tên đăng nhập cần từ 2 đến 64 ký tự: chữ, số và . _ - @ +", taken: "Tên này đã có người dùng. Hãy chọn tên khác.",
		badName: "Hãy nhập họ và tên, tối đa 100 ký tự.", differ: "Hai lần nhập không giống nhau.",
		short: "Mật khẩu cần ít nhất 10 ký tự.", long: "Mật khẩu quá dài.", isLogin: "Mật khẩu không được giống tên đăng nhập.",
		common: "Mật khẩu này quá dễ đoán. Hãy chọn một câu chỉ mình bạn biết.",
	},
	page.English: {
		signIn: "Sign in", login: "User name", password: "Password", newPassword: "New password", again: "Password again", name: "Full name",
		wrong:     "The user name or the password is wrong.",
		paused:    "Too many failures. Try again in %s.",
		busy:      "Too many people are signing in. Try again in a few seconds.",
		missing:   "Enter your user name and password.",
		failed:    "The account could not be opened. Try again in a few minutes.",
		overTitle: "This sign-in has expired", over: "Begin again.",
		stranger: "This page was begun in another browser, or this browser keeps no cookies. Do not sign in by a link that somebody sent you. Begin again in this browser.",
		begin:    "Begin again",
		setUp:    "Make the first account", setUpText: "This account administers the whole system.",
		recover: "Set a new password", recoverText: "Every device that is signed in with this account will have to sign in again.",
		save: "Save", done: "The password is set", doneText: "Now sign in with the new password.",
		deadTitle: "This link does not work", deadText: "A link works once and for one hour. Ask an administrator for a new one.",
		passwordHint: "At least 10 characters. A long sentence that you remember is best.", loginHint: "Letters, digits and . _ - @",
		badLogin: "A user name has 2 to 64 characters: letters, digits and . _ - @ +", taken: "This name is taken. Choose another.",
		badName: "Enter a full name of at most 100 characters.", differ: "The two are not the same.",
		short: "The password needs at least 10 characters.", long: "The password is too long.", isLogin: "The password must not be the user name.",
		common: "This password is guessed at once. Choose a sentence that only you know.",
	},
}

// Getters for the templates, which see exported names only.

func (w words) Login() string        { return w.login }
func (w words) Password() string     { return w.password }
func (w words) NewPassword() string  { return w.newPassword }
func (w words) Again() string        { return w.again }
func (w words) Name() string         { return w.name }
func (w words) SignIn() string       { return w.signIn }
func (w words) Save() string         { return w.save }
func (w words) PasswordHint() string { return w.passwordHint }
func (w words) LoginHint() string    { return w.loginHint }

// ofPassword is what to say to a CheckPassword's error.
func (w words) ofPassword(err error) string {
	switch err {
	case nil:
		return ""
	case errShort:
		return w.short
	case errLong:
		return w.long
	case errLogin:
		return w.isLogin
	}
	return w.common
}
