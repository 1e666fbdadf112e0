import type { ReactiveController, ReactiveControllerHost } from 'lit'

/** Has a screen load again every so often, while somebody looks at it: what it shows changes by itself. */
export class Poll implements ReactiveController {
  private timer = 0

  constructor(
    host: ReactiveControllerHost,
    private readonly everyMs: number,
    private readonly load: () => void,
  ) {
    host.addController(this)
  }

  hostConnected(): void {
    this.timer = window.setInterval(() => document.visibilityState === 'visible' && this.load(), this.everyMs)
  }

  hostDisconnected(): void {
    clearInterval(this.timer)
  }
}
