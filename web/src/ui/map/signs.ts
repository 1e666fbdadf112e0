import { svg } from 'lit'

/** Lucide's “plus”, “minus”, “locate-fixed” and “map”; see icons.ts. North is ours. */
export const signs = {
  plus: svg`<path d="M5 12h14"/><path d="M12 5v14"/>`,
  minus: svg`<path d="M5 12h14"/>`,
  locate: svg`<path d="M2 12h3"/><path d="M19 12h3"/><path d="M12 2v3"/><path d="M12 19v3"/><circle cx="12" cy="12" r="7"/><circle cx="12" cy="12" r="3"/>`,
  whole: svg`<path d="M14.106 5.553a2 2 0 0 0 1.788 0l3.659-1.83A1 1 0 0 1 21 4.619v12.764a1 1 0 0 1-.553.894l-4.553 2.277a2 2 0 0 1-1.788 0l-4.212-2.106a2 2 0 0 0-1.788 0l-3.659 1.83A1 1 0 0 1 3 19.381V6.618a1 1 0 0 1 .553-.894l4.553-2.277a2 2 0 0 1 1.788 0z"/><path d="M15 5.764v15"/><path d="M9 3.236v15"/>`,
  north: svg`<path d="M12 3.5 18 20l-6-4-6 4z"/>`,
}
