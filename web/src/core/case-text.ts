import type { Lang } from './i18n'

const vi = {
  title: 'Camera nhà dân',
  titleOpen: 'Vụ việc đang mở',
  known: 'Việc xem được ghi nhật ký và chủ camera thấy được.',
  why: 'Vì sao cần xem?',
  number: 'Số vụ việc',
  numberHint: 'Ví dụ 128/2026',
  once: 'Nêu một lần cho mọi camera nhà dân, cho tới khi đóng vụ việc.',
  open: 'Mở vụ việc',
  opening: 'Đang mở',
  pickReason: 'Hãy chọn lý do.',
  badNumber: 'Số vụ việc gồm 3 đến 40 chữ, số, dấu cách và . / - _',
  failed: 'Chưa mở được vụ việc. Kiểm tra mạng rồi thử lại.',
  noReasons: 'Chưa tải được danh sách lý do.',
  since: (time: string) => `Mở lúc ${time}`,
  covers: 'Bạn xem được camera nhà dân cho vụ việc này mà không cần nêu lại.',
  close: 'Đóng vụ việc',
  closeHint: 'Đóng vụ việc thì hình camera nhà dân tắt ngay.',
  change: 'Đổi vụ việc',
  notCovered: (reason: string) => `Chủ camera này không cho xem vì lý do “${reason}”. Nếu cần xem vì lý do khác, hãy đổi vụ việc.`,
  chip: (what: string) => `Vụ việc đang mở: ${what}`,
}

/** The texts of the case sheet, in every language: a missing one does not compile. */
export type CaseStrings = {
  [K in keyof typeof vi]: (typeof vi)[K] extends (...a: infer A) => string ? (...a: A) => string : string
}

const en: CaseStrings = {
  title: 'A household’s camera',
  titleOpen: 'The open case',
  known: 'Watching is recorded, and the camera’s owner sees that it was.',
  why: 'Why must it be watched?',
  number: 'Case number',
  numberHint: 'Such as 128/2026',
  once: 'Stated once for all household cameras, until the case is closed.',
  open: 'Open the case',
  opening: 'Opening',
  pickReason: 'Choose a reason.',
  badNumber: 'A case number is 3 to 40 letters, digits, blanks and . / - _',
  failed: 'The case could not be opened. Check the network and try again.',
  noReasons: 'The list of reasons could not be loaded.',
  since: (time) => `Opened at ${time}`,
  covers: 'For this case household cameras open without asking again.',
  close: 'Close the case',
  closeHint: 'With the case, the pictures of household cameras end at once.',
  change: 'Change the case',
  notCovered: (reason) => `This camera’s owner does not let it be watched for “${reason}”. If there is another reason, change the case.`,
  chip: (what) => `Open case: ${what}`,
}

export const caseStrings: Record<Lang, CaseStrings> = { vi, en }
