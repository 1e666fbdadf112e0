import { css, html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import type { CameraRow } from '../core/manage/camera-form'
import { part } from '../core/manage/api'
import { hashOf, type Route } from '../core/manage/route'
import { base } from '../ui/shared'
import { formStyle } from './form-style'
import { findBox } from './fields'
import { icon } from './icons'
import { loading, notLoaded } from './list-parts'
import { Part } from './part'
import { areaField } from './pick-area'
import { Poll } from './poll'
import { screenStyle } from './screen-style'
import './camera-bulk'
import './camera-panel'

interface CameraList {
  cameras: CameraRow[] | null
  next?: string
}

const PAGE = 100
const EVERY_MS = 20_000
const TYPING_MS = 200

/** The cameras that the person looks after: found, filtered, and one of them open. */
export class CameraScreen extends Part {
  static override styles = [
    base,
    formStyle,
    screenStyle,
    css`
      /* One way to the network's cameras: at the thumb, at the top where it has room, else over the list. */
      .head .seek,
      .tools .seek {
        display: none;
        min-height: 48px;
        padding: 0 16px;
      }
      @media (max-width: 699px) {
        .bar.add {
          display: flex;
          gap: 8px;
        }
        .bar.add > * {
          flex: 1 1 auto;
          width: auto;
          gap: 7px;
          padding: 0 8px;
          font-size: 15px;
        }
      }
      @media (min-width: 700px) and (max-width: 1099px) {
        .head .seek {
          display: inline-flex;
        }
      }
      @media (min-width: 1100px) {
        .tools .seek {
          display: inline-flex;
        }
      }
      .several {
        min-height: 48px;
        padding: 0 16px;
      }
      label.item {
        cursor: pointer;
        font-weight: 500;
      }
      label.item input {
        width: 22px;
        height: 22px;
        accent-color: var(--ac);
      }
    `,
  ]
  static override properties = { route: { attribute: false }, rows: { state: true }, query: { state: true }, area: { state: true }, failed: { state: true }, chosen: { state: true } }
  declare route: Route
  declare rows: CameraRow[] | undefined
  declare query: string
  declare area: string
  declare failed: boolean
  /** ids, while several are being selected */
  declare chosen: ReadonlySet<string> | undefined
  private next = ''
  private typing = 0
  private run = 0

  constructor() {
    super()
    new Poll(this, EVERY_MS, () => void this.load())
    this.query = ''
    this.area = ''
    this.failed = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.area = this.route.id === '' ? this.route.from : ''
    void this.load()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.typing)
  }

  /** Fetches what is shown again; `more` adds the next page. */
  private async load(more = false): Promise<void> {
    const run = ++this.run
    const have = more ? (this.rows ?? []) : []
    const limit = more ? PAGE : Math.min(500, Math.max(PAGE, this.rows?.length ?? 0))
    const q = new URLSearchParams({ limit: String(limit) })
    if (this.query.trim()) q.set('q', this.query.trim().slice(0, 60))
    if (this.area) q.set('area', this.area)
    if (more) q.set('after', this.next)
    const a = await this.office.api.get<CameraList>(`inventory/cameras?${q.toString()}`)
    if (run !== this.run) return
    this.failed = !a.ok
    if (!a.ok) return
    this.next = a.value.next ?? ''
    this.rows = [...have, ...(a.value.cameras ?? [])]
  }

  override render() {
    const { s } = this
    const { route } = this
    return html`<div class="screen ${route.id ? 'open' : ''}">
      <section class="list" aria-label=${s.cameras}>
        <header class="head">
          <div>
            <h1>${s.cameras}</h1>
            <p>${this.rows ? s.cameraCount(String(this.rows.length) + (this.next ? '+' : '')) : '\u00a0'}</p>
          </div>
          ${this.canAdd ? html`${this.seek()}<a class="go small" href=${hashOf('cameras', '+', this.area)}>${icon('plus', 20)}${s.addCamera}</a>` : nothing}
          <button class="square menu" aria-label=${s.menu} @click=${() => this.emit('menu')}>${icon('more', 24)}</button>
        </header>
        ${this.tools()}
        ${this.chosen
          ? html`<camera-bulk
              .office=${this.office}
              .rows=${this.rows ?? []}
              .chosen=${this.chosen}
              @choose=${(e: CustomEvent<ReadonlySet<string> | undefined>) => (this.chosen = e.detail)}
              @stored=${() => void this.load()}
            ></camera-bulk>`
          : nothing}
        <div class="scroll" tabindex="-1">${this.body()}</div>
        ${this.canAdd && !this.chosen
          ? html`<div class="bar add">
              ${this.seek()}<a class="go" href=${hashOf('cameras', '+', this.area)}>${icon('plus', 20)}${s.addCamera}</a>
            </div>`
          : nothing}
      </section>
      <section class="detail" aria-label=${route.id === '+' ? s.newCamera : s.editCamera}>${this.detail()}</section>
    </div>`
  }

  /** The way to the cameras that the network has. */
  private seek() {
    return html`<a class="soft seek" href=${hashOf('onvif', '', this.area)}>${icon('radar', 20)}${this.s.findDevices}</a>`
  }

  private get canAdd(): boolean {
    return this.office.areas.all.some(this.office.mine)
  }

  private tools() {
    const { s, office } = this
    if (!this.canAdd || (this.rows?.length === 0 && !this.filtered)) return nothing
    return html`<div class="tools">
      ${findBox(s.searchCamera, s.clear, this.query, (text) => this.typed(text))}
      <div class="filter">
        ${areaField(office, {
          label: s.filterArea,
          values: [this.area],
          first: { id: '', name: s.everyArea },
          set: ([id]) => {
            this.area = id ?? ''
            void this.load()
          },
          compact: true,
        })}
      </div>
      ${this.chosen
        ? nothing
        : html`<button class="soft several" @click=${() => (this.chosen = new Set())}>${icon('check', 20)}${s.bulk}</button>${this.seek()}`}
    </div>`
  }

  private get filtered(): boolean {
    return this.query.trim() !== '' || this.area !== ''
  }

  private typed(query: string): void {
    this.query = query
    clearTimeout(this.typing)
    this.typing = window.setTimeout(() => void this.load(), TYPING_MS)
  }

  private body() {
    const { s, rows } = this
    if (!rows) {
      if (this.failed) return notLoaded(s, () => void this.load())
      return loading(s, 5)
    }
    if (rows.length === 0) return this.empty()
    return html`<ul>
        ${rows.map((c) => this.row(c))}
      </ul>
      ${this.next ? html`<button class="soft small morerows" @click=${() => void this.load(true)}>${s.showMore}</button>` : nothing}`
  }

  private empty() {
    const { s } = this
    if (this.filtered) return html`<div class="none"><p>${s.noCameraFound}</p></div>`
    const first = this.canAdd
    return html`<div class="none">
      <div class="mark">${icon(first ? 'camera' : 'tree', 30)}</div>
      <h2>${first ? s.noCameras : s.noAreaYet}</h2>
      <p>${first ? s.noCamerasText : s.noAreaYetText}</p>
      <div class="buttons">
        ${first
          ? html`${this.seek()}
              <a class="soft" href=${hashOf('import')}>${icon('upload', 20)}${s.import}</a>`
          : html`<a class="go" href=${hashOf('areas', '+')}>${icon('plus', 20)}${s.addArea}</a>`}
      </div>
    </div>`
  }

  private row(c: CameraRow) {
    const { s, office } = this
    const off = c.state === 'offline'
    const cur = this.route.id === c.id
    const state = off ? s.offline(office.time(c.since)) : c.state === 'live' ? s.live : s.idle
    const inside = html`<span>
        <b>${c.name}</b>
        <small>${office.areas.name(c.area)}${c.kind === 'public' ? '' : ` · ${this.kind(c.kind)}`}${c.stored === false ? ` · ${s.fixed}` : ''}</small>
      </span>
      <span class="end">${state}</span>`
    const { chosen } = this
    if (chosen) {
      return html`<li class="${chosen.has(c.id) ? 'cur' : ''} ${off ? 'off' : ''}">
        <label class="item">
          <input type="checkbox" .checked=${live(chosen.has(c.id))} ?disabled=${c.stored === false} @change=${() => this.choose(c.id)} />
          ${inside}
        </label>
      </li>`
    }
    return html`<li class="${cur ? 'cur' : ''} ${off ? 'off' : ''}">
      <a class="item" href=${hashOf('cameras', c.id)} aria-current=${cur ? 'true' : 'false'}><span class="dot ${c.state ?? ''}"></span>${inside}</a>
    </li>`
  }

  private choose(id: string): void {
    const next = new Set(this.chosen)
    if (!next.delete(id)) next.add(id)
    this.chosen = next
  }

  private kind(kind: string): string {
    return (this.s.kinds as Record<string, string>)[kind] ?? kind
  }

  private detail() {
    const { s, office, route } = this
    if (route.id === '') {
      return html`<div class="none"><div class="mark">${icon('camera', 30)}</div><p>${s.chooseCamera}</p></div>`
    }
    return html`<camera-panel
      .office=${office}
      .camera=${route.id}
      .startArea=${route.from}
      .row=${this.rows?.find((r) => r.id === route.id)}
      .lookUp=${this.lookUp}
      @stored=${() => void this.load()}
    ></camera-panel>`
  }

  /** A camera that is not among those loaded. */
  private readonly lookUp = async (id: string): Promise<CameraRow | undefined> => {
    const a = await this.office.api.get<CameraList>(`inventory/cameras?limit=100&q=${part(id.slice(0, 60))}`)
    return a.ok ? (a.value.cameras ?? []).find((c) => c.id === id) : undefined
  }
}
customElements.define('camera-screen', CameraScreen)
