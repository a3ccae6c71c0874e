import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hpkeSuite, hpkeSuiteCategory5, hpkeSuiteCnsa, SecretBytes } from '@quantumvault/crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleForBrowser } from '../../../../tools/browser/bundle.ts';
import { Chromium } from '../../../../tools/services/chromium.ts';
import { openEnvelope, readEnvelopeHeader } from '../../src/open.ts';
import { sealEnvelope, segmentBytesDefault } from '../../src/seal.ts';
import { formatKeyFile, formatRecipient, generateKey, parseKeyFile, parseRecipient } from '../../src/text/key-text.ts';
import { formatSigner, parseSigner } from '../../src/text/signer-text.ts';
import { readEnvelope } from '../independent-reader.ts';
import { collect, expected, facts, signingKey } from '../samples.ts';
import type { Opening, PageFunctions, PageOutcome } from './page.ts';
import type { DetachedCase, ValueCase } from './page-vectors.ts';

// "Headless Chromium opens what Node sealed and the reverse": the package's build for browsers in a real one, under a
// policy that allows neither eval nor WebAssembly.

const script = await bundleForBrowser(join(import.meta.dirname, 'page.ts'));
const chromium = new Chromium({ script: script.code });
let reason: string | undefined;

beforeAll(async () => {
  reason = chromium.missing();
  if (reason !== undefined) return;
  await chromium.start();
  await chromium.ready();
}, 120_000);
afterAll(() => chromium.stop());

type Result<Name extends keyof PageFunctions> = Awaited<ReturnType<PageFunctions[Name]>>;

function call<Name extends keyof PageFunctions>(
  name: Name,
  ...args: Parameters<PageFunctions[Name]>
): Promise<Result<Name>> {
  return chromium.page.evaluate(
    ([which, given]) => {
      const { quantumvault } = globalThis as unknown as {
        quantumvault: Record<string, (...all: unknown[]) => unknown>;
      };
      return quantumvault[which]?.(...given) as never;
    },
    [name, args as unknown[]] as const,
  );
}

type Names = Readonly<Record<string, string>>;

interface Vectors<Case> {
  readonly keys?: Names;
  readonly signers?: Names;
  readonly keks?: Names;
  readonly cases: readonly Case[];
}

interface Wanted {
  readonly content?: string;
  readonly failure?: string;
}

function readVectors<Case>(file: string): Vectors<Case> {
  const path = join(import.meta.dirname, '../../../../tests/vectors/qv1', `${file}.json`);
  return JSON.parse(readFileSync(path, 'utf8'));
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const passphrase = 'correct horse battery staple';
const createdAt = '2026-11-26T12:00:00Z';
/** Two whole segments and a part of a third. */
const content = new Uint8Array(randomBytes(2_500_000));
const whole: PageOutcome = { released: content.length, sha256: sha256(content), kind: undefined };
const plain = { expected, profile: 'standard' } as const;

function newKey(suite: Parameters<typeof generateKey>[0]) {
  const generated = generateKey(suite);
  const keyFile = new TextDecoder().decode(formatKeyFile(generated, createdAt));
  return { recipient: generated.recipient, keyFile };
}

function sealed(to: Parameters<typeof sealEnvelope>[1]['to']): Promise<Uint8Array> {
  return collect(sealEnvelope([content], { to, facts, segmentBytes: segmentBytesDefault, profile: 'standard' }));
}

const suites = [hpkeSuite, hpkeSuiteCnsa, hpkeSuiteCategory5] as const;

describe('headless Chromium', () => {
  it('runs the build, and says which versions met', async (ctx) => {
    if (reason !== undefined) return ctx.skip(reason);
    const [envelope, { hasWebCrypto, agent }] = [await bundleForBrowser(), await call('environment')];
    console.log(
      `[browser] ${chromium.version} (${agent}); Node ${process.version}, OpenSSL ${process.versions.openssl}`,
    );
    console.log(`[browser] bundle of packages/envelope: ${envelope.bytes} bytes, ${envelope.gzipBytes} with gzip`);
    expect(hasWebCrypto).toBe(true);
    for (const code of [script.code, envelope.code])
      expect(code).not.toMatch(/\beval\(|new Function|WebAssembly|["'`]node:/);
  });

  it('CRY-10: passes the known answers of the boot', async (ctx) => {
    if (reason !== undefined) return ctx.skip(reason);
    const report = await call('selfTests');
    expect(report.tests.filter(({ ok }) => !ok)).toEqual([]);
    console.log(`[browser] ${report.tests.length} self-tests in ${Math.round(report.durationMs)} ms`);
    expect(report.tests.length).toBeGreaterThan(20);
  }, 120_000);

  it('ENV-11: agrees with every vector of the specification', async (ctx) => {
    if (reason !== undefined) return ctx.skip(reason);
    interface Case {
      readonly name: string;
      readonly key?: string;
      readonly passphrase?: string;
      readonly profile: 'standard' | 'cnsa-2.0';
      readonly expected: Opening['expected'];
      readonly content?: string;
      readonly released?: string;
      readonly failure?: string;
      readonly envelope: string;
      readonly signature?: 'unchecked' | readonly string[];
    }
    let count = 0;
    for (const file of ['vectors', 'signatures', 'recipients']) {
      const { keys = {}, signers = {}, keks, cases } = readVectors<Case>(file);
      const outcomes = await call(
        'openAll',
        cases.map((test) => ({
          envelope: test.envelope,
          opening: {
            keys: test.key === undefined ? [] : [keys[test.key] ?? ''],
            passphrase: test.passphrase,
            backend: test.key === undefined && test.passphrase === undefined ? keks : undefined,
            expected: test.expected,
            profile: test.profile,
            signature:
              typeof test.signature === 'object' ? test.signature.map((name) => signers[name] ?? '') : test.signature,
          },
        })),
      );
      const got = cases.map(({ name }, at) => ({ name, ...outcomes[at] }));
      const wanted = cases.map(({ name, content: whole, released, failure }) => {
        const bytes = Buffer.from(whole ?? released ?? '', 'base64');
        return { name, released: bytes.length, sha256: sha256(bytes), kind: failure };
      });
      expect(got).toEqual(wanted);
      count += cases.length;
    }
    console.log(`[browser] ${count} envelopes of the vectors agreed with in Chromium`);
  }, 240_000);

  it('ENV-11: agrees with every vector of values and of detached signatures', async (ctx) => {
    if (reason !== undefined) return ctx.skip(reason);
    const values = readVectors<ValueCase & Wanted>('values');
    const opened = await call(
      'openValues',
      values.cases.map((test) => ({ ...test, key: values.keys?.[test.key] ?? '' })),
    );
    expect(opened).toEqual(values.cases.map(({ content, failure }) => failure ?? content));
    const detached = readVectors<DetachedCase & Wanted>('detached');
    const kinds = await call(
      'verifyAll',
      detached.cases.map((test) => ({ ...test, signers: test.signers.map((name) => detached.signers?.[name] ?? '') })),
    );
    expect(kinds.map((kind) => kind ?? undefined)).toEqual(detached.cases.map(({ failure }) => failure));
    console.log(`[browser] ${opened.length} values and ${kinds.length} detached signatures of the vectors agreed with`);
  }, 120_000);

  it.for(suites)(
    'ENV-4: opens what Node sealed, and Node what it sealed: %s',
    { timeout: 120_000 },
    async (suite, ctx) => {
      if (reason !== undefined) return ctx.skip(reason);
      const { recipient, keyFile } = newKey(suite);
      chromium.data.set('from-node', await sealed({ recipients: [recipient] }));
      expect(await call('openData', 'from-node', { ...plain, keys: [keyFile] })).toEqual(whole);

      chromium.data.set('content', content);
      const inPage = await call('generate', suite);
      const recipients = [inPage.recipient, formatRecipient(recipient)];
      await call('sealData', 'content', 'from-page', { recipients, facts, segmentBytes: segmentBytesDefault });
      const fromPage = chromium.data.get('from-page') ?? new Uint8Array(0);
      for (const file of [inPage.keyFile, keyFile]) {
        const keys = parseKeyFile(new TextEncoder().encode(file));
        expect(sha256(await collect(openEnvelope([fromPage], { ...plain, keys })))).toBe(whole.sha256);
      }
      const secretKeys = [inPage.keyFile.split('\n')[2] ?? ''];
      const independent = readEnvelope(fromPage, { ...plain, secretKeys });
      expect({ failure: independent.failure, sha256: sha256(independent.content) }).toEqual({
        failure: undefined,
        sha256: whole.sha256,
      });
    },
  );

  it('ENV-4: opens a passphrase of Node, and Node one of it', async (ctx) => {
    if (reason !== undefined) return ctx.skip(reason);
    const of = () => ({ type: 'passphrase', passphrase: SecretBytes.fromUtf8(passphrase) }) as const;
    chromium.data.set('from-node', await sealed({ passphrase: of().passphrase, level: 'standard' }));
    expect(await call('openData', 'from-node', { ...plain, keys: [], passphrase })).toEqual(whole);
    expect(await call('openData', 'from-node', { ...plain, keys: [], passphrase: `${passphrase} ` })).toMatchObject({
      released: 0,
      kind: 'AUTHENTICATION_FAILED',
    });
    chromium.data.set('content', content);
    await call('sealData', 'content', 'from-page', { passphrase, facts, segmentBytes: segmentBytesDefault });
    const fromPage = chromium.data.get('from-page') ?? new Uint8Array(0);
    expect(sha256(await collect(openEnvelope([fromPage], { ...plain, keys: [of()] })))).toBe(whole.sha256);
  }, 120_000);

  it('ENV-5: reads ranges of what Node sealed, and shows its header', async (ctx) => {
    if (reason !== undefined) return ctx.skip(reason);
    const { recipient, keyFile } = newKey(hpkeSuite);
    chromium.data.set('from-node', await sealed({ recipients: [recipient] }));
    const ranges = [
      [0, 10],
      [1_048_540, 20],
      [1_000_000, 1_400_000],
      [content.length - 1, 1],
    ] as const;
    const { length, digests } = await call('readRange', 'from-node', { ...plain, keys: [keyFile] }, ranges);
    expect(length).toBe(content.length);
    expect(digests).toEqual(ranges.map(([position, size]) => sha256(content.subarray(position, position + size))));
    expect(await call('inspect', 'from-node')).toEqual({
      tenant: expected.tenant,
      context: expected.context,
      recipients: ['hpke'],
    });
  });

  it('ENV-5: refuses what was changed on the way, and releases nothing of a bad segment', async (ctx) => {
    if (reason !== undefined) return ctx.skip(reason);
    const { recipient, keyFile } = newKey(hpkeSuite);
    const genuine = await sealed({ recipients: [recipient] });
    const { headerBytes } = await readEnvelopeHeader([genuine]);
    const bodyAt = headerBytes + 74; // FLOE's own header
    const flipped = (at: number): Uint8Array => {
      const changed = genuine.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      return changed;
    };
    const segment = segmentBytesDefault - 32;
    const swapped = genuine.slice();
    swapped.set(genuine.subarray(bodyAt, bodyAt + segmentBytesDefault), bodyAt + segmentBytesDefault);
    const opening: Opening = { ...plain, keys: [keyFile] };
    const elsewhere: Opening = { ...opening, expected: { ...expected, context: { table: 'orders', row: '8' } } };
    const stranger: Opening = { ...opening, keys: [newKey(hpkeSuite).keyFile] };
    for (const [what, bytes, given, kind, released] of [
      ['the magic', flipped(0), opening, 'MALFORMED', 0],
      ['the recipients tag', flipped(headerBytes - 1), opening, 'AUTHENTICATION_FAILED', 0],
      ['the header of the body', flipped(headerBytes + 40), opening, 'AUTHENTICATION_FAILED', 0],
      ['the second segment', flipped(bodyAt + segmentBytesDefault + 5000), opening, 'AUTHENTICATION_FAILED', segment],
      ['the first segment once more', swapped, opening, 'AUTHENTICATION_FAILED', segment],
      ['the end cut off', genuine.subarray(0, -1), opening, 'TRUNCATED', 2 * segment],
      ['cut between segments', genuine.subarray(0, bodyAt + segmentBytesDefault), opening, 'TRUNCATED', segment],
      ['a byte behind the end', new Uint8Array([...genuine, 0]), opening, 'AUTHENTICATION_FAILED', 2 * segment],
      ['another context', genuine, elsewhere, 'CONTEXT_MISMATCH', 0],
      ['another key', genuine, stranger, 'KEY_NOT_FOUND', 0],
    ] as const) {
      chromium.data.set('changed', bytes);
      const { sha256: digest, ...outcome } = await call('openData', 'changed', given);
      expect({ what, ...outcome }).toEqual({ what, kind, released });
      expect(digest).toBe(sha256(content.subarray(0, released)));
    }
  }, 120_000);

  it('ENV-4: rewraps for another key', async (ctx) => {
    if (reason !== undefined) return ctx.skip(reason);
    const [old, next] = [newKey(hpkeSuite), newKey(hpkeSuiteCategory5)];
    chromium.data.set('from-node', await sealed({ recipients: [old.recipient] }));
    const to = formatRecipient(next.recipient);
    await call('rewrapData', 'from-node', 'rewrapped', { ...plain, keys: [old.keyFile] }, to);
    const rewrapped = chromium.data.get('rewrapped') ?? new Uint8Array(0);
    const keys = parseKeyFile(new TextEncoder().encode(next.keyFile));
    expect(sha256(await collect(openEnvelope([rewrapped], { ...plain, keys })))).toBe(whole.sha256);
    expect(parseRecipient(to).keyId).toBe(next.recipient.keyId);
  });

  it('ENV-7: verifies what Node signed, refuses another signer, and signs what Node verifies', async (ctx) => {
    if (reason !== undefined) return ctx.skip(reason);
    const { recipient, keyFile } = newKey(hpkeSuite);
    const [signer, other] = [await signingKey(), await signingKey()];
    const options = { facts, segmentBytes: segmentBytesDefault, profile: 'standard', signer } as const;
    const to = { recipients: [recipient] };
    chromium.data.set('signed', await collect(sealEnvelope([content], { ...options, to })));
    const opening: Opening = { ...plain, keys: [keyFile] };
    const by = (who: typeof signer): Opening => ({ ...opening, signature: [formatSigner(who.signer)] });
    expect(await call('openData', 'signed', by(signer))).toEqual(whole);
    expect(await call('openData', 'signed', by(other))).toMatchObject({ kind: 'AUTHENTICATION_FAILED', released: 0 });
    expect(await call('openData', 'signed', opening)).toMatchObject({ kind: 'UNSUPPORTED', released: 0 });

    chromium.data.set('content', content);
    const sealing = { recipients: [formatRecipient(recipient)], facts, segmentBytes: segmentBytesDefault };
    const inPage = await call('sealSigned', 'content', 'signed-by-page', sealing);
    const bytes = chromium.data.get('signed-by-page') ?? new Uint8Array(0);
    const keys = parseKeyFile(new TextEncoder().encode(keyFile));
    const signature = { signers: [parseSigner(inPage)] };
    expect(sha256(await collect(openEnvelope([bytes], { ...plain, keys, signature })))).toBe(whole.sha256);
  }, 120_000);

  it('ENV-6: takes a gibibyte through, and holds no part of it', async (ctx) => {
    if (reason !== undefined) return ctx.skip(reason);
    const mebibytes = 1024;
    // A page that has done nothing yet.
    await chromium.ready();
    const statuses = (await chromium.rendererPids()).map((pid) => `/proc/${pid}/status`);
    const residentKib = (file: string): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? 0);
    const residentMiB = (): number => statuses.reduce((sum, file) => sum + residentKib(file) / 1024, 0);
    // What one pass leaves behind belongs to the baseline: compiled code, grown heaps.
    await call('passThrough', 16, facts);
    const baseline = residentMiB();
    let peak = baseline;
    const sampling = setInterval(() => {
      peak = Math.max(peak, residentMiB());
    }, 50);
    try {
      const { bytes, sealMs, openMs } = await call('passThrough', mebibytes, facts);
      expect(bytes).toBe(mebibytes * 1_048_576);
      const rate = (ms: number): string => `${Math.round((mebibytes * 1000) / ms)} MiB/s`;
      const above = Math.round(peak - baseline);
      const memory = `peak ${above} MiB above ${Math.round(baseline)} MiB`;
      console.log(`[browser] ${mebibytes} MiB: seal ${rate(sealMs)}, open ${rate(openMs)}, ${memory}`);
      // The browser collects what a stream leaves in steps of its own, so this bounds garbage and not the stream alone.
      expect(above).toBeLessThan((mebibytes * 3) / 4);
    } finally {
      clearInterval(sampling);
    }
  }, 400_000);

  it('leaves no complaint of the browser behind', (ctx) => {
    if (reason !== undefined) return ctx.skip(reason);
    expect(chromium.errors).toEqual([]);
  });
});
