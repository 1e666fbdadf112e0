import type { Lang } from './i18n'

const vi = {
  take: 'Chụp ảnh',
  short: 'Chụp',
  taking: 'Đang chụp',
  saved: (code: string) => `Đã lưu ảnh và ghi nhật ký · ${code}`,
  unrecorded: 'Chưa lưu: không ghi được nhật ký.',
  refused: 'Chưa lưu: bạn không được chụp camera này.',
  closed: 'Chưa lưu: hình vừa đổi. Hãy chụp lại.',
  failed: 'Chưa lưu. Kiểm tra mạng rồi chụp lại.',
}

type PictureStrings = { [K in keyof typeof vi]: (typeof vi)[K] extends (...a: infer A) => string ? (...a: A) => string : string }

const en: PictureStrings = {
  take: 'Take a picture',
  short: 'Picture',
  taking: 'Taking',
  saved: (code) => `Picture saved, and recorded · ${code}`,
  unrecorded: 'Not saved: the log cannot be written.',
  refused: 'Not saved: you may not take pictures of this camera.',
  closed: 'Not saved: the picture has changed. Take it again.',
  failed: 'Not saved. Check the network and take it again.',
}

export const pictureStrings: Record<Lang, PictureStrings> = { vi, en }
