import { html, nothing, type TemplateResult } from 'lit'
import { subOf } from '../core/manage/address'
import { moveLogin, passwordIsKept, type CameraField, type CameraForm, type CameraSettings } from '../core/manage/camera-form'
import type { Office } from './office'
import { choices, textField, tick } from './fields'
import { icon } from './icons'

/** What the form shows beside its fields. */
export interface Sight {
  /** a login was taken out of an address */
  moved: boolean
  /** the typed password can be read */
  password: boolean
}

type Faults = Partial<Record<CameraField, string>>

/** How the camera is reached: its addresses and its account. */
export function cameraAddress(
  office: Office,
  f: CameraForm,
  old: CameraSettings | undefined,
  faults: Faults,
  set: (change: Partial<CameraForm>) => void,
  wrong: (faults: Faults) => void,
  sight: Sight,
  look: (sight: Sight) => void,
): TemplateResult {
  const { s } = office
  const left = (field: 'main' | 'sub') => () => {
    const m = moveLogin(f, field)
    if (m.fault) return wrong({ [field]: s.faults[m.fault] })
    if (m.moved) look({ ...sight, moved: true })
    set({ [field]: m.form[field], user: m.form.user, password: m.form.password, bare: m.form.bare })
  }
  const proposed = f.sub === '' ? subOf(f.main) : ''
  const kept = passwordIsKept(f, old) && Boolean(old?.user)
  const showButton = html`<button type="button" class="tail" @click=${() => look({ ...sight, password: !sight.password })}>
    ${sight.password ? s.passwordHide : s.passwordShow}
  </button>`
  return html`<div class="group">
      <h2>${s.address}</h2>
      ${textField(s, {
        id: 'main',
        label: s.main,
        value: f.main,
        mode: 'url',
        code: true,
        placeholder: 'rtsp://',
        hint: s.mainHint,
        error: faults.main,
        note: sight.moved && f.user ? s.loginMoved : undefined,
        set: (main) => set({ main }),
        left: left('main'),
      })}
      ${textField(s, {
        id: 'sub',
        label: s.sub,
        optional: true,
        value: f.sub,
        mode: 'url',
        code: true,
        placeholder: 'rtsp://',
        hint: s.subHint,
        error: faults.sub,
        set: (sub) => set({ sub }),
        left: left('sub'),
        tail: proposed
          ? html`<button type="button" class="tail" @click=${() => set({ sub: proposed })}>${s.proposeSub}</button>`
          : nothing,
      })}
      <div class="pair">
        ${textField(s, { id: 'user', label: s.user, optional: true, value: f.user, error: faults.user, set: (user) => set({ user }) })}
        ${f.bare
          ? nothing
          : textField(s, {
              id: 'password',
              label: s.password,
              value: f.password,
              type: sight.password ? 'text' : 'password',
              autocomplete: 'new-password',
              placeholder: kept ? s.passwordKept : undefined,
              hint: s.passwordSafe,
              error: faults.password,
              set: (password) => set({ password }),
              tail: f.password ? showButton : nothing,
            })}
      </div>
      ${f.user.trim() && f.password === '' && !kept ? tick('bare', s.bare, f.bare, (bare) => set({ bare })) : nothing}
    </div>
    <details>
      <summary>${icon('down', 20)}${s.moreOptions}</summary>
      ${choices({
        id: 'transport',
        label: s.transport,
        kind: 'radio',
        row: true,
        options: (['auto', 'tcp', 'udp'] as const).map((value) => ({ value, label: s.transports[value] })),
        chosen: [f.transport],
        set: ([transport]) => set({ transport: transport! }),
      })}
      ${f.kind === 'household' ? nothing : tick('warm', s.keepWarm, f.keepWarm, (keepWarm) => set({ keepWarm }), s.keepWarmHint)}
      ${f.kind === 'household' ? nothing : tick('sound', s.sound, f.sound, (sound) => set({ sound }), s.soundHint)}
      ${tick('marked', s.marked, f.marked, (marked) => set({ marked }), s.markedHint)}
      ${/^rtsps:/i.test(f.main + f.sub)
        ? tick('cert', s.anyCertificate, f.anyCertificate, (anyCertificate) => set({ anyCertificate }), s.anyCertificateHint)
        : nothing}
    </details>`
}
