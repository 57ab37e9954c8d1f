import { settingRows, type SettingRow } from '@ohif-azure/core/settings';
import { Option } from 'commander';

/** A setting and its flag. Flags are derived from the settings manifest, so that a new setting has one. */
export interface ConfigFlag {
  readonly row: SettingRow;
  /** `--client-id` */
  readonly flag: string;
  /** commander's name of it: `clientId`. */
  readonly attribute: string;
}

/** Settings whose last part alone says too little. */
const NEEDS_GROUP = new Set(['signIn.when']);

const kebab = (text: string) => text.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
const camel = (flag: string) =>
  flag.replace(/^--/, '').replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

function flagOf(path: string): string {
  const parts = path.split('.');
  const hasGroup = parts[0] === 'shareTokens' || NEEDS_GROUP.has(path);
  return `--${kebab(hasGroup ? parts.join('-') : (parts.at(-1) ?? path)).replace('--', '-')}`;
}

/** Every setting of the form with `serviceUrl`, with its flag; reserved ones have none. */
export const CONFIG_FLAGS: readonly ConfigFlag[] = settingRows('serviceUrl')
  .filter(({ description }) => !description.startsWith('Reserved'))
  .map(row => ({ row, flag: flagOf(row.path), attribute: camel(flagOf(row.path)) }));

/** The flag as commander has it. Values are checked together, by the manifest, when all are there. */
export function configOption({ row, flag }: ConfigFlag): Option {
  const value =
    row.type === 'boolean' ? '<true|false>' : row.type.startsWith('list') ? '<a,b>' : '<value>';
  const facts = [
    row.default === undefined ? '' : `default: ${row.default}`,
    row.type.includes(' or ') ? row.type : '',
  ]
    .filter(Boolean)
    .join('; ');
  const description = row.description.replaceAll('`', '').replace(/\s+Default: .*$/, '');
  return new Option(`${flag} ${value}`, facts ? `${description} (${facts})` : description);
}

/** The text of a flag as the setting's type; a text that does not fit is left for the manifest to complain about. */
function typed({ type }: SettingRow, text: string): unknown {
  if (type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  if (type === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
  if (type.startsWith('list')) return text.split(/[,\s]+/).filter(Boolean);
  return text;
}

/** Texts by setting's path as the `configuration` of a data source. */
export function configurationOf(values: ReadonlyMap<string, string>): Record<string, unknown> {
  const configuration: Record<string, unknown> = {};
  for (const { row } of CONFIG_FLAGS) {
    const text = values.get(row.path);
    if (text === undefined) continue;
    const [group = '', name] = row.path.split('.');
    if (name === undefined) configuration[group] = typed(row, text);
    else {
      const members = (configuration[group] ??= {}) as Record<string, unknown>;
      members[name] = typed(row, text);
    }
  }
  return configuration;
}
