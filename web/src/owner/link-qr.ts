import { html, nothing, svg } from 'lit'
import { qrPath } from '../core/qr'

/** A link as a QR code. */
export function linkQr(url: string, label: string) {
  const code = qrPath(url)
  if (!code) return nothing
  return html`<svg class="qr" viewBox="0 0 ${code.size} ${code.size}" role="img" aria-label=${label} shape-rendering="crispEdges">
    ${svg`<path d=${code.path} fill="#000"/>`}
  </svg>`
}

/** Copies a text; where the clipboard is closed to the page, false. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
