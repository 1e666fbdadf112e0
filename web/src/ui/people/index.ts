/*
 * The people's screens: my account, asking for an area, answering, emergency.
 * The page fetches them once somebody is signed in and the first picture is on
 * its way; a link never does.
 */
import { Desk } from '../../core/desk'
import { readWho } from '../../core/people'
import '../rare-icons'
import './people-badge'
import './people-entries'
import './people-float'
import './people-hint'
import './people-sheet'
import { browser } from '../world'

/** The desk of who is signed in, by the answer of GET /api/v1/session; undefined where nobody is. */
export function openDesk(doc: unknown, clock: () => number, changed: () => void, rights: () => void): Desk | undefined {
  const who = readWho(doc)
  if (!who) return undefined
  const desk = new Desk(
    {
      fetch: (path, init) => fetch(path, init),
      ...browser,
      clock,
    },
    who,
    { changed, rights },
  )
  desk.refresh()
  void desk.cases.load()
  return desk
}
