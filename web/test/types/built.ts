// The served types promise nothing that the element has not; see types.test.mjs.
import type { CameraView as Built } from '../../src/element/camera-view'
import type { CameraView } from '../../public/camera-view'

type Own = Omit<CameraView, keyof HTMLElement>
/** What pages may set is narrower than what the element, which reads it from a page's text, takes. */
type Wide<T> = { [K in keyof T]: T[K] extends string ? string : T[K] }

export const has = (built: Built): Wide<Own> => built
