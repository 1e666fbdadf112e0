import type { Lang } from './i18n'

const vi = {
  on: 'Nghe tiếng',
  off: 'Tắt tiếng',
  silent: 'Chưa nghe được tiếng của camera này',
  blocked: 'Trình duyệt chặn tiếng. Hãy bấm lần nữa',
}

const en: typeof vi = {
  on: 'Sound on',
  off: 'Sound off',
  silent: 'No sound of this camera comes',
  blocked: 'The browser holds the sound back. Press once more',
}

export const soundStrings: Record<Lang, typeof vi> = { vi, en }
