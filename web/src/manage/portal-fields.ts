import { html, nothing, type TemplateResult } from 'lit'
import { ALL } from '../core/manage/areas'
import type { CameraRow } from '../core/manage/camera-form'
import { MAX_LIST, PORTAL_KINDS, readKey, type PortalFaults, type PortalField, type PortalForm } from '../core/manage/portals'
import { choices, textArea, textField, tick } from './fields'
import { icon } from './icons'
import type { Item } from './item-picker'
import type { Office } from './office'
import { areaField, everywhere } from './pick-area'

interface PortalFields {
  form: PortalForm
  faults: PortalFaults
  /** it is stored already: its id stands */
  old: boolean
  cameraNames: Map<string, string>
  set: (change: Partial<PortalForm>) => void
  setID: (id: string) => void
}

/** The fields of a portal's form. */
export function portalFields(office: Office, p: PortalFields): TemplateResult {
  const { s } = office
  const { form: f, set } = p
  const error = (of: PortalField) => p.faults.fields[of] && s.portalFaults[p.faults.fields[of]]
  return html`
    ${textField(s, { id: 'name', label: s.portalName, value: f.name, hint: s.portalNameHint, error: error('name'), set: (name) => set({ name }) })}
    ${textField(s, {
      id: 'id', label: s.portalID, value: f.id, code: true, hint: p.old ? undefined : s.portalIDHint, error: error('id'), disabled: p.old, set: p.setID,
    })}
    ${textArea({
      id: 'origins', label: s.origins, value: f.origins, rows: 2, hint: s.originsHint, error: error('origins'), set: (origins) => set({ origins }),
    })}
    ${places(office, p, error('where'))}
    ${choices({
      id: 'kinds', label: s.portalKinds, kind: 'checkbox', chosen: f.kinds, error: error('kinds'),
      options: PORTAL_KINDS.map((value) => ({ value, label: s.kinds[value], ...(value === 'household' ? { hint: s.portalHousehold } : {}) })),
      set: (kinds) => set({ kinds }),
    })}
    ${textField(s, {
      id: 'viewers', label: s.portalViewers, type: 'number', mode: 'decimal', value: f.viewers, error: error('viewers'), set: (viewers) => set({ viewers }),
    })}
    <section class="group">
      <h2>${s.portalKeys}</h2>
      <p class="hint">${s.portalKeysText}</p>
      ${f.keys.map((_, i) => keyFields(office, p, i))}
      ${f.keys.length < MAX_LIST
        ? html`<button type="button" class="soft small" @click=${() => set({ keys: [...f.keys, { kid: freeKid(f), text: '' }] })}>
              ${icon('plus', 19)}${s.addKey}</button
            ><br /><br />`
        : nothing}
      ${textField(s, {
        id: 'jwks', label: s.jwks, optional: true, code: true, mode: 'url', value: f.jwks, hint: s.jwksHint, error: error('jwks'), placeholder: 'https://',
        set: (jwks) => set({ jwks }),
      })}
    </section>
    ${p.old ? tick('disabled', s.portalDisabled, f.disabled, (disabled) => set({ disabled }), s.portalDisabledHint) : nothing}
  `
}

/** "key-1", or the next that is free. */
function freeKid(f: PortalForm): string {
  for (let n = f.keys.length + 1; ; n++) if (!f.keys.some((k) => k.kid === `key-${n}`)) return `key-${n}`
}

function keyFields(office: Office, p: PortalFields, i: number): TemplateResult {
  const { s } = office
  const { keys } = p.form
  const n = String(i + 1)
  const fault = p.faults.keys[i]
  const words = fault && s.portalFaults[fault]
  const put = (change: Partial<(typeof keys)[number]>) => p.set({ keys: keys.map((k, j) => (j === i ? { ...k, ...change } : k)) })
  const paste = (text: string) => {
    const read = readKey(text)
    put({ text, ...(typeof read === 'object' && read.kid ? { kid: read.kid } : {}) })
  }
  return html`<fieldset class="choices" aria-label=${s.keyNumber(n)}>
    ${textArea({
      id: `key${i}`, label: s.keyNumber(n), value: keys[i]!.text, rows: 3, hint: s.publicKeyHint, error: fault === 'kid' ? undefined : words, set: paste,
      placeholder: '-----BEGIN PUBLIC KEY-----',
    })}
    ${textField(s, {
      id: `kid${i}`, label: s.kid, code: true, value: keys[i]!.kid, error: fault === 'kid' ? words : undefined, set: (kid) => put({ kid }),
      tail: html`<button type="button" class="tail" aria-label=${s.removeKey(n)} @click=${() => p.set({ keys: keys.filter((_, j) => j !== i) })}>
        ${icon('bin', 20)}
      </button>`,
    })}
  </fieldset>`
}

function places(office: Office, p: PortalFields, error: string | undefined): TemplateResult {
  const { s } = office
  const { form: f, set, cameraNames } = p
  const whole = f.areas.includes(ALL)
  const find = async (query: string): Promise<Item[]> => {
    const q = new URLSearchParams({ limit: '50', ...(query.trim() ? { q: query.trim().slice(0, 60) } : {}) })
    const a = await office.api.get<{ cameras: CameraRow[] | null }>(`inventory/cameras?${q.toString()}`)
    const list = a.ok ? (a.value.cameras ?? []) : []
    for (const c of list) cameraNames.set(c.id, c.name)
    return list.map((c) => ({ id: c.id, name: c.name, note: [office.areas.name(c.area), (s.kinds as Record<string, string>)[c.kind]].join(' · ') }))
  }
  return html`
    ${areaField(office, {
      label: s.portalWhere,
      values: f.areas,
      first: everywhere(office),
      multiple: true,
      error,
      set: (areas) => set({ areas: !whole && areas.includes(ALL) ? [ALL] : areas.length > 1 ? areas.filter((a) => a !== ALL) : areas }),
    })}
    <item-picker
      .office=${office}
      .label=${s.whereCameras}
      .hint=${s.portalCamerasHint}
      .choose=${s.addCamera}
      .searchLabel=${s.searchCameraPick}
      .nothingFound=${s.noCameraFound}
      .values=${f.cameras}
      .find=${find}
      .nameOf=${(id: string) => cameraNames.get(id) ?? id}
      multiple
      optional
      @pick=${(e: CustomEvent<string[]>) => set({ cameras: e.detail })}
    ></item-picker>
  `
}
