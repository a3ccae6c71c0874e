import { randomBytes } from '@quantumvault/crypto';
import { describe, expect, it } from 'vitest';
import { creationOptions, relyingPartyAt, requestOptions, userHandle } from '../domain/relying-party.ts';
import { isSignCountAcceptable } from '../domain/sign-count.ts';
import {
  type Misbehaviour,
  type SoftwareAlgorithm,
  SoftwareAuthenticator,
} from '../software-authenticator.test-support.ts';
import { SimpleWebAuthn } from './simple-webauthn.ts';

const party = relyingPartyAt('https://vault.example.org');
const ceremonies = new SimpleWebAuthn({ party });
const user = {
  tenantId: '01920000-0000-7000-8000-000000000001',
  subjectId: '01920000-0000-7000-8000-000000000002',
  account: 'ada@example.org',
};

function ceremony(algorithm: SoftwareAlgorithm = 'ES256') {
  const authenticator = new SoftwareAuthenticator({ algorithm, origin: party.origin });
  const register = (wrong?: Misbehaviour) => {
    const challenge = randomBytes(32);
    const credential = authenticator.create(creationOptions({ party, user, challenge, known: [] }), wrong);
    return ceremonies.verifyRegistration({ challenge, credential });
  };
  const assert = (publicKey: Uint8Array, wrong?: Misbehaviour) => {
    const challenge = randomBytes(32);
    const assertion = authenticator.get(requestOptions({ party, challenge, known: [] }), wrong);
    return ceremonies.verifyAssertion({ challenge, assertion, publicKey });
  };
  return { authenticator, register, assert };
}

const wrongs: readonly [string, Misbehaviour][] = [
  ['a page of another origin', { origin: 'https://vault.example.org.attacker.example' }],
  ['another port', { origin: 'https://vault.example.org:8443' }],
  ['plain HTTP', { origin: 'http://vault.example.org' }],
  ['another relying party', { rpId: 'example.org' }],
  ['another challenge', { challenge: Buffer.alloc(32).toString('base64url') }],
  ['the other ceremony', { type: 'payment.get' }],
  ['a frame of another origin', { crossOrigin: true }],
  ['nobody present', { isUserPresent: false }],
  ['a user who was not verified', { isUserVerified: false }],
];

describe('ACC-2: passkeys', () => {
  it.each(['ES256', 'EdDSA', 'ML-DSA-44'] as const)('ACC-2: both ceremonies hold with %s', async (algorithm) => {
    const { authenticator, register, assert } = ceremony(algorithm);
    const made = await register();
    expect(made).toMatchObject({
      credentialId: authenticator.credentialId,
      algorithm: { ES256: -7, EdDSA: -8, 'ML-DSA-44': -48 }[algorithm],
      signCount: 1,
      transports: ['internal'],
      isBackedUp: false,
    });
    expect(await assert(made?.publicKey ?? new Uint8Array())).toEqual({ signCount: 2, isBackedUp: false });
  });

  it.each(wrongs)('ACC-2: refuses %s', async (_, wrong) => {
    const { register, assert } = ceremony();
    expect(await register(wrong)).toBeNull();
    const made = await register();
    expect(made).not.toBeNull();
    expect(await assert(made?.publicKey ?? new Uint8Array(), wrong)).toBeNull();
  });

  it('ACC-2: refuses the key of another passkey, and garbage for a key', async () => {
    const [mine, other] = [ceremony(), ceremony()];
    const theirs = await other.register();
    expect(await mine.assert(theirs?.publicKey ?? new Uint8Array())).toBeNull();
    expect(await mine.assert(new Uint8Array(70))).toBeNull();
  });

  it('ACC-2: refuses an attestation with certificates, a short id and what is no credential at all', async () => {
    const { register } = ceremony();
    for (const attestationFormat of ['packed', 'tpm', 'fido-u2f', 'android-safetynet', 'made-up'])
      expect(await register({ attestationFormat })).toBeNull();
    expect(await register({ credentialId: new Uint8Array(8) })).toBeNull();
    const response = { clientDataJSON: 'e30', attestationObject: 'AA' };
    const credential = { id: 'AA', rawId: 'AA', type: 'public-key' as const, response };
    expect(await ceremonies.verifyRegistration({ challenge: randomBytes(32), credential })).toBeNull();
  });

  it('ACC-2: refuses an assertion of which one byte was changed', async () => {
    const { authenticator, register } = ceremony();
    const publicKey = (await register())?.publicKey ?? new Uint8Array();
    const challenge = randomBytes(32);
    const good = authenticator.get(requestOptions({ party, challenge, known: [] }));
    expect(await ceremonies.verifyAssertion({ challenge, assertion: good, publicKey })).not.toBeNull();
    for (const part of ['authenticatorData', 'signature', 'clientDataJSON'] as const) {
      const bytes = Buffer.from(good.response[part], 'base64url');
      bytes.writeUInt8((bytes.readUInt8(bytes.length - 3) + 1) % 256, bytes.length - 3);
      const response = { ...good.response, [part]: bytes.toString('base64url') };
      expect(await ceremonies.verifyAssertion({ challenge, assertion: { ...good, response }, publicKey })).toBeNull();
    }
  });

  it('are bound to a domain: a server on loopback is localhost to browsers', () => {
    expect(relyingPartyAt('http://127.0.0.1:8920')).toMatchObject({ id: 'localhost', origin: 'http://localhost:8920' });
    expect(relyingPartyAt('https://vault.example.org:8443/console')).toMatchObject({
      id: 'vault.example.org',
      origin: 'https://vault.example.org:8443',
    });
  });

  it('name their user by ids alone', () => {
    expect(Buffer.from(userHandle(user), 'base64url')).toHaveLength(32);
    expect(userHandle({ ...user, subjectId: user.tenantId })).not.toBe(userHandle(user));
  });

  it.each([
    [0, 0, true],
    [0, 1, true],
    [5, 6, true],
    [5, 5, false],
    [5, 4, false],
    [5, 0, false],
  ])('ACC-2: with counter %i stored, %i is acceptable: %s', (stored, given, wanted) => {
    expect(isSignCountAcceptable(stored, given)).toBe(wanted);
  });
});
