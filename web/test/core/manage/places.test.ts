import { describe, expect, it } from 'vitest'
import { parseAddress, subOf } from '../../../src/core/manage/address'
import { areaDocument, areaFormOf, checkArea, newArea } from '../../../src/core/manage/area-form'
import { AreaTree } from '../../../src/core/manage/areas'
import { check, differences, documentOf, formOf, moveLogin, newCamera, pairsOf, pointsOf, type CameraForm } from '../../../src/core/manage/camera-form'
import { goodID, goodLogin, nameFault, proposeID, proposeLogin } from '../../../src/core/manage/naming'
import { parsePosition } from '../../../src/core/manage/position'
import { hashOf, parseRoute } from '../../../src/core/manage/route'

describe('ids', () => {
  it.each([
    ['Ngã tư Láng Hạ – Thái Hà', 'nga-tu-lang-ha-thai-ha'],
    ['  Đường Đê La Thành (số 9) ', 'duong-de-la-thanh-so-9'],
    ['中文', ''],
    ['all', 'all-2'],
  ])('%s becomes %s', (name, id) => expect(proposeID(name)).toBe(id))
  it('of a taken name have a number, and never more than 64 letters', () => {
    expect(proposeID('Cổng chợ', (id) => id === 'cong-cho' || id === 'cong-cho-2')).toBe('cong-cho-3')
    const long = proposeID('Đường '.repeat(40), (id) => !id.endsWith('-12'))
    expect(long.length).toBeLessThanOrEqual(64)
    expect(goodID(long)).toBe(true)
    expect(goodID(proposeID('Đường '.repeat(40)))).toBe(true)
  })
  it('are only what the gateway takes', () => {
    expect(['a-1', 'x'.repeat(64)].every(goodID)).toBe(true)
    expect(['', 'A', 'a b', 'đ', 'x'.repeat(65)].some(goodID)).toBe(false)
  })
  it('of people are given name and initials', () => {
    expect(proposeLogin('Trần Thị Bình')).toBe('binhtt')
    expect(['hùng', 'a.b@c'].every(goodLogin)).toBe(true)
    expect(['', 'A', 'a b', 'a/b', 'ù'.repeat(33)].some(goodLogin)).toBe(false)
  })
})

describe('an address', () => {
  it.each([
    ['rtsp://10.1.2.3/Streaming/Channels/101', 'rtsp://10.1.2.3/Streaming/Channels/101', '', ''],
    [' RTSP://admin:bi%40mat@10.1.2.3:554/live ', 'rtsp://10.1.2.3:554/live', 'admin', 'bi@mat'],
    ['rtsp://admin:p@ss:w%rd@[fe80::1]:8554/x?a=1', 'rtsp://[fe80::1]:8554/x?a=1', 'admin', 'p@ss:w%rd'],
    ['rtsp://admin@cam.local', 'rtsp://cam.local', 'admin', ''],
    ['10.1.2.3:554/live', 'rtsp://10.1.2.3:554/live', '', ''],
  ])('%s loses its login', (raw, clean, user, password) => expect(parseAddress(raw)).toEqual({ clean, user, password }))
  it.each([
    ['http://10.1.2.3/', 'scheme'],
    ['camera ngoài cổng', 'scheme'],
    ['rtsp://admin:a/b@10.1.2.3/x', 'at'],
    ['rtsp:///x', 'host'],
    ['rtsp://h:0/x', 'host'],
    ['rtsp://h:65536/x', 'host'],
    ['rtsp://h/a b', 'letters'],
    ['rtsp://h/a#b', 'letters'],
      ])('%s is refused: %s', (raw, fault) => expect(parseAddress(raw)).toBe(fault))
  it('is at most 2048 letters long', () => expect(parseAddress(`rtsp://h/${'x'.repeat(2048)}`)).toBe('long'))
  it('of the small stream is known of common makers', () => {
    expect(subOf('rtsp://h/Streaming/Channels/101')).toBe('rtsp://h/Streaming/Channels/102')
    expect(subOf('rtsp://h/cam/realmonitor?channel=1&subtype=0')).toBe('rtsp://h/cam/realmonitor?channel=1&subtype=1')
    expect(subOf('rtsp://h:8554/cam0/main')).toBe('rtsp://h:8554/cam0/sub')
    expect(subOf('rtsp://h/video1')).toBe('')
  })
})

const filled = (change: Partial<CameraForm> = {}): CameraForm => ({
  ...newCamera('lang'), id: 'cam', name: 'Cổng', main: 'rtsp://h/main', ...change,
})
const old = { id: 'cam', name: 'Cổng', area: 'lang', kind: 'public', main: 'rtsp://h/main', user: 'admin' }

describe('a camera’s form', () => {
  it('becomes the document, without what is empty', () => {
    expect(documentOf(filled({ name: ' Cổng ' }), undefined)).toEqual({ id: 'cam', name: 'Cổng', area: 'lang', kind: 'public', main: 'rtsp://h/main' })
    expect(documentOf(filled({ kind: 'household', keepWarm: true }), undefined).keep_warm, 'of a household').toBeUndefined()
    expect(documentOf(filled({ kind: 'household', sound: true }), undefined).sound, 'of a household').toBeUndefined()
    expect(documentOf(filled({ kind: 'public', sound: true }), undefined).sound).toBe(true)
    expect(documentOf(filled({ position: '105.8169; 21.0126', transport: 'tcp', keepWarm: true, anyCertificate: true }), undefined)).toEqual({
      id: 'cam', name: 'Cổng', area: 'lang', kind: 'public', main: 'rtsp://h/main', position: [21.0126, 105.8169], transport: 'tcp', keep_warm: true,
    })
  })
  it('never sends an address with a password in it', () => {
    const d = documentOf(filled({ main: 'rtsp://admin:secret@h/main' }), undefined)
    const old = { id: 'cam', name: 'Cổng', area: 'lang', kind: 'public', main: 'rtsp://h/main', onvif: { address: 'http://h/onvif/device_service' } }
    expect(documentOf(filled({ name: 'Cổng sau' }), old).onvif, 'what the form does not show').toEqual(old.onvif)
    expect(documentOf(filled({ main: 'rtsp://other/main' }), old).onvif, 'of another device').toBeUndefined()
    expect(d).toMatchObject({ main: 'rtsp://h/main', user: 'admin', password: 'secret' })
  })
  it('comes back the same from what the gateway tells', () => {
    const d = { ...old, sub: 'rtsp://h/sub', position: [21.5, 105.25] as [number, number], transport: 'udp', keep_warm: true }
    expect(documentOf(formOf(d), d)).toEqual(d)
  })
  it('says that a camera is marked no more, since what is left out stays', () => {
    const d = { ...old, marked: true }
    expect(documentOf(formOf(d), d).marked).toBe(true)
    expect(documentOf({ ...formOf(d), marked: false }, d).marked).toBe(false)
    expect(documentOf(formOf(old), old), 'that was not').not.toHaveProperty('marked')
    expect(documentOf(filled({ kind: 'household', marked: true }), undefined).marked).toBe(true)
  })
  it('sends no masks, so that it lifts none', () => {
    const d = { ...old, masks: [[[0, 0], [1, 0], [0, 1]]] as [number, number][][] }
    expect(documentOf(formOf(d), d)).not.toHaveProperty('masks')
    expect(pairsOf(pointsOf(d.masks))).toEqual(d.masks)
    expect(pointsOf(undefined)).toEqual([])
  })
  it('leaves the stored password alone, unless it would be sent elsewhere', () => {
    expect(check(formOf(old), old)).toEqual({})
    expect(documentOf(formOf(old), old)).not.toHaveProperty('password')
    expect(check({ ...formOf(old), main: 'rtsp://other/main' }, old)).toEqual({ password: 'passwordAgain' })
    expect(check({ ...formOf(old), main: 'rtsp://other/main', password: 'x' }, old)).toEqual({})
    expect(documentOf({ ...formOf(old), user: '' }, old).password).toBe('')
    expect(documentOf({ ...formOf(old), main: 'rtsp://other/main', bare: true }, old).password).toBe('')
  })
  it('says what is missing', () => {
    expect(check({ ...newCamera(), password: 'x', position: '21' }, undefined)).toEqual({
      name: 'missing', id: 'id', area: 'missing', main: 'missing', position: 'position', user: 'userMissing',
    })
    expect(check(filled({ user: 'admin' }), undefined)).toEqual({ password: 'password' })
    expect(check(filled({ user: 'admin', bare: true }), undefined)).toEqual({})
    expect(nameFault('ữ'.repeat(67))).toBe('long')
  })
  it('takes one account for both addresses', () => {
    const f = filled({ user: 'admin', password: 'x', sub: 'rtsp://guest:y@h/sub' })
    expect(moveLogin(f, 'sub').fault).toBe('otherLogin')
    expect(moveLogin({ ...f, sub: 'rtsp://admin:x@h/sub' }, 'sub')).toMatchObject({ moved: true, form: { sub: 'rtsp://h/sub', user: 'admin', password: 'x' } })
  })
  it('shows where two versions differ', () => {
    expect(differences(old, { ...old, name: 'Cửa', keep_warm: true })).toEqual(['name', 'keepWarm'])
  })
})

it.each([
  ['21.0126, 105.8169', [21.0126, 105.8169]],
  ['105.8169 21.0126', [21.0126, 105.8169]],
  ['21,0126; 105,8169', [21.0126, 105.8169]],
  ['[21.0126°, 105.8169°]', [21.0126, 105.8169]],
  ['-33.8, 151.2', [-33.8, 151.2]],
  ['21.0126', undefined],
  ['91, 200', undefined],
  ['ở ngã tư', undefined],
])('the position %s', (text, want) => expect(parsePosition(text)).toEqual(want))

describe('areas', () => {
  const tree = new AreaTree([
    { id: 'lang', name: 'Phường Láng', parent: 'ha-noi' },
    { id: 'ha-noi', name: 'Hà Nội' },
    { id: 'to-2', name: 'Tổ 2', parent: 'lang' },
    { id: 'to-10', name: 'Tổ 10', parent: 'lang' },
    { id: 'x', name: 'X', parent: 'y' },
    { id: 'y', name: 'Y', parent: 'x' },
  ])
  it('stand in the order of the tree, and a loop does not hang the page', () => {
    expect(tree.ordered.map((o) => `${o.depth}${o.area.id}`)).toEqual(['0ha-noi', '1lang', '2to-2', '2to-10'])
    expect(tree.pathName('to-2')).toBe('Hà Nội › Phường Láng')
    expect(tree.pathName('x')).toBe('Y')
    expect([tree.within('to-2', 'ha-noi'), tree.within('ha-noi', 'to-2')]).toEqual([true, false])
  })
  it('are found without accents, the nearest name first', () => {
    expect(tree.search('lang', () => true).map((a) => a.id)[0]).toBe('lang')
    expect(tree.search('to 10', () => true).map((a) => a.id)).toEqual(['to-10'])
    expect(tree.search('lang', (a) => a.id !== 'lang').map((a) => a.id)).not.toContain('lang')
  })
  it('keep their dated codes by the days of Viet Nam', () => {
    const a = { id: 'lang', name: 'Phường Láng', parent: 'ha-noi', level: 'phường', codes: [{ code: '00199', from: '2025-06-30T17:00:00Z' }, { code: '00198', until: '2025-07-01T00:00:00+07:00' }] }
    const f = areaFormOf(a)
    expect(f.codes).toEqual([{ code: '00199', from: '2025-07-01', until: '' }, { code: '00198', from: '', until: '2025-07-01' }])
    expect(areaDocument(f).codes).toEqual([{ code: '00199', from: '2025-07-01T00:00:00+07:00' }, { code: '00198', until: '2025-07-01T00:00:00+07:00' }])
    expect(areaDocument({ ...newArea(), id: 'a', name: 'A', codes: [{ code: '', from: '', until: '' }] })).toEqual({ id: 'a', name: 'A' })
  })
  it('are checked before they are sent', () => {
    expect(checkArea(newArea())).toEqual({ name: 'missing', id: 'id' })
    const wrong = { ...newArea(), id: 'a', name: 'A' }
    expect(checkArea({ ...wrong, codes: [{ code: '1', from: '2025-07-01', until: '2025-07-01' }] })).toEqual({ codes: 'codes' })
    expect(checkArea({ ...wrong, codes: [{ code: 'mã 1', from: '', until: '' }] })).toEqual({ codes: 'codes' })
    expect(checkArea({ ...wrong, id: 'all' })).toEqual({ id: 'id' })
  })
})

it('addresses of the page survive a round trip, and nonsense is the list of cameras', () => {
  expect(parseRoute(hashOf('accounts', 'a/b?c'))).toEqual({ screen: 'accounts', id: 'a/b?c', from: '' })
  expect(parseRoute(hashOf('areas', '+', 'phuong-lang'))).toEqual({ screen: 'areas', id: '+', from: 'phuong-lang' })
  for (const h of ['', '#', '#/x/y', '#camera=1', '#/cameras/%zz']) expect(parseRoute(h)).toEqual({ screen: 'cameras', id: '', from: '' })
})
