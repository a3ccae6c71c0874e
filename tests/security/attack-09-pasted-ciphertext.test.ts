import { encodeCbor } from '@quantumvault/cbor';
import {
  CryptoError,
  derivePasswordKey,
  floeOpen,
  floeSeal,
  gcmOpen,
  generateRecipient,
  hpkeOpen,
  hpkeSeal,
  hpkeSuites,
  SecretBytes,
  seal,
  secretAccess,
  unseal,
} from '@quantumvault/crypto';
import { expect, it } from 'vitest';
import { bodyKey, recipientsTag } from '../../packages/envelope/src/data-key.ts';
import { encodeCore } from '../../packages/envelope/src/header/core.ts';
import { frameHeader, hashCore } from '../../packages/envelope/src/header/header.ts';
import { encodeRecipients } from '../../packages/envelope/src/header/recipients.ts';
import { collide } from './galois-collision.ts';
import { collect, content, facts, keyPair, outcome, sealed, segmentBytes } from './tampering/envelopes.ts';

// Attack 9: a genuine ciphertext in the place of another one, and one ciphertext that says two things.

interface Place {
  readonly tenant: string;
  readonly row: string;
  readonly version: string;
}

const tenantOf = (last: string): string => `019a0000-0000-7000-8000-00000000000${last}`;
const places: readonly Place[] = ['a', 'b'].flatMap((last) =>
  ['1', '2', '11'].flatMap((row) => ['1', '2'].map((version) => ({ tenant: tenantOf(last), row, version }))),
);

const contextOf = ({ row, version }: Place) => ({ table: 'orders', row, version });

it('attack 9: an envelope opens in its own row, tenant and version alone', async () => {
  const to = [keyPair(hpkeSuites[0])];
  const envelopes = await Promise.all(
    places.map((place) =>
      sealed({ name: 'a field', to, facts: { tenant: place.tenant, context: contextOf(place) }, length: 40 }),
    ),
  );
  let [opened, refused] = [0, 0];
  for (const { bytes } of envelopes) {
    for (const { options } of envelopes) {
      const { kind, released } = await outcome(bytes, options);
      if (kind === undefined) opened += 1;
      else {
        expect([kind, released.length]).toEqual(['CONTEXT_MISMATCH', 0]);
        refused += 1;
      }
    }
  }
  expect([opened, refused]).toEqual([places.length, places.length ** 2 - places.length]);
}, 60_000);

it('attack 9: a sealed value opens under its own context alone', () => {
  using key = SecretBytes.random(32);
  const plaintext = Uint8Array.of(1, 2, 3);
  const all = places.map((place) => ({ ...contextOf(place), tenant: place.tenant }));
  // Other cuttings of the same characters are other contexts.
  const cut = [{ 'table=orders': 'row' }, { table: 'orders,row=1' }, { tab: 'le', orders: 'row' }];
  const contexts = [...all, ...cut].map((context) => ({ tenant: tenantOf('c'), ...context, purpose: 'field' }));
  const values = contexts.map((context) => seal({ key, context, plaintext }));
  for (const [own, sealedValue] of values.entries()) {
    for (const [at, context] of contexts.entries()) {
      const open = () => unseal({ key, context, sealed: sealedValue });
      if (at === own) expect(open()).toEqual(plaintext);
      else expect(open).toThrow(expect.objectContaining({ code: 'CRYPTO_AUTHENTICATION_FAILED' }));
    }
  }
});

it.each(hpkeSuites)('attack 9: what %s sealed opens with its own info, data and recipient alone', (suite) => {
  const texts = ['row 1', 'row 2', ''].map((text) => new TextEncoder().encode(text));
  const recipients = [generateRecipient(suite), generateRecipient(suite)];
  const plaintext = new Uint8Array(32).fill(5);
  const cases = recipients.flatMap((recipient) =>
    texts.flatMap((info) => texts.map((aad) => ({ recipient, info, aad }))),
  );
  const values = cases.map(({ recipient: { publicKey }, info, aad }) =>
    hpkeSeal({ suite, publicKey, info, aad, plaintext }),
  );
  for (const [own, { enc, ciphertext }] of values.entries()) {
    for (const [at, { recipient, info, aad }] of cases.entries()) {
      const open = () => hpkeOpen({ suite, privateKey: recipient.privateKey, enc, info, aad, ciphertext });
      if (at === own) expect(open()).toEqual(plaintext);
      else expect(open).toThrow(CryptoError);
    }
  }
});

/** Two keys, and a ciphertext of AES-256-GCM that both take: 14 blocks of pictures of salamanders, and a free one. */
function salamander(aads: readonly [Uint8Array, Uint8Array], blocks = 15) {
  const keys = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)] as const;
  const nonce = new Uint8Array(12).fill(9);
  const ciphertext = Uint8Array.from({ length: blocks * 16 }, (_, at) => at & 0xff);
  return { keys, nonce, sealed: collide({ keys, nonce, aads, ciphertext }) };
}

it('attack 9: the collision is real: AES-256-GCM opens one ciphertext under two keys', () => {
  const aad = new Uint8Array(20).fill(7);
  const { keys, nonce, sealed: both } = salamander([aad, aad]);
  const plaintexts = keys.map((key) => {
    using secret = SecretBytes.take(key.slice());
    return gcmOpen({ key: secret, nonce, aad, sealed: both });
  });
  expect(plaintexts.map(({ length }) => length)).toEqual([240, 240]);
  expect(plaintexts[0]).not.toEqual(plaintexts[1]);
});

it('attack 9: a FLOE stream opens under one key, whoever chose the keys', async () => {
  // The forger knows both keys and may put any ciphertext into a segment. What it cannot make is a header for both.
  const aad = new Uint8Array(48);
  const keys = [SecretBytes.take(new Uint8Array(32).fill(1)), SecretBytes.take(new Uint8Array(32).fill(2))];
  const streams = await Promise.all(keys.map((key) => collect(floeSeal({ key, aad, segmentBytes }, [content]))));
  const headers = streams.map((stream) => stream.subarray(0, 74));
  const bodies = streams.map((stream) => stream.subarray(74));
  for (const [of, key] of keys.entries()) {
    for (const [h, header] of headers.entries()) {
      for (const [b, body] of bodies.entries()) {
        const stream = [Buffer.concat([header, body])];
        const opening = collect(floeOpen({ key, aad, segmentBytes }, stream));
        if (of === h && h === b) expect(await opening).toEqual(content);
        else await expect(opening).rejects.toThrow(CryptoError);
      }
    }
  }
});

it('attack 9: a wrap that opens under two passphrases gives one content, and to one of them', async () => {
  // GCM alone would let both in: one wrapped key, two passphrases, two data keys. The recipients' tag fits one of these.
  const coreBytes = encodeCore({
    ...facts,
    suite: 'FLOE-AES-256-GCM-SHA-384',
    objectId: new Uint8Array(16),
    segmentBytes,
    signer: null,
  });
  const coreHash = hashCore(coreBytes);
  const cost = { memoryKib: 8, passes: 1, parallelism: 1 } as const;
  const salt = new Uint8Array(32);
  const words = ['first', 'second'].map((text) => SecretBytes.fromUtf8(text));
  const keys = await Promise.all(words.map((passphrase) => derivePasswordKey(passphrase, { salt, cost })));
  const raw = keys.map((key) => key.open(secretAccess, (bytes) => bytes.slice()));
  const [one = new Uint8Array(0), two = one] = raw;
  const aad = encodeCbor(['QV1 wrap', coreHash, 'passphrase', 'Argon2id', 'AES-256-GCM', salt, 8, 1, 1]);
  const nonce = new Uint8Array(12);
  const wrapped = collide({ keys: [one, two], nonce, aads: [aad, aad], ciphertext: new Uint8Array(32).fill(3) });
  const dataKeys = keys.map((key) => SecretBytes.take(gcmOpen({ key, nonce, aad, sealed: wrapped })));
  expect(dataKeys[0]?.equals(dataKeys[1] ?? SecretBytes.random(32))).toBe(false);

  const suites = { kdf: 'Argon2id', aead: 'AES-256-GCM' } as const;
  const cheap = { memoryKib: cost.memoryKib, passes: cost.passes, lanes: cost.parallelism };
  const recipients = encodeRecipients([{ type: 'passphrase', ...suites, salt, ...cheap, nonce, wrapped }]);
  const { tenant, purpose, context } = facts;
  for (const [tagOf, tagKey] of dataKeys.entries()) {
    for (const [bodyOf, contentKey] of dataKeys.entries()) {
      const header = frameHeader(coreBytes, recipients, recipientsTag(tagKey, coreHash, recipients));
      const body = floeSeal({ key: bodyKey(contentKey, coreHash), aad: coreHash, segmentBytes }, [content]);
      const bytes = new Uint8Array(Buffer.concat([...header, await collect(body)]));
      const ends = await Promise.all(
        words.map((passphrase) =>
          outcome(bytes, {
            keys: [{ type: 'passphrase', passphrase }],
            expected: { tenant, purpose, context },
            profile: 'standard',
          }),
        ),
      );
      const opened = ends.map(({ kind }) => kind ?? 'opens');
      const expectedEnds = [0, 1].map((of) => (of === tagOf && of === bodyOf ? 'opens' : 'AUTHENTICATION_FAILED'));
      expect(opened).toEqual(expectedEnds);
    }
  }
});
