// Reads the tables of texts with the compiler's own eyes: a text that nobody shows fails the check. (One that a
// language lacks does not compile.) A table is a file of src with `vi` at its top; `npm run check` runs this.
import { relative, resolve } from 'node:path'
import { API } from 'typescript/unstable/sync'
import { SyntaxKind } from 'typescript/unstable/ast'

const home = import.meta.dirname

/** A way to a place in the program, as symbols name theirs. */
const place = (handle) => `${handle.path}:${handle.index}`

/** All nodes below one. */
function* below(node) {
  const children = []
  node.forEachChild((c) => void children.push(c))
  for (const child of children) {
    yield child
    yield* below(child)
  }
}

/** The names that a table gives its texts, and those that are nested: [{node, within, parent, value}]. */
function* namesIn(object, within = '', parent = undefined) {
  for (const member of object.properties ?? []) {
    if (!member.name) continue // a spread: that table is read where it stands
    const value = plain(member.initializer)
    const one = { node: member.name, within, parent, value }
    yield one
    if (value?.kind === SyntaxKind.ObjectLiteralExpression) yield* namesIn(value, `${within}${member.name.text}.`, one)
  }
}

/** An expression without what only the compiler wants of it: (x as T), (x). */
function plain(value) {
  while (value && (value.kind === SyntaxKind.AsExpression || value.kind === SyntaxKind.SatisfiesExpression || value.kind === SyntaxKind.ParenthesizedExpression)) value = value.expression
  return value
}

/** The declaration of a file's table. */
function table(file) {
  for (const statement of file.statements) {
    if (statement.kind !== SyntaxKind.VariableStatement) continue
    for (const d of statement.declarationList.declarations) {
      if (d.name.text === 'vi' && plain(d.initializer)?.kind === SyntaxKind.ObjectLiteralExpression) return d
    }
  }
  return undefined
}

/** All that the tables hold: [{file, name, at, parent, ...}]; parent is what a nested text, or a whole table, hangs from. */
function texts(checker, files) {
  const all = []
  const held = new Map() // by the place of a table's own declaration: the text that it is as a whole
  for (const file of files) {
    const d = table(file)
    if (!d) continue
    const own = place(checker.getSymbolAtLocation(d.name).declarations[0])
    const names = [...namesIn(plain(d.initializer))]
    const symbols = checker.getSymbolAtLocation(names.map((n) => n.node))
    names.forEach((n, i) => all.push(Object.assign(n, { file: file.fileName, name: n.node.text, at: place(symbols[i].declarations[0]), own })))
    for (const n of names) {
      if (n.value?.kind !== SyntaxKind.Identifier) continue
      const whole = checker.getAliasedSymbol(checker.getSymbolAtLocation(n.value))
      if (whole.declarations.length) held.set(place(whole.declarations[0]), n)
    }
  }
  for (const t of all) t.parent ??= held.get(t.own)
  return all
}

/** What a file asks for: [[name, symbol, as a whole]], by name, and by an expression in brackets. */
function asked(checker, file) {
  const names = []
  const found = []
  for (const node of below(file)) {
    if (node.kind === SyntaxKind.PropertyAccessExpression) names.push(node)
    else if (node.kind === SyntaxKind.ElementAccessExpression) found.push(...byValue(checker, node))
  }
  const symbols = names.length ? checker.getSymbolAtLocation(names.map((n) => n.name)) : []
  names.forEach((n, i) => found.push([n.name.text, symbols[i], asWhole(n)]))
  return found
}

/** Whether what follows is no name of what is within: then all of it is asked for. */
function asWhole({ parent }) {
  return parent.kind !== SyntaxKind.PropertyAccessExpression && parent.kind !== SyntaxKind.ElementAccessExpression
}

/** t[key]: every property of t that the key's type allows; of a `string` all of them. */
function byValue(checker, node) {
  const [of, key] = checker.getTypeAtLocation([node.expression, node.argumentExpression])
  if (!of || !key) return []
  const values = key.getTypes?.() ?? [key]
  const known = values.every((v) => typeof v.value === 'string')
  const wanted = known ? new Set(values.map((v) => v.value)) : undefined
  const some = checker.getPropertiesOfType(of).filter((s) => !wanted || wanted.has(s.name))
  // A Record<string, …> has no names of its own: what holds it is asked for as a whole.
  if (some.length === 0 && node.expression.kind === SyntaxKind.PropertyAccessExpression) {
    const { name } = node.expression
    return [[name.text, checker.getSymbolAtLocation(name), true]]
  }
  return some.map((s) => [s.name, s, asWhole(node)])
}

/** "file: name" of each text that is asked for nowhere. */
function unused({ program, checker }) {
  const files = program.getSourceFileNames().filter((f) => f.startsWith(`${home}/src/`)).map((f) => program.getSourceFile(f))
  const seen = new Set()
  const whole = new Set()
  const loose = new Set() // by a type that hides where its names come from, such as Record<keyof …>
  for (const file of files) {
    for (const [name, symbol, all] of asked(checker, file)) {
      if (symbol?.declarations.length === 0) loose.add(name)
      for (const d of symbol?.declarations ?? []) {
        seen.add(place(d))
        if (all) whole.add(place(d))
      }
    }
  }
  const used = (t) => seen.has(t.at) || loose.has(t.name) || (t.parent !== undefined && whole.has(t.parent.at))
  return texts(checker, files).filter((t) => !used(t)).map((t) => `${relative(home, t.file)}: ${t.within}${t.name}`)
}

const api = new API({ cwd: home })
try {
  const config = resolve(home, 'tsconfig.json')
  const project = api.updateSnapshot({ openProjects: [config] }).getProject(config)
  const left = unused(project)
  for (const line of left) console.error(`${line} is shown nowhere: remove it in every language, or show it`)
  if (left.length > 0) process.exitCode = 1
} finally {
  api.close()
}
