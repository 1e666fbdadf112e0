import { describe as group, expect, it } from 'vitest'
import { Cases, goodNumber, readCase, type Case } from '../../src/core/case'
import { caseStrings } from '../../src/core/case-text'
import { describe } from '../../src/core/describe'
import { closedWords } from '../../src/core/household'
import { strings } from '../../src/core/i18n'

/** A gateway that keeps one case. */
class Gateway {
  kept: Case | undefined
  fails = false
  asked: string[] = []
  private answer<T>(what: string, value: T): Promise<T> {
    this.asked.push(what)
    return this.fails ? Promise.reject(new TypeError('network')) : Promise.resolve(value)
  }
  reasons = () => this.answer('reasons', [{ code: 'theft', vi: 'Trộm cắp', en: 'Theft' }])
  openCase = () => this.answer('case', this.kept)
  stateCase = async (reason: string, number: string) => {
    await this.answer('put', undefined)
    this.kept = { reason, number, opened: '2026-11-22T10:00:00+07:00' }
  }
  closeCase = async () => {
    await this.answer('delete', undefined)
    this.kept = undefined
  }
}

function make() {
  const gateway = new Gateway()
  let rights = 0
  const cases = new Cases(gateway, { changed() {}, rights: () => rights++ })
  return { gateway, cases, rights: () => rights }
}

group('a case', () => {
  it('is stated once, and known again after a reload', async () => {
    const { gateway, cases, rights } = make()
    await cases.state('theft', ' 128/2026 ')
    expect(cases.open).toEqual({ reason: 'theft', number: '128/2026', opened: '2026-11-22T10:00:00+07:00' })
    expect(rights()).toBe(1)
    const again = new Cases(gateway, { changed() {}, rights() {} })
    await again.load()
    expect([again.open?.number, again.reasons.length]).toEqual(['128/2026', 1])
  })
  it('that the gateway does not take stays unsaid', async () => {
    const { gateway, cases, rights } = make()
    gateway.fails = true
    await expect(cases.state('theft', '128/2026')).rejects.toThrow()
    expect([cases.open, rights()]).toEqual([undefined, 0])
  })
  it('stays while the gateway is out of reach, and is gone once it says so', async () => {
    const { gateway, cases } = make()
    await cases.state('theft', '128/2026')
    gateway.fails = true
    await cases.load()
    expect(cases.open?.reason).toBe('theft')
    gateway.fails = false
    gateway.kept = undefined
    await cases.load()
    expect(cases.open).toBeUndefined()
  })
  it('is closed, and an answer that was on its way does not open it again', async () => {
    const { gateway, cases, rights } = make()
    await cases.state('theft', '128/2026')
    const late = cases.load()
    await cases.close()
    await late
    expect([cases.open, gateway.kept, rights()]).toEqual([undefined, undefined, 2])
  })
  it('asks for the reasons once', async () => {
    const { gateway, cases } = make()
    await cases.loadReasons()
    await cases.loadReasons()
    expect(gateway.asked).toEqual(['reasons'])
  })
  it.each([
    ['128/2026', true],
    ['12/QĐ-CQĐT', true],
    [' a1 ', false],
    ['...', false],
    ['1'.repeat(41), false],
    ['12;3', false],
  ])('has a number as the gateway takes it: %s', (number, good) => expect(goodNumber(number)).toBe(good))
  it('is read from the answer, and nothing else is one', () => {
    expect(readCase({ reason: 'theft', number: '1/2' })).toEqual({ reason: 'theft', number: '1/2' })
    for (const doc of [undefined, null, {}, { reason: '' }, { reason: 'theft' }]) expect(readCase(doc)).toBeUndefined()
  })
  it('has its texts in both languages', () => {
    expect(Object.keys(caseStrings.en)).toEqual(Object.keys(caseStrings.vi))
    for (const k of Object.keys(caseStrings.vi) as (keyof typeof caseStrings.vi)[]) {
      if (typeof caseStrings.vi[k] === 'string') expect(caseStrings.en[k], k).not.toBe(caseStrings.vi[k])
    }
  })
})

group('a household’s camera', () => {
  const now = new Date(2026, 10, 21, 12, 0).getTime()
  const camera = { id: 'a', name: 'A', area: 'x', kind: 'household' }
  const say = (more: object) => closedWords({ ...camera, ...more }, strings.vi, now)
  it('says why its owner does not show it, and when it opens again', () => {
    expect(say({})).toBe('')
    expect(say({ closed: 'off' })).toBe('Chủ camera đã tắt')
    expect(say({ closed: 'hours', closed_until: new Date(2026, 10, 21, 18, 0).toISOString() })).toBe('Ngoài giờ cho phép, mở lại lúc 18:00')
    expect(say({ closed: 'hours', closed_until: new Date(2026, 10, 22, 6, 30).toISOString() })).toBe('Ngoài giờ cho phép, mở lại lúc 22/11 06:30')
    expect(say({ closed: 'hours' })).toBe('Ngoài giờ cho phép')
    for (const closed of ['none', 'expired', 'withdrawn', 'masked']) expect(say({ closed })).toBe('Chủ camera chưa cho xem')
  })
  it('that its owner closed is not said to be lost, nor to want a right', () => {
    const w = describe({ kind: 'denied', text: undefined, code: 'closed_by_owner' }, strings.vi, 'vi', now, { closed: 'Chủ camera đã tắt' })
    expect(w).toMatchObject({ title: 'Chủ camera đã tắt', line: 'Chủ camera đã tắt', icon: 'house', light: 'idle' })
    expect(w.button).toBeUndefined()
  })
  it('that waits for a case offers to state one', () => {
    const w = describe({ kind: 'denied', text: undefined, code: 'case_needed' }, strings.vi, 'vi', now)
    expect(w).toMatchObject({ icon: 'house', button: 'Nêu vụ việc', asks: 'case' })
  })
})
