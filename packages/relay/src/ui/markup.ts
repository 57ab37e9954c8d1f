/** Text that is HTML already. */
export interface Markup {
  readonly html: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

type Value = Markup | string | number | undefined | readonly Markup[];

function text(value: Value): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value.replace(/[&<>"']/g, each => ENTITIES[each] ?? each);
  if (typeof value === 'number') return String(value);
  return 'html' in value ? value.html : value.map(({ html: each }) => each).join('');
}

/** A template whose values are escaped, unless they are HTML already: what Orthanc or a file says can be anything. */
export function markup(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return { html: String.raw({ raw: strings }, ...values.map(text)) };
}
