import type { Lang } from './i18n'

const vi = {
  settings: 'Cài đặt',
  language: 'Ngôn ngữ',
  copyDiagnostics: 'Chép thông tin kỹ thuật',
  copied: 'Đã chép',
  forget: 'Thoát khỏi máy này',
  forgetHint: 'Quên liên kết. Muốn xem lại cần mở liên kết lần nữa.',
  administer: 'Quản trị',
  administerHint: 'Thêm camera, khu vực, tài khoản và cấp quyền',
  signOut: 'Đăng xuất',
  signOutHint: 'Kết thúc phiên. Máy này không giữ lại gì của bạn.',
  news: 'Có bản mới',
  newsHint: 'Chạm để mở lại với bản mới. Nếu không, lần mở sau sẽ dùng.',
}

/** The texts of the settings, which come after the first picture. */
export const settingsStrings: Record<Lang, typeof vi> = {
  vi,
  en: {
    settings: 'Settings',
    language: 'Language',
    copyDiagnostics: 'Copy technical details',
    copied: 'Copied',
    forget: 'Leave this device',
    forgetHint: 'Forgets the link. To watch again, open the link once more.',
    administer: 'Administration',
    administerHint: 'Add cameras, areas and accounts, and give rights',
    signOut: 'Sign out',
    signOutHint: 'Ends the session. Nothing of yours stays on this device.',
    news: 'There is a new version',
    newsHint: 'Tap to open it now. Else it is there the next time.',
  },
}
