import { parseAddress, subOf, type AddressFault } from '../manage/address'

/** A maker's cameras: where their pictures are, and who may usually sign in. */
export interface Make {
  id: string
  name: string
  /** behind the host; '' where the whole address is asked for */
  main: string
  sub: string
  user: string
}

/** Common in Vietnamese homes. */
export const MAKES: readonly Make[] = [
  { id: 'hikvision', name: 'Hikvision, HiLook', main: '/Streaming/Channels/101', sub: '/Streaming/Channels/102', user: 'admin' },
  { id: 'ezviz', name: 'EZVIZ', main: '/h264/ch1/main/av_stream', sub: '/h264/ch1/sub/av_stream', user: 'admin' },
  { id: 'dahua', name: 'Dahua, KBVision, Imou', main: '/cam/realmonitor?channel=1&subtype=0', sub: '/cam/realmonitor?channel=1&subtype=1', user: 'admin' },
  { id: 'tapo', name: 'TP-Link Tapo', main: '/stream1', sub: '/stream2', user: '' },
  { id: 'uniview', name: 'Uniview', main: '/unicast/c1/s0/live', sub: '/unicast/c1/s1/live', user: 'admin' },
  { id: 'other', name: '', main: '', sub: '', user: '' },
]

export interface CameraEntry {
  make: string
  /** the camera's address in the house's network, or the whole address */
  host: string
  user: string
  password: string
}

export interface Reached {
  main: string
  sub: string
  user: string
  password: string
}

/** Where the pictures are, by what was typed; or what is wrong with it. */
export function reach(e: CameraEntry): Reached | AddressFault | 'empty' {
  const make = MAKES.find((m) => m.id === e.make)
  const host = e.host.trim()
  if (!make || host === '') return 'empty'
  // A whole address counts whatever the make.
  const whole = make.main === '' || host.includes('://')
  if (!whole && /[/?#@\s]/.test(host)) return 'host'
  const a = parseAddress(whole ? host : `rtsp://${host}${make.main}`)
  if (typeof a === 'string') return a
  return {
    main: a.clean,
    sub: whole ? subOf(a.clean) : `rtsp://${host}${make.sub}`,
    user: a.user || e.user.trim(),
    password: a.password || e.password,
  }
}
