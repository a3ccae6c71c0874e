import { generateSigningKey, hmacSha256, type PublicJwk, publicJwk, SecretBytes } from '@quantumvault/crypto';
import type { Clock } from '../../../kernel/clock.ts';
import type { NewId } from '../../../kernel/ids.ts';
import type { RootKey } from '../../keys/index.ts';
import { identityErrors } from '../errors.ts';
import { type AccessTokenClaims, type IssuedToken, issueAccessToken, readAccessToken } from './access-token.ts';
import { KeyRing, publishedBeforeMs, type TokenAlgorithm, verifiedAfterMs } from './key-ring.ts';
import type { SessionKeyStore, SessionKeyTransaction } from './session-key-store.ts';

/** A key signs for this long; then its successor, published before, takes over. */
const signsForMs = 30 * 86_400_000;

export interface SessionKeysOptions {
  readonly store: SessionKeyStore;
  readonly root: Pick<RootKey, 'wrap' | 'unwrap'>;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly algorithm: TokenAlgorithm;
}

const signingContext = (kid: string, algorithm: string) => ({
  purpose: 'session-signing-key',
  tenant: 'platform',
  kid,
  algorithm,
});
const namingContext = (kid: string) => ({ purpose: 'sign-in-naming-key', tenant: 'platform', kid });

/**
 * The installation's own keys for sessions, wrapped under the root key: those that sign access tokens, and one that names
 * identities and addresses in the count of failures without showing them. `refresh` is called at the start and every few
 * minutes: it makes what is missing, brings in what other processes made, and plans the successor of an old key.
 */
export class SessionKeys {
  readonly #options: SessionKeysOptions;
  #ring: KeyRing | null = null;
  #naming: SecretBytes | null = null;
  #issuer = '';

  constructor(options: SessionKeysOptions) {
    this.#options = options;
  }

  async refresh(installationId: string): Promise<void> {
    const [ring, naming] = await this.#options.store.locked(async (stored) => {
      const signing = await this.#settle(stored);
      const keys = signing.map((key) => ({
        ...key,
        privateKey: this.#options.root.unwrap(signingContext(key.kid, key.algorithm), {
          suite: key.suite,
          bytes: key.wrapped,
        }),
      }));
      return [new KeyRing(keys), await this.#namingOf(stored)] as const;
    });
    this.#issuer = installationId;
    // The former ring is let go and not disposed: a request may be signing with it at this moment.
    this.#ring = ring;
    this.#naming = naming;
  }

  /** What is stored after making what is missing and removing what verifies nothing any more. */
  async #settle(stored: SessionKeyTransaction) {
    const { algorithm } = this.#options;
    const now = stored.now.getTime();
    let signing = [...stored.signing];
    const newest = signing.at(-1);
    // Before the first key there is nobody who could know an older one: it signs at once.
    if (newest === undefined) signing.push(await this.#make(stored, new Date(now)));
    else if (newest.signsFrom.getTime() <= now) {
      const isOld = newest.signsFrom.getTime() + signsForMs - publishedBeforeMs <= now;
      if (isOld || newest.algorithm !== algorithm)
        signing.push(await this.#make(stored, new Date(now + publishedBeforeMs)));
    }
    for (const [index, key] of stored.signing.entries()) {
      const successor = signing[index + 1];
      if (successor === undefined || successor.signsFrom.getTime() + verifiedAfterMs > now) continue;
      await stored.remove(key.kid);
      signing = signing.filter(({ kid }) => kid !== key.kid);
    }
    return signing;
  }

  async #make(stored: SessionKeyTransaction, signsFrom: Date) {
    const { algorithm, root } = this.#options;
    const pair = generateSigningKey(algorithm);
    const { kid } = publicJwk(algorithm, pair.publicKey);
    const wrapped = root.wrap(signingContext(kid, algorithm), pair.privateKey);
    pair.privateKey.dispose();
    const key = {
      kid,
      algorithm,
      publicKey: pair.publicKey,
      suite: wrapped.suite,
      wrapped: wrapped.bytes,
      signsFrom,
    };
    await stored.insertSigning(key);
    return key;
  }

  async #namingOf(stored: SessionKeyTransaction): Promise<SecretBytes> {
    const { root, newId } = this.#options;
    const found = stored.naming;
    if (found !== null) return root.unwrap(namingContext(found.kid), { suite: found.suite, bytes: found.wrapped });
    const kid = newId<string>();
    const secret = SecretBytes.random(32);
    const wrapped = root.wrap(namingContext(kid), secret);
    await stored.insertNaming({ kid, suite: wrapped.suite, wrapped: wrapped.bytes });
    return secret;
  }

  async issue(claims: AccessTokenClaims & { readonly endsAt: Date }): Promise<IssuedToken> {
    const token = await issueAccessToken(this.#open, {
      ...claims,
      issuer: this.#issuer,
      now: this.#options.clock.now(),
    });
    if (token === null) throw identityErrors.IDENTITY_SESSIONS_UNAVAILABLE();
    return token;
  }

  /** Null for everything that is not a valid token of this installation. */
  read(text: string): AccessTokenClaims | null {
    return readAccessToken(this.#open, text, { issuer: this.#issuer, now: this.#options.clock.now() });
  }

  publicKeys(): readonly PublicJwk[] {
    return this.#open.publicKeys(this.#options.clock.now());
  }

  /** A name for `text` that only this installation can make: equal texts of a purpose have equal names. */
  nameOf(purpose: string, text: string): Uint8Array {
    if (this.#naming === null) throw identityErrors.IDENTITY_SESSIONS_UNAVAILABLE();
    return hmacSha256(this.#naming, Buffer.from(JSON.stringify([purpose, text]), 'utf8'));
  }

  clear(): void {
    this.#ring?.dispose();
    this.#naming?.dispose();
    this.#ring = null;
    this.#naming = null;
  }

  get #open(): KeyRing {
    if (this.#ring === null) throw identityErrors.IDENTITY_SESSIONS_UNAVAILABLE();
    return this.#ring;
  }
}
