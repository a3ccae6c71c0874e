// ENV-4, run for real: the npm package `hpke` (panva) opens the wraps of our envelopes and makes wraps that we open. What
// lies around a wrap is computed here from docs/spec/qv1.md, with other libraries than ours.
import { createHash, createHmac, hkdfSync } from 'node:crypto';
import {
  type HpkeSuiteId,
  hpkeSuite,
  hpkeSuiteCategory5,
  hpkeSuiteCnsa,
  importRecipient,
  type SecretBytes,
  secretAccess,
} from '@quantumvault/crypto';
import { decode } from 'cborg';
import {
  AEAD_AES_256_GCM,
  CipherSuite,
  KDF_HKDF_SHA256,
  KDF_HKDF_SHA384,
  KEM_ML_KEM_1024,
  KEM_MLKEM768_X25519,
  KEM_MLKEM1024_P384,
} from 'hpke';
import { describe, expect, it } from 'vitest';
import { type GeneratedKey, generateKey } from '../src/text/key-text.ts';
import { cborOf, type Value } from './independent-forms.ts';
import { expected, outcome, plaintext, sealed } from './samples.ts';

const suites: readonly { readonly suite: HpkeSuiteId; readonly theirs: CipherSuite }[] = [
  { suite: hpkeSuite, theirs: new CipherSuite(KEM_MLKEM768_X25519, KDF_HKDF_SHA256, AEAD_AES_256_GCM) },
  { suite: hpkeSuiteCnsa, theirs: new CipherSuite(KEM_ML_KEM_1024, KDF_HKDF_SHA384, AEAD_AES_256_GCM) },
  { suite: hpkeSuiteCategory5, theirs: new CipherSuite(KEM_MLKEM1024_P384, KDF_HKDF_SHA384, AEAD_AES_256_GCM) },
];

const concat = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const u32 = (value: number): Uint8Array =>
  Uint8Array.of(value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255);

/** Section 1: magic, core, recipients, tag, body. */
function parts(envelope: Uint8Array) {
  const view = new DataView(envelope.buffer, envelope.byteOffset, envelope.byteLength);
  const coreEnd = 8 + view.getUint32(4);
  const core = envelope.subarray(8, coreEnd);
  const recipientsEnd = coreEnd + 4 + view.getUint32(coreEnd);
  return {
    head: envelope.subarray(0, coreEnd),
    coreHash: new Uint8Array(createHash('sha384').update('QV1 core').update(u32(core.length)).update(core).digest()),
    recipients: envelope.subarray(coreEnd + 4, recipientsEnd),
    tag: envelope.subarray(recipientsEnd, recipientsEnd + 48),
    body: envelope.subarray(recipientsEnd + 48),
  };
}

/** Section 7: the tag over the recipients. */
function tagOf(dataKey: Uint8Array, coreHash: Uint8Array, recipients: Uint8Array): Uint8Array {
  const key = new Uint8Array(hkdfSync('sha384', dataKey, coreHash, 'QV1 recipients', 48));
  return new Uint8Array(createHmac('sha384', key).update(recipients).digest());
}

interface Wrap {
  readonly suite: string;
  readonly key: string;
  readonly version: number;
  readonly enc: Uint8Array;
  readonly wrapped: Uint8Array;
}

function onlyWrap(recipients: Uint8Array): Wrap {
  const [[, body]] = decode(recipients) as [[string, Uint8Array]];
  return decode(body) as Wrap;
}

/** Section 5: what a wrap is bound to. */
const infoOf = (coreHash: Uint8Array, { suite, key, version }: Omit<Wrap, 'enc' | 'wrapped'>): Uint8Array =>
  cborOf(['QV1 wrap', coreHash, 'hpke', suite, key, version]);

const rawOf = (secret: SecretBytes): Uint8Array => secret.open(secretAccess, (bytes) => bytes.slice());

function openingKey({ recipient, secretKey }: GeneratedKey) {
  const { keyId, keyVersion, suite } = recipient;
  return { type: 'hpke', keyId, keyVersion, key: importRecipient(secretKey, suite) } as const;
}

describe.each(suites)('ENV-4: $suite', ({ suite, theirs }) => {
  it('hpke opens our recipients: the data key is the one that the envelope is under', async () => {
    const key = generateKey(suite);
    const { coreHash, recipients, tag } = parts(await sealed({ recipients: [key.recipient] }));
    const wrap = onlyWrap(recipients);
    const theirKey = await theirs.DeserializePrivateKey(rawOf(key.secretKey), false);
    const options = { info: infoOf(coreHash, wrap), aad: coreHash };
    const dataKey = await theirs.Open(theirKey, wrap.enc, wrap.wrapped, options);
    expect(dataKey).toHaveLength(32);
    expect(tagOf(dataKey, coreHash, recipients)).toEqual(tag);
    const otherHash = coreHash.with(0, (coreHash[0] ?? 0) ^ 1);
    await expect(theirs.Open(theirKey, wrap.enc, wrap.wrapped, { ...options, aad: otherHash })).rejects.toThrow();
  });

  it('we open the recipients of hpke: it wraps the data key of an envelope to another key', async () => {
    const [first, second] = [generateKey(suite), generateKey(suite)];
    const { head, coreHash, recipients, body } = parts(await sealed({ recipients: [first.recipient] }));
    const wrap = onlyWrap(recipients);
    const theirFirst = await theirs.DeserializePrivateKey(rawOf(first.secretKey), false);
    const dataKey = await theirs.Open(theirFirst, wrap.enc, wrap.wrapped, {
      info: infoOf(coreHash, wrap),
      aad: coreHash,
    });
    const { publicKey, keyId, keyVersion } = second.recipient;
    const facts = { suite, key: keyId, version: keyVersion };
    const made = await theirs.Seal(await theirs.DeserializePublicKey(publicKey), dataKey, {
      info: infoOf(coreHash, facts),
      aad: coreHash,
    });
    const fields = { ...facts, enc: made.encapsulatedSecret, wrapped: made.ciphertext };
    const entry = cborOf(new Map<string, Value>(Object.entries(fields)));
    const list = cborOf([['hpke', entry]]);
    const rewritten = concat(head, u32(list.length), list, tagOf(dataKey, coreHash, list), body);
    expect(await outcome(rewritten, { keys: [openingKey(second)], expected })).toEqual({
      released: plaintext,
      kind: undefined,
    });
    const refused = await outcome(rewritten, { keys: [openingKey(first)], expected });
    expect(refused).toEqual({ released: new Uint8Array(0), kind: 'KEY_NOT_FOUND' });
  });
});
