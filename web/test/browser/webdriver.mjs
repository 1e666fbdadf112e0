// WebKitGTK's small browser on a screen of its own, driven by WebDriver (W3C Recommendation "WebDriver", June 2018).
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { miniBrowser } from './engines.mjs'
import { PHONE } from './harness.mjs'

const START_MS = 20_000

/** Its bars are wider than a phone; drawn small, the window may be as narrow as one. */
const NARROW = `window > * button, window > * entry, window > * image, toolbar, toolitem, headerbar {
  min-width: 0; min-height: 0; padding: 0; margin: 0; border-width: 0; font-size: 1px; -gtk-icon-transform: scale(0.1);
}`

function freePort() {
  return new Promise((got) => {
    const s = createServer().listen(0, '127.0.0.1', () => {
      const { port } = s.address()
      s.close(() => got(port))
    })
  })
}

/** Starts it. What its pages' scripts fail with is heard from the moment on that the driver reaches a page, which is before it has been read. */
export async function webkit() {
  const [port, home] = await Promise.all([freePort(), mkdtemp(join(tmpdir(), 'matthan-webkit-'))])
  await mkdir(join(home, 'gtk-3.0'))
  await writeFile(join(home, 'gtk-3.0/gtk.css'), NARROW)
  const child = spawn(
    'dbus-run-session',
    ['--', 'xvfb-run', '-a', '-s', '-screen 0 1280x1024x24', 'WebKitWebDriver', `--port=${port}`, '--host=127.0.0.1'],
    {
      stdio: 'ignore',
      detached: true, // a group of its own, to be ended as one
      // As root in a container there is no sandbox to be had.
      env: { ...process.env, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: home, NO_AT_BRIDGE: '1', LIBGL_ALWAYS_SOFTWARE: '1', WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' },
    },
  )
  const ended = new Promise((done) => child.on('close', done).on('error', done))
  const kill = () => {
    try {
      process.kill(-child.pid, 'SIGKILL')
    } catch {
      // it has ended
    }
  }
  process.on('exit', kill)

  const call = async (method, path, body) => {
    const r = await fetch(`http://127.0.0.1:${port}${path}`, { method, signal: AbortSignal.timeout(30_000), ...(body ? { body: JSON.stringify(body) } : {}) })
    const { value } = await r.json()
    if (!r.ok) throw new Error(`${method} ${path}: ${value?.error}: ${value?.message}`)
    return value
  }
  const close = async () => {
    kill()
    await ended
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    await until(() => call('GET', '/status').catch(() => undefined), START_MS, 'WebKitWebDriver is ready')
    const { sessionId } = await call('POST', '/session', { capabilities: { alwaysMatch: { acceptInsecureCerts: true, pageLoadStrategy: 'none', 'webkitgtk:browserOptions': { binary: miniBrowser(), args: ['--automation'] } } } })
    const session = `/session/${sessionId}`
    await call('POST', `${session}/window/rect`, { x: 0, y: 0, ...PHONE })
    /** Runs f in the page; again in the next one where the page left meanwhile. */
    const run = async (f, ...args) => {
      for (let tries = 0; ; tries++) {
        try {
          return await call('POST', `${session}/execute/sync`, { script: `return (${f})(...arguments)`, args })
        } catch (e) {
          if (tries === 50 || !e.message.includes('unload')) throw e
        }
      }
    }
    const open = async (url) => {
      const same = await run((url) => {
        window.left = true
        return location.href.split('#')[0] === url.split('#')[0]
      }, url)
      await call('POST', `${session}/url`, { url })
      if (!same) await until(() => run(() => !window.left), START_MS, `${url} is opened`)
      await run(hear)
    }
    // The first page may still be on its way, and take the place of one that was listened to already.
    await call('POST', `${session}/url`, { url: 'about:blank' })
    await until(() => run(hear).then(() => run(slip)), START_MS, 'a script error is heard')
    assert.equal(await run(() => innerWidth), PHONE.width, 'as wide as a phone')
    return {
      open,
      run,
      /** Waits until the page says `text`, in whatever shadow root. */
      says: async (text) => {
        let last = ''
        await until(async () => (last = await run(allText)).includes(text), 15_000, () => `the page says “${text}”, not: ${last.slice(0, 600)}`)
      },
      /** Forgets who is signed in. */
      forget: () => call('DELETE', `${session}/cookie`),
      /** The script errors since the last call, and breaches of the page's policy. */
      take: () => run(() => window.heard.splice(0)),
      shot: async (path) => writeFile(path, Buffer.from(await call('GET', `${session}/screenshot`), 'base64')),
      close: async () => {
        await call('DELETE', session).catch(() => undefined)
        await close()
      },
    }
  } catch (e) {
    await close()
    throw e
  }
}

async function until(good, ms, what) {
  for (const end = Date.now() + ms; Date.now() < end; ) {
    if (await good()) return
    await new Promise((go) => setTimeout(go, 50))
  }
  throw new Error(`waited ${ms} ms in vain until ${typeof what === 'function' ? what() : what}`)
}

/** Runs in the page: makes a script error. @returns whether one was heard */
function slip() {
  document.body.setAttribute('onclick', 'nobody.knows()')
  document.body.click()
  return window.heard?.splice(0).length > 0
}

/** Runs in the page: keeps what its scripts fail with. */
function hear() {
  if (window.heard) return
  window.heard = []
  addEventListener('error', (e) => window.heard.push(e.message))
  addEventListener('unhandledrejection', (e) => window.heard.push(String(e.reason)))
  addEventListener('securitypolicyviolation', (e) => window.heard.push(`CSP ${e.violatedDirective}: ${e.blockedURI}`))
}

/** Runs in the page: all that is written on it, as it is seen. */
function allText() {
  const walk = (n) => {
    if (n.nodeType === 3) return n.textContent
    if (n.nodeType === 1 && (/^(style|script|noscript)$/.test(n.localName) || getComputedStyle(n).display === 'none')) return ''
    const inner = n.localName === 'slot' ? n.assignedNodes() : []
    return [...inner, ...(n.shadowRoot ?? n).childNodes].map(walk).join(' ')
  }
  return document.body ? walk(document.body).replace(/\s+/g, ' ') : ''
}
