import { html, type TemplateResult } from 'lit'
import { ALL, type Area } from '../core/manage/areas'
import type { Office } from './office'
import type { Item } from './item-picker'
import './item-picker'

export interface AreaField {
  label: string
  values: readonly string[]
  set: (values: string[]) => void
  allowed?: (a: Area) => boolean
  /** a choice before all areas, such as none, or the whole tree */
  first?: Item
  choose?: string
  hint?: string | undefined
  error?: string | undefined
  multiple?: boolean
  optional?: boolean
  compact?: boolean
}

/** A field for areas: found by name, told apart by what is above them. */
export function areaField(office: Office, f: AreaField): TemplateResult {
  const { s } = office
  const item = (a: Area): Item => ({ id: a.id, name: a.name, note: [a.level, office.areas.pathName(a.id)].filter(Boolean).join(' · ') || a.id })
  const find = (query: string): Item[] => [
    ...(f.first && query === '' ? [f.first] : []),
    ...office.areas.search(query, f.allowed ?? office.mine, 200).map(item),
  ]
  return html`<item-picker
    .office=${office}
    .label=${f.label}
    .hint=${f.hint}
    .error=${f.error}
    .choose=${f.choose ?? s.chooseArea}
    .searchLabel=${s.searchArea}
    .nothingFound=${s.noAreaFound}
    .values=${f.values}
    .find=${find}
    .nameOf=${(id: string) => (id === f.first?.id ? f.first.name : office.areaName(id))}
    ?multiple=${f.multiple ?? false}
    ?optional=${f.optional ?? false}
    ?compact=${f.compact ?? false}
    ?wrong=${Boolean(f.error)}
    @pick=${(e: CustomEvent<string[]>) => {
      e.stopPropagation()
      f.set(e.detail)
    }}
  ></item-picker>`
}

/** The whole tree, for who may give it. */
export const everywhere = (office: Office): Item => ({ id: ALL, name: office.s.everywhere })
