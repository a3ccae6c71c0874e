import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hpkeSuite, hpkeSuiteCategory5, hpkeSuiteCnsa, SecretBytes } from '@quantumvault/crypto';
import { MemoryKeyWrapper } from '@quantumvault/ports';
import { describe, expect, it } from 'vitest';
import { EnvelopeError } from '../src/errors.ts';
import type { ColumnPlace } from '../src/fields/column.ts';
import { CompactColumn } from '../src/fields/compact.ts';
import { OwnFieldKey } from '../src/fields/field-key.ts';
import { FloeColumn } from '../src/fields/floe-field.ts';
import { type EnvelopeProfile, envelopeProfiles } from '../src/profile.ts';
import type { KekOpeningKeys } from '../src/recipients/kek.ts';
import { sealEnvelope } from '../src/seal.ts';
import { type DetachedFacts, verifyContent } from '../src/signature/detached.ts';
import { formatKeyFile, generateKey, parseKeyFile } from '../src/text/key-text.ts';
import { formatSigner, parseSigner } from '../src/text/signer-text.ts';
import type { Expected, OpeningKey } from '../src/unlock.ts';
import { readEnvelope } from './independent-reader.ts';
import { verifyDetached } from './independent-signatures.ts';
import { openValue } from './independent-values.ts';
import { collect, expected, facts, outcome, segmentBytes, signatureVectorAlgorithms, signingKey } from './samples.ts';

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
  readonly signature?: 'unchecked' | readonly string[];
}

interface DetachedCase {
  readonly name: string;
  readonly requirement: string;
  readonly content: string;
  readonly signature: string;
  readonly signers: readonly string[];
  readonly expected: DetachedFacts;
  readonly failure?: string;
}

interface ValueCase {
  readonly name: string;
  readonly requirement: string;
  readonly suite: 'compact' | 'floe' | 'compact-chacha20';
  readonly key: string;
  readonly place: ColumnPlace;
  readonly locator: string;
  readonly sealed: string;
  readonly content?: string;
  readonly failure?: string;
}

type Names = Readonly<Record<string, string>>;
interface VectorFile<Case> {
  readonly keys?: Names;
  readonly signers?: Names;
  readonly keks?: Names;
  readonly cases: readonly Case[];
}

const folder = join(import.meta.dirname, '..', '..', '..');
function read<Case>(name: string): VectorFile<Case> {
  return JSON.parse(readFileSync(join(folder, 'tests', 'vectors', 'qv1', `${name}.json`), 'utf8'));
}
const [plain, signed, detached] = [read<Case>('vectors'), read<Case>('signatures'), read<DetachedCase>('detached')];
const values = read<ValueCase>('values');
const beside = read<Case>('recipients');
/** Each case with the names of its own file. */
const cases = [plain, signed, beside].flatMap(({ keys = {}, signers = {}, keks = {}, cases: of }) =>
  of.map((test) => ({ ...test, keys, keks, names: signers })),
);
type Named = (typeof cases)[number];

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
const secretOf = ({ key, keys }: Named): string[] => (key === undefined ? [] : [keys[key] ?? '']);
const textsOf = (names: Names, wanted: readonly string[]): string[] => wanted.map((name) => names[name] ?? '');
const profileOf = (name: string): EnvelopeProfile => envelopeProfiles.find((known) => known === name) ?? 'standard';

/** The backend of QV1-49 with the keys of the file. */
function backendOf({ keks }: Named): KekOpeningKeys {
  const wrapper = new MemoryKeyWrapper();
  for (const [name, key] of Object.entries(keks)) {
    const [version = '', keyId = ''] = name.split(' ');
    wrapper.add(keyId, Number(version), SecretBytes.take(bytesOf(key)));
  }
  return { type: 'kek', wrapper, mayUse: (keyId, version) => Object.hasOwn(keks, `${version} ${keyId}`) };
}

/** What the case says of the signature, with the signers as text. */
function demandOf({ signature, names }: Named): 'unchecked' | readonly string[] | undefined {
  return signature === undefined || signature === 'unchecked' ? signature : textsOf(names, signature);
}

function wanted({ content, released, failure }: Case) {
  return { content: hex(bytesOf(content ?? released ?? '')), failure };
}

describe('ENV-11: the vectors of docs/spec/qv1.md', () => {
  it.each(cases)('$requirement, this package: $name', async (test) => {
    const opening: OpeningKey[] = secretOf(test).flatMap((text) => parseKeyFile(new TextEncoder().encode(text)));
    if (test.passphrase !== undefined) {
      opening.push({ type: 'passphrase', passphrase: SecretBytes.fromUtf8(test.passphrase) });
    }
    if (test.passphrase === undefined && test.key === undefined) opening.push(backendOf(test));
    const demand = demandOf(test);
    const signature = typeof demand === 'object' ? { signers: demand.map(parseSigner) } : demand;
    const options = { keys: opening, expected: test.expected, profile: profileOf(test.profile), signature };
    const { released, kind } = await outcome(bytesOf(test.envelope), options);
    expect({ content: hex(released), failure: kind }).toEqual(wanted(test));
  });

  it.each(cases)('$requirement, a reader from the page alone: $name', (test) => {
    const { expected, profile, passphrase } = test;
    const phrase = passphrase === undefined ? {} : { passphrase };
    const keks = Object.fromEntries(Object.entries(test.keks).map(([name, key]) => [name, bytesOf(key)]));
    const own = test.key === undefined ? { keks } : {};
    const input = { secretKeys: secretOf(test), ...own, expected, profile, ...phrase, signature: demandOf(test) };
    const { content, failure } = readEnvelope(bytesOf(test.envelope), input);
    expect({ content: hex(content), failure }).toEqual(wanted(test));
  });

  it.each(detached.cases)('$requirement, detached: $name', async ({ expected, failure, ...test }) => {
    const [content, signature] = [bytesOf(test.content), bytesOf(test.signature)];
    const texts = textsOf(detached.signers ?? {}, test.signers);
    const verifying = verifyContent([content], { signature, signers: texts.map(parseSigner), expected });
    const kind = await verifying.then(
      () => undefined,
      (error: unknown) => (error instanceof EnvelopeError ? error.kind : 'another error'),
    );
    expect([kind, verifyDetached(signature, content, texts, expected)]).toEqual([failure, failure]);
  });

  it.each(values.cases)('$requirement, value: $name', ({ suite, place, content, failure, ...test }) => {
    const [locator, sealed, key] = [test.locator, test.sealed, values.keys?.[test.key] ?? ''].map(bytesOf);
    if (locator === undefined || sealed === undefined || key === undefined) throw new Error('the case is not whole');
    const wanted = failure ?? content;
    const theirs = openValue(sealed, { suite, key, place, locator });
    expect(theirs instanceof Uint8Array ? Buffer.from(theirs).toString('base64') : theirs).toBe(wanted);
    const ours = OwnFieldKey.kept(SecretBytes.take(key));
    const cipher = suite === 'compact' ? 'AES-256-GCM-SIV' : 'ChaCha20-Poly1305';
    const column =
      suite === 'floe' ? new FloeColumn(ours, place) : new CompactColumn(ours, { ...place, suite: cipher });
    const [opened] = column.openMany([{ locator, sealed }]);
    expect(opened instanceof Uint8Array ? Buffer.from(opened).toString('base64') : opened?.kind).toBe(wanted);
  });

  it('name requirements of the page, and cover every kind that an envelope can cause', () => {
    const page = readFileSync(join(folder, 'docs', 'spec', 'qv1.md'), 'utf8');
    for (const { requirement } of [...cases, ...detached.cases, ...values.cases])
      expect(page).toContain(`**${requirement}**`);
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
    console.log(
      `[vectors] qv1: ${cases.length + detached.cases.length + values.cases.length} cases run by two readers, 0 skipped`,
    );
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

it.each(signatureVectorAlgorithms)('ENV-11: the independent reader verifies what %s signed just now', async (name) => {
  const generated = generateKey();
  const signer = await signingKey(name);
  const to = { recipients: [generated.recipient] };
  const content = Uint8Array.from({ length: 70 }, (_, at) => at);
  const sealing = sealEnvelope([content], { to, facts, segmentBytes, profile: 'standard', signer });
  const bytes = await collect(sealing);
  const line = new TextDecoder().decode(formatKeyFile(generated, '2026-11-24T12:00:00Z')).split('\n')[2] ?? '';
  const demand = { secretKeys: [line], expected, profile: 'standard', signature: [formatSigner(signer.signer)] };
  expect(readEnvelope(bytes, demand)).toMatchObject({ failure: undefined });
  const stranger = { ...demand, signature: [formatSigner((await signingKey(name)).signer)] };
  expect(readEnvelope(bytes, stranger)).toMatchObject({ failure: 'AUTHENTICATION_FAILED' });
});

it('ENV-11: the independent reader is small and imports nothing of ours', () => {
  const text = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8');
  const reader = text('independent-reader.ts');
  const others = ['forms', 'signatures', 'values', 'wraps'].map((name) => text(`independent-${name}.ts`)).join('');
  const imported = [...`${reader}${others}`.matchAll(/from '([^']+)'/g)].map(([, name]) => name);
  expect(imported.length).toBeGreaterThan(5);
  for (const name of imported)
    expect(name).toMatch(/^(?:@noble\/|cborg$|\.\/independent-(?:forms|reader|signatures|wraps)\.ts$)/);
  expect(reader.split('\n').length).toBeLessThan(200);
});
