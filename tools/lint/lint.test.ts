import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Finding, fileRule } from './finding.ts';
import { resolveSpecifier } from './imports.ts';
import { lintTree, rules } from './lint.ts';
import { cryptographyRules } from './rules/cryptography.ts';
import { securityRules } from './rules/security.ts';
import { parseSource } from './source-tree.ts';
import { boundDataExceptions, cipherModes, xorHomes } from './vocabulary.ts';
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
  const inCrypto = 'packages/envelope/src/a.ts';
  it.each([
    ['expectedTag === given', [1]],
    ['digest !== other.digest', [1]],
    ['dataKey == given', [1]],
    ['tag.every((byte, at) => byte === given[at])', [1]],
    ['this.#signature.some((byte, at) => byte !== given[at])', [1]],
    ['Buffer.compare(mac, given) === 0', [1]],
    ['sameBytes(expected, header.tag)', [1]],
    ['constantTimeEqual(tag, given)', []],
    ['key.length === sizes.key', []],
    ['length === sizes.signature', []],
    ['tagBytes === given', []],
    ['publicKey === given', []],
    ['sameBytes(a.publicKey, b)', []],
    ['parameters.every((byte, at) => byte === header[at])', []],
    ['tag.every((byte) => byte === 0)', []],
  ])('judges %s in a crypto package', (text, lines) => {
    expect(verdicts(inCrypto, `${text};\n`, 'security/constant-time')).toEqual(lines);
  });

  it('takes a tag of ASN.1 for what it is', () => {
    const reading = 'const reader = new DerReader(der); reader.tag === tag;\n';
    expect(verdicts(inCrypto, reading, 'security/constant-time')).toEqual([]);
    expect(verdicts('packages/pki/src/a.ts', 'element.tag === tag;\n', 'security/constant-time')).toEqual([]);
  });

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

describe('security/xor', () => {
  it.each([
    ['packages/tlog/src/a.ts', 'a ^ b', [1]],
    ['apps/server/src/platform/http/a.ts', 'a ^= b', [1]],
    ['packages/bech32/src/bech32.ts', 'a ^ b', []],
    ['packages/tlog/src/a.test.ts', 'a ^ b', []],
    ['packages/tlog/src/a.ts', 'a ** b', []],
  ])('in %s judges %s', (path, text, lines) => {
    expect(verdicts(path, `${text};\n`, 'security/xor')).toEqual(lines);
  });
});

describe('security/cipher-mode', () => {
  const path = 'packages/crypto/src/native/a.ts';
  const legacy = 'packages/crypto/src/native/legacy-cbc.ts';
  it.each([
    [path, "createCipheriv('aes-256-gcm', key, nonce)", []],
    [path, "createDecipheriv('aes-256-cbc', key, iv)", [1]],
    [path, "createCipheriv('aes-256-ctr', key, iv)", [1]],
    [path, "createCipheriv('AES-256-CBC', key, iv)", [1]],
    [path, "createCipheriv('des-ede3-cbc', key, iv)", [1]],
    [path, "createCipheriv('aes-128-gcm', key, iv)", [1]],
    [path, "const name = 'aes-256-cfb'; crypto.createCipheriv(name, key, iv)", [1]],
    [path, "createCipheriv(isA ? 'aes-256-gcm' : 'aes-256-ofb', key, iv)", [1]],
    [path, 'createCipheriv(`aes-@{bits}-gcm`, key, iv)'.replace('@', '$'), [1]],
    [path, "subtle.encrypt({ name: 'AES-CBC', iv }, key, data)", [1]],
    [path, "subtle.encrypt({ name: 'AES-GCM', iv }, key, data)", []],
    [path, "const id = 'AES-256-CBC'", []],
    [legacy, "createDecipheriv('aes-256-cbc', key, iv)", []],
    [legacy, "createCipheriv('aes-256-cbc', key, iv)", [1]],
  ])('in %s judges %s', (file, text, lines) => {
    expect(verdicts(file, `${text};\n`, 'security/cipher-mode')).toEqual(lines);
  });
});

describe('security/bound-data', () => {
  it.each([
    ['function f(aad = new Uint8Array(0)) {}', [1]],
    ['function f({ key, context = {} }: Input) {}', [1]],
    ['function f(aad?: Uint8Array) {}', [1]],
    ['interface A { readonly additionalData?: Uint8Array }', [1]],
    ['seal(key, input.aad ?? empty)', [1]],
    ['seal(key, context || {})', [1]],
    ['function f(aad: Uint8Array) {}', []],
    ['interface A { readonly aad: Uint8Array }', []],
    ['function f(level = 3) {}', []],
  ])('judges %s', (text, lines) => {
    expect(verdicts('packages/crypto/src/a.ts', `${text};\n`, 'security/bound-data')).toEqual(lines);
    expect(verdicts('apps/cli/src/a.ts', `${text};\n`, 'security/bound-data')).toEqual([]);
  });
});

it('every exception of the cryptography rules names a file that is there and needs it', () => {
  const paths = [
    ...Object.keys(xorHomes),
    ...Object.keys(boundDataExceptions),
    ...Object.values(cipherModes).flatMap(({ only }) => (only === undefined ? [] : [only])),
  ];
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  for (const path of Object.keys(xorHomes).filter((home) => !home.endsWith('/'))) {
    expect(readFileSync(join(root, path), 'utf8'), path).toContain('^');
  }
});

it('a rule reports the line of its finding', () => {
  const rule = fileRule('test/second-line', 'For this test.', (file, report) => report(file.text.indexOf('b'), 'here'));
  expect(rule.check([placed(parseSource('a.ts', 'a;\nb;\n'))])).toMatchObject([{ line: 2 }]);
  expect([...securityRules, ...cryptographyRules]).toHaveLength(7);
});
