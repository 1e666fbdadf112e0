/** Left free at the sides, px: phones go back there. */
const EDGE = 20
const FAR = 48

/** A swipe to the left or right on an element; up and down stay the page's. */
export class Swipe {
  private start: { x: number; y: number; id: number } | undefined

  constructor(
    private readonly go: (step: 1 | -1) => void,
    private readonly drag: (dx: number) => void,
    /** a magnified picture is moved instead */
    private readonly off: () => boolean,
  ) {}

  readonly down = (e: PointerEvent): void => {
    // Two fingers pinch.
    if (!e.isPrimary) return this.cancel()
    if (e.pointerType === 'mouse' || this.off()) return
    if (e.clientX < EDGE || e.clientX > innerWidth - EDGE) return
    this.start = { x: e.clientX, y: e.clientY, id: e.pointerId }
  }

  readonly move = (e: PointerEvent): void => {
    if (this.start?.id !== e.pointerId) return
    const dx = e.clientX - this.start.x
    this.drag(Math.abs(dx) > 8 ? dx : 0)
  }

  readonly up = (e: PointerEvent): void => {
    const s = this.start
    if (s?.id !== e.pointerId) return
    this.cancel()
    const dx = e.clientX - s.x
    if (Math.abs(dx) > FAR && Math.abs(dx) > 1.5 * Math.abs(e.clientY - s.y)) this.go(dx < 0 ? 1 : -1)
  }

  readonly cancel = (): void => {
    this.start = undefined
    this.drag(0)
  }
}
