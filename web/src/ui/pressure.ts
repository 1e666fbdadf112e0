interface PressureRecord {
  state: 'nominal' | 'fair' | 'serious' | 'critical'
}
interface Observer {
  observe(source: 'cpu', options: { sampleInterval: number }): Promise<void>
}
type ObserverMaker = new (told: (records: PressureRecord[]) => void) => Observer

/** Whether the system calls its processor overloaded, where a browser tells (Compute Pressure). */
export function pressure(): () => boolean {
  let serious = false
  const Maker = (window as { PressureObserver?: ObserverMaker }).PressureObserver
  if (Maker) {
    const told = (r: PressureRecord[]) => (serious = /serious|critical/.test(r.at(-1)?.state ?? ''))
    // Refused in a frame without the permission: then nothing is told.
    new Maker(told).observe('cpu', { sampleInterval: 2000 }).catch(() => undefined)
  }
  return () => serious
}
