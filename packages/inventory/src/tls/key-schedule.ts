/**
 * The key schedule of TLS 1.3 (RFC 8446 section 7.1) as far as a client needs it to read a server's handshake. Only the
 * structure is here: hashes, MACs and ciphers come from outside, because this package has none.
 *
 * The danger: these are the keys of a handshake that looks at a server and sends nothing. They are plain bytes, not erased
 * and not fit to protect anything.
 */
import { findSuiteByCodePoint } from './cipher-suites.ts';

export type ScheduleHash = 'sha256' | 'sha384';

/** Record protections of TLS 1.3 by their registry ids. */
export type ScheduleCipher = 'AES-128-GCM' | 'AES-256-GCM' | 'ChaCha20-Poly1305' | 'AES-128-CCM' | 'AES-128-CCM-8';

/** What the caller brings. */
export interface HandshakePrimitives {
  readonly hash: (hash: ScheduleHash, bytes: Uint8Array) => Uint8Array;
  readonly mac: (hash: ScheduleHash, key: Uint8Array, bytes: Uint8Array) => Uint8Array;
  /** The plaintext of a protected record, or undefined when it does not open. */
  readonly open: (input: ProtectedRecord) => Uint8Array | undefined;
  readonly isEqual: (left: Uint8Array, right: Uint8Array) => boolean;
}

export interface ProtectedRecord {
  readonly cipher: ScheduleCipher;
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly aad: Uint8Array;
  readonly sealed: Uint8Array;
}

export interface SuiteProtection {
  readonly hash: ScheduleHash;
  readonly cipher: ScheduleCipher;
  readonly keyBytes: number;
}

const protections: ReadonlyMap<string, SuiteProtection> = new Map([
  ['TLS_AES_128_GCM_SHA256', { hash: 'sha256', cipher: 'AES-128-GCM', keyBytes: 16 }],
  ['TLS_AES_256_GCM_SHA384', { hash: 'sha384', cipher: 'AES-256-GCM', keyBytes: 32 }],
  ['TLS_CHACHA20_POLY1305_SHA256', { hash: 'sha256', cipher: 'ChaCha20-Poly1305', keyBytes: 32 }],
  ['TLS_AES_128_CCM_SHA256', { hash: 'sha256', cipher: 'AES-128-CCM', keyBytes: 16 }],
  ['TLS_AES_128_CCM_8_SHA256', { hash: 'sha256', cipher: 'AES-128-CCM-8', keyBytes: 16 }],
]);

/** How a suite protects records, or undefined for one that can be found but not read (SM4, GOST, AEGIS). */
export function suiteProtection(suite: number): SuiteProtection | undefined {
  return protections.get(findSuiteByCodePoint(suite)?.name ?? '');
}

const utf8 = new TextEncoder();
const empty = new Uint8Array(0);
const nonceBytes = 12;
const hashBytes = { sha256: 32, sha384: 48 } as const;

/** HKDF-Expand-Label; every output here fits one block of the hash, so one MAC makes it. */
export function expandLabel(
  primitives: HandshakePrimitives,
  hash: ScheduleHash,
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number = hashBytes[hash],
): Uint8Array {
  const name = utf8.encode(`tls13 ${label}`);
  const info = new Uint8Array(2 + 1 + name.length + 1 + context.length + 1);
  info[1] = length;
  info[2] = name.length;
  info.set(name, 3);
  info[3 + name.length] = context.length;
  info.set(context, 4 + name.length);
  info[info.length - 1] = 1; // the block counter of HKDF-Expand
  return primitives.mac(hash, secret, info).subarray(0, length);
}

/** The salt under which the agreed secret is extracted: without a pre-shared key it depends on the hash alone. */
export function handshakeSalt(primitives: HandshakePrimitives, hash: ScheduleHash): Uint8Array {
  const zeros = new Uint8Array(hashBytes[hash]);
  const early = primitives.mac(hash, zeros, zeros);
  return expandLabel(primitives, hash, early, 'derived', primitives.hash(hash, empty));
}

export interface ServerTrafficKeys {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly finishedKey: Uint8Array;
}

/** What opens the server's handshake records. `transcriptHash` ends with the ServerHello. */
export function serverHandshakeKeys(
  primitives: HandshakePrimitives,
  { hash, keyBytes }: SuiteProtection,
  sharedSecret: Uint8Array,
  transcriptHash: Uint8Array,
): ServerTrafficKeys {
  const handshakeSecret = primitives.mac(hash, saltOf(primitives, hash), sharedSecret);
  const traffic = expandLabel(primitives, hash, handshakeSecret, 's hs traffic', transcriptHash);
  return {
    key: expandLabel(primitives, hash, traffic, 'key', empty, keyBytes),
    iv: expandLabel(primitives, hash, traffic, 'iv', empty, nonceBytes),
    finishedKey: expandLabel(primitives, hash, traffic, 'finished', empty),
  };
}

/** The nonce of a record: its number, written into the last bytes of the IV (RFC 8446 section 5.3). */
export function recordNonce(iv: Uint8Array, sequence: number): Uint8Array {
  const nonce = iv.slice();
  let rest = sequence;
  for (let index = nonce.length - 1; rest > 0 && index >= 0; index--) {
    nonce[index] = (nonce[index] ?? 0) ^ (rest & 0xff);
    rest = Math.floor(rest / 256);
  }
  return nonce;
}

// The salt is a constant of the hash; a scan needs it thousands of times.
const salts = new WeakMap<HandshakePrimitives, Map<ScheduleHash, Uint8Array>>();

function saltOf(primitives: HandshakePrimitives, hash: ScheduleHash): Uint8Array {
  const known = salts.get(primitives) ?? new Map<ScheduleHash, Uint8Array>();
  const salt = known.get(hash) ?? handshakeSalt(primitives, hash);
  known.set(hash, salt);
  salts.set(primitives, known);
  return salt;
}
