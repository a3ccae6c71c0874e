import { hpkeSuiteCategory5, hpkeSuiteCnsa, SecretBytes } from '@quantumvault/crypto';
import { KeyWrapperError, MemoryKeyWrapper } from '@quantumvault/ports';
import { describe, expect, it } from 'vitest';
import { collect, expected, facts, keyPair, outcome, plaintext, sealed, segmentBytes } from '../../test/samples.ts';
import { frameHeader } from '../header/header.ts';
import { encodeRecipients, type RecipientInfo } from '../header/recipients.ts';
import { readEnvelopeHeader, rewrapEnvelope } from '../open.ts';
import { sealEnvelope } from '../seal.ts';
import type { OpeningKey } from '../unlock.ts';
import type { KekOpeningKeys, KekRecipient } from './kek.ts';

const alice = keyPair();
const good = { released: plaintext, kind: undefined };

function backend() {
  const wrapper = new MemoryKeyWrapper();
  for (const version of [1, 2]) wrapper.add('alpha', version);
  wrapper.add('beta', 1);
  const to = (keyId: string, keyVersion: number): KekRecipient => ({ type: 'kek', keyId, keyVersion, wrapper });
  const keys: KekOpeningKeys = { type: 'kek', wrapper, mayUse: () => true };
  return { wrapper, to, keys };
}

const opening = (bytes: Uint8Array, ...keys: readonly OpeningKey[]) => outcome(bytes, { keys, expected });

/** The envelope with another list of recipients under the same tag, as somebody without the data key would make it. */
async function withRecipients(bytes: Uint8Array, change: (list: readonly RecipientInfo[]) => RecipientInfo[]) {
  const { coreBytes, recipients, recipientsTag, headerBytes } = await readEnvelopeHeader([bytes]);
  const list = encodeRecipients(change(recipients));
  return new Uint8Array(Buffer.concat([...frameHeader(coreBytes, list, recipientsTag), bytes.subarray(headerBytes)]));
}

describe('ENV-4: a key of a key backend', () => {
  it('opens what was sealed to it, alone and beside keys of people', async () => {
    const { to, keys } = backend();
    const bytes = await sealed({ recipients: [to('alpha', 1), alice.recipient, to('beta', 1)] });
    expect(await opening(bytes, keys)).toEqual(good);
    expect(await opening(bytes, alice.opening)).toEqual(good);
    expect((await readEnvelopeHeader([bytes])).recipients).toMatchObject([
      { type: 'kek', keyId: 'alpha', keyVersion: 1 },
      { type: 'hpke' },
      { type: 'kek', keyId: 'beta' },
    ]);
  });

  it('is asked only for keys that the caller may use', async () => {
    const { wrapper, to } = backend();
    const asked: string[] = [];
    const watched: KekOpeningKeys = {
      type: 'kek',
      mayUse: (keyId) => keyId === 'beta',
      wrapper: {
        wrap: (dataKey, target) => wrapper.wrap(dataKey, target),
        unwrap: (wrapped, target) => {
          asked.push(`${target.keyId} ${target.keyVersion}`);
          return wrapper.unwrap(wrapped, target);
        },
      },
    };
    expect(await opening(await sealed({ recipients: [to('alpha', 1), to('beta', 1)] }), watched)).toEqual(good);
    expect(asked).toEqual(['beta 1']);
    expect(await opening(await sealed({ recipients: [to('alpha', 1)] }), watched)).toMatchObject({
      kind: 'KEY_NOT_FOUND',
    });
    expect(asked).toEqual(['beta 1']);
  });

  it('a wrap moved to another key, version or envelope does not open', async () => {
    const { to, keys } = backend();
    const bytes = await sealed({ recipients: [to('alpha', 1)] });
    const [other] = (await readEnvelopeHeader([await sealed({ recipients: [to('alpha', 1)] })])).recipients;
    for (const change of [
      (list: readonly RecipientInfo[]) => list.map((each) => ({ ...each, keyVersion: 2 })),
      (list: readonly RecipientInfo[]) => list.map((each) => ({ ...each, keyId: 'beta' })),
      () => (other === undefined ? [] : [other]),
      (list: readonly RecipientInfo[]) => [...list, ...list.map((each) => ({ ...each, keyId: 'beta' }))],
    ]) {
      expect(await opening(await withRecipients(bytes, change), keys)).toMatchObject({ kind: 'AUTHENTICATION_FAILED' });
    }
    const twice = (list: readonly RecipientInfo[]) => [...list, ...list];
    await expect(withRecipients(bytes, twice)).rejects.toMatchObject({ kind: 'MALFORMED' });
  });

  it('ENV-9: what the backend says becomes one of our kinds, with its own error inside', async () => {
    const { wrapper, to, keys } = backend();
    const bytes = await sealed({ recipients: [to('alpha', 1)] });
    wrapper.setState('alpha', 1, 'disabled');
    expect(await opening(bytes, keys)).toMatchObject({ kind: 'KEY_STATE' });
    await expect(sealed({ recipients: [to('alpha', 1)] })).rejects.toMatchObject({
      kind: 'KEY_STATE',
      message: 'the key is disabled',
      cause: expect.any(KeyWrapperError),
    });
    expect(await opening(bytes, { ...keys, wrapper: new MemoryKeyWrapper() })).toMatchObject({ kind: 'KEY_NOT_FOUND' });
    const gone = new KeyWrapperError('KEY_WRAPPER_UNAVAILABLE', 'no route to host');
    for (const cause of [gone, new TypeError('a bug of the vendor'), 'text']) {
      const broken = { wrap: () => Promise.reject(cause), unwrap: () => Promise.reject(cause) };
      expect(await opening(bytes, { ...keys, wrapper: broken })).toMatchObject({ kind: 'BACKEND' });
      const recipients = [{ ...to('alpha', 2), wrapper: broken }];
      await expect(sealed({ recipients })).rejects.toMatchObject({ kind: 'BACKEND' });
    }
    const short = { ...wrapper, unwrap: async () => SecretBytes.random(16), wrap: async () => new Uint8Array(1) };
    expect(await opening(bytes, { ...keys, wrapper: short })).toMatchObject({ kind: 'BACKEND' });
  });

  it('rewraps to a newer version, and to people and back', async () => {
    const { to, keys } = backend();
    const bytes = await sealed({ recipients: [to('alpha', 1)] });
    const options = { keys: [keys, alice.opening], expected, profile: 'standard' } as const;
    const newer = await collect(rewrapEnvelope([bytes], { ...options, to: { recipients: [to('alpha', 2)] } }));
    expect(await opening(newer, { ...keys, mayUse: (_, version) => version === 2 })).toEqual(good);
    const people = await collect(rewrapEnvelope([newer], { ...options, to: { recipients: [alice.recipient] } }));
    expect(await opening(people, keys)).toMatchObject({ kind: 'KEY_NOT_FOUND' });
    expect(await opening(people, alice.opening)).toEqual(good);
  });

  it('is outside the profile cnsa-2.0, which demands keys of ML-KEM-1024', async () => {
    const to = { recipients: [backend().to('alpha', 1)] };
    const sealing = collect(sealEnvelope([plaintext], { to, facts, segmentBytes, profile: 'cnsa-2.0' }));
    await expect(sealing).rejects.toMatchObject({ kind: 'UNSUPPORTED' });
  });
});

describe('ENV-4: ChaCha20-Poly1305 by policy', () => {
  const wrapAead = 'ChaCha20-Poly1305';

  it.each([undefined, hpkeSuiteCategory5] as const)('wraps for keys as they are: %s', async (suite) => {
    const carol = keyPair(suite);
    const bytes = await sealed({ recipients: [carol.recipient], wrapAead });
    const [recipient] = (await readEnvelopeHeader([bytes])).recipients;
    expect(recipient).toMatchObject({ suite: expect.stringMatching(/-CHACHA20-POLY1305$/) });
    expect(await opening(bytes, carol.opening)).toEqual(good);
    const renamed = await withRecipients(bytes, (list) =>
      list.map((each) => (each.type === 'hpke' ? { ...each, suite: carol.recipient.suite } : each)),
    );
    expect(await opening(renamed, carol.opening)).toMatchObject({ kind: 'AUTHENTICATION_FAILED' });
  });

  it('is not offered for ML-KEM-1024 alone, nor under the profile', async () => {
    const carol = keyPair(hpkeSuiteCnsa);
    const to = { recipients: [carol.recipient], wrapAead } as const;
    await expect(sealed(to)).rejects.toMatchObject({ kind: 'UNSUPPORTED' });
    const sealing = collect(sealEnvelope([plaintext], { to, facts, segmentBytes, profile: 'cnsa-2.0' }));
    await expect(sealing).rejects.toMatchObject({ kind: 'UNSUPPORTED' });
  });
});
