import { execFileSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findAlgorithm, findPublicKeyAlgorithm } from '@quantumvault/crypto';
import { keyAlgorithmName, readCryptoFile } from '@quantumvault/inventory';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeCertificate } from '../tls/testing/make-certificate.ts';
import { type FileOutcome, fileScanLimits, scanFiles } from './scan-files.ts';

const registry = { findAlgorithm, findPublicKeyAlgorithm };
const rsa = makeCertificate({ keyType: 'rsa-2048', commonName: 'one.test' });
const pq = makeCertificate({ keyType: 'ml-dsa-44', commonName: 'two.test' });
const bytes = (text: string | Uint8Array) => (typeof text === 'string' ? new TextEncoder().encode(text) : text);

/** Kind and key of everything in a file, in its order. */
function contentOf(text: string | Uint8Array): string[] {
  return readCryptoFile(bytes(text)).items.map(({ line, item }) => {
    const key = item.kind === 'certificate' ? item.facts.key : item.key;
    const encryption =
      item.kind === 'private-key' && item.encryption !== null ? ` ${JSON.stringify(item.encryption)}` : '';
    return `${line} ${item.kind} ${key === null ? '?' : keyAlgorithmName(key, registry)}${encryption}`;
  });
}

describe('INV-4: what is in a file, by its content', () => {
  it('every block of a combined PEM file, with text of others between them', () => {
    const text = `some words\n${rsa.certPem}${rsa.keyPem}# a remark\r\n${pq.certPem.replaceAll('\n', '\r\n')}`;
    const [first, second, third] = contentOf(text);
    expect(first).toBe('2 certificate RSA-2048');
    expect(second).toMatch(/^\d+ private-key RSA-2048$/);
    expect(third).toMatch(/^\d+ certificate ML-DSA-44$/);
  });

  it('DER without a name or a label', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    expect(contentOf(rsa.der)).toEqual(['null certificate RSA-2048']);
    expect(contentOf(publicKey.export({ format: 'der', type: 'spki' }))).toEqual(['null public-key EC-P384']);
    expect(contentOf(privateKey.export({ format: 'der', type: 'pkcs8' }))).toEqual(['null private-key EC-P384']);
    expect(contentOf(privateKey.export({ format: 'der', type: 'sec1' }))).toEqual(['null private-key EC-P384']);
  });

  it('private keys of every form, and how they are encrypted; of an encrypted one nothing is guessed', () => {
    const key = createPrivateKey(rsa.keyPem);
    const passphrase = 'p';
    expect(contentOf(key.export({ format: 'pem', type: 'pkcs1' }).toString())).toEqual(['1 private-key RSA-2048']);
    const modern = key.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase }).toString();
    expect(contentOf(modern)).toEqual(['1 private-key ? {"scheme":"PBKDF2 AES-256-CBC","iterations":2048}']);
    const old = key.export({ format: 'pem', type: 'pkcs1', cipher: 'aes-128-cbc', passphrase }).toString();
    expect(contentOf(old)).toEqual(['1 private-key ? {"scheme":"MD5 AES-128-CBC","iterations":1}']);
    const { privateKey } = generateKeyPairSync('ml-kem-768');
    expect(contentOf(privateKey.export({ format: 'pem', type: 'pkcs8' }).toString())).toEqual([
      '1 private-key ML-KEM-768',
    ]);
  });

  it('a block that cannot be read is named with its line, and the others are read', () => {
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    const open = '-----BEGIN PUBLIC KEY-----\nAAAA\n';
    const { items, unread } = readCryptoFile(bytes(broken + rsa.certPem + open));
    expect(items).toHaveLength(1);
    expect(unread.map(({ line, label }) => `${line} ${label}`)).toEqual([
      '1 CERTIFICATE',
      expect.stringMatching(/^\d+ PUBLIC KEY$/),
    ]);
  });

  it('nothing in it is nothing, whatever the bytes; no input throws', () => {
    expect(readCryptoFile(bytes('hello'))).toEqual({ items: [], unread: [] });
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (input) => void readCryptoFile(input)));
    fc.assert(
      fc.property(fc.nat({ max: rsa.der.length - 1 }), fc.integer({ min: 1, max: 255 }), (index, mask) => {
        const changed = new Uint8Array(rsa.der);
        changed[index] = (changed[index] ?? 0) ^ mask;
        readCryptoFile(changed);
        readCryptoFile(
          bytes(`-----BEGIN CERTIFICATE-----\n${Buffer.from(changed).toString('base64')}\n-----END CERTIFICATE-----`),
        );
      }),
    );
  });
});

describe('INV-4, INV-7: folders', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'qv-files-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function scan(...paths: string[]): Promise<string[]> {
    const outcomes: FileOutcome[] = [];
    for await (const outcome of scanFiles(paths)) outcomes.push(outcome);
    return outcomes.map((outcome) => {
      const path = outcome.path.slice(folder.length + 1);
      return outcome.kind === 'read' ? `${path}: ${outcome.file.items.length}` : `${path}: ${outcome.reason}`;
    });
  }

  it('all files below, in the order of names; links are named and not followed, so that nothing leads out', async () => {
    mkdirSync(join(folder, 'a'));
    writeFileSync(join(folder, 'a', 'chain.txt'), rsa.certPem + pq.certPem);
    writeFileSync(join(folder, 'empty'), '');
    symlinkSync('/etc', join(folder, 'out'));
    symlinkSync(join(folder, 'a'), join(folder, 'round'));
    expect(await scan(folder)).toEqual([
      'a/chain.txt: 2',
      'empty: 0',
      'out: a symbolic link',
      'round: a symbolic link',
    ]);
    // A link that somebody names is meant.
    expect(await scan(join(folder, 'round'))).toEqual(['round/chain.txt: 2']);
  });

  it('what cannot be read, is too large or too deep, or is no file, is named', async () => {
    writeFileSync(join(folder, 'large'), '');
    truncateSync(join(folder, 'large'), fileScanLimits.fileBytesMax + 1);
    const deep = join(folder, ...Array.from({ length: fileScanLimits.depthMax + 1 }, () => 'd'));
    mkdirSync(deep, { recursive: true });
    const [first, second] = await scan(folder);
    expect(first).toMatch(/: deeper than 64 folders$/);
    expect(second).toBe('large: larger than 16 MiB');
    expect(await scan(join(folder, 'absent'))).toEqual(['absent: cannot be read (ENOENT)']);
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    expect(await scan(join(folder, 'pipe'))).toEqual(['pipe: not a file']);
    // A link that somebody names is opened, and must not wait for a writer behind it.
    symlinkSync(join(folder, 'pipe'), join(folder, 'to-pipe'));
    expect(await scan(join(folder, 'to-pipe'))).toEqual(['to-pipe: not a file']);
    expect(await scan('/dev/zero')).toEqual([expect.stringMatching(/: not a file$/)]);
  });

  it('a file without permission is named', async (ctx) => {
    if (process.getuid?.() === 0) return ctx.skip('root may read everything');
    writeFileSync(join(folder, 'locked'), rsa.certPem);
    chmodSync(join(folder, 'locked'), 0o000);
    expect(await scan(folder)).toEqual(['locked: cannot be read (EACCES)']);
  });
});
