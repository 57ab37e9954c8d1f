const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A piece of HTML, as {@link html} makes it. */
export interface Html {
  readonly html: string;
}

/**
 * Template tag for HTML: inserted texts are escaped, inserted pieces of HTML are not; lists are joined, and
 * `undefined` inserts nothing.
 */
export function html(
  strings: TemplateStringsArray,
  ...values: readonly (string | Html | readonly Html[] | undefined)[]
): Html {
  let out = strings[0] ?? '';
  values.forEach((value, index) => {
    out += asHtml(value) + (strings[index + 1] ?? '');
  });
  return { html: out };
}

/** HTML from elsewhere that needs no escaping: the library's own forms, our style sheet. */
export function trustedHtml(markup: string): Html {
  return { html: markup };
}

function asHtml(value: string | Html | readonly Html[] | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value.replace(/[&<>"']/g, one => ENTITIES[one] ?? one);
  if ('html' in value) return value.html;
  return value.map(one => one.html).join('\n');
}
