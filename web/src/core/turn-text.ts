import type { Lang } from './i18n'

const vi = {
  take: 'Xoay camera',
  takeFrom: (who: string) => `${who} đang xoay. Xin điều khiển`,
  watched: (who: string) => `${who} đang xoay camera`,
  reaching: 'Đang nối tới camera…',
  failed: 'Camera không xoay được lúc này',
  pad: 'Cần xoay. Kéo, hoặc dùng phím mũi tên; phím cộng và trừ để phóng',
  closer: 'Phóng to',
  wider: 'Thu nhỏ',
  home: 'Về vị trí gốc',
  presets: 'Vị trí đã lưu',
  preset: (n: string) => `Vị trí ${n}`,
  leave: 'Thôi xoay',
}

type TurnStrings = { [K in keyof typeof vi]: (typeof vi)[K] extends (...a: infer A) => string ? (...a: A) => string : string }

const en: TurnStrings = {
  take: 'Turn the camera',
  takeFrom: (who) => `${who} turns it. Ask for the stick`,
  watched: (who) => `${who} turns this camera`,
  reaching: 'Reaching the camera…',
  failed: 'The camera cannot be turned now',
  pad: 'Stick. Drag it, or use the arrow keys; plus and minus to zoom',
  closer: 'Zoom in',
  wider: 'Zoom out',
  home: 'Home position',
  presets: 'Saved positions',
  preset: (n) => `Position ${n}`,
  leave: 'Stop turning',
}

export const turnStrings: Record<Lang, TurnStrings> = { vi, en }
