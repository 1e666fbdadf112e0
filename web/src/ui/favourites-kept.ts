// Fetched for who is signed in: what keeps their favourites at the gateway.
import { Kept } from '../core/favourites-kept'

export function keptHere(learnt: (ids: readonly string[]) => void): Kept {
  const after = (ms: number, f: () => void) => {
    const timer = window.setTimeout(f, ms)
    return () => clearTimeout(timer)
  }
  return new Kept({ fetch: (path, init) => fetch(path, init), after }, learnt)
}
