import {
  importSigningKey,
  importVerifyKey,
  jwtHeader,
  type PublicJwk,
  publicJwk,
  type SecretBytes,
  type SigningKey,
  type VerifyKey,
} from '@quantumvault/crypto';

/** What access tokens are signed with: EdDSA by default, ML-DSA where an operator wants it (ACC-4). */
export const tokenAlgorithms = ['Ed25519', 'ML-DSA-65'] as const;
export type TokenAlgorithm = (typeof tokenAlgorithms)[number];

/** RFC 9068: an access token, and nothing else that this installation may ever sign, carries this type. */
export const accessTokenType = 'at+jwt';

/** Published this long before it signs: every process has read the keys anew by then. */
export const publishedBeforeMs = 10 * 60_000;
/** Verified this long after its successor signs: its last token lives five minutes, and clocks differ. */
export const verifiedAfterMs = 15 * 60_000;

export interface RingKey {
  readonly kid: string;
  readonly algorithm: TokenAlgorithm;
  readonly publicKey: Uint8Array;
  readonly signsFrom: Date;
  readonly privateKey: SecretBytes;
}

interface Known {
  readonly key: Omit<RingKey, 'privateKey'>;
  readonly verify: VerifyKey;
  readonly sign: SigningKey;
  readonly jwk: PublicJwk;
  /** When the next key began to sign; null for the newest. */
  readonly succeededAt: Date | null;
}

/**
 * The signing keys of the installation while they are in memory. A token is matched with its key by its header as text:
 * a header that is not, byte for byte, what this installation writes has no key (attack case 16).
 */
export class KeyRing {
  readonly #byHeader: ReadonlyMap<string, Known>;
  readonly #known: readonly Known[];

  /** Takes the private keys over; the caller's are disposed. */
  constructor(keys: readonly RingKey[]) {
    const inOrder = [...keys].sort((a, b) => a.signsFrom.getTime() - b.signsFrom.getTime());
    this.#known = inOrder.map(({ privateKey, ...key }, index) => {
      const sign = importSigningKey({ algorithm: key.algorithm, privateKey });
      privateKey.dispose();
      return {
        key,
        sign,
        verify: importVerifyKey({ algorithm: key.algorithm, publicKey: key.publicKey }),
        jwk: publicJwk(key.algorithm, key.publicKey),
        succeededAt: inOrder[index + 1]?.signsFrom ?? null,
      };
    });
    this.#byHeader = new Map(
      this.#known.map((known) => [jwtHeader({ ...known.key, typ: accessTokenType }), known] as const),
    );
  }

  /** The key that signs now; null when none has begun to. */
  signer(now: Date): SigningKey | null {
    return this.#known.findLast(({ key }) => key.signsFrom <= now)?.sign ?? null;
  }

  /** The key that a token with this first part must be verified with; null when it is none of ours, or no longer. */
  verifierOf(header: string, now: Date): VerifyKey | null {
    const known = this.#byHeader.get(header);
    return known === undefined || !isVerified(known, now) ? null : known.verify;
  }

  /** For `/.well-known/jwks.json`: what verifies now and what will. */
  publicKeys(now: Date): readonly PublicJwk[] {
    return this.#known.filter((known) => isVerified(known, now)).map(({ jwk }) => jwk);
  }

  /** When the newest key began, or will begin, to sign. */
  get newestFrom(): Date | null {
    return this.#known.at(-1)?.key.signsFrom ?? null;
  }

  dispose(): void {
    for (const { sign } of this.#known) sign.dispose();
  }
}

const isVerified = ({ succeededAt }: Known, now: Date): boolean =>
  succeededAt === null || now.getTime() < succeededAt.getTime() + verifiedAfterMs;
