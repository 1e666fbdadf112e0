import type { Lang } from './i18n'
import { many } from './plural'

const vi = {
  opening: 'Đang mở',
  enterPin: 'Nhập mã PIN',
  forWhom: (name: string) => `Camera trực tiếp cho ${name}`,
  until: (time: string) => `Xem được đến ${time}`,
  askPin: 'Người gửi liên kết đọc mã PIN cho bạn qua điện thoại.',
  digits: (n: number, of: number) => `Đã nhập ${n} trên ${of} số`,
  erase: 'Xóa một số',
  wrong: (left: number) => `Mã PIN không đúng. Còn ${left} lần thử.`,
  locked: 'Nhập sai quá nhiều lần',
  lockedText: 'Liên kết đã bị khóa. Hãy gọi người gửi để xin liên kết mới.',
  gone: 'Liên kết không còn dùng được',
  goneText: 'Liên kết không đúng hoặc đã kết thúc. Hãy gọi người gửi nếu cần xem.',
  over: 'Chia sẻ đã kết thúc',
  overText: 'Hình đã tắt. Cần xem tiếp thì gọi người đã gửi liên kết.',
  elsewhere: 'Hình đã mở trên máy khác. Nhập mã PIN để xem lại trên máy này.',
  interrupted: 'Phiên xem bị ngắt. Nhập mã PIN để xem lại.',
  away: 'Không kết nối được',
  awayText: 'Kiểm tra mạng rồi thử lại.',
  busy: 'Máy chủ đang bận. Hãy thử lại sau ít phút.',
  again: 'Thử lại',
  left: 'Thời gian còn lại',
  watching: 'Người xem',
  recorded: 'Lượt xem này được ghi lại. Không chụp, quay hay chuyển hình cho người khác.',
  stop: 'Dừng xem',
  stopped: 'Đã dừng xem',
  stoppedText: 'Muốn xem lại, nhập mã PIN lần nữa.',
  look: 'Nhập mã PIN',
}

/** The texts of the page for outsiders, in every language: a missing one does not compile. */
export type GuestStrings = {
  [K in keyof typeof vi]: (typeof vi)[K] extends (...a: infer A) => string ? (...a: A) => string : string
}

const en: GuestStrings = {
  opening: 'Opening',
  enterPin: 'Enter the pin',
  forWhom: (name) => `A live camera for ${name}`,
  until: (time) => `Open until ${time}`,
  askPin: 'Who sent the link tells you the pin on the phone.',
  digits: (n, of) => `${n} of ${of} digits entered`,
  erase: 'Delete a digit',
  wrong: (left) => `The pin is wrong. ${many(left, 'more try', 'more tries')}.`,
  locked: 'Too many wrong pins',
  lockedText: 'The link is locked. Call who sent it and ask for a new one.',
  gone: 'The link no longer works',
  goneText: 'The link is wrong or has ended. Call who sent it if you need to watch.',
  over: 'The share has ended',
  overText: 'The picture is off. If you need to go on, call who sent the link.',
  elsewhere: 'The picture was opened on another device. Enter the pin to watch on this one again.',
  interrupted: 'Watching was interrupted. Enter the pin to go on.',
  away: 'No connection',
  awayText: 'Check the network and try again.',
  busy: 'The gateway is busy. Try again in some minutes.',
  again: 'Try again',
  left: 'Time left',
  watching: 'Watching',
  recorded: 'This view is recorded. Do not photograph, record or pass on the picture.',
  stop: 'Stop watching',
  stopped: 'Watching has stopped',
  stoppedText: 'To watch again, enter the pin once more.',
  look: 'Enter the pin',
}

export const guestStrings: Record<Lang, GuestStrings> = { vi, en }
