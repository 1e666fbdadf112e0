import type { Text } from './protocol'
import { tileStrings } from './tile-text'

export type Lang = 'vi' | 'en'

const vi = {
  ...tileStrings.vi,
  app: 'Mắt thần',
  lost: 'Mất kết nối',
  lostSince: (time: string) => `Mất kết nối từ ${time}`,
  household: 'Hộ dân',
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
  searchCamera: 'Tìm camera',
  searchHint: 'Tên đường, phường, mã camera',
  clear: 'Xóa',
  close: 'Đóng',
  more: 'Thêm',
  near: 'Gần tôi',
  areas: 'Khu vực',
  favourites: 'Yêu thích',
  map: 'Bản đồ',
  addFavourite: 'Thêm vào yêu thích',
  removeFavourite: 'Bỏ khỏi yêu thích',
  noFavourites: 'Chạm ngôi sao cạnh tên camera để giữ camera ở đây.',
  nothingFound: (q: string) => `Không có camera nào khớp “${q}”.`,
  emptyList: 'Chưa có camera nào cho bạn xem. Hãy hỏi quản trị.',
  loading: 'Đang tải',
  listFailed: 'Chưa tải được danh sách camera. Trang sẽ tự thử lại.',
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
  lost: 'Offline',
  lostSince: (time) => `Offline since ${time}`,
  household: 'Household',
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
  searchCamera: 'Search cameras',
  searchHint: 'Street, ward or camera code',
  clear: 'Clear',
  close: 'Close',
  more: 'More',
  near: 'Near me',
  areas: 'Areas',
  favourites: 'Favourites',
  map: 'Map',
  addFavourite: 'Add to favourites',
  removeFavourite: 'Remove from favourites',
  noFavourites: 'Tap the star beside a camera to keep it here.',
  nothingFound: (q) => `No camera matches “${q}”.`,
  emptyList: 'There is no camera for you yet. Ask the administrator.',
  loading: 'Loading',
  listFailed: 'The list of cameras could not be loaded. It will be tried again.',
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

const locale: Record<Lang, string> = { vi: 'vi-VN', en: 'en-GB' }
const numbers = new Map<string, Intl.NumberFormat>()

function decimal(n: number, lang: Lang, digits: number): string {
  const key = lang + digits
  let f = numbers.get(key)
  if (!f) {
    f = new Intl.NumberFormat(locale[lang], { minimumFractionDigits: digits, maximumFractionDigits: digits })
    numbers.set(key, f)
  }
  return f.format(n)
}

/* Numbers and their units never part at the end of a line: U+00A0. */

/** Ages are told in steps of this, ms: tenths alone would take all of the 50 ms that they may be wrong by. */
const AGE_STEP = 50

/** A live picture's age: "0,40 s"; "≈ 0,40 s" where the camera's own delay is not known. Never nothing: 0,05 s at least. */
export function formatAge(ms: number, lang: Lang, approximate = false): string {
  const age = Math.max(Math.round(ms / AGE_STEP), 1) * AGE_STEP
  return `${approximate ? '≈\u00a0' : ''}${decimal(age / 1000, lang, 2)}\u00a0s`
}

/** A time gone by, in whole units: "6 s", "2 phút", "3 giờ". Never less than 1 s. */
export function formatAgo(ms: number, lang: Lang): string {
  const s = Math.max(1, Math.floor(ms / 1000))
  if (s < 60) return `${s}\u00a0s`
  const min = Math.floor(s / 60)
  if (min < 60) return lang === 'vi' ? `${min}\u00a0phút` : `${min}\u00a0min`
  const h = Math.floor(min / 60)
  return lang === 'vi' ? `${h}\u00a0giờ` : `${h}\u00a0h`
}

const two = (n: number) => String(n).padStart(2, '0')

/** Time of day in 24 hours, with the date when it is not today: "22:10", "20/11 22:10". */
export function formatClock(unixMs: number, nowUnixMs: number): string {
  const d = new Date(unixMs)
  const time = `${two(d.getHours())}:${two(d.getMinutes())}`
  if (d.toDateString() === new Date(nowUnixMs).toDateString()) return time
  return `${two(d.getDate())}/${two(d.getMonth() + 1)} ${time}`
}

/** "1,1 Mb/s" */
export function formatRate(bitsPerSecond: number, lang: Lang): string {
  return `${decimal(bitsPerSecond / 1e6, lang, 1)}\u00a0Mb/s`
}

/** "184 MB", "1,2 GB" */
export function formatSize(bytes: number, lang: Lang): string {
  if (bytes < 999.5e6) return `${decimal(bytes / 1e6, lang, bytes < 9.95e6 ? 1 : 0)}\u00a0MB`
  return `${decimal(bytes / 1e9, lang, 1)}\u00a0GB`
}

/** A daily budget, as it is spoken of: "500 MB", "1 GB" */
export function formatBudget(bytes: number, lang: Lang): string {
  return formatSize(bytes, lang).replace(/[,.]0/, '')
}

export function textIn(t: Text | undefined, lang: Lang): string {
  return t?.[lang] ?? t?.vi ?? ''
}

/** The language to start with: what was chosen, else Vietnamese, whatever the phone says. */
export function startLang(kept: string | null): Lang {
  return kept === 'en' ? 'en' : 'vi'
}
