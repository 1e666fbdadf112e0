const WIDTH = 320
const HEIGHT = 180
/** 230 KB each: 14 MB at most. */
const KEPT = 60
const EVERY_MS = 1500

export interface Still {
  canvas: HTMLCanvasElement
  /** Unix ms */
  at: number
}

/** The last picture that this device has drawn of each camera, in memory only. */
export class Stills {
  private readonly kept = new Map<string, Still>()

  get(camera: string): Still | undefined {
    return this.kept.get(camera)
  }

  /** Keeps what the video shows. @returns whether it was time to */
  capture(camera: string, video: HTMLVideoElement, now: number): boolean {
    const old = this.kept.get(camera)
    if (old && now - old.at < EVERY_MS) return false
    const canvas = document.createElement('canvas')
    const target = old?.canvas ?? Object.assign(canvas, { width: WIDTH, height: HEIGHT })
    target.getContext('2d', { alpha: false })?.drawImage(video, 0, 0, WIDTH, HEIGHT)
    this.kept.delete(camera)
    this.kept.set(camera, { canvas: target, at: now })
    if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value!)
    return true
  }

  /** A camera that may not be seen any more. */
  forget(camera: string): void {
    this.kept.delete(camera)
  }

  clear(): void {
    this.kept.clear()
  }
}
