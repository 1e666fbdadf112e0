// The browser tests: the real binary, simulated cameras, and Chromium at a phone's size. One process, one gateway,
// one browser; each test has a page of its own. BROWSER and MATTHAN name other programs than the usual ones.
import './live.test.mjs'
import './states.test.mjs'
import './page.test.mjs'
import './people.test.mjs'
import './passkeys.test.mjs'
import './root.test.mjs'
import './rights.test.mjs'
import './manage.test.mjs'
import './share.test.mjs'
import './log.test.mjs'
