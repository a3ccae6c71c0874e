import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseSource, readSourceTree } from '../../lint/source-tree.ts';
import { auditActionsOf, auditActionsPage } from './audit-actions.ts';
import { collectErrorCodes, errorCodesOf, errorsPage, statusOfKinds } from './errors.ts';
import { metricsOf, metricsPage } from './metrics.ts';
import { rowsOf } from './page.ts';
import { problemsOf } from './pages.ts';
import { quotesIn, requirementsPage } from './requirements.ts';
import { parseSettings, settingsExample, settingsPage, settingsTable } from './settings.ts';

let root: string;
const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const input = (current = '') => ({ root, sources: readSourceTree(root), current });

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'qv-docs-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('error codes', () => {
  const mapping = "export const status = { invalid: 400, 'not-found': 404 } as const;\n";

  it.each([
    ["defineErrors({ JOBS_GONE: { kind: 'not-found', sentence: 'No such job.' } })", ['JOBS_GONE']],
    ["export const jobErrorCodes = ['JOBS_A', 'JOBS_B'] as const;", ['JOBS_A', 'JOBS_B']],
    ["export type JobErrorCode = 'JOBS_A' | 'JOBS_B';", ['JOBS_A', 'JOBS_B']],
    ["class JobError extends Error { readonly code: 'JOBS_A' | 'JOBS_B'; }", ['JOBS_A', 'JOBS_B']],
    ["throw new JobError('JOBS_THROWN', 'text');", ['JOBS_THROWN']],
    ["const other = ['NOT_A_CODE']; throw new Error('plain text');", []],
  ])('are found in %s', (text, codes) => {
    expect(errorCodesOf(parseSource('packages/a/src/a.ts', text)).map(({ code }) => code)).toEqual(codes);
  });

  it('of a union take the doc comment of their member as sentence', () => {
    const text =
      "/** All codes. */\nexport type JobErrorCode =\n  /** The job\n   * is gone. */\n  | 'JOBS_A'\n  | 'JOBS_B';\n";
    const codes = errorCodesOf(parseSource('packages/a/src/a.ts', text));
    expect(codes.map(({ code, sentence }) => [code, sentence])).toEqual([
      ['JOBS_A', 'The job is gone.'],
      ['JOBS_B', undefined],
    ]);
  });

  it('are listed where they are declared, once, and not from tests', () => {
    const sources = [
      parseSource('packages/a/src/a.ts', "throw new JobError('JOBS_A', 'x');"),
      parseSource('packages/a/src/errors.ts', "type JobErrorCode = 'JOBS_A';"),
      parseSource('packages/a/src/a.test.ts', "throw new JobError('JOBS_TEST', 'x');"),
    ];
    expect(collectErrorCodes(sources)).toEqual([{ code: 'JOBS_A', file: 'packages/a/src/errors.ts', declared: true }]);
  });

  it('take their status from the one mapping, in either form', () => {
    const plain = parseSource('apps/server/src/platform/http/problem.ts', mapping);
    expect(statusOfKinds([plain]).get('not-found')).toBe(404);
    const rich = parseSource('apps/server/src/p.ts', "const m = { 'not-found': { status: 404, title: 'Not found' } };");
    expect(statusOfKinds([rich]).get('not-found')).toBe(404);
    expect(() => statusOfKinds([])).toThrow('no mapping of error kinds');
  });

  it('make a page that keeps handwritten sentences and names what lacks one', async () => {
    put('apps/server/src/platform/http/problem.ts', mapping);
    put(
      'apps/server/src/modules/jobs/errors.ts',
      "defineErrors({ JOBS_GONE: { kind: 'not-found', sentence: 'Gone.' } });\n",
    );
    put('packages/a/src/errors.ts', "export type AErrorCode = 'A_WRITTEN' | 'A_BARE';\n");
    const page = await errorsPage.build(
      input('| `A_WRITTEN` | - | By hand \\| kept. | x |\n| `A_OLD` | - | Gone | x |'),
    );
    expect([...rowsOf(page).keys()]).toEqual(['code', 'A_BARE', 'A_WRITTEN', 'JOBS_GONE']);
    expect(rowsOf(page).get('A_WRITTEN')?.[2]).toBe('By hand | kept.');
    expect(rowsOf(page).get('JOBS_GONE')?.slice(1, 3)).toEqual(['404', 'Gone.']);
    expect(errorsPage.gaps?.(page)).toEqual(['A_BARE has no sentence: write one into the page']);
  });
});

describe('settings (QUA-12)', () => {
  const one = {
    env: 'QV_PORT',
    unit: 'port',
    default: '8920',
    limit: '1 to 65535',
    sentence: 'Port.',
    reader: 'server',
  };

  it('become a table and an example that is all comments', () => {
    const settings = parseSettings({ port: one, secret: { ...one, env: 'QV_NONE', default: null } });
    expect(rowsOf(settingsTable(settings)).get('QV_PORT')).toEqual([
      '`QV_PORT`',
      'server',
      'port',
      '`8920`',
      '1 to 65535',
      'Port.',
    ]);
    const example = settingsExample(settings);
    expect(example).toContain('\n#QV_PORT=8920\n');
    expect(example.split('\n').every((line) => line === '' || line.startsWith('#'))).toBe(true);
  });

  it('without a sentence are refused', () => {
    expect(() => parseSettings({ port: { ...one, sentence: '' } })).toThrow('setting port lacks');
  });

  it('name the schema when it is missing', async () => {
    await expect(Promise.resolve(settingsPage.build(input())).catch((error) => error.message)).resolves.toBe(
      'apps/server/src/config/settings.ts is missing, and the page is made from it',
    );
  });
});

describe('metrics (QUA-10)', () => {
  it('are read with type, labels and help', () => {
    const text = `
      const made = new Counter({ name: 'quantumvault_jobs_completed_total', help: 'Jobs done.', labelNames: ['kind'] as const });
      const other = new Counter({ name: 'process_cpu', help: 'not ours' });`;
    expect(metricsOf(parseSource('a.ts', text))).toEqual([
      { name: 'quantumvault_jobs_completed_total', type: 'counter', labels: ['kind'], help: 'Jobs done.' },
    ]);
  });

  it('name the fixed ones that are not declared', () => {
    expect(() => metricsPage.build(input())).toThrow(/does not declare quantumvault_jobs_pending, /);
  });
});

describe('audit actions (AUD-2)', () => {
  it('are read from the catalogue in both forms', () => {
    const text =
      "export const auditActions = { 'key.created': 'A key.', 'job.started': { sentence: 'A job.' } } as const;";
    expect(auditActionsOf('a.ts', text)).toEqual([
      { action: 'key.created', sentence: 'A key.' },
      { action: 'job.started', sentence: 'A job.' },
    ]);
  });

  it('must be noun.verb, must have a sentence, and their file must exist', () => {
    expect(() => auditActionsOf('a.ts', "const auditActions = { created: 'x' };")).toThrow('not of the form noun.verb');
    expect(() => auditActionsPage.build(input())).toThrow('audit-actions.ts is missing');
    put('apps/server/src/modules/audit/domain/audit-actions.ts', "export const auditActions = { 'key.created': '' };");
    expect(() => auditActionsPage.build(input())).toThrow('no sentence for key.created');
  });
});

describe('requirements', () => {
  it('are found beside code and beside tests', () => {
    const texts = new Map([
      ['packages/a/src/a.ts', '// CRY-9 and CRY-10, not CRY-090 or XCRY-1'],
      ['packages/a/src/a.test.ts', "it('CRY-9: refuses')"],
    ]);
    expect([...quotesIn(texts)]).toEqual([
      ['CRY-9', { code: ['packages/a/src/a.ts'], tests: ['packages/a/src/a.test.ts'] }],
      ['CRY-10', { code: ['packages/a/src/a.ts'], tests: [] }],
    ]);
  });

  it('make a page in the order of their ids, and unknown ids are an error', async () => {
    put('packages/a/src/a.ts', '// QUA-12, CRY-10 and CRY-9\n');
    const page = await requirementsPage.build(input());
    expect([...rowsOf(page).keys()]).toEqual(['id', 'CRY-9', 'CRY-10', 'QUA-12']);
    put('packages/a/src/b.ts', '// CRY-99\n');
    expect(() => requirementsPage.build(input())).toThrow('CRY-99: no such requirement');
  });
});

describe('the comparison', () => {
  const page = { path: 'docs/reference/x.md', build: () => '' };
  it.each([
    [{ current: 'a\nb', result: { text: 'a\nb' } }, []],
    [{ current: '', result: { text: 'a' } }, [expect.stringContaining('is missing')]],
    [{ current: 'a', result: { text: 'a\nb' } }, [expect.stringContaining('it lacks: b')]],
    [{ current: 'a\nb', result: { text: 'a' } }, [expect.stringContaining('it has too much: b')]],
    [{ current: 'a', result: { reason: 'no file' } }, ['cannot be made: no file']],
  ])('%j', (built, expected) => {
    expect(problemsOf({ page, ...built }).map(({ message }) => message)).toEqual(expected);
  });
});
