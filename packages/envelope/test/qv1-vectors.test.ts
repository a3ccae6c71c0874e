import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hpkeSuite, hpkeSuiteCategory5, hpkeSuiteCnsa, SecretBytes } from '@quantumvault/crypto';
import { describe, expect, it } from 'vitest';
import { type EnvelopeProfile, envelopeProfiles } from '../src/profile.ts';
import { sealEnvelope } from '../src/seal.ts';
import { formatKeyFile, generateKey, parseKeyFile } from '../src/text/key-text.ts';
import type { Expected, OpeningKey } from '../src/unlock.ts';
import { readEnvelope } from './independent-reader.ts';
import { collect, expected, facts, outcome, segmentBytes } from './samples.ts';

interface Case {
  readonly name: string;
  readonly requirement: string;
  readonly key?: string;
  readonly passphrase?: string;
  readonly profile: string;
  readonly expected: Expected;
  readonly content?: string;
  readonly failure?: string;
  readonly released?: string;
  readonly envelope: string;
}

const folder = join(import.meta.dirname, '..', '..', '..');
const file = join(folder, 'tests', 'vectors', 'qv1', 'vectors.json');
const { keys, cases }: { keys: Readonly<Record<string, string>>; cases: readonly Case[] } = JSON.parse(
  readFileSync(file, 'utf8'),
);

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
const secretOf = ({ key }: Case): string[] => (key === undefined ? [] : [keys[key] ?? '']);
const profileOf = (name: string): EnvelopeProfile => envelopeProfiles.find((known) => known === name) ?? 'standard';

function wanted({ content, released, failure }: Case) {
  return { content: hex(bytesOf(content ?? released ?? '')), failure };
}

describe('ENV-11: the vectors of docs/spec/qv1.md', () => {
  it.each(cases)('$requirement, this package: $name', async (test) => {
    const opening: OpeningKey[] = secretOf(test).flatMap((text) => parseKeyFile(new TextEncoder().encode(text)));
    if (test.passphrase !== undefined) {
      opening.push({ type: 'passphrase', passphrase: SecretBytes.fromUtf8(test.passphrase) });
    }
    const options = { keys: opening, expected: test.expected, profile: profileOf(test.profile) };
    const { released, kind } = await outcome(bytesOf(test.envelope), options);
    expect({ content: hex(released), failure: kind }).toEqual(wanted(test));
  });

  it.each(cases)('$requirement, a reader from the page alone: $name', (test) => {
    const { expected, profile, passphrase } = test;
    const phrase = passphrase === undefined ? {} : { passphrase };
    const input = { secretKeys: secretOf(test), expected, profile, ...phrase };
    const { content, failure } = readEnvelope(bytesOf(test.envelope), input);
    expect({ content: hex(content), failure }).toEqual(wanted(test));
  });

  it('name requirements of the page, and cover every kind that an envelope can cause', () => {
    const page = readFileSync(join(folder, 'docs', 'spec', 'qv1.md'), 'utf8');
    for (const { requirement } of cases) expect(page).toContain(`**${requirement}**`);
    expect([...new Set(cases.map(({ failure }) => failure ?? 'none'))].sort()).toEqual([
      'AUTHENTICATION_FAILED',
      'CONTEXT_MISMATCH',
      'KEY_NOT_FOUND',
      'LIMIT',
      'MALFORMED',
      'TRUNCATED',
      'UNSUPPORTED',
      'none',
    ]);
    console.log(`[vectors] qv1: ${cases.length} cases run by two readers, 0 skipped`);
  });
});

it('ENV-11: the independent reader opens what was sealed just now', async () => {
  const newKeys = ([hpkeSuite, hpkeSuiteCnsa, hpkeSuiteCategory5] as const).map((suite) => generateKey(suite));
  const recipients = newKeys.map(({ recipient }) => recipient);
  for (const length of [0, 1, 31, 32, 33, 64, 500]) {
    const content = Uint8Array.from({ length }, (_, at) => (at * 31) & 0xff);
    const bytes = await collect(
      sealEnvelope([content], { to: { recipients }, facts, segmentBytes, profile: 'standard' }),
    );
    for (const generated of newKeys) {
      const line = new TextDecoder().decode(formatKeyFile(generated, '2026-11-24T12:00:00Z')).split('\n')[2] ?? '';
      const read = readEnvelope(bytes, { secretKeys: [line], expected, profile: 'standard' });
      expect({ failure: read.failure, content: hex(read.content) }).toEqual({
        failure: undefined,
        content: hex(content),
      });
    }
  }
});

it('ENV-11: the independent reader is small and imports nothing of ours', () => {
  const read = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8');
  const [reader, forms] = [read('independent-reader.ts'), read('independent-forms.ts')];
  const imported = [...`${reader}${forms}`.matchAll(/from '([^']+)'/g)].map(([, name]) => name);
  expect(imported.length).toBeGreaterThan(5);
  for (const name of imported) expect(name).toMatch(/^(?:@noble\/|cborg$|\.\/independent-forms\.ts$)/);
  expect(reader.split('\n').length).toBeLessThan(200);
});
