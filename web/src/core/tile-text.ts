import type { Lang } from './i18n'

/** What is said of one picture, wherever it stands; what goes wrong is in trouble-text.ts. */
const vi = {
  opening: 'Đang mở hình',
  openingSlow: 'Mạng chậm, vẫn đang mở',
  live: (age: string) => `Trực tiếp · ${age}`,
  liveWord: 'Trực tiếp',
  weak: (age: string) => `Mạng yếu · ${age}`,
  weakWord: 'Mạng yếu',
  sinceGateway: 'từ cổng',
  reconnecting: 'Đang nối lại',
  noNetwork: 'Điện thoại không có mạng',
  frozen: (ago: string) => `Hình cách đây ${ago}`,
  takenAt: (time: string) => `Ảnh lúc ${time}`,
  ownerNo: 'Chủ camera chưa cho xem',
  caseNeeded: 'Cần nêu vụ việc',
  tapToWatch: 'Chạm để xem',
  fullscreen: 'Toàn màn hình',
  leaveFullscreen: 'Thu nhỏ',
}

export type TileStrings = {
  [K in keyof typeof vi]: (typeof vi)[K] extends (...a: infer A) => string ? (...a: A) => string : string
}

const en: TileStrings = {
  opening: 'Opening',
  openingSlow: 'Slow network, still opening',
  live: (age) => `Live · ${age}`,
  liveWord: 'Live',
  weak: (age) => `Weak network · ${age}`,
  weakWord: 'Weak network',
  sinceGateway: 'since the gateway',
  reconnecting: 'Reconnecting',
  noNetwork: 'The phone has no network',
  frozen: (ago) => `Picture from ${ago} ago`,
  takenAt: (time) => `Picture of ${time}`,
  ownerNo: 'Its owner has not agreed',
  caseNeeded: 'A case must be stated',
  tapToWatch: 'Tap to watch',
  fullscreen: 'Full screen',
  leaveFullscreen: 'Leave full screen',
}

export const tileStrings: Record<Lang, TileStrings> = { vi, en }
