import { signatureAlgorithms } from '@quantumvault/crypto';
import { expect, it } from 'vitest';
import { encodeBech32m } from './bech32m.ts';
import { formatSigner, formatSigningKeyFile, generateSigner, parseSigner, parseSigningKeyFile } from './signer-text.ts';

const createdAt = '2026-11-24T12:00:00Z';
const kind = (name: string) => expect.objectContaining({ kind: name });
const utf8 = new TextEncoder();
const text = new TextDecoder();

/** SLH-DSA keys of the small sets take half a second to make, and both kinds of RSA have the same. */
const quick = signatureAlgorithms.filter((name) => !/^SLH-DSA-.*s$|PKCS1/.test(name));

it.each(quick)('ENV-7: a signing key of %s reads back from its file, and its signer from text', async (algorithm) => {
  const generated = await generateSigner(algorithm);
  const line = formatSigner(generated.signer);
  expect(line).toMatch(/^qvs1[02-9ac-hj-np-z]+$/);
  expect(parseSigner(line)).toEqual(generated.signer);
  expect(parseSigner(line.toUpperCase())).toEqual(generated.signer);
  const file = formatSigningKeyFile(generated, createdAt);
  expect(text.decode(file)).toContain(`# signer: ${line}\nQV-SIGNING-KEY-1`);
  const [key] = parseSigningKeyFile(file);
  expect([key?.algorithm, key?.publicKey]).toEqual([algorithm, generated.signer.publicKey]);
});

it('QV1-81: the fingerprint covers algorithm and key', async () => {
  const [one, two] = [(await generateSigner('Ed25519')).signer, (await generateSigner('Ed25519')).signer];
  expect(one.fingerprint).toHaveLength(32);
  expect(one.fingerprint).not.toEqual(two.fingerprint);
});

it('ENV-7: text that is no signer is refused by its kind', async () => {
  const good = formatSigner((await generateSigner('Ed25519')).signer);
  const named = (name: string, key: Uint8Array) =>
    text.decode(encodeBech32m('qvs', new Uint8Array([name.length, ...utf8.encode(name), ...key])));
  for (const [bad, expected] of [
    [good.slice(0, -1), 'MALFORMED'],
    [good.replace('qvs1', 'qv1'), 'MALFORMED'],
    [`${good} `, 'MALFORMED'],
    ['', 'MALFORMED'],
    [text.decode(encodeBech32m('qvs', new Uint8Array(0))), 'MALFORMED'],
    [text.decode(encodeBech32m('qvs', Uint8Array.of(200, 1, 2))), 'MALFORMED'],
    [named('Ed25519', new Uint8Array(31)), 'MALFORMED'],
    [named('Dilithium3', new Uint8Array(1952)), 'UNSUPPORTED'],
    [`qvs1${'q'.repeat(9000)}`, 'LIMIT'],
  ] as const) {
    expect(() => parseSigner(bad)).toThrow(kind(expected));
  }
  const file = formatSigningKeyFile(await generateSigner('Ed25519'), createdAt);
  expect(() => parseSigningKeyFile(utf8.encode('# nothing\n'))).toThrow(kind('MALFORMED'));
  expect(() => parseSigningKeyFile(file.with(file.length - 2, 0x31))).toThrow(kind('MALFORMED'));
  expect(() => parseSigningKeyFile(new Uint8Array(70_000))).toThrow(kind('LIMIT'));
  const short = encodeBech32m('qv-signing-key-', new Uint8Array([7, ...utf8.encode('Ed25519'), 1, 2]));
  expect(() => parseSigningKeyFile(short)).toThrow(kind('MALFORMED'));
});
