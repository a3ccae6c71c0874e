/** docs/reference/settings.md and settings.example.env, from the one typed schema (QUA-12). */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { generatedNote, needFile, type PageInput, type ReferencePage, table } from './page.ts';

const schemaPath = 'apps/server/src/config/settings.ts';

export interface DocumentedSetting {
  readonly env: string;
  readonly unit: string;
  readonly default: string | null;
  readonly limit: string;
  readonly sentence: string;
  readonly reader?: string;
  readonly internal?: boolean;
}

function textOf(record: object, key: string): string | undefined {
  const value: unknown = new Map<string, unknown>(Object.entries(record)).get(key);
  return typeof value === 'string' ? value : undefined;
}

/** Checks the shape of a schema that was imported at run time. */
export function parseSettings(exported: unknown): DocumentedSetting[] {
  if (typeof exported !== 'object' || exported === null) throw new Error(`${schemaPath} exports no settings`);
  return Object.entries(exported).map(([name, entry]: [string, unknown]) => {
    if (typeof entry !== 'object' || entry === null) throw new Error(`setting ${name} is not an object`);
    const [env, unit, limit, sentence] = ['env', 'unit', 'limit', 'sentence'].map((key) => textOf(entry, key));
    if (!env || !unit || !limit || !sentence) throw new Error(`setting ${name} lacks its env, unit, limit or sentence`);
    const reader = textOf(entry, 'reader');
    const internal = 'internal' in entry && entry.internal === true;
    return {
      env,
      unit,
      limit,
      sentence,
      default: textOf(entry, 'default') ?? null,
      internal,
      ...(reader ? { reader } : {}),
    };
  });
}

async function readSettings({ root }: PageInput): Promise<DocumentedSetting[]> {
  needFile(root, schemaPath);
  const loaded: { settings?: unknown } = await import(pathToFileURL(join(root, schemaPath)).href);
  return parseSettings(loaded.settings).filter((setting) => setting.internal !== true);
}

function shownDefault(value: string | null): string {
  if (value === null) return 'none';
  return value === '' ? 'empty' : `\`${value}\``;
}

export function settingsTable(settings: readonly DocumentedSetting[]): string {
  return table(
    ['setting', 'read by', 'unit', 'default', 'limit', 'meaning'],
    settings.map((s) => [`\`${s.env}\``, s.reader ?? 'server', s.unit, shownDefault(s.default), s.limit, s.sentence]),
  );
}

export function settingsExample(settings: readonly DocumentedSetting[]): string {
  const blocks = settings.map((s) => {
    const value = s.default === null || /[ <]/.test(s.default) ? '' : s.default;
    return `# ${s.sentence}\n# Unit: ${s.unit}. Limit: ${s.limit}. Default: ${s.default || 'none'}.\n#${s.env}=${value}\n`;
  });
  return `# Every setting with its default. Uncomment a line to change it.\n# ${generatedNote}\n\n${blocks.join('\n')}`;
}

export const settingsPage: ReferencePage = {
  path: 'docs/reference/settings.md',
  build: async (input) =>
    [
      '# Settings',
      '',
      'Environment variables. Each may also come from a file: `NAME_FILE=/path` reads the value from there. An unknown',
      '`QV_*` name or a value outside its limit is refused at start. `settings.example.env` beside this page has all',
      'of them, ready to edit.',
      '',
      generatedNote,
      '',
      settingsTable(await readSettings(input)),
      '',
    ].join('\n'),
};

export const settingsExamplePage: ReferencePage = {
  path: 'docs/reference/settings.example.env',
  build: async (input) => settingsExample(await readSettings(input)),
};
