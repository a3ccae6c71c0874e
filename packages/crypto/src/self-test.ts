import { nativeGcmOpen, nativeGcmSeal } from '#native/aead';
import { nativeArgon2id } from '#native/argon2';
import { performsHere } from '#native/provider';
import { FloeKeys, floeSizes, floeSuite } from './floe/core.ts';
import { hkdfSha256, hmacSha256, hmacSha384, sha3_256, sha256, sha384Concat } from './hash.ts';
import { hpkeOpen, recipientPublicKey } from './hpke/hpke.ts';
import { type HpkeSuiteId, hpkeSuite, hpkeSuiteCategory5, hpkeSuiteCnsa } from './hpke/suites.ts';
import { importXwingPrivateKey, xwingDecapsulate } from './hpke/xwing.ts';
import { SecretBytes, secretAccess } from './secret-bytes.ts';
import { answers } from './self-test-answers.ts';
import { signatureTests } from './signature/self-test.ts';
import { generateSigningKey, importSigningKey, verifySignature } from './signature.ts';
import type { SignatureAlgorithm } from './signature-schemes.ts';
import { symmetricTests } from './symmetric/self-test.ts';

export interface SelfTestResult {
  /** Registry id. */
  readonly algorithm: string;
  readonly ok: boolean;
  readonly durationMs: number;
}

export interface SelfTestReport {
  readonly ok: boolean;
  readonly durationMs: number;
  readonly tests: readonly SelfTestResult[];
}

export interface SelfTest {
  readonly algorithm: string;
  /** Answers false, or throws, when the implementation is broken. */
  readonly run: () => boolean | Promise<boolean>;
}

// The same shape with wider types, so that a test can hand in wrong answers and see each check fail.
type Widened<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends readonly string[]
      ? readonly string[]
      : Widened<T[K]>;
};
export type KnownAnswers = Widened<typeof answers>;

const utf8 = new TextEncoder();

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function same(actual: Uint8Array, expectedHex: string): boolean {
  const expected = fromHex(expectedHex);
  return actual.length === expected.length && actual.every((byte, index) => byte === expected[index]);
}

function secretFromHex(text: string): SecretBytes {
  return SecretBytes.take(fromHex(text));
}

function flipped(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes);
  copy[copy.length >> 1] = (copy[copy.length >> 1] ?? 0) ^ 1;
  return copy;
}

/** A fresh key signs and verifies, and a changed message does not pass. Answers for hedged signing cannot be known. */
function signsAndVerifies(algorithm: SignatureAlgorithm): boolean {
  const message = utf8.encode('self-test');
  const pair = generateSigningKey(algorithm);
  using privateKey = pair.privateKey;
  using key = importSigningKey({ algorithm, privateKey });
  const signature = key.sign(message);
  const { publicKey } = pair;
  return (
    verifySignature({ algorithm, publicKey, message, signature }) &&
    !verifySignature({ algorithm, publicKey, message: flipped(message), signature })
  );
}

function gcm({ gcm: answer }: KnownAnswers): boolean {
  const key = fromHex(answer.key);
  const nonce = fromHex(answer.nonce);
  const aad = fromHex(answer.aad);
  const plaintext = fromHex(answer.plaintext);
  const sealed = new Uint8Array(plaintext.length + 16);
  nativeGcmSeal(key, nonce, aad, plaintext, sealed);
  const opened = nativeGcmOpen(key, nonce, aad, sealed);
  return (
    same(sealed, answer.sealed) &&
    opened !== undefined &&
    same(opened, answer.plaintext) &&
    nativeGcmOpen(key, nonce, aad, flipped(sealed)) === undefined
  );
}

/** Opens a published stream of three segments, and not when the last one takes the place of the second. */
function floe({ floe: answer }: KnownAnswers): boolean {
  using key = SecretBytes.take(new Uint8Array(floeSizes.key));
  const stream = fromHex(answer.stream);
  const segmentBytes = 40;
  using keys = FloeKeys.read({ key, aad: utf8.encode(answer.aad), segmentBytes }, stream.subarray(0, floeSizes.header));
  const segment = (position: number): Uint8Array[] => {
    const at = floeSizes.header + position * segmentBytes;
    return [stream.subarray(at, at + segmentBytes)];
  };
  const opened = [keys.open(0, false, segment(0)), keys.open(1, false, segment(1)), keys.open(2, true, segment(2))];
  const plaintext = Uint8Array.from(opened.flat().flatMap((piece) => [...piece]));
  return same(plaintext, answer.plaintext) && refuses(() => keys.open(1, true, segment(2)));
}

function refuses(run: () => unknown): boolean {
  try {
    run();
  } catch {
    return true;
  }
  return false;
}

function xwing(known: KnownAnswers): boolean {
  using seed = secretFromHex(known.xwing.seed);
  using secret = xwingDecapsulate(importXwingPrivateKey(seed), fromBase64(known.xwingCiphertext));
  return (
    same(sha256(recipientPublicKey(seed)), known.xwing.publicKeySha256) &&
    secret.open(secretAccess, (bytes) => same(bytes, known.xwing.sharedSecret))
  );
}

function hpke(known: KnownAnswers): boolean {
  using privateKey = secretFromHex(known.xwing.seed);
  const opened = hpkeOpen({
    suite: hpkeSuite,
    privateKey,
    enc: fromBase64(known.xwingCiphertext),
    info: utf8.encode(known.hpke.info),
    aad: utf8.encode(known.hpke.aad),
    ciphertext: fromHex(known.hpke.ciphertext),
  });
  return new TextDecoder().decode(opened) === known.hpke.plaintext;
}

function hpkeCategory5(suite: HpkeSuiteId, known: KnownAnswers['mlkem1024' | 'mlkem1024P384']): boolean {
  using privateKey = secretFromHex(known.seed);
  const [enc, info] = [fromBase64(known.enc), new Uint8Array(0)];
  const ciphertext = fromHex(known.ciphertext);
  return same(hpkeOpen({ suite, privateKey, enc, info, aad: fromHex(known.aad), ciphertext }), known.plaintext);
}

function mldsa(known: KnownAnswers): boolean {
  using privateKey = secretFromHex(known.mldsa.seed);
  using key = importSigningKey({ algorithm: 'ML-DSA-44', privateKey });
  const message = fromHex(known.mldsa.message);
  const signature = fromBase64(known.mldsaSignature);
  const check = { algorithm: 'ML-DSA-44', publicKey: key.publicKey, message } as const;
  const fresh = key.sign(message);
  return (
    same(sha256(key.publicKey), known.mldsa.publicKeySha256) &&
    verifySignature({ ...check, signature }) &&
    verifySignature({ ...check, signature: fresh }) &&
    !verifySignature({ ...check, signature: flipped(signature) })
  );
}

function ed25519({ ed25519: answer }: KnownAnswers): boolean {
  using privateKey = secretFromHex(answer.seed);
  using key = importSigningKey({ algorithm: 'Ed25519', privateKey });
  const message = fromHex(answer.message);
  const signature = fromHex(answer.signature);
  const check = { algorithm: 'Ed25519', publicKey: key.publicKey, message } as const;
  return (
    same(key.publicKey, answer.publicKey) &&
    same(key.sign(message), answer.signature) &&
    verifySignature({ ...check, signature }) &&
    !verifySignature({ ...check, signature: flipped(signature) })
  );
}

/** The larger sets share their code with ML-DSA-44, whose published signature is verified: key generation and a round. */
function largerMldsa(algorithm: 'ML-DSA-65' | 'ML-DSA-87', seed: string, publicKeySha256: string): boolean {
  using privateKey = secretFromHex(seed);
  using key = importSigningKey({ algorithm, privateKey });
  const message = utf8.encode('self-test');
  const check = { algorithm, publicKey: key.publicKey, message } as const;
  const signature = key.sign(message);
  return (
    same(sha256(key.publicKey), publicKeySha256) &&
    verifySignature({ ...check, signature }) &&
    !verifySignature({ ...check, signature: flipped(signature) })
  );
}

function ecdsa(
  algorithm: 'ECDSA-P256-SHA256' | 'ECDSA-P384-SHA384',
  answer: { readonly publicKey: string; readonly signature: string },
): boolean {
  const check = { algorithm, publicKey: fromHex(answer.publicKey) } as const;
  const signature = fromHex(answer.signature);
  return (
    verifySignature({ ...check, message: utf8.encode('sample'), signature }) &&
    !verifySignature({ ...check, message: utf8.encode('simple'), signature }) &&
    signsAndVerifies(algorithm)
  );
}

async function argon2id(known: KnownAnswers): Promise<boolean> {
  const tag = await nativeArgon2id({
    message: new Uint8Array(32).fill(1),
    salt: new Uint8Array(16).fill(2),
    secret: new Uint8Array(8).fill(3),
    associatedData: new Uint8Array(12).fill(4),
    memoryKib: 32,
    passes: 3,
    parallelism: 4,
    tagLength: 32,
  });
  return same(tag, known.argon2id);
}

function hkdf(known: KnownAnswers): boolean {
  using ikm = SecretBytes.take(new Uint8Array(22).fill(0x0b));
  using okm = hkdfSha256({
    ikm,
    salt: fromHex('000102030405060708090a0b0c'),
    info: fromHex('f0f1f2f3f4f5f6f7f8f9'),
    length: 42,
  });
  return okm.open(secretAccess, (bytes) => same(bytes, known.hkdf));
}

/** The tests of every algorithm that the registry calls native and that this package itself performs here. */
export function knownAnswerTests(known: KnownAnswers = answers): readonly SelfTest[] {
  const abc = utf8.encode('abc');
  const tests: readonly SelfTest[] = [
    { algorithm: 'SHA-256', run: () => same(sha256(abc), known.sha256) },
    { algorithm: 'SHA3-256', run: () => same(sha3_256(abc), known.sha3) },
    {
      algorithm: 'HMAC-SHA256',
      run: () =>
        same(hmacSha256(SecretBytes.fromUtf8('Jefe'), utf8.encode('what do ya want for nothing?')), known.hmac),
    },
    { algorithm: 'SHA-384', run: () => same(sha384Concat([utf8.encode('a'), utf8.encode('bc')]), known.sha384) },
    {
      algorithm: 'HMAC-SHA384',
      run: () =>
        same(hmacSha384(SecretBytes.fromUtf8('Jefe'), utf8.encode('what do ya want for nothing?')), known.hmac384),
    },
    { algorithm: 'HKDF-SHA256', run: () => hkdf(known) },
    { algorithm: 'AES-256-GCM', run: () => gcm(known) },
    ...symmetricTests(known),
    { algorithm: floeSuite, run: () => floe(known) },
    { algorithm: 'X-Wing', run: () => xwing(known) },
    { algorithm: hpkeSuite, run: () => hpke(known) },
    { algorithm: hpkeSuiteCnsa, run: () => hpkeCategory5(hpkeSuiteCnsa, known.mlkem1024) },
    { algorithm: hpkeSuiteCategory5, run: () => hpkeCategory5(hpkeSuiteCategory5, known.mlkem1024P384) },
    { algorithm: 'Ed25519', run: () => ed25519(known) },
    { algorithm: 'ML-DSA-44', run: () => mldsa(known) },
    {
      algorithm: 'ML-DSA-65',
      run: () => largerMldsa('ML-DSA-65', known.mldsa.seed, known.mldsa65PublicKeySha256),
    },
    {
      algorithm: 'ML-DSA-87',
      run: () => largerMldsa('ML-DSA-87', known.mldsa.seed, known.mldsa87PublicKeySha256),
    },
    { algorithm: 'ECDSA-P256-SHA256', run: () => ecdsa('ECDSA-P256-SHA256', known.ecdsa) },
    { algorithm: 'ECDSA-P384-SHA384', run: () => ecdsa('ECDSA-P384-SHA384', known.ecdsa384) },
    ...signatureTests(known),
    { algorithm: 'Argon2id', run: () => argon2id(known) },
  ];
  return tests.filter(({ algorithm }) => performsHere(algorithm));
}

/**
 * Runs the known-answer tests, one after the other, in well under 300 ms (CRY-10). Call it at boot and stop the
 * process when `ok` is false. It never rejects: a test that throws has failed. `now` is a monotonic clock in
 * milliseconds.
 */
export async function runSelfTests(
  tests: readonly SelfTest[] = knownAnswerTests(),
  now: () => number = () => performance.now(),
): Promise<SelfTestReport> {
  const begun = now();
  const results: SelfTestResult[] = [];
  for (const { algorithm, run } of tests) {
    const start = now();
    let ok = false;
    try {
      ok = await run();
    } catch {
      // The reason would be OpenSSL's; that the answer is wrong is all a boot needs to know.
    }
    results.push({ algorithm, ok, durationMs: now() - start });
  }
  return { ok: results.length > 0 && results.every((result) => result.ok), durationMs: now() - begun, tests: results };
}
