import { fold } from '../fold'

const MAX_ID = 64

/** An id as the gateway takes it: 1 to 64 of a-z, 0-9 and '-'. */
export function goodID(id: string): boolean {
  return /^[a-z0-9-]{1,64}$/.test(id)
}

/** An id made of a name: "Ngã tư Láng Hạ – Thái Hà" > "nga-tu-lang-ha-thai-ha"; with a number where it is taken. */
export function proposeID(name: string, taken: (id: string) => boolean = () => false): string {
  const base = cut(fold(name).replaceAll(' ', '-'), MAX_ID)
  if (base === '' || (base !== 'all' && !taken(base))) return base
  for (let n = 2; n < 1000; n++) {
    const id = `${cut(base, MAX_ID - 1 - String(n).length)}-${n}`
    if (!taken(id)) return id
  }
  return ''
}

/** At most n letters, and no '-' at the end. */
function cut(id: string, n: number): string {
  return id.slice(0, n).replace(/-+$/, '')
}

/** A login made of a person's name, as offices write them: "Trần Thị Bình" > "binhtt". */
export function proposeLogin(name: string): string {
  const words = fold(name).split(' ').filter(Boolean)
  const given = words.pop() ?? ''
  return given + words.map((w) => w[0]).join('')
}

/** A login as the gateway takes it: at most 64 bytes, small letters, no blank and no slash. */
export function goodLogin(login: string): boolean {
  return /^[^\s/\u0000-\u001f\u007f]{1,64}$/u.test(login) && login === login.toLowerCase() && new TextEncoder().encode(login).length <= 64
}

const MAX_NAME = 200

/** What is wrong with a camera's or an area's name. */
export function nameFault(name: string): 'missing' | 'long' | undefined {
  if (name.trim() === '') return 'missing'
  return new TextEncoder().encode(name.trim()).length > MAX_NAME ? 'long' : undefined
}
