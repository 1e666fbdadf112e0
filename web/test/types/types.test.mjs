import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'

const web = resolve(import.meta.dirname, '../..')

/** What the compiler says of a file, by the settings of a portal that has its own. */
function compile(file, ...options) {
  const tsc = resolve(web, 'node_modules/typescript/lib/tsc.js')
  const strict = ['--ignoreConfig', '--noEmit', '--strict', '--target', 'es2022', '--module', 'esnext', '--moduleResolution', 'bundler']
  try {
    return execFileSync(process.execPath, [tsc, ...strict, ...options, file], { cwd: web, encoding: 'utf8' })
  } catch (e) {
    return e.stdout
  }
}

it('a page compiles against the served types, and a mistake in it does not', { timeout: 60_000 }, () => {
  expect(compile('test/types/page.ts', '--lib', 'es2022,dom')).toBe('')
})

it('the element has all that the served types promise', { timeout: 60_000 }, () => {
  const options = ['--lib', 'es2023,dom,dom.iterable', '--types', 'vite/client', '--skipLibCheck', '--exactOptionalPropertyTypes', '--useDefineForClassFields', '--verbatimModuleSyntax']
  expect(compile('test/types/built.ts', ...options)).toBe('')
})
