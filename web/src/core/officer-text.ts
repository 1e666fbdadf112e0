import type { Lang } from './i18n'

const vi = {
  instead: 'Xem camera gần đó',
  givenBy: (area: string) => `Chỉ huy ${area} là người cấp quyền.`,
  givenThere: 'Chỉ huy nơi có camera là người cấp quyền.',
  askRight: 'Gửi yêu cầu',
  hot: 'Máy nóng',
  hotAt: (rate: string) => `Máy nóng · ${rate}`,
  perSecond: (n: number) => `${n}\u00a0hình/s`,
  resting: 'Máy nóng, tạm dừng hình này',
  thin: 'Ảnh chụp – mạng yếu',
}

/** The texts of what an officer may do where a picture does not come, or comes at a lower rate. */
export type OfficerStrings = { [K in keyof typeof vi]: (typeof vi)[K] extends (...a: infer A) => string ? (...a: A) => string : string }

const en: OfficerStrings = {
  instead: 'Watch a camera nearby',
  givenBy: (area) => `The commander of ${area} can give it.`,
  givenThere: 'The commander of the camera’s area can give it.',
  askRight: 'Ask for it',
  hot: 'Device hot',
  hotAt: (rate) => `Device hot · ${rate}`,
  perSecond: (n) => `${n}\u00a0fps`,
  resting: 'The device is hot, this picture rests',
  thin: 'Still – weak network',
}

export const officerStrings: Record<Lang, OfficerStrings> = { vi, en }
