import { describe, expect, it } from 'vitest'
import { Tile, type Frame } from '../../src/core/tile'
import type { ClockMessage, TileMessage, TileState } from '../../src/core/protocol'

const frame = (rtp: number | undefined, at: number): Frame => ({ rtp, at, width: 1280, height: 720 })
const told = (camera: string, state: TileState): TileMessage => ({ type: 'tile', tile: 0, camera, state })
const clock = (camera: string, rtp: number, captured = 0): ClockMessage => ({
  type: 'clock',
  tile: 0,
  camera,
  rtp,
  captured,
  source: 'camera',
})

let marks = 0

/** A view has left, and the gateway has read it. */
function answer(t: Tile, now = 0): void {
  t.asked(++marks)
  t.passed(marks, now)
}

/** A tile that shows a, live, with a clock at rtp 0. */
function showing(camera = 'a'): Tile {
  const t = new Tile()
  t.view(camera, 0)
  answer(t)
  t.onTile(told(camera, 'live'), 10)
  t.onClock(clock(camera, 0, 1000), 1000)
  return t
}

describe('a picture', () => {
  it('has the age between its capture and its drawing', () => {
    const t = showing()
    expect(t.onFrame(frame(9000, 500), 1000)).toBe(true)
    // captured at 1000 + 100, drawn at 500 + 1000
    expect(t.meter.value).toBe(400)
  })
  it('has no age while the clocks are not compared', () => {
    const t = showing()
    expect(t.onFrame(frame(9000, 500), undefined)).toBe(true)
    expect(t.meter.value).toBeUndefined()
  })
  it('never has an age below nothing', () => {
    const t = showing()
    t.onFrame(frame(9000, 0), 0)
    expect(t.meter.value).toBe(0)
  })
  it('from before the first clock is backlog and does not count', () => {
    const t = new Tile()
    t.view('a', 0)
    answer(t)
    t.onTile(told('a', 'live'), 10)
    t.onClock(clock('a', 90_000), 0)
    expect(t.onFrame(frame(80_000, 100), 0)).toBe(false)
    expect(t.own).toBeUndefined()
    expect(t.onFrame(frame(90_000, 140), 0)).toBe(true)
  })
  it('that was drawn before its clock came counts when the clock comes', () => {
    const t = new Tile()
    t.view('a', 0)
    answer(t)
    t.onTile(told('a', 'live'), 10)
    t.onFrame(frame(9000, 100), 0)
    expect(t.own).toBeUndefined()
    t.onClock(clock('a', 9000, 50), 0)
    expect(t.own?.rtp).toBe(9000)
    expect(t.meter.value).toBe(50)
  })
  it('without a timestamp is not believed while there is a clock', () => {
    const t = showing()
    expect(t.onFrame(frame(undefined, 500), 0)).toBe(false)
  })
})

describe('after a switch', () => {
  it("the old camera's last pictures do not stand under the new name", () => {
    const t = showing()
    t.onFrame(frame(9000, 500), 0)
    t.view('b', 510)
    answer(t)
    expect(t.own).toBeUndefined()
    expect(t.onFrame(frame(12_600, 540), 0)).toBe(false)
    t.onTile(told('b', 'opening'), 545)
    expect(t.onFrame(frame(16_200, 550), 0)).toBe(false)
    t.onTile(told('b', 'live'), 560)
    expect(t.onFrame(frame(19_800, 565), 0)).toBe(false)
    t.onClock(clock('b', 30_000), 0)
    expect(t.onFrame(frame(29_000, 570), 0)).toBe(false)
    expect(t.onFrame(frame(30_000, 580), 0)).toBe(true)
  })
  it('a clock of the old camera that was on its way is not taken', () => {
    const t = showing()
    t.view('b', 510)
    answer(t)
    t.onClock(clock('a', 9000), 0)
    expect(t.onFrame(frame(9001, 520), 0)).toBe(false)
  })
  it('and back, the clock of the first view does not make b a picture of a', () => {
    const t = showing()
    t.view('b', 500)
    t.asked(1001)
    t.view('a', 520)
    t.asked(1002)
    // still of the first view:
    t.onTile(told('a', 'live'), 530)
    t.onClock(clock('a', 50_000), 0)
    expect(t.onFrame(frame(60_000, 540), 0)).toBe(false)
    t.onTile(told('b', 'opening'), 550)
    t.passed(1001, 551)
    t.onClock(clock('a', 60_000), 0)
    expect(t.onFrame(frame(61_000, 555), 0)).toBe(false)
    t.passed(1002, 556)
    t.onTile(told('a', 'live'), 560)
    t.onClock(clock('a', 70_000), 0)
    expect(t.onFrame(frame(69_000, 565), 0)).toBe(false)
    expect(t.onFrame(frame(70_000, 570), 0)).toBe(true)
  })
  it('news that came before the mark is not lost: it may be the only news', () => {
    const t = showing()
    t.view('b', 500)
    t.asked(1001)
    t.onTile(told('b', 'denied'), 520)
    expect(t.message).toBeUndefined()
    t.passed(1001, 521)
    expect(t.message?.state).toBe('denied')
  })
  it('without any clock, pictures count a second after live, and have no age', () => {
    const t = new Tile()
    t.view('a', 0)
    answer(t)
    t.onTile(told('a', 'live'), 100)
    expect(t.onFrame(frame(1, 900), 0)).toBe(false)
    expect(t.onFrame(frame(2, 1101), 0)).toBe(true)
    expect(t.meter.value).toBeUndefined()
  })
})

describe('after a break', () => {
  it('the backlog of the return does not count, and the last age stays known', () => {
    const t = showing()
    t.onFrame(frame(9000, 500), 1000)
    t.onTile(told('a', 'offline'), 6000)
    expect(t.lastAge).toBe(400)
    t.onTile(told('a', 'live'), 9000)
    expect(t.onFrame(frame(18_000, 9010), 1000)).toBe(false)
    t.onClock(clock('a', 20_000), 1000)
    expect(t.onFrame(frame(20_000, 9050), 1000)).toBe(true)
  })
  it('of the socket, an unanswered view is asked for again', () => {
    const t = showing()
    expect(t.settled).toBe(true)
    t.view('b', 500)
    t.asked(1001)
    t.lost()
    expect(t.settled).toBe(false)
    answer(t)
    expect(t.settled).toBe(true)
  })
  it('in the stream, a start from the key picture does not make old pictures look young', () => {
    const t = showing()
    t.onFrame(frame(9000, 500), 1000)
    expect(t.meter.value).toBe(400)
    // The clock says that what stands at 20 000 was taken 3 s earlier than the old one would have it.
    t.onClock(clock('a', 20_000, 1000 + 222 - 3000), 1000)
    expect(t.onFrame(frame(19_000, 650), 1000)).toBe(false)
    expect(t.onFrame(frame(20_000, 700), 1000)).toBe(true)
    expect(Math.round(t.meter.value!)).toBe(3478)
  })
  it('with a new peer, old timestamps mean nothing', () => {
    const t = showing()
    t.onFrame(frame(9000, 500), 0)
    t.newPeer()
    expect(t.own).toBeUndefined()
    expect(t.onFrame(frame(9090, 510), 0)).toBe(false)
  })
})

it('an idle tile owns no picture', () => {
  const t = showing()
  t.view('', 500)
  answer(t)
  t.onTile(told('', 'idle'), 510)
  expect(t.onFrame(frame(9000, 520), 0)).toBe(false)
})
