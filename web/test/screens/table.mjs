// Every screen and state, a row each: {name, group, who, at, go, rest, sizes, themes, langs, docs}. A new screen is a
// row more, in the file of who sees it. `who` is one of the ward's people, '' nobody; `at` an address, or what makes
// one of the ward; `go` what happens on the page until it is to be looked at, `undo` what that did to the ward; `docs` the sizes whose picture stands in
// docs/, and its name there.
import { doors, guests, portals, watch } from './rows-watch.mjs'
import { manage, owners } from './rows-office.mjs'

export const table = [...doors, ...watch, ...guests, ...portals, ...owners, ...manage]
