/** Texts of the same names, forms and parameters, in another language. */
export type Like<T> = {
  [K in keyof T]: T[K] extends (...a: infer A) => string
    ? (...a: A) => string
    : T[K] extends string
      ? string
      : T[K] extends readonly string[]
        ? readonly string[]
        : Like<T[K]>
}
