import { html } from 'lit'

/**
 * The filter that `--night` names: what a picture has of light, in red alone. It has to
 * lie in the shadow root of what it is for.
 */
export const night = html`<svg class="sr" aria-hidden="true">
  <filter id="night" color-interpolation-filters="sRGB">
    <feColorMatrix values=".42 .46 .2 0 0  0 0 0 0 0  0 0 0 0 0  0 0 0 1 0" />
  </filter>
</svg>`
