/** An arrow key moves by so much, CSS pixels. */
const STEP = 90

/** What the keys want of a map. */
export interface KeyWishes {
  /** the ground goes by so much, CSS pixels */
  by(dx: number, dy: number): void
  zoom(factor: number): void
  whole(): void
  /** @returns whether there was something to close */
  close(): boolean
}

export function pressed(e: KeyboardEvent, w: KeyWishes): void {
  if (e.altKey || e.ctrlKey || e.metaKey) return
  if (e.key === 'ArrowLeft') w.by(STEP, 0)
  else if (e.key === 'ArrowRight') w.by(-STEP, 0)
  else if (e.key === 'ArrowUp') w.by(0, STEP)
  else if (e.key === 'ArrowDown') w.by(0, -STEP)
  else if (e.key === '+' || e.key === '=') w.zoom(2)
  else if (e.key === '-') w.zoom(0.5)
  else if (e.key === '0') w.whole()
  else if (e.key !== 'Escape' || !w.close()) return
  e.preventDefault()
}
