import { expect, it } from 'vitest'
import { lifeOf, Pass } from '../../src/core/pass'
import { FakeWorld } from './fakes'

let issued = 0
/** A token that says how long it lives. */
function token(seconds: number): string {
  const part = (v: unknown) => btoa(JSON.stringify(v)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')
  return `${part({ alg: 'EdDSA' })}.${part({ iat: 1000, exp: 1000 + seconds, jti: `Lê ${issued++}`.normalize('NFD').replace(/[^\x20-\x7e]/g, '') })}.c2ln`
}

function pass() {
  const world = new FakeWorld()
  const said: string[] = []
  const p: Pass = new Pass(world, {
    ask: (renew) => said.push(renew ? 'renew?' : 'token?'),
    begin: () => said.push('begin'),
    prolong: () => said.push('prolong'),
    missing: () => said.push('missing'),
    refused: () => said.push('refused'),
  })
  const news = () => said.splice(0)
  return { world, p, news }
}

it('a token says how long it lives, or nothing', () => {
  expect(lifeOf(token(120))).toBe(120_000)
  expect(lifeOf(token(0.5))).toBe(500)
  for (const bad of ['', 'an-opaque-token', 'a.b', 'a.b.c', 'e30.e30.e30', token(0), token(-5), `x.${btoa('null')}.y`]) expect(lifeOf(bad)).toBeUndefined()
})

it('a look asks for its first token, and for the next at 60 % of its life', async () => {
  const { world, p, news } = pass()
  p.start()
  expect(news()).toEqual(['token?'])
  p.take(token(100))
  p.taken()
  expect(news()).toEqual(['begin'])
  await world.pass(59_900)
  expect(news()).toEqual([])
  await world.pass(200)
  expect(news()).toEqual(['renew?'])
  p.take(token(100))
  expect(news()).toEqual(['prolong'])
  await world.pass(60_100)
  expect(news()).toEqual(['renew?'])
})

it('a renewal that nobody answers is asked for again, a few times', async () => {
  const { world, p, news } = pass()
  p.start(token(100))
  p.taken()
  await world.pass(99_000)
  expect(news()).toEqual(['begin', 'renew?', 'renew?', 'renew?', 'renew?'])
})

it('a token of a moment does not have the page asked without a pause', async () => {
  const { world, p, news } = pass()
  p.start(token(0.01))
  await world.pass(10_000)
  expect(news().length).toBeLessThanOrEqual(21)
})

it('a token that the gateway refuses is not followed by a third', () => {
  const { p, news } = pass()
  p.start(token(100))
  p.ended()
  expect(news()).toEqual(['begin', 'refused'])
  p.take(token(100))
  expect(news()).toEqual(['begin'])
})

it('a look that the gateway forgot begins again with a fresh token, once', () => {
  const { p, news } = pass()
  p.start(token(100))
  p.taken()
  p.ended()
  expect(news()).toEqual(['begin', 'token?'])
  p.take(token(100))
  p.ended()
  expect(news()).toEqual(['begin', 'refused'])
})

it('a token that does not come is said to be missing, and taken when it comes late', async () => {
  const { world, p, news } = pass()
  p.start()
  await world.pass(10_000)
  expect(news()).toEqual(['token?', 'missing'])
  p.take(token(100))
  expect(news()).toEqual(['begin'])
})

it('a token that was shown is not shown again, but one that is for many uses is', () => {
  const { p, news } = pass()
  const one = token(100)
  p.start(one)
  p.start(one)
  expect(news()).toEqual(['begin', 'token?'])
  p.start('an-opaque-token')
  p.start('an-opaque-token')
  expect(news()).toEqual(['begin', 'begin'])
})

it('nothing is asked for after the end', async () => {
  const { world, p, news } = pass()
  p.start(token(10))
  p.stop()
  p.ended()
  await world.pass(60_000)
  expect(news()).toEqual(['begin'])
})

it('a renewal that the gateway refuses is asked for again, before the look ends', async () => {
  const { world, p, news } = pass()
  p.start(token(100))
  p.taken()
  await world.pass(60_000)
  p.take(token(100))
  expect(news()).toEqual(['begin', 'renew?', 'prolong'])
  p.declined()
  await world.pass(12_000)
  expect(news()).toEqual(['renew?'])
})
