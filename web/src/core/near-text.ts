import type { Lang } from './i18n'

const vi = {
  asking: 'Đang hỏi quyền dùng vị trí',
  askingWhy: 'Vị trí chỉ dùng trên máy này để tìm camera gần, không gửi đi đâu.',
  locating: 'Đang tìm vị trí',
  locatingWhy: 'Ngoài trời nhanh hơn trong nhà.',
  refused: 'Máy chưa cho dùng vị trí',
  refusedAndroid: 'Chạm biểu tượng bên trái địa chỉ trang, chọn Quyền, rồi cho phép Vị trí.',
  refusedApple: 'Mở Cài đặt › Quyền riêng tư › Dịch vụ định vị › Safari, chọn Khi dùng ứng dụng.',
  refusedDesk: 'Bấm biểu tượng bên trái địa chỉ trang, rồi cho phép Vị trí.',
  noFix: 'Chưa bắt được vị trí',
  noFixWhy: 'Bật Vị trí trong cài đặt nhanh của máy và ra chỗ thoáng. Trang tự thử tiếp.',
  unsupported: 'Trình duyệt này không cho biết vị trí',
  unsupportedWhy: 'Vẫn tìm được camera theo tên, khu vực hoặc trên bản đồ.',
  again: 'Thử lại',
  ahead: 'Phía trước',
  around: 'Xung quanh',
  sure: (metres: string) => `Vị trí ±${metres}`,
  old: (ago: string) => `Mất tín hiệu · vị trí ${ago} trước`,
  compass: 'Bật la bàn',
  noPlaces: 'Chưa camera nào có vị trí. Quản trị nhập vị trí khi sửa camera.',
  unplaced: (n: string) => `${n} camera chưa có vị trí`,
  farther: (n: string) => `${n} camera gần nhất. Xa hơn thì xem Bản đồ hoặc Tìm.`,
  here: 'ngay đây',
  /** from straight ahead, clockwise, in eighths */
  sides: ['phía trước', 'chếch phải', 'bên phải', 'sau bên phải', 'phía sau', 'sau bên trái', 'bên trái', 'chếch trái'],
  /** from north, clockwise, in eighths */
  points: ['hướng bắc', 'hướng đông bắc', 'hướng đông', 'hướng đông nam', 'hướng nam', 'hướng tây nam', 'hướng tây', 'hướng tây bắc'],
  /** the same, as short as on a compass */
  letters: ['B', 'ĐB', 'Đ', 'ĐN', 'N', 'TN', 'T', 'TB'],
}

/** The texts of what is near, which come with its list. */
export const nearStrings: Record<Lang, typeof vi> = {
  vi,
  en: {
    asking: 'Asking to use the position',
    askingWhy: 'It is used on this device only, to find cameras nearby. It is sent to nobody.',
    locating: 'Finding the position',
    locatingWhy: 'It is quicker outdoors than indoors.',
    refused: 'The device does not tell its position',
    refusedAndroid: 'Tap the sign left of the page’s address, choose Permissions, and allow Location.',
    refusedApple: 'Open Settings › Privacy › Location Services › Safari, and choose While Using the App.',
    refusedDesk: 'Click the sign left of the page’s address, and allow Location.',
    noFix: 'There is no position yet',
    noFixWhy: 'Switch Location on in the device’s quick settings, and go where the sky is open. It is tried again by itself.',
    unsupported: 'This browser tells no position',
    unsupportedWhy: 'Cameras are still found by name, by area, or on the map.',
    again: 'Try again',
    ahead: 'Ahead',
    around: 'Around',
    sure: (metres) => `Position ±${metres}`,
    old: (ago) => `Signal lost · position of ${ago} ago`,
    compass: 'Use the compass',
    noPlaces: 'No camera has a position yet. An administrator enters it where a camera is edited.',
    unplaced: (n) => `${n} cameras have no position`,
    farther: (n) => `The ${n} nearest. For those farther away there are Map and Search.`,
    here: 'right here',
    sides: ['ahead', 'ahead to the right', 'to the right', 'behind to the right', 'behind', 'behind to the left', 'to the left', 'ahead to the left'],
    points: ['north', 'north-east', 'east', 'south-east', 'south', 'south-west', 'west', 'north-west'],
    letters: ['N', 'NE', 'E', 'SE', 'S', 'SW', 'W', 'NW'],
  },
}

/** Which eighth of a circle an angle is in, for sides, points and letters. */
export function eighth(degrees: number): number {
  return Math.round((((degrees % 360) + 360) % 360) / 45) % 8
}

const locale: Record<Lang, string> = { vi: 'vi-VN', en: 'en-GB' }
const formats = new Map<string, Intl.NumberFormat>()

function measure(n: number, unit: 'meter' | 'kilometer', digits: number, lang: Lang): string {
  const key = lang + unit + digits
  let f = formats.get(key)
  if (!f) {
    f = new Intl.NumberFormat(locale[lang], { style: 'unit', unit, minimumFractionDigits: 0, maximumFractionDigits: digits })
    formats.set(key, f)
  }
  // A number and its unit never part at the end of a line.
  return f.format(n).replace(/\s/g, '\u00a0')
}

/** A way in steps that are seen: "120 m", "1,2 km", "14 km". Never nothing: 5 m at least. */
export function formatWay(metres: number, lang: Lang): string {
  if (metres < 97.5) return measure(Math.max(5, 5 * Math.round(metres / 5)), 'meter', 0, lang)
  if (metres < 995) return measure(10 * Math.round(metres / 10), 'meter', 0, lang)
  if (metres < 9950) return measure(metres / 1000, 'kilometer', 1, lang)
  return measure(metres / 1000, 'kilometer', 0, lang)
}
