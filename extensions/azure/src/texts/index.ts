import { english, type Catalogue, type TextKey } from './english.ts';
import { french } from './french.ts';

export type { TextKey } from './english.ts';

const CATALOGUES: Record<string, Catalogue> = { en: english, fr: french };

/** Language of the viewer: what was chosen in its preferences, else the browser's; English where we have no other. */
export function language(): 'en' | 'fr' {
  const chosen = globalThis.localStorage?.getItem('i18nextLng') ?? globalThis.navigator?.language;
  return chosen?.toLowerCase().startsWith('fr') ? 'fr' : 'en';
}

/** The text for `key` in the viewer's language, with `{name}` replaced by `values.name`. */
export function text(key: TextKey, values: Record<string, string> = {}): string {
  const template = CATALOGUES[language()]?.[key] ?? english[key];
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
