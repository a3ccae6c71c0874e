import {
  CryptoError,
  generateKemKey,
  generateRecipient,
  hpkeOpen,
  hpkeSeal,
  hpkeSuite,
  hpkeSuiteCategory5,
  hpkeSuiteCnsa,
  hpkeSuites,
  kemEncapsulateTo,
  type SecretBytes,
} from '@quantumvault/crypto';
import { EnvelopeError, formatRecipient, parseKeyFile, parseRecipient } from '@quantumvault/envelope';
import { describe, expect, it } from 'vitest';
import { frameHeader } from '../../packages/envelope/src/header/header.ts';
import { encodeRecipients, type HpkeRecipientInfo } from '../../packages/envelope/src/header/recipients.ts';
import { decodeBech32m, encodeBech32m } from '../../packages/envelope/src/text/bech32m.ts';
import { keyPair, outcome, partsOf, sealed } from './tampering/envelopes.ts';

// Attack 10, CRY-4: somebody takes one half of a hybrid away, exchanges it, or talks one end into something weaker.

/** Where the halves lie, in bytes: the post-quantum one comes first in both. */
const hybrids = [
  { suite: hpkeSuite, keyOfPq: 1184, encOfPq: 1088 },
  { suite: hpkeSuiteCategory5, keyOfPq: 1568, encOfPq: 1568 },
] as const;

const [info, aad, plaintext] = [Uint8Array.of(1), Uint8Array.of(2), new Uint8Array(32).fill(3)];

/** All points of low order of Curve25519, in every encoding that X25519 takes (RFC 7748, draft-irtf-cfrg-curves). */
const lowOrder = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
].flatMap((hex) => {
  const bytes = new Uint8Array(Buffer.from(hex, 'hex'));
  // The highest bit is ignored by X25519, so each has a second spelling.
  return [bytes, bytes.with(31, (bytes[31] ?? 0) | 0x80)];
});

describe.each(hybrids)('attack 10: $suite', ({ suite, keyOfPq, encOfPq }) => {
  const recipient = generateRecipient(suite);
  const other = generateRecipient(suite);
  const seal = (publicKey: Uint8Array) => hpkeSeal({ suite, publicKey, info, aad, plaintext });
  const open = (enc: Uint8Array, ciphertext: Uint8Array) => () =>
    hpkeOpen({ suite, privateKey: recipient.privateKey, enc, info, aad, ciphertext });
  const join = (pq: Uint8Array, classical: Uint8Array) => new Uint8Array([...pq, ...classical]);

  it('opens with both halves, and with neither half of another encapsulation', () => {
    const [one, two] = [seal(recipient.publicKey), seal(recipient.publicKey)];
    const halves = [one, two].map(({ enc }) => ({ pq: enc.subarray(0, encOfPq), classical: enc.subarray(encOfPq) }));
    const [a = { pq: plaintext, classical: plaintext }, b = a] = halves;
    expect(open(one.enc, one.ciphertext)()).toEqual(plaintext);
    for (const enc of [join(b.pq, a.classical), join(a.pq, b.classical), two.enc]) {
      expect(open(enc, one.ciphertext)).toThrow(expect.objectContaining({ code: 'CRYPTO_AUTHENTICATION_FAILED' }));
    }
  });

  it('is refused with a half that is missing, zero or doubled', () => {
    const { enc, ciphertext } = seal(recipient.publicKey);
    const [pq, classical] = [enc.subarray(0, encOfPq), enc.subarray(encOfPq)];
    const zero = (bytes: Uint8Array) => new Uint8Array(bytes.length);
    for (const bad of [
      pq,
      classical,
      new Uint8Array(0),
      join(zero(pq), classical),
      join(pq, zero(classical)),
      join(classical, pq),
      join(pq, join(classical, classical)),
    ]) {
      expect(open(bad, ciphertext)).toThrow(CryptoError);
    }
  });

  it('a key with one half of somebody else reaches neither of the two', () => {
    const mixed = [
      join(other.publicKey.subarray(0, keyOfPq), recipient.publicKey.subarray(keyOfPq)),
      join(recipient.publicKey.subarray(0, keyOfPq), other.publicKey.subarray(keyOfPq)),
    ];
    for (const publicKey of mixed) {
      const { enc, ciphertext } = seal(publicKey);
      for (const { privateKey } of [recipient, other]) {
        expect(() => hpkeOpen({ suite, privateKey, enc, info, aad, ciphertext })).toThrow(CryptoError);
      }
    }
  });

  it('a key with a half that is missing, zero or no key is refused before anything is sealed', () => {
    const { publicKey } = recipient;
    const [pq, classical] = [publicKey.subarray(0, keyOfPq), publicKey.subarray(keyOfPq)];
    for (const bad of [
      pq,
      classical,
      join(pq, new Uint8Array(classical.length)),
      // Coefficients above the modulus: no key that anybody made.
      join(new Uint8Array(keyOfPq).fill(0xff), classical),
    ]) {
      expect(() => seal(bad)).toThrow(CryptoError);
    }
  });

  it('what one suite sealed is not opened as another', () => {
    const { enc, ciphertext } = seal(recipient.publicKey);
    for (const claimed of [...hpkeSuites.filter((name) => name !== suite), 'HPKE-X25519-HKDF-SHA256-AES-128-GCM']) {
      const attempt = () => hpkeOpen({ suite: claimed, privateKey: recipient.privateKey, enc, info, aad, ciphertext });
      expect(attempt).toThrow(CryptoError);
    }
  });
});

describe('attack 10: points that take the classical half away', () => {
  it('X25519 points of low order are refused by sender and receiver', () => {
    const suite = hpkeSuite;
    const { publicKey, privateKey } = generateRecipient(suite);
    const { enc, ciphertext } = hpkeSeal({ suite, publicKey, info, aad, plaintext });
    expect(lowOrder).toHaveLength(14);
    for (const point of lowOrder) {
      const badKey = new Uint8Array([...publicKey.subarray(0, 1184), ...point]);
      expect(() => hpkeSeal({ suite, publicKey: badKey, info, aad, plaintext })).toThrow(CryptoError);
      const badEnc = new Uint8Array([...enc.subarray(0, 1088), ...point]);
      expect(() => hpkeOpen({ suite, privateKey, enc: badEnc, info, aad, ciphertext })).toThrow(CryptoError);
    }
  });

  it('P-384 points that are none, at infinity, compressed or off the curve are refused by both', () => {
    const suite = hpkeSuiteCategory5;
    const { publicKey, privateKey } = generateRecipient(suite);
    const { enc, ciphertext } = hpkeSeal({ suite, publicKey, info, aad, plaintext });
    const good = publicKey.subarray(1568);
    const points = [
      new Uint8Array(good.length),
      Uint8Array.of(0),
      Uint8Array.of(2 + ((good[96] ?? 0) & 1), ...good.subarray(1, 49)),
      good.with(96, (good[96] ?? 0) ^ 1),
      good.with(0, 6),
      new Uint8Array(97).fill(0xff).with(0, 4),
    ];
    for (const point of points) {
      const badKey = new Uint8Array([...publicKey.subarray(0, 1568), ...point]);
      expect(() => hpkeSeal({ suite, publicKey: badKey, info, aad, plaintext })).toThrow(CryptoError);
      const badEnc = new Uint8Array([...enc.subarray(0, 1568), ...point]);
      expect(() => hpkeOpen({ suite, privateKey, enc: badEnc, info, aad, ciphertext })).toThrow(CryptoError);
    }
  });
});

/** Where the point begins in keys and in encapsulations, and how long it is; every KEM with a Weierstrass curve. */
const pointsOf = [
  { kem: 'DHKEM-P256-HKDF-SHA256', keyAt: 0, encAt: 0, pointBytes: 65 },
  { kem: 'DHKEM-P521-HKDF-SHA512', keyAt: 0, encAt: 0, pointBytes: 133 },
  { kem: 'MLKEM768-P256', keyAt: 1184, encAt: 1088, pointBytes: 65 },
  { kem: 'MLKEM1024-P384', keyAt: 1568, encAt: 1568, pointBytes: 97 },
] as const;

it.each(pointsOf)('attack 10: $kem takes a point in one spelling alone', ({ kem, keyAt, encAt, pointBytes }) => {
  const { key } = generateKemKey(kem);
  const { enc, sharedSecret } = kemEncapsulateTo(kem, key.publicKey);
  expect(key.decapsulate(enc).equals(sharedSecret)).toBe(true);
  const parity = (bytes: Uint8Array) => (bytes.at(-1) ?? 0) & 1;
  const { publicKey } = key;
  const half = (pointBytes - 1) / 2;
  for (const bad of [
    publicKey.with(keyAt, 6 + parity(publicKey)),
    new Uint8Array([
      ...publicKey.subarray(0, keyAt),
      2 + parity(publicKey),
      ...publicKey.subarray(keyAt + 1, keyAt + 1 + half),
    ]),
  ]) {
    expect(() => kemEncapsulateTo(kem, bad)).toThrow(expect.objectContaining({ code: 'CRYPTO_KEY_INVALID' }));
  }
  // Either refused or, where OpenSSL reads it, another secret, because the bytes themselves are hashed.
  let other: SecretBytes | undefined;
  try {
    other = key.decapsulate(enc.with(encAt, 6 + parity(enc)));
  } catch (error) {
    expect(error).toBeInstanceOf(CryptoError);
  }
  expect(other?.equals(sharedSecret) ?? false).toBe(false);
});

describe('attack 10: an envelope', () => {
  it('does not open when its recipient names another suite, and nothing is released', async () => {
    const to = [keyPair(hpkeSuite)];
    const sample = await sealed({ name: 'X-Wing', to });
    const { coreBytes, recipients, recipientsTag, body } = await partsOf(sample.bytes);
    const [own] = recipients;
    if (own?.type !== 'hpke') throw new Error('the sample has another recipient');
    const weaker: readonly Partial<HpkeRecipientInfo>[] = [
      { suite: hpkeSuiteCnsa },
      { suite: hpkeSuiteCategory5 },
      { suite: 'HPKE-X25519-HKDF-SHA256-AES-256-GCM' },
      { suite: hpkeSuiteCnsa, enc: own.enc.subarray(0, 1088) },
      { enc: own.enc.subarray(0, 1088) },
      { enc: own.enc.subarray(1088) },
    ];
    for (const change of weaker) {
      const header = frameHeader(coreBytes, encodeRecipients([{ ...own, ...change }]), recipientsTag);
      const { kind, released } = await outcome(new Uint8Array(Buffer.concat([...header, body])), sample.options);
      expect(['UNSUPPORTED', 'AUTHENTICATION_FAILED']).toContain(kind);
      expect(released).toHaveLength(0);
    }
  });

  it('of a hybrid does not open for a reader of cnsa-2.0, whatever it says of itself', async () => {
    const sample = await sealed({ name: 'X-Wing', to: [keyPair(hpkeSuite)] });
    const demanding = { ...sample.options, profile: 'cnsa-2.0' } as const;
    expect(await outcome(sample.bytes, demanding)).toMatchObject({ kind: 'UNSUPPORTED' });
  });

  it('is not sealed to, nor opened by, key texts whose suite was exchanged', () => {
    const { recipient } = keyPair(hpkeSuite);
    const payload = decodeBech32m('qv', new TextEncoder().encode(formatRecipient(recipient)));
    for (const number of [0, 2, 3, 4, 255]) {
      for (const length of [payload.length, 1 + 1568, 1 + 32]) {
        const forged = new Uint8Array(length);
        forged.set(payload.subarray(0, length));
        forged[0] = number;
        // A key of the right length for the other suite is a key of that suite, and not this one any more.
        const parse = () => parseRecipient(new TextDecoder().decode(encodeBech32m('qv', forged)));
        if (number === 2 && length === 1 + 1568) expect(parse()).toMatchObject({ suite: hpkeSuiteCnsa });
        else expect(parse).toThrow(EnvelopeError);
      }
    }
    const secret = encodeBech32m('qv-secret-key-', Uint8Array.of(2, ...new Uint8Array(32)));
    expect(() => parseKeyFile(secret)).toThrow(EnvelopeError);
  });
});
