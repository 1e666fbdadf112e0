import { tileStrings } from './tile-text'

export type Lang = 'vi' | 'en'

const vi = {
  ...tileStrings.vi,
  app: 'Mắt thần',
  ownerOff: 'Chủ camera đã tắt',
  outsideHours: 'Ngoài giờ cho phép',
  outsideHoursUntil: (time: string) => `Ngoài giờ cho phép, mở lại lúc ${time}`,
  previous: 'Trước',
  next: 'Sau',
  previousCamera: 'Camera trước',
  nextCamera: 'Camera sau',
  grid: 'Lưới',
  single: 'Một hình',
  search: 'Tìm',
  close: 'Đóng',
  more: 'Thêm',
  addFavourite: 'Thêm vào yêu thích',
  removeFavourite: 'Bỏ khỏi yêu thích',
  cameras: 'Danh sách camera',
  neighbours: 'Camera bên cạnh',
  picture: 'Hình trực tiếp',
  watching: 'Đang xem',
  today: (size: string) => `Hôm nay ${size}`,
  ofBudget: 'Phần đã dùng của hạn mức hôm nay',
  magnify: 'Phóng to hình',
  perHour: (size: string) => `≈ ${size}/giờ`,
  gridTitle: 'Lưới 2×2',
  gridStills: (all: number) => `${all} camera · ảnh tĩnh, chạm để xem`,
  gridCount: (live: number, all: number) => `${all} camera · ${live} trực tiếp`,
  page: (n: number, of: number) => `Trang ${n}/${of}`,
  openLarge: (name: string) => `Mở lớn ${name}`,
}

/** Every text, in every language: a missing one does not compile. */
export type Strings = {
  [K in keyof typeof vi]: (typeof vi)[K] extends (...a: infer A) => string ? (...a: A) => string : string
}

const en: Strings = {
  ...tileStrings.en,
  app: 'Matthan',
  ownerOff: 'Switched off by its owner',
  outsideHours: 'Outside the permitted hours',
  outsideHoursUntil: (time) => `Outside the permitted hours, open again at ${time}`,
  previous: 'Previous',
  next: 'Next',
  previousCamera: 'Previous camera',
  nextCamera: 'Next camera',
  grid: 'Grid',
  single: 'One picture',
  search: 'Search',
  close: 'Close',
  more: 'More',
  addFavourite: 'Add to favourites',
  removeFavourite: 'Remove from favourites',
  cameras: 'List of cameras',
  neighbours: 'Neighbouring cameras',
  picture: 'Live picture',
  watching: 'Watching',
  today: (size) => `Today ${size}`,
  ofBudget: 'Part of today’s budget that is used',
  magnify: 'Magnify the picture',
  perHour: (size) => `≈ ${size}/hour`,
  gridTitle: 'Grid 2×2',
  gridStills: (all) => `${all} camera${all === 1 ? '' : 's'} · stills, tap to watch`,
  gridCount: (live, all) => `${all} camera${all === 1 ? '' : 's'} · ${live} live`,
  page: (n, of) => `Page ${n}/${of}`,
  openLarge: (name) => `Open ${name} large`,
}

export const strings: Record<Lang, Strings> = { vi, en }

/** The language to start with: what was chosen, else Vietnamese, whatever the phone says. */
export function startLang(kept: string | null): Lang {
  return kept === 'en' ? 'en' : 'vi'
}
