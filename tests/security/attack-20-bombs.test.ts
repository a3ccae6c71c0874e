import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { CborCursor, CborError, encodeCbor } from '@quantumvault/cbor';
import {
  CryptoPool,
  cryptoPool,
  derivePasswordKey,
  pbkdf2ForReading,
  SecretBytes,
  scryptForReading,
  verifyPassword,
} from '@quantumvault/crypto';
import { EnvelopeError, parseKeyFile, parseRecipient, readEnvelopeHeader } from '@quantumvault/envelope';
import { readCryptoFile } from '@quantumvault/inventory';
import { DerReader, decodeOid, PkiError, parseCertificate, readCertificateDetails, readPem } from '@quantumvault/pki';
import { decodeEvent, TlogError } from '@quantumvault/tlog';
import { describe, expect, it } from 'vitest';
import { openWorkplace } from '../../apps/cli/test/run-qv.ts';
import { encodeCore } from '../../packages/envelope/src/header/core.ts';
import { frameHeader } from '../../packages/envelope/src/header/header.ts';
import { encodeRecipients } from '../../packages/envelope/src/header/recipients.ts';
import { facts, outcome } from './tampering/envelopes.ts';

// Attack 20, the parts below the listener: a small input that orders much work. What is checked is that the refusal comes
// before the work; a parser that works instead runs into the time limit of its test.

const word = SecretBytes.fromUtf8('a password');
const salt = new Uint8Array(32);

/** Calls that a pool has ever run. */
const ran = (pool: CryptoPool): number => Object.values(pool.snapshot()).reduce((sum, { peak }) => sum + peak, 0);

describe('attack 20, CRY-5: costs of password hashes', () => {
  const [saltText, tagText] = [Buffer.alloc(32).toString('base64'), Buffer.alloc(32, 1).toString('base64')];
  const tail = `${saltText}$${tagText}`.replaceAll('=', '');

  it.each([
    '$argon2id$v=19$m=4294967295,t=1,p=1',
    '$argon2id$v=19$m=262145,t=1,p=1',
    '$argon2id$v=19$m=19456,t=4294967295,p=1',
    '$argon2id$v=19$m=262144,t=12,p=1',
    '$argon2id$v=19$m=19456,t=2,p=255',
    '$scrypt$ln=31,r=8,p=1',
    '$scrypt$ln=15,r=9999999999,p=1',
    '$scrypt$ln=15,r=8,p=9999999999',
    '$scrypt$ln=9999999999,r=8,p=1',
    '$pbkdf2-sha256$i=9999999999',
    '$pbkdf2-sha512$i=2000001',
  ])('%s is refused before any work', async (bomb) => {
    const pool = new CryptoPool();
    await expect(verifyPassword(word, `${bomb}$${tail}`, pool)).rejects.toThrow(
      expect.objectContaining({ code: 'CRYPTO_LIMIT' }),
    );
    expect(ran(pool)).toBe(0);
  });

  it('a derivation for a file is refused before any work', async () => {
    const pool = new CryptoPool();
    const work = { password: word, salt, length: 32 };
    const refused = expect.objectContaining({ code: 'CRYPTO_LIMIT' });
    for (const cost of [
      { memoryKib: 2 ** 31, passes: 1, parallelism: 1 },
      { memoryKib: 262_144, passes: 1000, parallelism: 1 },
      { memoryKib: Number.MAX_SAFE_INTEGER, passes: 1, parallelism: 1 },
    ]) {
      await expect(derivePasswordKey(word, { salt, cost }, pool)).rejects.toThrow(refused);
    }
    for (const cost of [
      { logN: 30, r: 8, p: 1 },
      { logN: 1, r: 1, p: 2 ** 30 },
      { logN: 18, r: 64, p: 64 },
    ]) {
      await expect(scryptForReading({ ...work, cost }, pool)).rejects.toThrow(refused);
    }
    for (const cost of [
      { hash: 'sha256' as const, iterations: 2 ** 31 },
      { hash: 'sha512' as const, iterations: 1e15 },
    ]) {
      await expect(pbkdf2ForReading({ ...work, cost }, pool)).rejects.toThrow(refused);
    }
    expect(ran(pool)).toBe(0);
  });

  it('of an envelope for a passphrase is refused before any work', async () => {
    const core = encodeCore({
      ...facts,
      suite: 'FLOE-AES-256-GCM-SHA-384',
      objectId: new Uint8Array(16),
      segmentBytes: 64,
      signer: null,
    });
    const { tenant, purpose, context } = facts;
    const options = { keys: [{ type: 'passphrase', passphrase: word }], profile: 'standard' } as const;
    const before = ran(cryptoPool);
    for (const cost of [
      { memoryKib: 2 ** 32 - 1, passes: 1, lanes: 1 },
      { memoryKib: 262_144, passes: 2 ** 32 - 1, lanes: 1 },
      { memoryKib: 19_456, passes: 2, lanes: 2 ** 24 },
    ]) {
      const suites = { kdf: 'Argon2id', aead: 'AES-256-GCM' } as const;
      const wrap = { salt, nonce: new Uint8Array(12), wrapped: new Uint8Array(48) };
      const recipients = encodeRecipients([{ type: 'passphrase', ...suites, ...cost, ...wrap }]);
      const bytes = new Uint8Array(Buffer.concat(frameHeader(core, recipients, new Uint8Array(48))));
      const expected = { tenant, purpose, context };
      expect(await outcome(bytes, { ...options, expected })).toMatchObject({ kind: 'LIMIT' });
    }
    expect(ran(cryptoPool)).toBe(before);
  });
});

describe('attack 20, PKI-2: ASN.1', () => {
  const mebibyte = 1_048_576;
  const repeated = (unit: readonly number[], length: number) =>
    Uint8Array.from({ length }, (_, at) => unit[at % unit.length] ?? 0);
  /** A SEQUENCE of this content, as long as it is. */
  const sequence = (content: Uint8Array) => {
    const { length } = content;
    const head = Uint8Array.of(0x30, 0x84, length >>> 24, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff);
    return new Uint8Array(Buffer.concat([head, content]));
  };
  function nested(depth: number): Uint8Array {
    const heads: Uint8Array[] = [];
    for (let level = 0, length = 0; level < depth; level += 1) {
      const head = Uint8Array.of(0x30, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff);
      heads.push(head);
      length += head.length;
    }
    return new Uint8Array(Buffer.concat(heads.reverse()));
  }

  it.each([
    ['sequences without an end', repeated([0x30, 0x80], 200_000)],
    ['sequences nested 200,000 deep', nested(200_000)],
    ['half a million elements', sequence(repeated([0x05, 0x00], mebibyte - 16))],
    ['half a million names', sequence(sequence(repeated([0x31, 0x00], mebibyte - 16)))],
    ['a length of four gigabytes', Uint8Array.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x00)],
    ['a length of 126 bytes', Uint8Array.of(0x30, 0xfe, ...new Uint8Array(126).fill(0xff))],
    [
      'a number of a megabyte',
      sequence(Buffer.concat([Uint8Array.of(0x02, 0x83, 0x0f, 0xff, 0x00), Buffer.alloc(0x0fff00, 7)])),
    ],
    ['more than is read', sequence(new Uint8Array(2 * mebibyte))],
  ])('%s ends as facts or as a refusal', (_, bomb) => {
    for (const read of [parseCertificate, readCertificateDetails]) {
      try {
        read(bomb);
      } catch (error) {
        expect(error).toBeInstanceOf(PkiError);
      }
    }
    expect(readCryptoFile(bomb).items).toEqual([]);
    const pem = `-----BEGIN CERTIFICATE-----\n${Buffer.from(bomb).toString('base64')}\n-----END CERTIFICATE-----\n`;
    expect(readCryptoFile(new TextEncoder().encode(pem)).items).toEqual([]);
  });

  it('an object identifier without an end, or of a thousand arcs, is refused', () => {
    for (const bomb of [
      repeated([0xff], mebibyte),
      repeated([0xff, 0x7f], 63),
      repeated([1], 64),
      repeated([1], mebibyte),
    ]) {
      expect(() => decodeOid(bomb)).toThrow(PkiError);
    }
  });

  it('the reader itself refuses more bytes than any certificate has', () => {
    expect(() => new DerReader(new Uint8Array(mebibyte + 1))).toThrow(PkiError);
  });

  it('a megabyte of marks of PEM costs a search, wherever they stand', () => {
    for (const mark of [
      '-----BEGIN ',
      '-----BEGIN A-----\n',
      '-----',
      '-----BEGIN A----------END A-----',
      '\n-----END A-----',
    ]) {
      const { blocks } = readPem(new TextEncoder().encode(mark.repeat(mebibyte / mark.length)));
      expect(blocks.filter(({ content }) => typeof content !== 'string')).toEqual([]);
    }
  });
});

describe('attack 20: CBOR', () => {
  const deep = (head: number) => new Uint8Array(16_000).fill(head);

  it.each([
    ['lists in lists', deep(0x81)],
    ['maps in maps', Uint8Array.from({ length: 16_000 }, (_, at) => (at % 2 === 0 ? 0xa1 : 0x60))],
    ['tags on tags', deep(0xc1)],
    ['strings without an end', deep(0x5f)],
    ['a list of 2^64 - 1', Uint8Array.of(0x9b, ...new Uint8Array(8).fill(0xff))],
    ['a map of 2^64 - 1', Uint8Array.of(0xbb, ...new Uint8Array(8).fill(0xff))],
    ['text of 2^53', Uint8Array.of(0x7b, 0x00, 0x20, 0, 0, 0, 0, 0, 0)],
    ['bytes of 4 GiB', Uint8Array.of(0x5a, 0xff, 0xff, 0xff, 0xff)],
  ])('%s are refused by every reader', async (_, bomb) => {
    const frame = frameHeader(bomb, bomb, new Uint8Array(48));
    await expect(readEnvelopeHeader([new Uint8Array(Buffer.concat(frame))])).rejects.toThrow(EnvelopeError);
    expect(() => decodeEvent(Uint8Array.of(1, ...bomb))).toThrow(TlogError);
    expect(() => new CborCursor(bomb, 0).items(1000, () => new CborCursor(bomb, 1).array(1000))).toThrow(CborError);
    expect(() => new CborCursor(bomb, 0).byteString()).toThrow(CborError);
    expect(() => new CborCursor(bomb, 0).text()).toThrow(CborError);
  });

  it('the writer refuses to nest as well', () => {
    let value: Parameters<typeof encodeCbor>[0] = 0;
    for (let depth = 0; depth < 10_000; depth += 1) value = [value];
    expect(() => encodeCbor(value)).toThrow(CborError);
  });

  it('lengths in front of core and recipients are held against their limits before anything is collected', async () => {
    let taken = 0;
    async function* endless() {
      yield Uint8Array.of(0x51, 0x56, 0x31, 0x00, 0xff, 0xff, 0xff, 0xff);
      for (;;) {
        taken += 1;
        yield new Uint8Array(65_536);
      }
    }
    await expect(readEnvelopeHeader(endless())).rejects.toThrow(expect.objectContaining({ kind: 'LIMIT' }));
    expect(taken).toBeLessThan(2);
  });
});

describe('attack 20: texts of keys', () => {
  it('a recipient or key file of megabytes is refused', () => {
    const long = `qv1${'q'.repeat(4 * 1_048_576)}`;
    expect(() => parseRecipient(long)).toThrow(EnvelopeError);
    for (const text of [long, '\n'.repeat(1_048_576), '#'.repeat(1_048_576)]) {
      expect(() => parseKeyFile(new TextEncoder().encode(text))).toThrow(EnvelopeError);
    }
  });
});

describe('attack 20: packed vectors', () => {
  it('a gzip bomb is skipped by name, alone and within a tar, and the others run', async () => {
    await using workplace = await openWorkplace();
    const folder = join(workplace.folder, 'vectors');
    mkdirSync(folder);
    // A thousand to one: above the 64 MiB that a file may unpack to.
    const bomb = gzipSync(Buffer.alloc(80 * 1_048_576), { level: 9 });
    writeFileSync(join(folder, 'bomb.json.gz'), bomb);
    writeFileSync(join(folder, 'twice.json.gz'), gzipSync(bomb));
    writeFileSync(join(folder, 'deep.json'), '['.repeat(1_000_000));
    const { exitCode, out } = await workplace.qv('crypto vectors vectors --json');
    // Nothing in the folder could be checked, and that must not look like a success.
    expect(exitCode).toBe(2);
    const { totals, files } = JSON.parse(out);
    expect(totals).toMatchObject({ passed: 0, failed: 0, skipped: 3 });
    expect(files.map(({ file }: { readonly file: string }) => file)).toEqual([
      'bomb.json.gz',
      'deep.json',
      'twice.json.gz',
    ]);
  });
});
