import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { PasskeyAssertion, PasskeyAttestation, PasskeyCreation, PasskeyRequest } from '@quantumvault/api';
import { encode } from 'cborg';

export type SoftwareAlgorithm = 'ES256' | 'EdDSA' | 'ML-DSA-44';

/** One thing that an authenticator, or the page that asked it, does wrongly. */
export interface Misbehaviour {
  readonly origin?: string;
  readonly rpId?: string;
  readonly type?: string;
  readonly challenge?: string;
  readonly crossOrigin?: boolean;
  readonly isUserPresent?: boolean;
  readonly isUserVerified?: boolean;
  readonly signCount?: number;
  readonly attestationFormat?: string;
  readonly credentialId?: Uint8Array;
}

const sha256 = (bytes: Uint8Array | string): Uint8Array => createHash('sha256').update(bytes).digest();
const base64url = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64url');

interface Key {
  readonly privateKey: KeyObject;
  readonly cose: ReadonlyMap<number, number | Uint8Array>;
  readonly hash: string | null;
}

function newKey(algorithm: SoftwareAlgorithm): Key {
  if (algorithm === 'ES256') {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    const point = [x, y].map((part) => new Uint8Array(Buffer.from(part, 'base64url')));
    const cose = new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, point[0] ?? new Uint8Array()],
      [-3, point[1] ?? new Uint8Array()],
    ]);
    return { privateKey, cose, hash: 'sha256' };
  }
  if (algorithm === 'EdDSA') {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const x = new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'));
    const cose = new Map<number, number | Uint8Array>([
      [1, 1],
      [3, -8],
      [-1, 6],
      [-2, x],
    ]);
    return { privateKey, cose, hash: null };
  }
  const { publicKey, privateKey } = generateKeyPairSync('ml-dsa-44');
  const raw = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-1312));
  const cose = new Map<number, number | Uint8Array>([
    [1, 7],
    [3, -48],
    [-1, raw],
  ]);
  return { privateKey, cose, hash: null };
}

/** An authenticator in software, with one passkey: what a security key and a browser do together, and can be told to do wrongly. */
export class SoftwareAuthenticator {
  readonly credentialId: Uint8Array = new Uint8Array(randomBytes(32));
  readonly #key: Key;
  readonly #origin: string;
  /** Zero, and staying so, for one that is synchronised. */
  #signCount: number;
  #userHandle: string | undefined;

  constructor(options: { algorithm: SoftwareAlgorithm; origin: string; isCounting?: boolean }) {
    this.#key = newKey(options.algorithm);
    this.#origin = options.origin;
    this.#signCount = options.isCounting === false ? 0 : 1;
  }

  create(options: PasskeyCreation['options'], wrong: Misbehaviour = {}): PasskeyAttestation {
    this.#userHandle = options.user.id;
    const id = wrong.credentialId ?? this.credentialId;
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const attested = Buffer.concat([new Uint8Array(16), length, id, encode(this.#key.cose)]);
    const authData = Buffer.concat([this.#authenticatorData(options.rp.id, wrong, 0x40), attested]);
    const statement = wrong.attestationFormat === undefined ? {} : { x5c: [new Uint8Array(8)] };
    const object = new Map<string, unknown>([
      ['fmt', wrong.attestationFormat ?? 'none'],
      ['attStmt', statement],
      ['authData', new Uint8Array(authData)],
    ]);
    return {
      id: base64url(id),
      rawId: base64url(id),
      type: 'public-key',
      response: {
        clientDataJSON: base64url(this.#clientData('webauthn.create', options.challenge, wrong)),
        attestationObject: base64url(encode(object)),
        transports: ['internal'],
      },
    };
  }

  get(options: PasskeyRequest['options'], wrong: Misbehaviour = {}): PasskeyAssertion {
    if (this.#signCount > 0) this.#signCount += 1;
    const authData = this.#authenticatorData(options.rpId, wrong, 0);
    const clientData = this.#clientData('webauthn.get', options.challenge, wrong);
    const signature = sign(this.#key.hash, Buffer.concat([authData, sha256(clientData)]), this.#key.privateKey);
    return {
      id: base64url(this.credentialId),
      rawId: base64url(this.credentialId),
      type: 'public-key',
      response: {
        clientDataJSON: base64url(clientData),
        authenticatorData: base64url(authData),
        signature: base64url(signature),
        ...(this.#userHandle === undefined ? {} : { userHandle: this.#userHandle }),
      },
    };
  }

  #authenticatorData(rpId: string, wrong: Misbehaviour, flags: number): Uint8Array {
    const present = wrong.isUserPresent === false ? 0 : 0x01;
    const verified = wrong.isUserVerified === false ? 0 : 0x04;
    const count = Buffer.alloc(4);
    count.writeUInt32BE(wrong.signCount ?? this.#signCount);
    return Buffer.concat([sha256(wrong.rpId ?? rpId), Buffer.from([flags + present + verified]), count]);
  }

  #clientData(type: string, challenge: string, wrong: Misbehaviour): string {
    return JSON.stringify({
      type: wrong.type ?? type,
      challenge: wrong.challenge ?? challenge,
      origin: wrong.origin ?? this.#origin,
      crossOrigin: wrong.crossOrigin ?? false,
    });
  }
}
