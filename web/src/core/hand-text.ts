import type { Lang } from './i18n'
import type { Stream } from './protocol'
import type { Theme } from './theme'

const vi = {
  times: (n: string) => `${n}×`,
  whole: (n: string) => `${n}×. Chạm để xem cả hình`,
  menu: 'Việc với camera này',
  favourite: 'Thêm vào yêu thích',
  unfavourite: 'Bỏ khỏi yêu thích',
  share: 'Chia sẻ với đồng nghiệp',
  snap: 'Chụp ảnh',
  copyLink: 'Chép liên kết tới camera này',
  copyLinkHint: 'Người mở cần có quyền của chính họ',
  copyDetails: 'Chép thông tin kỹ thuật',
  copied: 'Đã chép',
  notCopied: 'Trình duyệt không cho chép',
  night: 'Đỏ ban đêm',
  nightHint: 'Giữ mắt quen bóng tối. Ảnh chụp vẫn đủ màu',
  quality: 'Chất lượng hình',
  qualities: { auto: 'Tự động', sub: 'Tiết kiệm', main: 'Nét' } as Record<Stream, string>,
  savingOn: 'Đang tiết kiệm dữ liệu, nên luôn là luồng nhỏ',
  look: 'Giao diện',
  themes: { dark: 'Tối', light: 'Sáng', red: 'Đỏ ban đêm', auto: 'Theo máy' } as Record<Theme, string>,
  saving: 'Tiết kiệm dữ liệu',
  savingHint: 'Luôn dùng luồng nhỏ. Lưới là ảnh tĩnh, chạm để xem',
  budget: 'Hạn mức dữ liệu mỗi ngày',
  none: 'Không',
  near: (used: string, budget: string) => `Hôm nay đã dùng ${used} trong hạn mức ${budget}.`,
  over: (budget: string) => `Đã hết hạn mức ${budget} hôm nay. Hình vẫn chạy.`,
  save: 'Tiết kiệm',
}

type HandStrings = { [K in keyof typeof vi]: (typeof vi)[K] extends (...a: infer A) => string ? (...a: A) => string : (typeof vi)[K] }

const en: HandStrings = {
  times: (n) => `${n}×`,
  whole: (n) => `${n}×. Tap for the whole picture`,
  menu: 'This camera',
  favourite: 'Add to favourites',
  unfavourite: 'Remove from favourites',
  share: 'Share with a colleague',
  snap: 'Take a picture',
  copyLink: 'Copy the link to this camera',
  copyLinkHint: 'Whoever opens it needs a right of their own',
  copyDetails: 'Copy technical details',
  copied: 'Copied',
  notCopied: 'The browser does not let it be copied',
  night: 'Red at night',
  nightHint: 'Your eyes stay used to the dark. Saved pictures keep their colours',
  quality: 'Picture quality',
  qualities: { auto: 'Automatic', sub: 'Saving', main: 'Sharp' },
  savingOn: 'Data is being saved, so it is the small stream',
  look: 'Appearance',
  themes: { dark: 'Dark', light: 'Light', red: 'Red at night', auto: 'As the device' },
  saving: 'Save data',
  savingHint: 'Always the small stream. The grid is of stills, tap to watch',
  budget: 'Data budget of a day',
  none: 'None',
  near: (used, budget) => `${used} of today’s ${budget} are used.`,
  over: (budget) => `Today’s ${budget} are used up. The picture goes on.`,
  save: 'Save data',
}

/** The texts of what the hand does, which come after the first picture. */
export const handStrings: Record<Lang, HandStrings> = { vi, en }
