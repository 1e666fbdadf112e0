import type { Lang } from '../i18n'
import { many } from '../plural'

const vi = {
  map: 'Bản đồ camera',
  keys: 'Phím mũi tên để di chuyển, cộng và trừ để phóng to, thu nhỏ, số 0 để xem toàn bộ, Tab để qua từng camera.',
  zoomIn: 'Phóng to',
  zoomOut: 'Thu nhỏ bản đồ',
  whole: 'Xem toàn bộ',
  locate: 'Vị trí của tôi',
  locating: 'Đang tìm vị trí',
  noPosition: 'Chưa tìm được vị trí của máy.',
  notAllowed: 'Máy không cho trang này biết vị trí. Hãy cho phép trong cài đặt trình duyệt.',
  north: 'B',
  cluster: (n: string) => `${n} camera`,
  clusterOff: (n: string, off: string) => `${n} camera, ${off} mất kết nối`,
  samePlace: (n: string) => `${n} camera cùng một chỗ`,
  unplaced: (n: string) => `${n} camera chưa có vị trí`,
  empty: 'Chưa camera nào có vị trí trên bản đồ.',
  emptyHint: 'Quản trị nhập vị trí ở mục Camera. Danh sách vẫn xem được như thường.',
  loading: 'Đang tải bản đồ',
  on: 'Xem được',
  off: 'Mất kết nối',
  close: 'Đóng',
}

/** The texts of the map, in every language: a missing one does not compile. */
export type MapStrings = {
  [K in keyof typeof vi]: (typeof vi)[K] extends (...a: infer A) => string ? (...a: A) => string : string
}

const en: MapStrings = {
  map: 'Map of cameras',
  keys: 'Arrow keys move, plus and minus zoom, 0 shows all, Tab goes from camera to camera.',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  whole: 'Show all',
  locate: 'My position',
  locating: 'Looking for the position',
  noPosition: 'The device’s position is not known yet.',
  notAllowed: 'The device does not tell this page where it is. Allow it in the browser’s settings.',
  north: 'N',
  cluster: (n) => many(n, 'camera', 'cameras'),
  clusterOff: (n, off) => `${many(n, 'camera', 'cameras')}, ${off} offline`,
  samePlace: (n) => `${many(n, 'camera', 'cameras')} in one place`,
  unplaced: (n) => `${many(n, 'camera', 'cameras')} without a position`,
  empty: 'No camera has a position on the map yet.',
  emptyHint: 'An administrator enters them under Cameras. The list works as ever.',
  loading: 'Loading the map',
  on: 'Can be watched',
  off: 'Offline',
  close: 'Close',
}

export const mapStrings: Record<Lang, MapStrings> = { vi, en }

/** "200 m", "1 km", "1,5 km" */
export function formatMetres(metres: number, lang: Lang): string {
  const locale = lang === 'vi' ? 'vi-VN' : 'en-GB'
  if (metres < 1000) return `${Math.round(metres).toLocaleString(locale)}\u00a0m`
  return `${(metres / 1000).toLocaleString(locale, { maximumFractionDigits: metres < 10_000 ? 1 : 0 })}\u00a0km`
}
