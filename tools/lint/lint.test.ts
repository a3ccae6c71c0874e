import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Finding, fileRule } from './finding.ts';
import { resolveSpecifier } from './imports.ts';
import { lintTree, rules } from './lint.ts';
import { securityRules } from './rules/security.ts';
import { parseSource } from './source-tree.ts';
import { placed, zoneOf } from './zones.ts';

const root = resolve(import.meta.dirname, '../..');
const fixtures = join(import.meta.dirname, 'fixtures');

type Place = Pick<Finding, 'file' | 'line' | 'rule'>;
const place = ({ file, line, rule }: Place): string => `${rule} ${file}:${line}`;

function verdicts(path: string, text: string, ruleId: string): number[] {
  const rule = rules.find((candidate) => candidate.id === ruleId);
  return (rule?.check([placed(parseSource(path, text))]) ?? []).map((finding) => finding.line);
}

describe('the fixture tree', () => {
  const expected: Place[] = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8'));

  it('yields exactly its expected list', () => {
    expect(lintTree(fixtures).findings.map(place).sort()).toEqual(expected.map(place).sort());
  });

  it('breaks every rule exactly once', () => {
    expect(expected.map((entry) => entry.rule).sort()).toEqual(rules.map((rule) => rule.id).sort());
  });

  it('makes the command exit with 1 and name file, line and rule', () => {
    const run = spawnSync(process.execPath, [join(root, 'tools/lint/run.ts'), fixtures], { encoding: 'utf8' });
    expect(run.status).toBe(1);
    expect(run.stdout).toContain('packages/tlog/src/own-clock.ts:1  source/clock');
  });
});

describe('the real tree', () => {
  it('has no findings', () => {
    expect(lintTree(root).findings.map((f) => `${place(f)} ${f.message}`)).toEqual([]);
  });
});

describe('places', () => {
  const modules = 'apps/server/src/modules';
  it.each([
    ['packages/tlog/src/tree.ts', { kind: 'package', name: 'tlog' }],
    ['providers/src/discovery/tls/index.ts', { kind: 'provider', port: 'discovery', vendor: 'tls' }],
    [`${modules}/jobs/postgres-job-queue.ts`, { kind: 'module', module: 'jobs', layer: 'adapter' }],
    [`${modules}/jobs/jobs.controller.ts`, { kind: 'module', module: 'jobs', layer: 'api' }],
    [`${modules}/jobs/jobs.module.ts`, { kind: 'module', module: 'jobs', layer: 'wiring' }],
    [`${modules}/jobs/domain/job.ts`, { kind: 'module', module: 'jobs', layer: 'domain' }],
    ['apps/server/src/main.http.ts', { kind: 'server', part: 'wiring' }],
    ['apps/server/src/platform/http/problem.ts', { kind: 'server', part: 'platform' }],
    ['apps/cli/src/main.ts', { kind: 'app', name: 'cli' }],
  ])('%s', (path, zone) => {
    expect(zoneOf(path)).toEqual(zone);
  });

  it('takes a flat file with an execute method for a use case', () => {
    const text = 'export class CancelJob {\n  async execute(actor: Actor): Promise<void> {}\n}\n';
    expect(zoneOf(`${modules}/jobs/cancel-job.ts`, text)).toMatchObject({ layer: 'usecase' });
  });
});

describe("a package's own imports", () => {
  it('lead to a file of the same package', () => {
    const path = 'packages/crypto/src/native/aead.ts';
    const own = { kind: 'own', path, byPath: false };
    expect(resolveSpecifier('packages/crypto/src/floe/core.ts', '#native/aead')).toEqual(own);
  });
});

describe('security/authorize-first', () => {
  const path = 'apps/server/src/modules/keys/usecases/create-key.ts';
  const useCase = (body: string): string =>
    `export class A {\n  async execute(actor: Actor, input: I) {\n    ${body}\n  }\n}\n`;

  it.each([
    ["await this.authorize(actor, 'key.create');", []],
    ["await this.#authorize(actor, 'key.create', input);", []],
    ["const scope = await authorize(actor, 'key.create', input);", []],
    ["authorize(actor, 'key.create');", [3]],
    ["await this.keys.save(input); await this.authorize(actor, 'key.create');", [3]],
    ["await this.authorize(input, 'key.create');", [3]],
    ["await this.authorize(actor, 'create');", [3]],
    ["if (input) await this.authorize(actor, 'key.create');", [3]],
    ['', [2]],
  ])('judges %s', (body, lines) => {
    expect(verdicts(path, useCase(body), 'security/authorize-first')).toEqual(lines);
  });

  it('refuses exported functions, further public methods and classes without execute', () => {
    expect(verdicts(path, 'export function createKey() {}\n', 'security/authorize-first')).toEqual([1]);
    expect(verdicts(path, 'export class A {\n  run() {}\n}\n', 'security/authorize-first')).toEqual([1]);
    const two =
      "export class A {\n  peek() {}\n  async execute(actor: A) {\n    await authorize(actor, 'a.b');\n  }\n}\n";
    expect(verdicts(path, two, 'security/authorize-first')).toEqual([2]);
  });
});

describe('security/sql-parameters', () => {
  const path = 'apps/server/src/platform/postgres/roles.ts';
  // `@{` stands for a template's placeholder, so that these strings do not look like one themselves.
  it.each([
    ['client.query(`SELECT @{a} FROM b`)', [1]],
    ["client.query('SELECT * FROM ' + table)", [1]],
    ['const text = `INSERT INTO key VALUES (@{a})`;', [1]],
    ['client.query({ text: `delete from key where id = @{id}` })', [1]],
    ['sql.raw(`@{anything}`)', [1]],
    ["client.query('SELECT 1')", []],
    ["client.query('SELECT a ' + 'FROM b')", []],
    ['client.query(`CREATE ROLE @{escapeIdentifier(name)}`)', []],
    ['sql`SELECT @{a} FROM b`', []],
    ['log(`Update of @{a} failed`)', []],
  ])('judges %s', (text, lines) => {
    expect(verdicts(path, `${text.replaceAll('@', '$')}\n`, 'security/sql-parameters')).toEqual(lines);
  });
});

describe('security/constant-time', () => {
  it.each([
    ['a.tokenHash === b', [1]],
    ['mac !== given', [1]],
    ['session?.refresh_token == b', [1]],
    ["kind === 'token'", []],
    ['token === undefined', []],
    ["token === ''", []],
    ['token.length === 3', []],
    ['tokens === b', []],
  ])('judges %s', (text, lines) => {
    expect(verdicts('apps/server/src/platform/http/a.ts', `${text};\n`, 'security/constant-time')).toEqual(lines);
  });
});

it('a rule reports the line of its finding', () => {
  const rule = fileRule('test/second-line', 'For this test.', (file, report) => report(file.text.indexOf('b'), 'here'));
  expect(rule.check([placed(parseSource('a.ts', 'a;\nb;\n'))])).toMatchObject([{ line: 2 }]);
  expect(securityRules).toHaveLength(4);
});
