import { describe, expect, it } from 'vitest'
import {
  checkConsent,
  consentDocument,
  dayOf,
  formOfConsent,
  invitationState,
  newConsent,
  stateOf,
  type Consent,
} from '../../../src/core/manage/consents'

const now = new Date(2026, 10, 22, 10, 30).getTime()
const signed = { ...newConsent(now), owner: 'Bà Tư', purposes: ['theft'], document: '12/2026' }

describe('a consent on paper', () => {
  it('names who signed, what for, and the form', () => {
    expect(checkConsent(newConsent(now), now)).toEqual({ owner: 'missing', document: 'missing', purposes: 'purposes' })
    expect(checkConsent(signed, now)).toEqual({})
    expect(checkConsent({ ...signed, owner: 'đ'.repeat(101), contact: 'x'.repeat(201) }, now)).toEqual({ owner: 'long', contact: 'long' })
  })
  it('does not end before it begins, nor in the past', () => {
    expect(checkConsent({ ...signed, until: '2026-11-21' }, now)).toEqual({ until: 'past' })
    expect(checkConsent({ ...signed, from: '2026-12-02', until: '2026-12-01' }, now)).toEqual({ until: 'until' })
    expect(checkConsent({ ...signed, until: '2026-11-22' }, now)).toEqual({})
  })
  it('that begins today begins now, and its last day is whole', () => {
    expect(consentDocument(signed, undefined, now)).toEqual({ owner: 'Bà Tư', purposes: ['theft'], document: '12/2026' })
    const d = consentDocument({ ...signed, from: '2026-12-01', until: '2026-12-31' }, undefined, now)
    expect(d.from).toBe(new Date(2026, 11, 1).toISOString())
    expect(d.until).toBe(new Date(2027, 0, 1).toISOString())
  })
  it('forgets hours that were typed and then not wanted', () => {
    expect(consentDocument(signed, undefined, now)).not.toHaveProperty('hours')
    const d = consentDocument({ ...signed, when: 'weekly', days: [1] }, undefined, now)
    expect(d.hours).toEqual({ zone: 'Asia/Ho_Chi_Minh', spans: [{ day: 1, from: 1080, to: 360 }] })
    expect(checkConsent({ ...signed, when: 'weekly', days: [] }, now)).toEqual({ hours: 'days' })
  })
})

describe('a consent that stands', () => {
  const old: Consent = {
    state: 'open', owner: 'Bà Tư', purposes: ['fire'], how: 'paper', document: '1', from: new Date(2026, 0, 5, 9).toISOString(), given: 'x',
    until: new Date(2027, 0, 1).toISOString(), hours: { zone: 'Asia/Ho_Chi_Minh', spans: [{ day: 0, from: 1080, to: 1440 }, { day: 1, from: 1080, to: 1440 }] },
  }
  it('is read into the form and written as it was', () => {
    const f = formOfConsent(old, now)
    expect(f).toMatchObject({ from: '2026-01-05', until: '2026-12-31', when: 'weekly', days: [1, 0], hourFrom: '18:00', hourTo: '00:00' })
    const d = consentDocument(f, old, now)
    expect([d.from, d.until]).toEqual([old.from, old.until])
    expect(d.hours?.spans).toEqual(old.hours!.spans)
  })
  it('with hours that the form cannot show keeps them', () => {
    const odd = { ...old, hours: { zone: 'Asia/Ho_Chi_Minh', spans: [{ day: 0, from: 0, to: 60 }, { day: 1, from: 600, to: 700 }] } }
    const f = formOfConsent(odd, now)
    expect(f.when).toBe('kept')
    expect(consentDocument(f, odd, now).hours).toEqual(odd.hours)
  })
  it('by the owner’s own hand does not lend its digest to a paper form, and a withdrawn one lends nothing', () => {
    expect(formOfConsent({ ...old, how: 'link', document: 'sha' }, now).document).toBe('')
    expect(formOfConsent({ ...old, withdrawn: 'x' }, now)).toEqual(newConsent(now))
  })
  it('of a state that the page does not know is not called open', () => {
    expect([stateOf('open'), stateOf('later'), stateOf(undefined)]).toEqual(['open', 'none', 'none'])
  })
})

it('days are the reader’s own', () => expect(dayOf(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05'))

it('an invitation waits, was used, or is over', () => {
  const i = { key: 'k', area: 'a', made: '', until: new Date(now + 1000).toISOString() }
  expect(invitationState(i, now)).toBe('open')
  expect(invitationState(i, now + 1000)).toBe('expired')
  expect(invitationState({ ...i, used: 'x' }, now + 5000)).toBe('used')
})
