const english = new Intl.PluralRules('en')

/** "1 camera", "1,234 cameras": what English wants and Vietnamese does not. @param n a number, or one as it is shown */
export function many(n: number | string, one: string, more: string): string {
  return `${n} ${english.select(Number(n)) === 'one' ? one : more}`
}
