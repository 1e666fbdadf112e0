import type { Lang } from './i18n'

const vi = {
  asking: 'Đang xin mã xem',
  missing: 'Chưa nhận được mã xem',
  missingNote: 'Trang này chưa đưa mã. Hãy tải lại trang, hoặc đăng nhập lại.',
  alone: 'Hình này chỉ mở được trong cổng của bạn',
  aloneNote: 'Hãy mở từ trang của cổng.',
  refused: 'Mã xem không được chấp nhận',
  refusedNote: 'Mã sai, đã hết hạn hoặc đã dùng. Hãy tải lại trang.',
  ended: 'Lượt xem đã kết thúc',
  endedNote: 'Nếu cần xem tiếp, hãy đăng nhập lại vào cổng.',
  origin: 'Trang này chưa được phép đặt hình',
  crowded: 'Đã đủ số người xem',
  stopped: 'Hình đã dừng',
  setUp: 'Khung hình chưa đủ thông tin',
  setUpNote: 'Trang cần nêu gateway và camera.',
  unsupported: 'Trình duyệt này không xem được camera',
  unsupportedNote: 'Hãy dùng Chrome, Edge hay Safari mới.',
  paused: 'Tạm dừng',
  pausedAt: (time: string) => `Hình lúc ${time}`,
  pause: 'Tạm dừng',
  play: 'Xem tiếp',
  watch: 'Xem hình',
  again: 'Xin mã khác',
  retry: 'Thử lại',
}

type EmbedStrings = { [K in keyof typeof vi]: (typeof vi)[K] extends (...a: infer A) => string ? (...a: A) => string : string }

const en: EmbedStrings = {
  asking: 'Asking for a token',
  missing: 'No token has come',
  missingNote: 'The page gave no token. Reload it, or sign in there again.',
  alone: 'This picture opens within your portal only',
  aloneNote: 'Open it from your portal’s page.',
  refused: 'The token was not accepted',
  refusedNote: 'It is wrong, expired or used. Reload the page.',
  ended: 'Watching has ended',
  endedNote: 'Sign in to the portal again to go on.',
  origin: 'This page may not show the picture yet',
  crowded: 'As many are watching as may',
  stopped: 'The picture has stopped',
  setUp: 'The picture is not set up',
  setUpNote: 'The page must name the gateway and the camera.',
  unsupported: 'This browser cannot show cameras',
  unsupportedNote: 'Use a recent Chrome, Edge or Safari.',
  paused: 'Paused',
  pausedAt: (time) => `Picture of ${time}`,
  pause: 'Pause',
  play: 'Go on',
  watch: 'Watch',
  again: 'Ask again',
  retry: 'Try again',
}

export const embedStrings: Record<Lang, EmbedStrings> = { vi, en }
export type { EmbedStrings }
