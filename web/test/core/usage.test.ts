import { describe, expect, it } from 'vitest'
import { addUsage, BUDGETS, readBudget, readUsage, share, toSay, usedOn } from '../../src/core/usage'

const today = '2026-11-22'

describe('the data of a day', () => {
  it('starts at nothing at midnight, without a byte having come', () => {
    const u = addUsage(undefined, 300e6, '2026-11-21')
    expect(usedOn(u, '2026-11-21')).toBe(300e6)
    expect(usedOn(u, today)).toBe(0)
    expect(addUsage({ ...u, said: 80 }, 5, today)).toEqual({ day: today, bytes: 5 })
  })
  it('is spoken of at 80 and at 100 per cent, each once a day', () => {
    let u = addUsage(undefined, 799e6, today)
    expect(toSay(u, 1e9, today)).toBe(0)
    u = addUsage(u, 1e6, today)
    expect(toSay(u, 1e9, today)).toBe(80)
    u = addUsage({ ...u, said: 80 }, 100e6, today)
    expect(toSay(u, 1e9, today)).toBe(0)
    u = addUsage(u, 100e6, today)
    expect(toSay(u, 1e9, today)).toBe(100)
    expect(toSay({ ...u, said: 100 }, 1e9, today)).toBe(0)
    expect(toSay(u, 1e9, '2026-11-23')).toBe(0)
  })
  it('is never too much without a budget', () => {
    expect(toSay(addUsage(undefined, 9e12, today), 0, today)).toBe(0)
    expect(share(9e12, 0)).toBe(0)
    expect(share(2e9, 1e9)).toBe(1)
  })
  it('has a budget of 1 GB until another one of the list is kept', () => {
    expect(readBudget(null)).toBe(1e9)
    for (const b of BUDGETS) expect(readBudget(String(b))).toBe(b)
    for (const wrong of ['', 'NaN', '-1', '3', '1e99']) expect(readBudget(wrong)).toBe(1e9)
  })
  it('remembers over a reload what was said', () => {
    expect(readUsage(JSON.stringify({ day: today, bytes: 5, said: 80 }))?.said).toBe(80)
  })
})
