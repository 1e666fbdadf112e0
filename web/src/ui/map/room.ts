/** At the right, where the buttons lie, no name is read, CSS pixels. */
export const TOOLS = 62
/** At the bottom left, where the scale is, neither. */
export const RULER = { width: 136, height: 40 }
