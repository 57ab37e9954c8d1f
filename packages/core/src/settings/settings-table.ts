import * as z from 'zod';
import { rootsForm, serviceUrlForm } from './viewer-settings.ts';

/** One row of the settings' documentation. */
export interface SettingRow {
  /** e.g. `signIn.redirectPath` */
  path: string;
  type: string;
  /** JSON of the default; undefined when there is none. */
  default?: string;
  isRequired: boolean;
  description: string;
}

interface JsonSchema {
  type?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  default?: unknown;
  description?: string;
}

/** JSON schema of a data source's `configuration`, in the `serviceUrl` form or the form with roots. */
export function settingsSchema(form: 'serviceUrl' | 'roots'): unknown {
  return z.toJSONSchema(form === 'serviceUrl' ? serviceUrlForm : rootsForm, { io: 'input' });
}

/** Every setting of the manifest, in its order, for docs/settings.md and the commands' help. */
export function settingRows(form: 'serviceUrl' | 'roots'): SettingRow[] {
  return rowsOf(settingsSchema(form) as JsonSchema, '');
}

function rowsOf(schema: JsonSchema, prefix: string): SettingRow[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const path = prefix ? `${prefix}.${name}` : name;
    if (property.properties) return rowsOf(property, path);
    return [
      {
        path,
        type: typeOf(property),
        default: property.default === undefined ? undefined : JSON.stringify(property.default),
        isRequired: schema.required?.includes(name) ?? false,
        description: property.description ?? '',
      },
    ];
  });
}

function typeOf(schema: JsonSchema): string {
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map(value => JSON.stringify(value)).join(' or ');
  if (schema.type === 'array') return `list of ${schema.items?.type ?? 'values'}`;
  return schema.type ?? 'value';
}

/** The table of docs/settings.md. */
export function settingsMarkdown(form: 'serviceUrl' | 'roots'): string {
  const rows = settingRows(form).map(row =>
    [
      `\`${row.path}\``,
      row.type.replaceAll('|', '\\|'),
      row.isRequired ? 'required' : row.default === undefined ? '' : `\`${row.default}\``,
      row.description.replaceAll('|', '\\|'),
    ].join(' | ')
  );
  return ['Setting | Type | Default | Meaning', '--- | --- | --- | ---', ...rows]
    .map(row => `| ${row} |`)
    .join('\n');
}
