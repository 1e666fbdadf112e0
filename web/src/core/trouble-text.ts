import type { Lang } from './i18n'

const vi = {
  since: (time: string) => `từ ${time}`,
  cameraLost: 'Camera mất kết nối',
  cameraLostSince: (time: string) => `Camera mất kết nối từ ${time}`,
  unable: 'Trình duyệt này không xem được camera',
  retryIn: (seconds: string) => `Tự thử lại sau ${seconds}`,
  retrying: 'Đang thử lại',
  whenNetwork: 'Tự mở lại khi có sóng',
  denied: 'Chưa có quyền xem',
  unrecorded: 'Tạm thời không được xem',
  viewEnded: 'Quản trị viên đã ngắt',
  ownerNote: 'Camera và mạng vẫn hoạt động. Chủ nhà quyết định.',
  openCase: 'Nêu vụ việc',
  savingPower: 'Máy đang tiết kiệm pin',
}

/** The texts of what goes wrong with a picture. */
export type TroubleStrings = { [K in keyof typeof vi]: (typeof vi)[K] extends (...a: infer A) => string ? (...a: A) => string : string }

const en: TroubleStrings = {
  since: (time) => `since ${time}`,
  cameraLost: 'Camera offline',
  cameraLostSince: (time) => `Camera offline since ${time}`,
  unable: 'This browser cannot show the camera',
  retryIn: (seconds) => `Trying again in ${seconds}`,
  retrying: 'Trying again',
  whenNetwork: 'Opens again by itself',
  denied: 'No right to watch',
  unrecorded: 'Not to be watched now',
  viewEnded: 'Ended by an administrator',
  ownerNote: 'Camera and network work. The owner decides.',
  openCase: 'State the case',
  savingPower: 'The device is saving power',
}

export const troubleStrings: Record<Lang, TroubleStrings> = { vi, en }
