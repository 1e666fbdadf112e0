import { part, type Api, type Problem } from './api'
import type { CameraSettings } from './camera-form'

/** What is done to several cameras at once. */
export type Bulk = { kind: 'area'; area: string } | { kind: 'kind'; to: string } | { kind: 'remove' }

/** What became of it, one camera after the other. */
export interface BulkReport {
  done: string[]
  refused: { id: string; problem: Problem }[]
}

/** The camera as it is to be; undefined where it is that already. */
export function changed(c: CameraSettings, bulk: Exclude<Bulk, { kind: 'remove' }>): CameraSettings | undefined {
  if (bulk.kind === 'area') return c.area === bulk.area ? undefined : { ...c, area: bulk.area }
  if (c.kind === bulk.to) return undefined
  const { keep_warm: warm, sound, ...rest } = c
  // A citizen's camera is pulled only while somebody looks at it, and never heard.
  return { ...rest, ...(bulk.to !== 'household' && warm ? { keep_warm: warm } : {}), ...(bulk.to !== 'household' && sound ? { sound } : {}), kind: bulk.to }
}

/**
 * Does it to one camera after the other, each in the version that it has now:
 * what cannot be done to one is no reason against the others. `step` is told how
 * many are through; its answer false ends it.
 */
export async function run(api: Api, ids: readonly string[], bulk: Bulk, step: (n: number) => boolean): Promise<BulkReport> {
  const report: BulkReport = { done: [], refused: [] }
  for (const [i, id] of ids.entries()) {
    const path = `inventory/cameras/${part(id)}`
    const now = await api.get<CameraSettings>(path)
    if (!now.ok) report.refused.push({ id, problem: now.problem })
    else {
      const next = bulk.kind === 'remove' ? undefined : changed(now.value, bulk)
      const a =
        bulk.kind === 'remove'
          ? await api.call(path, { method: 'DELETE', version: now.etag })
          : next && (await api.call(path, { method: 'PUT', body: next, version: now.etag }))
      if (a && !a.ok) report.refused.push({ id, problem: a.problem })
      else report.done.push(id)
    }
    if (!step(i + 1)) break
  }
  return report
}
