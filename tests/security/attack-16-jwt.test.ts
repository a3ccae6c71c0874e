import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { generateSigningKey, importSigningKey, publicJwk, type SigningKey, signJwt } from '@quantumvault/crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { noAccess } from '../../apps/server/src/kernel/access.ts';
import { internalRequest } from '../../apps/server/src/kernel/actor.ts';
import { SessionAuthenticator } from '../../apps/server/src/modules/identity/sessions/session-authenticator.ts';
import type { FoundSession } from '../../apps/server/src/modules/identity/sessions/session-directory.ts';
import {
  accessTokenLengthMax,
  issueAccessToken,
  readAccessToken,
} from '../../apps/server/src/modules/identity/tokens/access-token.ts';
import {
  KeyRing,
  type TokenAlgorithm,
  verifiedAfterMs,
} from '../../apps/server/src/modules/identity/tokens/key-ring.ts';

// Attack case 16: every token that this installation did not make, or that does not hold now, is refused with the one
// answer of a missing credential, and the database is not asked.

const issuer = '01920000-0000-7000-8000-000000000001';
const subjectId = '01920000-0000-7000-8000-000000000002';
const organizationId = '01920000-0000-7000-8000-000000000003';
const sessionId = '01920000-0000-7000-8000-000000000004';
const now = new Date('2026-11-26T12:00:00Z');
const iat = now.getTime() / 1000;
const goodClaims = {
  iss: issuer,
  aud: 'quantumvault-api',
  sub: subjectId,
  org: organizationId,
  jti: sessionId,
  iat,
  exp: iat + 300,
};

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

function ringKey(algorithm: TokenAlgorithm, signsFrom = now) {
  const pair = generateSigningKey(algorithm);
  const signer = importSigningKey(pair);
  const jwk = publicJwk(algorithm, pair.publicKey);
  const { kid } = jwk;
  return { jwk, signer, key: { kid, algorithm, publicKey: pair.publicKey, privateKey: pair.privateKey, signsFrom } };
}

/** A token with any header and any claims, signed genuinely with our key. */
async function signed(key: SigningKey, header: unknown, claims: unknown): Promise<string> {
  const text = `${encode(header)}.${encode(claims)}`;
  return `${text}.${Buffer.from(await key.signAsync(Buffer.from(text))).toString('base64url')}`;
}

const session: FoundSession = {
  tenantId: organizationId,
  subjectId,
  subjectKind: 'user',
  usable: true,
  accessVersion: 1n,
  transport: 'token',
  authenticatedAt: now,
  mfaAt: null,
  csrfHash: null,
  mustChange: null,
};

describe.each<TokenAlgorithm>(['Ed25519', 'ML-DSA-65'])('attack 16: access tokens under %s', (algorithm) => {
  let made: ReturnType<typeof ringKey>;
  let ring: KeyRing;
  let lookups: string[];
  let refusals: number;
  let found: FoundSession | null;
  let authenticator: SessionAuthenticator;
  const read = (text: string, at = now) => readAccessToken(ring, text, { issuer, now: at });

  beforeEach(() => {
    made = ringKey(algorithm);
    ring = new KeyRing([made.key]);
    lookups = [];
    refusals = 0;
    found = session;
    authenticator = new SessionAuthenticator({
      keys: { read: (text) => read(text) },
      directory: {
        find: async (id) => {
          lookups.push(id);
          return found;
        },
        findRefreshToken: async () => null,
        findTicket: async () => null,
        noteUse: () => {},
      },
      access: { at: async () => noAccess },
      countRefusal: () => {
        refusals += 1;
      },
    });
  });

  const present = (token: string) =>
    authenticator.authenticate(
      {
        header: token,
        cookie: null,
        csrfToken: null,
        certificate: null,
        deviceToken: null,
        isSafe: true,
        isSameOrigin: false,
        route: 'whoAmI',
      },
      internalRequest('r'),
    );
  const goodHeader = () => ({ alg: made.jwk.alg, kid: made.jwk.kid, typ: 'at+jwt' });

  it('attack 16: a token of ours is an actor after one lookup', async () => {
    const token = await issueAccessToken(ring, {
      issuer,
      now,
      endsAt: new Date(now.getTime() + 3_600_000),
      subjectId,
      organizationId,
      sessionId,
    });
    expect(token?.expiresAt).toEqual(new Date((iat + 300) * 1000));
    expect(token?.text.length).toBeLessThan(accessTokenLengthMax);
    const actor = await present(token?.text ?? '');
    expect(actor).toMatchObject({
      id: subjectId,
      tenantId: organizationId,
      credential: { kind: 'session', id: sessionId },
    });
    expect(lookups).toEqual([sessionId]);
    // The same claims under the same header, put together by hand: the cases below differ from this in one thing each.
    expect(read(await signed(made.signer, goodHeader(), goodClaims))).toEqual({ subjectId, organizationId, sessionId });
  });

  const otherHeaders: readonly [string, (jwk: ReturnType<typeof publicJwk>) => unknown][] = [
    ['alg none', ({ kid }) => ({ alg: 'none', kid, typ: 'at+jwt' })],
    ['alg None', ({ kid }) => ({ alg: 'None', kid, typ: 'at+jwt' })],
    ['no alg', ({ kid }) => ({ kid, typ: 'at+jwt' })],
    ['alg HS256', ({ kid }) => ({ alg: 'HS256', kid, typ: 'at+jwt' })],
    ['alg RS256', ({ kid }) => ({ alg: 'RS256', kid, typ: 'at+jwt' })],
    ['alg ES256', ({ kid }) => ({ alg: 'ES256', kid, typ: 'at+jwt' })],
    ['alg EdDSA, the older name', ({ kid }) => ({ alg: 'EdDSA', kid, typ: 'at+jwt' })],
    ['another typ', ({ alg, kid }) => ({ alg, kid, typ: 'JWT' })],
    ['no typ', ({ alg, kid }) => ({ alg, kid })],
    ['no kid', ({ alg }) => ({ alg, typ: 'at+jwt' })],
    ['kid of nobody', ({ alg }) => ({ alg, kid: 'x', typ: 'at+jwt' })],
    ['kid as a path', ({ alg }) => ({ alg, kid: '../../dev/null', typ: 'at+jwt' })],
    ['kid as SQL', ({ alg }) => ({ alg, kid: "' UNION SELECT 'x", typ: 'at+jwt' })],
    ['kid as an address', ({ alg }) => ({ alg, kid: 'https://example.org/jwks.json', typ: 'at+jwt' })],
    ['kid as a list', ({ alg, kid }) => ({ alg, kid: [kid], typ: 'at+jwt' })],
    ['jku', ({ alg, kid }) => ({ alg, kid, typ: 'at+jwt', jku: 'https://example.org/jwks.json' })],
    ['x5u', ({ alg, kid }) => ({ alg, kid, typ: 'at+jwt', x5u: 'https://example.org/chain.pem' })],
    ['x5c', ({ alg, kid }) => ({ alg, kid, typ: 'at+jwt', x5c: ['AAAA'] })],
    ['own key in jwk', (jwk) => ({ alg: jwk.alg, kid: jwk.kid, typ: 'at+jwt', jwk })],
    ['crit', ({ alg, kid }) => ({ alg, kid, typ: 'at+jwt', crit: ['exp'] })],
    ['b64 false', ({ alg, kid }) => ({ alg, kid, typ: 'at+jwt', b64: false, crit: ['b64'] })],
    ['zip', ({ alg, kid }) => ({ alg, kid, typ: 'at+jwt', zip: 'DEF' })],
    ['fields in another order', ({ alg, kid }) => ({ typ: 'at+jwt', kid, alg })],
    ['a field twice', ({ alg, kid }) => `{"alg":"none","alg":"${alg}","kid":"${kid}","typ":"at+jwt"}`],
    ['space in it', ({ alg, kid }) => `{"alg":"${alg}", "kid":"${kid}","typ":"at+jwt"}`],
    ['no JSON', () => 'x'],
    ['empty', () => ''],
  ];
  it.each(otherHeaders)(
    'attack 16: header with %s, though signed with our key, is refused without a lookup',
    async (_, header) => {
      const token = await signed(made.signer, header(made.jwk), goodClaims);
      await expect(present(token)).rejects.toMatchObject({ code: 'IDENTITY_UNAUTHENTICATED' });
      expect([lookups, refusals]).toEqual([[], 1]);
    },
  );

  const without = (name: keyof typeof goodClaims) =>
    Object.fromEntries(Object.entries(goodClaims).filter(([key]) => key !== name));
  const otherClaims: readonly [string, unknown][] = [
    ...(Object.keys(goodClaims) as (keyof typeof goodClaims)[]).map((name): [string, unknown] => [
      `no ${name}`,
      without(name),
    ]),
    ['another issuer', { ...goodClaims, iss: subjectId }],
    ['another audience', { ...goodClaims, aud: 'other' }],
    ['a list of audiences', { ...goodClaims, aud: ['quantumvault-api'] }],
    ['an end in the past', { ...goodClaims, iat: iat - 600, exp: iat - 300 }],
    ['an end that is now', { ...goodClaims, iat: iat - 300, exp: iat }],
    ['a beginning in the future', { ...goodClaims, iat: iat + 60, exp: iat + 300 }],
    ['a long life', { ...goodClaims, exp: iat + 301 }],
    ['an end as text', { ...goodClaims, exp: String(iat + 300) }],
    ['an end without limit', { ...goodClaims, exp: 1e308 }],
    ['an end that is null', { ...goodClaims, exp: null }],
    ['a further claim', { ...goodClaims, roles: ['platform-admin'] }],
    ['a prototype', '{"__proto__":{"sub":"x"}}'],
    ['a session that is no id', { ...goodClaims, jti: "' OR 1=1 --" }],
    ['a list for an object', [goodClaims]],
    ['no JSON', '{"iss":'],
    ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x7b]).toString('latin1')],
  ];
  it.each(otherClaims)(
    'attack 16: claims with %s, though signed with our key, are refused without a lookup',
    async (_, claims) => {
      await expect(present(await signed(made.signer, goodHeader(), claims))).rejects.toMatchObject({
        code: 'IDENTITY_UNAUTHENTICATED',
      });
      expect([lookups, refusals]).toEqual([[], 1]);
    },
  );

  it('attack 16: no signature, one of another key, or an HMAC under our public key is none', async () => {
    const header = encode(goodHeader());
    const claims = encode(goodClaims);
    const text = `${header}.${claims}`;
    const other = ringKey(algorithm);
    const spki = createPublicKey({ key: { ...made.jwk }, format: 'jwk' }).export({ format: 'pem', type: 'spki' });
    const raw = Buffer.from(made.key.publicKey);
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const confused = (alg: string) => `${encode({ ...goodHeader(), alg })}.${claims}`;
    const hmac = (key: string | Buffer, message: string) =>
      createHmac('sha256', key).update(message).digest('base64url');
    const tokens = [
      text,
      `${text}.`,
      `${text}.${encode('x')}`,
      await signed(other.signer, goodHeader(), goodClaims),
      await signJwt({ key: other.signer, claims: goodClaims, typ: 'at+jwt' }),
      `${text}.${hmac(spki, text)}`,
      `${confused('HS256')}.${hmac(spki, confused('HS256'))}`,
      `${confused('HS256')}.${hmac(raw, confused('HS256'))}`,
      `${confused('RS256')}.${sign('sha256', Buffer.from(confused('RS256')), rsa.privateKey).toString('base64url')}`,
      // What this installation signs for others is no access token, whatever it claims.
      await signJwt({ key: made.signer, claims: goodClaims }),
    ];
    for (const token of tokens)
      await expect(present(token)).rejects.toMatchObject({ code: 'IDENTITY_UNAUTHENTICATED' });
    expect([lookups, refusals]).toEqual([[], tokens.length]);
  });

  it('attack 16: one token has one spelling, and no byte of it can be changed', async () => {
    const token = await signed(made.signer, goodHeader(), goodClaims);
    const [header = '', claims = '', signature = ''] = token.split('.');
    const others = [
      `${token}.`,
      `.${token}`,
      `${token}=`,
      `${header}.${claims}.${signature}\n`,
      `${header}..${claims}.${signature}`,
      `${header}.${claims}==.${signature}`,
      ` ${token}`,
      token.replaceAll('-', '+').replaceAll('_', '/'),
      `${header}.${claims}.${signature}${'A'.repeat(accessTokenLengthMax)}`,
    ].filter((text) => text !== token);
    for (const text of others) expect(read(text), text.slice(0, 40)).toBeNull();
    for (let at = 0; at < token.length; at += algorithm === 'Ed25519' ? 1 : 7) {
      const letter = token[at] === 'A' ? 'B' : 'A';
      expect(read(token.slice(0, at) + letter + token.slice(at + 1)), String(at)).toBeNull();
    }
    for (let length = 0; length < token.length; length += 11) expect(read(token.slice(0, length))).toBeNull();
  });

  it('ACC-4: after a rotation the former key verifies for as long as its tokens live, and no longer', async () => {
    const later = new Date(now.getTime() + 60_000);
    const next = ringKey('Ed25519', later);
    const before = await signed(made.signer, goodHeader(), goodClaims);
    const former = ringKey(algorithm);
    const rotated = new KeyRing([{ ...former.key }, next.key]);
    const text = await signed(former.signer, { alg: former.jwk.alg, kid: former.jwk.kid, typ: 'at+jwt' }, goodClaims);
    const readBy = (at: Date) => readAccessToken(rotated, text, { issuer, now: at });
    expect(readBy(now)).not.toBeNull();
    expect(rotated.publicKeys(now).map(({ kid }) => kid)).toEqual([former.jwk.kid, next.jwk.kid]);
    expect(rotated.signer(now)?.publicKey).toEqual(former.key.publicKey);
    expect(rotated.signer(later)?.publicKey).toEqual(next.key.publicKey);
    const over = new Date(later.getTime() + verifiedAfterMs);
    expect(rotated.verifierOf(text.split('.')[0] ?? '', over)).toBeNull();
    expect(rotated.publicKeys(over).map(({ kid }) => kid)).toEqual([next.jwk.kid]);
    // A key that was never in this ring.
    expect(readAccessToken(rotated, before, { issuer, now })).toBeNull();
  });

  it.each<[string, Partial<FoundSession> | null]>([
    ['there is not', null],
    ['has ended', { usable: false }],
    ['is of another organization', { tenantId: issuer }],
    ['is of another subject', { subjectId: issuer }],
    ['lives in a browser', { transport: 'cookie' }],
  ])('ACC-4: a genuine token of a session that %s is refused after one lookup', async (_, change) => {
    found = change === null ? null : { ...session, ...change };
    await expect(present(await signed(made.signer, goodHeader(), goodClaims))).rejects.toMatchObject({
      code: 'IDENTITY_UNAUTHENTICATED',
    });
    expect([lookups.length, refusals]).toEqual([1, 1]);
  });
});
