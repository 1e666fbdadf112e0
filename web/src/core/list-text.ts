import type { Lang } from './i18n'

const vi = {
  off: (n: string) => `${n} mất kết nối`,
  rest: (n: string) => `Hiện thêm ${n} camera`,
  found: (n: string) => `${n} camera khớp`,
  narrow: (n: string) => `Còn ${n} camera khớp nữa. Gõ thêm để thu hẹp.`,
  arrange: 'Sắp xếp',
  arranged: 'Xong',
  up: (name: string) => `Đưa lên: ${name}`,
  down: (name: string) => `Đưa xuống: ${name}`,
  drag: 'Kéo để đổi chỗ',
  moved: (name: string, at: string, of: string) => `${name}: vị trí ${at} trên ${of}`,
}

/** The texts of the lists, which come after the page. */
export const listStrings: Record<Lang, typeof vi> = {
  vi,
  en: {
    off: (n) => `${n} offline`,
    rest: (n) => `Show ${n} more`,
    found: (n) => `Cameras that match: ${n}`,
    narrow: (n) => `${n} more match. Type more to narrow it down.`,
    arrange: 'Arrange',
    arranged: 'Done',
    up: (name) => `Move up: ${name}`,
    down: (name) => `Move down: ${name}`,
    drag: 'Drag to another place',
    moved: (name, at, of) => `${name}: place ${at} of ${of}`,
  },
}

export function count(n: number, lang: Lang): string {
  return n.toLocaleString(lang === 'vi' ? 'vi-VN' : 'en-GB')
}
