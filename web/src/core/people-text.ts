import { formatClock } from './format'
import type { Lang } from './i18n'
import type { Standing } from './rights'
import { many } from './plural'

const vi = {
  account: 'Tài khoản của tôi',
  accountHint: 'Thiết bị, quyền đang có',
  ask: 'Xin xem khu vực khác',
  askHint: 'Chỉ huy nơi đó cho phép',
  mine: 'Yêu cầu của tôi',
  answer: 'Chờ tôi duyệt',
  answerHint: 'Yêu cầu và trường hợp khẩn cấp',
  nothingWaits: 'Không có yêu cầu nào đang chờ.',
  emergency: 'Xem khẩn cấp',
  emergencyHint: 'Xem ngay, chỉ huy được báo',
  close: 'Đóng',
  back: 'Quay lại',
  cancel: 'Thôi',
  failed: 'Chưa gửi được. Kiểm tra mạng rồi thử lại.',
  notFetched: 'Chưa tải được. Kiểm tra mạng rồi thử lại.',
  refused: 'Không làm được việc này nữa. Danh sách vừa được tải lại.',
  quicker: 'Người khác vừa trả lời yêu cầu này.',
  again: 'Thử lại',
  loading: 'Đang tải',

  roles: 'Vai trò',
  viewer: 'Người xem',
  supervisor: 'Chỉ huy',
  administrator: 'Quản trị',
  auditor: 'Kiểm tra nhật ký',
  places: 'Khu vực',
  everywhere: 'Toàn bộ',
  noPlaces: 'Chưa có khu vực nào',
  nowMay: 'Quyền đang có thêm',
  devices: 'Thiết bị đang đăng nhập',
  thisOne: 'Máy này',
  used: (time: string) => `Dùng lần cuối ${time}`,
  signedIn: (time: string) => `Đăng nhập ${time}`,
  endDevice: 'Đăng xuất',
  endOf: (device: string) => `Đăng xuất ${device}`,
  endSure: (device: string) => `Đăng xuất ${device}? Hình trên máy đó tắt ngay.`,
  endOthers: 'Đăng xuất mọi máy khác',
  endOthersSure: 'Đăng xuất mọi máy khác? Hình trên các máy đó tắt ngay.',
  yesEnd: 'Đăng xuất',
  lostPhone: 'Mất điện thoại? Đăng xuất nó ở đây.',
  passkey: 'Đăng nhập bằng vân tay hoặc khuôn mặt',
  signOut: 'Đăng xuất khỏi máy này',

  noCameras: 'Chưa có camera nào cho bạn xem. Bạn là quản trị: hãy thêm camera đầu tiên.',
  addCameras: 'Thêm camera',

  where: 'Khu vực nào?',
  findArea: 'Tên phường, xã, khu vực',
  noArea: (q: string) => `Không có khu vực nào khớp “${q}”.`,
  change: 'Đổi',
  why: 'Vì sao?',
  reasons: ['Tìm phương tiện', 'Tai nạn giao thông', 'Tìm người mất tích', 'Gây rối trật tự', 'Bảo vệ sự kiện', 'Cháy nổ, cứu nạn'],
  inWords: 'Nói rõ thêm (không bắt buộc)',
  mustWords: 'Lý do, ít nhất 10 chữ cái',
  howLong: 'Trong bao lâu?',
  send: 'Gửi yêu cầu',
  sending: 'Đang gửi',
  pickArea: 'Hãy chọn khu vực.',
  nameCamera: 'Hãy nhập mã camera.',
  sayWhy: (n: string) => `Hãy nói rõ lý do: còn thiếu ${n} chữ cái.`,
  noRequests: 'Chưa có yêu cầu nào.',
  askMore: 'Xin khu vực khác',
  withdraw: 'Rút lại',
  askedAt: (time: string) => `Gửi lúc ${time}`,
  waits: 'Đang chờ duyệt',
  granted: (time: string) => `Được xem đến ${time}`,
  over: (time: string) => `Đã hết lúc ${time}`,
  endedEarly: 'Đã kết thúc sớm',
  refusedState: 'Bị từ chối',
  withdrawn: 'Đã rút lại',
  expired: 'Không ai trả lời',

  wantsFor: (span: string) => `Xin xem trong ${span}`,
  allow: 'Cho phép',
  refuse: 'Từ chối',
  note: 'Nhắn người xin (không bắt buộc)',
  requestsWaiting: 'Yêu cầu',
  emergencies: 'Khẩn cấp đang diễn ra',
  until: (time: string) => `đến ${time}`,
  lasts: (left: string) => `còn ${left}`,
  end: 'Kết thúc',
  endTheirs: 'Kết thúc ngay? Người đó mất hình lập tức.',
  camerasOf: (ids: string) => `Camera ${ids}`,

  alarmLine: 'Chỉ huy được báo ngay.',
  recordLine: 'Tên bạn, lý do và mọi hình bạn xem được ghi lại.',
  limitLine: 'Không gồm camera nhà dân. Chỉ dùng khi không kịp xin.',
  area: 'Khu vực',
  camera: 'Mã camera',
  cameraHint: 'Mã in trên cột, ví dụ lang-ha-01',
  noCamera: 'Không có mã camera này, hoặc đó là camera nhà dân.',
  hold: 'Giữ để xem ngay',
  holding: 'Giữ thêm chút nữa',
  pressAgain: 'Bấm lần nữa để xác nhận',
  emergencyOn: 'Đang xem khẩn cấp',
  endMine: 'Kết thúc sớm',

  newsGranted: (area: string, time: string) => `Được xem ${area} đến ${time}`,
  newsRefused: (area: string) => `${area}: bị từ chối`,
  newsAsked: (area: string) => `xin xem ${area}`,
  newsAlarm: (area: string) => `đang xem khẩn cấp ${area}`,
  newsEmergency: (time: string) => `Xem khẩn cấp đến ${time}. Chỉ huy đã được báo.`,
  newsOver: 'Xem khẩn cấp đã kết thúc',
  look: 'Xem',
  chip: 'Khẩn cấp',
  waitingCount: (n: string) => `${n} việc chờ duyệt`,
}

/** The texts of the people's screens, in every language: a missing one does not compile. */
export type PeopleStrings = {
  [K in keyof typeof vi]: (typeof vi)[K] extends (...a: infer A) => string ? (...a: A) => string : (typeof vi)[K]
}

const en: PeopleStrings = {
  account: 'My account',
  accountHint: 'Devices, and what you may see',
  ask: 'Ask to see another area',
  askHint: 'Its supervisor decides',
  mine: 'My requests',
  answer: 'Waiting for me',
  answerHint: 'Requests and emergencies',
  nothingWaits: 'Nothing is waiting.',
  emergency: 'Emergency view',
  emergencyHint: 'See it now; the supervisor is told',
  close: 'Close',
  back: 'Back',
  cancel: 'Cancel',
  failed: 'It could not be sent. Check the network and try again.',
  notFetched: 'It could not be loaded. Check the network and try again.',
  refused: 'This can no longer be done. The list has just been loaded again.',
  quicker: 'Somebody else has just answered this request.',
  again: 'Try again',
  loading: 'Loading',

  roles: 'Role',
  viewer: 'Viewer',
  supervisor: 'Supervisor',
  administrator: 'Administrator',
  auditor: 'Auditor',
  places: 'Areas',
  everywhere: 'Everywhere',
  noPlaces: 'No area yet',
  nowMay: 'What you may see besides',
  devices: 'Signed in on',
  thisOne: 'This one',
  used: (time) => `Last used ${time}`,
  signedIn: (time) => `Signed in ${time}`,
  endDevice: 'Sign out',
  endOf: (device) => `Sign out ${device}`,
  endSure: (device) => `Sign out ${device}? Its pictures stop at once.`,
  endOthers: 'Sign out all other devices',
  endOthersSure: 'Sign out all other devices? Their pictures stop at once.',
  yesEnd: 'Sign out',
  lostPhone: 'Lost a phone? Sign it out here.',
  passkey: 'Sign in by fingerprint or face',
  signOut: 'Sign out of this device',

  noCameras: 'There is no camera for you yet. You administer this gateway: add the first one.',
  addCameras: 'Add a camera',

  where: 'Which area?',
  findArea: 'Name of the ward or area',
  noArea: (q) => `No area matches “${q}”.`,
  change: 'Change',
  why: 'Why?',
  reasons: ['Tracing a vehicle', 'Traffic accident', 'Missing person', 'Public disorder', 'Guarding an event', 'Fire or rescue'],
  inWords: 'More about it (optional)',
  mustWords: 'Reason, at least 10 letters',
  howLong: 'For how long?',
  send: 'Send request',
  sending: 'Sending',
  pickArea: 'Choose an area.',
  nameCamera: 'Enter the camera’s code.',
  sayWhy: (n) => `Say why: ${many(n, 'more letter is', 'more letters are')} needed.`,
  noRequests: 'There are no requests yet.',
  askMore: 'Ask for another area',
  withdraw: 'Withdraw',
  askedAt: (time) => `Sent at ${time}`,
  waits: 'Waiting for an answer',
  granted: (time) => `You may look until ${time}`,
  over: (time) => `Ended at ${time}`,
  endedEarly: 'Ended early',
  refusedState: 'Refused',
  withdrawn: 'Withdrawn',
  expired: 'Nobody answered',

  wantsFor: (span) => `Wants to look for ${span}`,
  allow: 'Allow',
  refuse: 'Refuse',
  note: 'A word to who asks (optional)',
  requestsWaiting: 'Requests',
  emergencies: 'Emergencies now',
  until: (time) => `until ${time}`,
  lasts: (left) => `${left} left`,
  end: 'End it',
  endTheirs: 'End it now? Their pictures stop at once.',
  camerasOf: (ids) => `Camera ${ids}`,

  alarmLine: 'The supervisor is told at once.',
  recordLine: 'Your name, the reason and all that you watch are recorded.',
  limitLine: 'Not for household cameras. Only when there is no time to ask.',
  area: 'Area',
  camera: 'Camera code',
  cameraHint: 'As on the pole, such as lang-ha-01',
  noCamera: 'There is no such camera, or it is a household’s.',
  hold: 'Hold to look now',
  holding: 'Keep holding',
  pressAgain: 'Press again to confirm',
  emergencyOn: 'Emergency view is on',
  endMine: 'End it early',

  newsGranted: (area, time) => `You may look at ${area} until ${time}`,
  newsRefused: (area) => `${area}: refused`,
  newsAsked: (area) => `asks to see ${area}`,
  newsAlarm: (area) => `looks at ${area} in an emergency`,
  newsEmergency: (time) => `Emergency view until ${time}. The supervisor has been told.`,
  newsOver: 'The emergency view has ended',
  look: 'Look',
  chip: 'Emergency',
  waitingCount: (n) => `${n} waiting for you`,
}

export const peopleStrings: Record<Lang, PeopleStrings> = { vi, en }

/** Where a request stands, in words. @param now Unix ms */
export function standingWords(s: Standing, p: PeopleStrings, now: number): string {
  switch (s.kind) {
    case 'waiting':
      return p.waits
    case 'granted':
      return p.granted(formatClock(s.until, now))
    case 'over':
      return p.over(formatClock(s.until, now))
    case 'ended':
      return p.endedEarly
    case 'refused':
      return p.refusedState
    case 'withdrawn':
      return p.withdrawn
    case 'expired':
      return p.expired
  }
}

const roleNames = ['viewer', 'supervisor', 'administrator', 'auditor'] as const

/** Roles in plain words, the widest last: "Người xem, Chỉ huy". */
export function roleWords(roles: readonly string[], p: PeopleStrings): string {
  return roleNames
    .filter((r) => roles.includes(r))
    .map((r) => p[r])
    .join(', ')
}

/** Areas by name. @param nameOf an area's name, its id where the name is not known */
export function placeWords(areas: readonly string[], p: PeopleStrings, nameOf: (id: string) => string): string {
  if (areas.includes('all')) return p.everywhere
  return areas.map(nameOf).join(', ') || p.noPlaces
}

