import { html, nothing } from 'lit'
import type { Shape } from '../../core/arrangement'
import { Drive, type Fix } from '../../core/drive'
import { light } from '../camera-tile'
import { icon } from '../icons'
import { glyph } from './glyphs'
import type { Tablet } from './index'

const TICK_MS = 1000
/** A position that is older says nothing of the speed, ms. */
const FRESH_MS = 10_000
const METRES = 111_320

/** The car: where it is, how fast, and what a driver may see. */
export class Driving {
  fix: Fix | undefined
  /** for screen readers */
  said = ''
  private readonly drive = new Drive()
  private watching: number | undefined
  private last: { lat: number; lon: number; at: number } | undefined
  private toldAt = -Infinity
  private before: { shape: Shape; listed: boolean } | undefined

  constructor(private readonly t: Tablet) {
    void this.resume()
    window.setInterval(() => this.tick(), TICK_MS)
  }

  get on(): boolean {
    return this.drive.on
  }

  get speed(): number | undefined {
    return this.drive.shown
  }

  /** By hand: somebody drives, or somebody else does. */
  choose(on: boolean): void {
    if (on) this.watch()
    this.drive.choose(on, performance.now())
    this.follow()
  }

  /** Asks the device for its position from now on; it asks whoever holds it. */
  watch(): void {
    if (this.watching !== undefined || !('geolocation' in navigator)) return
    this.watching = navigator.geolocation.watchPosition(
      (p) => this.moved(p.coords),
      (e) => {
        if (e.code !== e.PERMISSION_DENIED) return
        navigator.geolocation.clearWatch(this.watching!)
        this.watching = undefined
      },
      { enableHighAccuracy: true, maximumAge: 1000, timeout: 20_000 },
    )
  }

  /** Goes on where somebody has allowed it before; never asks by itself. */
  private async resume(): Promise<void> {
    try {
      if ((await navigator.permissions.query({ name: 'geolocation' })).state === 'granted') this.watch()
    } catch {
      // An old browser tells nothing: the button asks.
    }
  }

  private moved(c: GeolocationCoordinates): void {
    const now = performance.now()
    const metresPerSecond = c.speed ?? this.reckoned(c, now)
    this.last = { lat: c.latitude, lon: c.longitude, at: now }
    this.toldAt = now
    const fix: Fix = { lat: c.latitude, lon: c.longitude }
    if (metresPerSecond !== undefined) fix.speed = metresPerSecond
    if (c.heading !== null && Number.isFinite(c.heading)) fix.heading = c.heading
    this.fix = fix
    if (this.drive.moved(metresPerSecond === undefined ? undefined : metresPerSecond * 3.6, now)) this.follow()
  }

  /** Metres a second from one position to the next, where the device does not tell. */
  private reckoned(c: GeolocationCoordinates, now: number): number | undefined {
    const { last } = this
    const seconds = last ? (now - last.at) / 1000 : 0
    if (!last || seconds < 0.8 || seconds > 10 || c.accuracy > 50) return undefined
    const north = (c.latitude - last.lat) * METRES
    const east = (c.longitude - last.lon) * METRES * Math.cos((c.latitude * Math.PI) / 180)
    return Math.hypot(north, east) / seconds
  }

  private tick(): void {
    const now = performance.now()
    // A car that says nothing any more stands, or is in a tunnel: neither keeps the page small for ever.
    const stale = this.drive.speed !== undefined && now - this.toldAt > FRESH_MS
    if (stale ? this.drive.moved(undefined, now) : this.drive.rest(now)) this.follow()
  }

  /** The page becomes a driver's, or is one no more. */
  private follow(): void {
    const { tiles } = this.t.page.viewer
    if (this.drive.on && !this.before) {
      this.before = { shape: tiles.shape, listed: this.t.listed }
      this.t.arranger.end()
      if (this.t.page.full) this.t.page.toggleFull()
      this.t.listed = false
      this.said = this.t.words.driveMode
      for (const d of this.t.page.renderRoot.querySelectorAll('tablet-layouts, tablet-tours')) (d as unknown as { hide(): void }).hide()
      if (tiles.mode === 'grid') tiles.reshape('4')
      else tiles.shape = '4'
    } else if (!this.drive.on && this.before) {
      const { shape, listed } = this.before
      this.before = undefined
      this.said = ''
      this.t.listed = listed
      if (tiles.mode === 'grid') tiles.reshape(shape)
      else tiles.shape = shape
    }
    this.t.page.requestUpdate()
  }
}

/** All that there is while driving: large, and one tap each. */
export function driveBar(t: Tablet) {
  const v = t.page.viewer
  const { words: s, driving, touring } = t
  const grid = v.tiles.mode === 'grid'
  const w = v.words(v.tiles.active)
  const go = (by: 1 | -1) => () => (touring.on && !touring.follows ? touring.go(by) : v.tiles.step(by))
  return html`<section class="drivebar" aria-label=${s.driveMode}>
    <div class="what">
      ${grid
        ? html`<h1>${driving.speed === undefined ? s.driveMode : s.speed(driving.speed)}</h1>`
        : html`<h1>${v.nameOf(v.tiles.current)}</h1><span class="is-${w.light}">${light(w)}${w.light === 'live' ? w.short : w.line}</span>`}
    </div>
    <button class="big" aria-label=${s.previous} @click=${go(-1)}>${icon('left', 34, 2.2)}</button>
    <button class="big wide" @click=${() => v.tiles.grid()}>${glyph(grid ? 'one' : 'four', 30)}<b>${s.pictures(grid ? 1 : 4)}</b></button>
    ${touring.on && !touring.follows
      ? html`<button class="big wide" @click=${() => touring.toggle()}>
          ${touring.paused ? icon('play', 28) : glyph('pause', 28)}<b>${touring.paused ? s.goOn : s.touring(touring.countdown)}</b>
        </button>`
      : nothing}
    <button class="big" aria-label=${s.next} @click=${go(1)}>${icon('right', 34, 2.2)}</button>
    <span class="gap"></span>
    <button class="big wide passenger" @click=${() => driving.choose(false)}>${glyph('person', 28)}<b>${s.passenger}</b></button>
  </section>`
}
