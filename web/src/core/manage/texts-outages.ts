/* Texts about cameras that are offline for minutes, watched or not. */
import { many } from '../plural'
import type { Like } from './like'

export const vi = {
  outages: 'Đang mất kết nối',
  outagesOf: (n: number) => `${n} camera`,
  outageMark: (n: number) => `${n} camera mất kết nối`,
  outageLong: (time: string, long: string) => `từ ${time}, đã ${long}`,
  outageHost: (host: string, n: number, whole: boolean) => (whole ? `Đầu ghi ${host}: tất cả ${n} camera` : `Đầu ghi ${host}: ${n} camera`),
  outageNetwork: (n: number) => `Không camera nào trả lời: ${n} camera`,
  outageUnsteady: 'Chập chờn: mất rồi lại có nhiều lần trong một giờ',
  outageHelp: {
    network: 'Kiểm tra mạng của máy chủ Matthan trước: dây, bộ chuyển mạch, đường truyền.',
    host: 'Kiểm tra nguồn điện và mạng của đầu ghi.',
    power: 'Kiểm tra nguồn điện và dây mạng của camera.',
    login: 'Kiểm tra tên đăng nhập và mật khẩu của camera.',
    reach: 'Thêm địa chỉ vào mục reach của cấu hình.',
    wait: 'Kiểm tra dây mạng, sóng Wi-Fi và nguồn điện.',
    look: 'Kiểm tra camera để biết lý do.',
  },
  outageCheck: 'Kiểm tra',
  outageNames: (n: number) => `Xem ${n} camera`,
  outageRest: (n: number) => `và ${n} camera khác`,
  outageMore: (n: number) => `Xem thêm ${n}`,
  outageTelling: (time: string, why: string, waiting: number) => `Từ ${time} không gửi được báo mất camera tới máy chủ nhận: ${why}. Còn ${waiting} tin chờ gửi.`,
  outageDropped: (n: number) => `${n} tin báo mất camera không gửi được và đã bỏ, xem nhật ký của máy chủ.`,
  outageStatus: (code: string) => `máy chủ đó trả lời ${code}`,
  outageWhys: {
    unreachable: 'không kết nối được',
    timeout: 'không trả lời kịp',
    out_of_reach: 'địa chỉ không được phép gọi',
    certificate: 'chứng thư không đáng tin',
  },
}

export const en: Like<typeof vi> = {
  outages: 'Offline now',
  outagesOf: (n) => many(n, 'camera', 'cameras'),
  outageMark: (n) => `${many(n, 'camera', 'cameras')} offline`,
  outageLong: (time, long) => `since ${time}, for ${long}`,
  outageHost: (host, n, whole) => (whole ? `Recorder ${host}: all ${n} cameras` : `Recorder ${host}: ${many(n, 'camera', 'cameras')}`),
  outageNetwork: (n) => `No camera answers: ${many(n, 'camera', 'cameras')}`,
  outageUnsteady: 'Comes and goes several times an hour',
  outageHelp: {
    network: 'First look at the network of the Matthan server: its cable, switch and line.',
    host: 'Look at the power and the network of the recorder.',
    power: 'Look at the power and the network cable of the camera.',
    login: 'Look at the user and password of the camera.',
    reach: 'Add its address to reach in the configuration.',
    wait: 'Look at the network cable, the Wi-Fi and the power.',
    look: 'Check the camera to find out why.',
  },
  outageCheck: 'Check',
  outageNames: (n) => `Show ${many(n, 'camera', 'cameras')}`,
  outageRest: (n) => `and ${n} more`,
  outageMore: (n) => `${n} more`,
  outageTelling: (time, why, waiting) => `Since ${time} the server that is told of offline cameras does not take it: ${why}. ${waiting} wait.`,
  outageDropped: (n) => `${many(n, 'message', 'messages')} about offline cameras could not be sent and were dropped, see the log of the gateway.`,
  outageStatus: (code) => `it answers ${code}`,
  outageWhys: {
    unreachable: 'it cannot be reached',
    timeout: 'it does not answer in time',
    out_of_reach: 'its address may not be called',
    certificate: 'its certificate is not trusted',
  },
}
