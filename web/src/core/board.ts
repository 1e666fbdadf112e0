import type { Arrangement } from './arrangement'

/** What is arranged now, and where its page begins. */
function boardOf(a: Arrangement, last: number): { board: string[]; from: number; at: number } {
  const { at } = a.pages
  const board = a.board ? [...a.board] : a.cells
  const from = a.board ? at * a.size : 0
  while (board.length <= from + last) board.push('')
  return { board, from, at: a.board ? at : 0 }
}

/** Puts a camera on a position of the page, and what was there on its own; '' empties it. */
export function putOn(a: Arrangement, position: number, camera: string): void {
  const { board, from, at } = boardOf(a, position)
  const to = from + position
  const had = camera === '' ? -1 : board.indexOf(camera)
  if (had >= 0) board[had] = board[to]!
  board[to] = camera
  a.arrange(board, at)
}

/** Two positions of the page change their cameras. */
export function swap(a: Arrangement, one: number, other: number): void {
  const { board, from, at } = boardOf(a, Math.max(one, other))
  const [x, y] = [board[from + one]!, board[from + other]!]
  board[from + one] = y
  board[from + other] = x
  a.arrange(board, at)
}
