import { describe, expect, it } from 'vitest';
import { newSigners, origin, sampleLog, tenants } from '../../test/sample-log.ts';
import { decodeBase64, decodeBase64Portable, encodeBase64, encodeBase64Portable } from '../base64.ts';
import { TlogError } from '../errors.ts';
import { proveInclusion } from '../merkle/proofs.ts';
import { parseCheckpoint, signCheckpoint, verifyCheckpoint } from './checkpoint.ts';
import { formatLogKeys, logKey, noteKeyTypes, parseLogKeys } from './log-keys.ts';
import { formatNote, parseNote } from './note.ts';
import { formatProofFile, parseProofFile, verifyProofFile } from './proof-file.ts';

const signers = newSigners();
const keys = [
  logKey(origin, noteKeyTypes.ed25519, signers.ed25519.publicKey),
  logKey(origin, noteKeyTypes.mlDsa44, signers.mlDsa44.publicKey),
];
const head = { origin, size: 20_852_163n, root: new Uint8Array(32).fill(9) };
const text = await signCheckpoint(head, 1_780_000_000n, signers);

function codeOf(action: () => unknown): string {
  try {
    action();
    return 'none';
  } catch (error) {
    return error instanceof TlogError ? error.code : String(error);
  }
}

describe('checkpoints', () => {
  it('AUD-4: are C2SP notes of three lines with an Ed25519 and an ML-DSA-44 line of the origin', () => {
    const lines = text.split('\n');
    expect(lines.slice(0, 4)).toEqual([origin, '20852163', encodeBase64(head.root), '']);
    expect(lines).toHaveLength(7);
    const { signatures } = parseNote(text);
    expect(signatures.map(({ name, keyId }) => ({ name, keyId }))).toEqual(
      keys.map(({ name, keyId }) => ({ name, keyId })),
    );
    expect(signatures.map(({ signature }) => signature.length)).toEqual([64, 8 + 2420]);
    expect(verifyCheckpoint(text, keys)).toEqual({ ...head, text, timestamp: 1_780_000_000n });
    expect(formatNote(parseNote(text))).toBe(text);
  });

  it('AUD-4: the published example of c2sp.org/tlog-checkpoint verifies line by line', () => {
    // The example's key is not published; its note parses, and its key id is the first four bytes of its signature.
    const example =
      'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n' +
      '— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n';
    const parsed = parseCheckpoint(example);
    expect(parsed).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163n });
    expect(parsed.signatures[0]?.keyId).toBe(0x033de0ae);
  });

  it('AUD-4: each signature alone is not enough, and each must be right', () => {
    const { text: body, signatures } = parseNote(text);
    const [ed, ml] = signatures;
    if (ed === undefined || ml === undefined) return expect.fail('two signatures');
    const code = (lines: typeof signatures) =>
      codeOf(() => verifyCheckpoint(formatNote({ text: body, signatures: lines }), keys));
    expect(code([ed, ml])).toBe('none');
    expect(code([ml, ed])).toBe('none');
    expect(code([ed])).toBe('TLOG_CHECKPOINT_INVALID');
    expect(code([ml])).toBe('TLOG_CHECKPOINT_INVALID');
    for (const line of [ed, ml]) {
      for (const at of [0, 7, 8, line.signature.length - 1]) {
        const signature = line.signature.slice();
        signature[at] = (signature[at] ?? 0) ^ 1;
        const wrong = { ...line, signature };
        expect(code([line === ed ? wrong : ed, line === ml ? wrong : ml])).toBe('TLOG_CHECKPOINT_INVALID');
        // A wrong line of a known key spoils the note even beside a right one.
        expect(code([ed, ml, wrong])).toBe('TLOG_CHECKPOINT_INVALID');
      }
    }
    const witness = { name: 'witness.example/w1', keyId: 7, signature: new Uint8Array(72) };
    expect(code([ed, witness, ml])).toBe('none');
    expect(codeOf(() => verifyCheckpoint(text, []))).toBe('TLOG_CHECKPOINT_INVALID');
    expect(codeOf(() => verifyCheckpoint(text, keys.slice(0, 1)))).toBe('TLOG_CHECKPOINT_INVALID');
  });

  it('AUD-4: size, root and origin are covered by both signatures', () => {
    const changed = [
      text.replace('20852163', '20852164'),
      text.replace(encodeBase64(head.root), encodeBase64(new Uint8Array(32))),
    ];
    for (const one of changed) expect(codeOf(() => verifyCheckpoint(one, keys))).toBe('TLOG_CHECKPOINT_INVALID');
    const renamed = text.replace(`${origin}\n`, `${origin}x\n`);
    expect(codeOf(() => verifyCheckpoint(renamed, keys))).toBe('TLOG_CHECKPOINT_INVALID');
  });

  it('AUD-4: extension lines, second spellings and control characters are refused', () => {
    const wrong = [
      text.replace('20852163\n', '020852163\n'),
      text.replace('20852163\n', '20852163 \n'),
      text.replace('20852163\n', '-1\n'),
      text.replace('\n\n', '\nextension\n\n'),
      text.replace('\n\n', '\n'),
      text.replaceAll('\n', '\r\n'),
      text.replace('— ', '- '),
      `${text}x`,
      text.slice(0, -1),
      `\n${text}`,
      '',
      'x'.repeat(200_000),
    ];
    for (const one of wrong) expect(codeOf(() => parseCheckpoint(one))).toMatch(/^TLOG_(CHECKPOINT|BASE64)_INVALID$/);
  });

  it('AUD-4: a signer that gives a wrong signature, or no time, makes no checkpoint', async () => {
    const broken = { ...signers, mlDsa44: { ...signers.mlDsa44, sign: () => new Uint8Array(2420) } };
    await expect(signCheckpoint(head, 1n, broken)).rejects.toMatchObject({ code: 'TLOG_CHECKPOINT_INVALID' });
    await expect(signCheckpoint(head, 0n, signers)).rejects.toMatchObject({ code: 'TLOG_CHECKPOINT_INVALID' });
    await expect(signCheckpoint({ ...head, origin: 'a b' }, 1n, signers)).rejects.toMatchObject({
      code: 'TLOG_CHECKPOINT_INVALID',
    });
  });
});

describe('log.vkey', () => {
  it('reads back, one line per key', () => {
    const lines = formatLogKeys(keys);
    expect(lines.split('\n')).toHaveLength(3);
    expect(parseLogKeys(lines)).toEqual(keys);
    expect(lines.startsWith(`${origin}+`)).toBe(true);
  });

  it('has the key id of a published key (golang.org/x/mod/sumdb)', () => {
    const published = 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8\n';
    expect(parseLogKeys(published)).toMatchObject([{ name: 'sum.golang.org', keyId: 0x033de0ae, type: 1 }]);
  });

  it.each([
    'x',
    'name+00000000+AAAA',
    `${origin}+00000000+${encodeBase64(new Uint8Array(33).fill(1))}`,
    '+033de0ae+Ac4z',
    'sum.golang.org+033de0af+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8',
  ])('refuses %s', (line) => {
    expect(codeOf(() => parseLogKeys(line))).toBe('TLOG_KEY_INVALID');
  });
});

describe('proof files', async () => {
  const log = await sampleLog(20);
  const trusted = await log.trusted();
  const proof = await proveInclusion(trusted, 5n, trusted.size);
  const leaf = log.leaves[5] ?? new Uint8Array(0);
  const file = formatProofFile({ index: 5n, leaf, proof, checkpoint: log.latest });

  it('AUD-4: prove one event alone', () => {
    expect(file.split('\n').slice(0, 3)).toEqual(['c2sp.org/tlog-proof@v1', `extra ${encodeBase64(leaf)}`, 'index 5']);
    expect(parseProofFile(file)).toEqual({ index: 5n, leaf, proof, checkpoint: log.latest });
    const proved = verifyProofFile(file, log.keys);
    expect(proved).toMatchObject({
      index: 5n,
      event: { action: 'asset.created', tenant: log.tenantOf[5] },
      checkpoint: { size: 23n },
    });
    expect(tenants).toContain(proved.event.tenant);
  });

  it('AUD-4: are refused with another index, leaf, hash, checkpoint or key', () => {
    const other = log.leaves[6] ?? new Uint8Array(0);
    expect(codeOf(() => verifyProofFile(file.replace('index 5', 'index 6'), log.keys))).toBe('TLOG_PROOF_INVALID');
    expect(codeOf(() => verifyProofFile(file.replace(encodeBase64(leaf), encodeBase64(other)), log.keys))).toBe(
      'TLOG_PROOF_INVALID',
    );
    expect(
      codeOf(() => verifyProofFile(file.replace('c2sp.org/tlog-proof@v1', 'c2sp.org/tlog-proof@v2'), log.keys)),
    ).toBe('TLOG_PROOF_INVALID');
    expect(codeOf(() => verifyProofFile(file.replace(/^extra .*\n/m, ''), log.keys))).toBe('TLOG_PROOF_INVALID');
    expect(codeOf(() => verifyProofFile(file, keys))).toBe('TLOG_CHECKPOINT_INVALID');
    expect(codeOf(() => verifyProofFile(file.slice(0, 300), log.keys))).toBe('TLOG_PROOF_INVALID');
  });
});

describe('base64', () => {
  it.each([
    [decodeBase64, encodeBase64],
    [decodeBase64Portable, encodeBase64Portable],
  ])('has one text per byte string, in Node and without it', (decode, encode) => {
    for (let length = 0; length < 50; length += 1) {
      const bytes = Uint8Array.from({ length }, (_, at) => (at * 37 + length) & 255);
      expect([...decode(encode(bytes))]).toEqual([...bytes]);
    }
    expect(encode(new Uint8Array(20_000).fill(255))).toBe(Buffer.alloc(20_000, 255).toString('base64'));
    for (const wrong of [
      'A',
      'AA',
      'AAA',
      'AB==',
      'AAB=',
      'AA=A',
      'AA-_',
      ' AAAA',
      'AAAA\n',
      'AAAA=',
      '====',
      'AAA\u0141',
    ]) {
      expect(
        codeOf(() => decode(wrong)),
        wrong,
      ).toBe('TLOG_BASE64_INVALID');
    }
  });
});
