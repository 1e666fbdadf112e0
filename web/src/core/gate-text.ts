import type { Lang } from './i18n'

const vi = {
  signIn: 'Đăng nhập',
  orLink: 'Hoặc dán liên kết được gửi cho bạn',
  needLink: 'Đăng nhập để xem camera',
  needLinkText: 'Dùng tài khoản của bạn, hoặc mở liên kết, quét mã QR mà quản trị gửi cho bạn.',
  expired: 'Phiên đã hết hạn',
  expiredText: 'Đăng nhập lại để xem tiếp.',
  expiredAt: (camera: string) => `Giữ camera đang xem: đăng nhập xong sẽ về đúng ${camera}.`,
  signInAgain: 'Đăng nhập lại',
  badLink: 'Liên kết không còn dùng được',
  badLinkText: 'Liên kết không đúng hoặc đã hết hạn. Hãy xin quản trị liên kết mới.',
  pasteLink: 'Dán liên kết',
  openLink: 'Mở',
  noTokenInLink: 'Chưa thấy mã trong liên kết này. Hãy dán cả liên kết.',
  ended: 'Phiên xem đã dừng',
  endedTaken: 'Phiên xem đã mở ở nơi khác',
  tryAgain: 'Thử lại',
  reload: 'Tải lại trang',
  noNet: 'Điện thoại không có mạng',
  noGateway: 'Chưa tới được máy chủ',
  noNetText: 'Ứng dụng mở được, nhưng hình thì cần mạng. Tự mở lại khi có sóng.',
  noGatewayText: 'Có thể sóng yếu, hoặc máy chủ đang nghỉ. Tự thử lại sau ít giây.',
  unsupported: 'Trình duyệt này không xem được camera',
  unsupportedText: 'Hãy dùng Chrome, Edge hoặc Safari bản mới.',
}

/** The texts of what stands instead of pictures. They come with that screen. */
export type GateStrings = { [K in keyof typeof vi]: (typeof vi)[K] extends (...a: infer A) => string ? (...a: A) => string : string }

const en: GateStrings = {
  signIn: 'Sign in',
  orLink: 'Or paste the link that you were sent',
  needLink: 'Sign in to watch',
  needLinkText: 'Use your account, or open the link or scan the QR code that your administrator sent you.',
  expired: 'Your session has ended',
  expiredText: 'Sign in again to go on watching.',
  expiredAt: (camera) => `Your camera is kept: after signing in you are back at ${camera}.`,
  signInAgain: 'Sign in again',
  badLink: 'The link no longer works',
  badLinkText: 'The link is wrong or has expired. Ask the administrator for a new one.',
  pasteLink: 'Paste the link',
  openLink: 'Open',
  noTokenInLink: 'There is no token in this link. Paste all of it.',
  ended: 'Watching has ended',
  endedTaken: 'Watching went on elsewhere',
  tryAgain: 'Try again',
  reload: 'Reload the page',
  noNet: 'The phone has no network',
  noGateway: 'The gateway cannot be reached',
  noNetText: 'The app opens, but pictures need the network. It goes on by itself when there is one.',
  noGatewayText: 'The link may be weak, or the gateway be down. It is tried again in a few seconds.',
  unsupported: 'This browser cannot show cameras',
  unsupportedText: 'Use a recent Chrome, Edge or Safari.',
}

export const gateStrings: Record<Lang, GateStrings> = { vi, en }
