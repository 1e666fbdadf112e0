/** Tells which tiles are on the screen, and which are not. */
export class Seen {
  private readonly known = new Set<Element>()
  private readonly observer: IntersectionObserver

  /** @param tell is called with a tile's number when it comes or goes */
  constructor(tell: (tile: number, seen: boolean) => void) {
    this.observer = new IntersectionObserver((entries) => {
      for (const e of entries) {
        const tile = Number((e.target as HTMLElement).dataset['tile'])
        // A tile without a size is one that nothing is asked for anyway.
        tell(tile, e.isIntersecting || e.boundingClientRect.width === 0)
      }
    })
  }

  watch(tiles: Iterable<Element>): void {
    for (const t of tiles) {
      if (this.known.has(t)) continue
      this.known.add(t)
      this.observer.observe(t)
    }
  }
}
