// The ward of the screens, for tests that walk through them; started when first asked for.
import { after } from './bounded.mjs'
import { openWard } from '../screens/ward.mjs'
import { theWorld } from './harness.mjs'

let ward

/** See test/screens/ward.mjs. Tests that change it leave what the rows of the table show. */
export function theWard() {
  ward ??= theWorld().then((w) => openWard(w.browser))
  return ward
}

after(async () => (await ward?.catch(() => undefined))?.close())
