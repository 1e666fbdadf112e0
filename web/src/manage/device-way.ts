import { html, type TemplateResult } from 'lit'
import type { CameraForm } from '../core/manage/camera-form'
import { hashOf } from '../core/manage/route'
import type { Office } from './office'
import { icon } from './icons'

/** The way from a camera's form to its device, for who knows no RTSP address: what was typed goes along. */
export function deviceWay(office: Office, f: CameraForm): TemplateResult {
  const { s } = office
  const go = () => {
    office.device = { address: f.main, user: f.user, password: f.password, name: f.name.trim(), area: f.area, kind: f.kind }
    office.unsaved = undefined
    location.hash = hashOf('onvif', '+')
  }
  return html`<div class="banner way">
    ${icon('radar', 20)}
    <div>
      <b>${s.deviceWay}</b>${s.deviceWayText}
      <div class="buttons"><button type="button" class="soft" @click=${go}>${s.deviceWayGo}</button></div>
    </div>
  </div>`
}
