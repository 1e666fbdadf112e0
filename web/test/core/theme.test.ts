import { describe, expect, it } from 'vitest'
import { GROUND, readTheme, worn, type Worn } from '../../src/core/theme'
import style from '../../src/style.css?raw'

const css = style.replace(/\/\*.*?\*\//gs, '')

function tokensOf(selector: string): Record<string, string> {
  const from = css.indexOf(`${selector} {`)
  expect(from, selector).toBeGreaterThan(-1)
  const block = css.slice(css.indexOf('{', from) + 1, css.indexOf('}', from))
  return Object.fromEntries([...block.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map((m) => [m[1]!, m[2]!.trim()]))
}

const dark = tokensOf(':root')
const themes: Record<Worn, Record<string, string>> = {
  dark,
  light: { ...dark, ...tokensOf(":root[data-theme='light']") },
  red: { ...dark, ...tokensOf(":root[data-theme='red']") },
}

function rgb(colour: string): number[] {
  const h = colour.slice(1)
  const full = h.length === 3 ? [...h].map((c) => c + c).join('') : h
  expect(full, colour).toMatch(/^[0-9a-f]{6}$/)
  return [0, 2, 4].map((i) => parseInt(full.slice(i, i + 2), 16))
}

/** Relative luminance, WCAG 2.2. */
function luminance(colour: string): number {
  const [r, g, b] = rgb(colour).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [light, dim] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (light + 0.05) / (dim + 0.05)
}

/** What is written in the first on the second. */
const WORDS = [
  ...['--tx', '--t2'].flatMap((t) => ['--bg', '--s1', '--s2', '--s3', '--stage'].map((on) => [t, on])),
  ...['--ac', '--warn', '--bad'].flatMap((t) => ['--bg', '--s1', '--s2'].map((on) => [t, on])),
  ['--tx', '--key'],
  ['--warn', '--key'],
  ['--warn', '--stage'],
  ['--bad', '--stage'],
  ['--bg', '--tx'],
  ['--bg', '--bad'],
]
/** Signs and the borders of what is marked. */
const SIGNS = [
  ...['--t3', '--ok', '--ac'].flatMap((t) => ['--bg', '--s1', '--s2'].map((on) => [t, on])),
  ['--ok', '--stage'],
  ['--t2', '--s3'],
  ['--bg', '--ac'],
  ['--ac', '--s3'],
]

describe.each(Object.entries(themes))('in the theme %s', (name, tokens) => {
  it.each(WORDS)('%s on %s is read by everybody (4.5 to 1)', (t, on) => {
    expect(contrast(tokens[t!]!, tokens[on!]!)).toBeGreaterThanOrEqual(4.5)
  })
  it.each(SIGNS)('%s on %s is seen (3 to 1)', (t, on) => {
    expect(contrast(tokens[t!]!, tokens[on!]!)).toBeGreaterThanOrEqual(3)
  })
  it('the browser’s bars have the ground’s colour', () => {
    expect(tokens['--bg']).toBe(GROUND[name as Worn])
  })
})

describe('red at night', () => {
  it('has no light that is not mostly red', () => {
    for (const [token, colour] of Object.entries(themes.red)) {
      if (!/^#[0-9a-f]{6}/.test(colour)) continue
      const [r, g, b] = rgb(colour.slice(0, 7)) as [number, number, number]
      expect(Math.max(g, b), token).toBeLessThanOrEqual(r * 0.45)
    }
  })
})

describe('the theme', () => {
  it('is dark where nothing, or nothing of ours, was kept', () => {
    expect([null, 'red', 'auto', 'blue', ''].map(readTheme)).toEqual(['dark', 'red', 'auto', 'dark', 'dark'])
  })
  it('follows the device only where that was chosen', () => {
    expect([worn('auto', true), worn('auto', false), worn('dark', true), worn('red', true)]).toEqual(['light', 'dark', 'dark', 'red'])
  })
})
