import type { Lang } from './i18n'

/** What is said of one picture, wherever it stands. */
const vi = {
  opening: 'Đang mở hình',
  openingSlow: 'Mạng chậm, vẫn đang mở',
  live: (age: string) => `Trực tiếp · ${age}`,
  liveWord: 'Trực tiếp',
  weak: (age: string) => `Mạng yếu · ${age}`,
  weakWord: 'Mạng yếu',
  reconnecting: 'Đang nối lại',
  frozen: (ago: string) => `Hình cách đây ${ago}`,
  takenAt: (time: string) => `Ảnh lúc ${time}`,
  lost: 'Mất kết nối',
  since: (time: string) => `từ ${time}`,
  cameraLost: 'Camera mất kết nối',
  cameraLostSince: (time: string) => `Camera mất kết nối từ ${time}`,
  retryIn: (seconds: string) => `Tự thử lại sau ${seconds}`,
  retrying: 'Đang thử lại',
  noNetwork: 'Điện thoại không có mạng',
  whenNetwork: 'Tự mở lại khi có sóng',
  denied: 'Chưa có quyền xem',
  unrecorded: 'Tạm thời không được xem',
  ownerNo: 'Chủ camera chưa cho xem',
  ownerNote: 'Camera và mạng vẫn hoạt động. Chủ nhà là người quyết định.',
  caseNeeded: 'Cần nêu vụ việc',
  openCase: 'Nêu vụ việc',
  tapToWatch: 'Chạm để xem',
  savingPower: 'Máy đang tiết kiệm pin',
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
  reconnecting: 'Reconnecting',
  frozen: (ago) => `Picture from ${ago} ago`,
  takenAt: (time) => `Picture of ${time}`,
  lost: 'Offline',
  since: (time) => `since ${time}`,
  cameraLost: 'Camera offline',
  cameraLostSince: (time) => `Camera offline since ${time}`,
  retryIn: (seconds) => `Trying again in ${seconds}`,
  retrying: 'Trying again',
  noNetwork: 'The phone has no network',
  whenNetwork: 'Opens again by itself',
  denied: 'No right to watch',
  unrecorded: 'Not to be watched now',
  ownerNo: 'Its owner has not agreed',
  ownerNote: 'Camera and network work. It is the owner who decides.',
  caseNeeded: 'A case must be stated',
  openCase: 'State the case',
  tapToWatch: 'Tap to watch',
  savingPower: 'The device is saving power',
  fullscreen: 'Full screen',
  leaveFullscreen: 'Leave full screen',
}

export const tileStrings: Record<Lang, TileStrings> = { vi, en }
