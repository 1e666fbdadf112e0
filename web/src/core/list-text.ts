import type { Lang } from './i18n'

const vi = {
  lost: 'Mất kết nối',
  lostSince: (time: string) => `Mất kết nối từ ${time}`,
  household: 'Hộ dân',
  searchCamera: 'Tìm camera',
  searchHint: 'Tên đường, phường, mã camera',
  clear: 'Xóa',
  near: 'Gần tôi',
  areas: 'Khu vực',
  favourites: 'Yêu thích',
  map: 'Bản đồ',
  noFavourites: 'Chạm ngôi sao cạnh tên camera để giữ camera ở đây.',
  nothingFound: (q: string) => `Không có camera nào khớp “${q}”.`,
  emptyList: 'Chưa có camera nào cho bạn xem. Hãy hỏi quản trị.',
  loading: 'Đang tải',
  listFailed: 'Chưa tải được danh sách camera. Trang sẽ tự thử lại.',
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
    lost: 'Offline',
    lostSince: (time) => `Offline since ${time}`,
    household: 'Household',
    searchCamera: 'Search cameras',
    searchHint: 'Street, ward or camera code',
    clear: 'Clear',
    near: 'Near me',
    areas: 'Areas',
    favourites: 'Favourites',
    map: 'Map',
    noFavourites: 'Tap the star beside a camera to keep it here.',
    nothingFound: (q) => `No camera matches “${q}”.`,
    emptyList: 'There is no camera for you yet. Ask the administrator.',
    loading: 'Loading',
    listFailed: 'The list of cameras could not be loaded. It will be tried again.',
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
