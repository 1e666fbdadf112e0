// Starting and ending the programs under test.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const binary = process.env.MATTHAN ?? resolve(import.meta.dirname, '../../../bin/matthan')
const START_MS = 20_000

/** Everything that runs, so that nothing outlives the tests, however they end. */
const running = new Set()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Runs `matthan ...args` until a line of its output matches. Resolves to the process, the lines and the match. */
export async function start(args, ready) {
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  child.ended = new Promise((done) => child.on('close', done))
  child.on('close', () => running.delete(child))
  const lines = []
  const match = await new Promise((found, fail) => {
    const timer = setTimeout(() => fail(new Error(`matthan ${args[0]} is not ready:\n${lines.join('\n')}`)), START_MS)
    const read = (line) => {
      lines.push(line)
      if (lines.length > 2000) lines.shift()
      const m = ready.exec(line)
      if (m) {
        clearTimeout(timer)
        found(m)
      }
    }
    createInterface(child.stdout).on('line', read)
    createInterface(child.stderr).on('line', read)
    child.on('error', fail)
    child.on('close', (code) => fail(new Error(`matthan ${args[0]} ended with ${code}:\n${lines.join('\n')}`)))
  })
  return { child, lines, match }
}

export async function stop(program, signal = 'SIGTERM') {
  program.child.kill('SIGCONT')
  program.child.kill(signal)
  const timer = setTimeout(() => program.child.kill('SIGKILL'), 5000)
  await program.child.ended
  clearTimeout(timer)
}

/** Simulated cameras. Port 0 is a free one; `port` says which. With the option --onvif, `device` is the recorder's address. */
export async function simulate(cameras, { port = 0, options = [] } = {}) {
  const listen = `127.0.0.1:${port}`
  const program = await start(['simulate', '--cameras', String(cameras), '--listen', listen, ...options], /^ready$/)
  const url = program.lines.find((l) => l.startsWith('rtsp://'))
  return { ...program, port: Number(new URL(url).port), device: program.lines.find((l) => l.startsWith('http://')) }
}

/** A gateway with these cameras: [{id, name, area, port, index, position, kind, sound}], the last three where they matter; main, an address, in place of port and index is one of others. @param more further lines of its configuration @param files beside it, by name. Resolves to its address and its token. */
export async function gateway(cameras, { more = '', files = {} } = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'matthan-browser-'))
  const token = randomBytes(24).toString('hex')
  await writeFile(join(dir, 'test.token'), token + '\n', { mode: 0o600 })
  const inventory = cameras.map(({ id, name, area, port, index, main, position, kind = 'public', sound = false }) => {
    const at = `rtsp://127.0.0.1:${port}/cam${index}`
    const where = position ? `, position: [${position}]` : ''
    const streams = main ? `main: "${main}"` : `main: "${at}/main", sub: "${at}/sub"`
    return `  - {id: ${id}, name: ${JSON.stringify(name)}, area: ${area}, kind: ${kind}, ${streams}${where}${sound ? ', sound: true' : ''}}`
  })
  // Areas beside the usual ones are ours too.
  const others = [...new Set(cameras.map((c) => c.area))].filter((a) => !['phuong-lang', 'phuong-o-cho-dua', 'noi-khac'].includes(a))
  const config = `http: "127.0.0.1:0"
https: ""
data: ${JSON.stringify(join(dir, 'data'))}
webrtc: {udp: "127.0.0.1:0", tcp: "", addresses: [127.0.0.1]}
tokens:
  - {name: browser-tests, secret_file: test.token, areas: [${['phuong-lang', 'phuong-o-cho-dua', ...others]}]}
areas:
  - {id: phuong-lang, name: Phường Láng}
  - {id: phuong-o-cho-dua, name: Phường Ô Chợ Dừa}
  - {id: noi-khac, name: Nơi khác}
${others.map((id) => `  - {id: ${id}, name: ${id.replace('phuong-', 'Phường ')}}\n`).join('')}cameras:
${inventory.join('\n')}
${more}
`
  for (const [name, body] of Object.entries(files)) await writeFile(join(dir, name), body)
  await writeFile(join(dir, 'gateway.yaml'), config)
  const run = () => start(['run', '--config', join(dir, 'gateway.yaml')], /ready\b.*\bhttp=(http:\/\/[^\s"]+)/)
  let program = await run()
  const address = program.match[1].replace(/\/$/, '')
  const running = {
    ...program,
    address,
    token,
    /** Ends it by a signal; back() starts it again on the same port, with the same data. */
    async end(signal) {
      await stop(program, signal)
    },
    async back() {
      await writeFile(join(dir, 'gateway.yaml'), config.replace('http: "127.0.0.1:0"', `http: "${new URL(address).host}"`))
      program = await run()
      running.child = program.child
    },
    async close() {
      await stop(program)
      await rm(dir, { recursive: true, force: true })
    },
  }
  return running
}
