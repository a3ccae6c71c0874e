// Known answers of the signatures that take the pool, for the boot; `self-test.ts` runs them with the others.

import { sha256 } from '../hash.ts';
import { SecretBytes } from '../secret-bytes.ts';
import { generateSigningKeyAsync, importSigningKey, importVerifyKey, type VerifyKey } from '../signature.ts';
import type { SignatureAlgorithm } from '../signature-schemes.ts';
import type { signatureAnswers } from './self-test-answers.ts';

type Widened<T> = { readonly [K in keyof T]: T[K] extends string ? string : Widened<T[K]> };
type Answers = Widened<typeof signatureAnswers>;

interface NamedTest {
  readonly algorithm: string;
  readonly run: () => Promise<boolean>;
}

interface Signed {
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly context: Uint8Array | undefined;
}

const utf8 = new TextEncoder();

const fromHex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
const changed = (bytes: Uint8Array, at: number): Uint8Array => bytes.with(at, 255 - (bytes.at(at) ?? 0));

/** The signature passes; with a byte changed at its beginning or end, or for another message, it does not. */
async function passes(key: VerifyKey, { signature, message, context }: Signed): Promise<boolean> {
  const attempts = [
    { signature, message, context },
    { signature: changed(signature, 0), message, context },
    { signature: changed(signature, -1), message, context },
    { signature, message: changed(message, 0), context },
  ];
  const outcomes = await Promise.all(attempts.map((attempt) => key.verifyAsync(attempt)));
  return outcomes.every((isGenuine, index) => isGenuine === (index === 0));
}

/** A fresh key signs what passes: answers for hedged signing cannot be known. */
async function signsAndVerifies(algorithm: SignatureAlgorithm): Promise<boolean> {
  const pair = await generateSigningKeyAsync(algorithm);
  using privateKey = pair.privateKey;
  using key = importSigningKey({ algorithm, privateKey });
  const message = utf8.encode('self-test');
  return passes(importVerifyKey(pair), { message, context: undefined, signature: await key.signAsync(message) });
}

async function ecdsa521({ ecdsa521: answer }: Answers): Promise<boolean> {
  const algorithm = 'ECDSA-P521-SHA512';
  const key = importVerifyKey({ algorithm, publicKey: fromHex(answer.publicKey) });
  const signed = { message: utf8.encode('sample'), context: undefined, signature: fromHex(answer.signature) };
  return (await passes(key, signed)) && (await signsAndVerifies(algorithm));
}

function rsa(algorithm: 'RSA-PSS-SHA256' | 'RSA-PKCS1-SHA256', publicKey: string, signature: string): Promise<boolean> {
  const key = importVerifyKey({ algorithm, publicKey: fromBase64(publicKey) });
  return passes(key, { message: utf8.encode('self-test'), context: undefined, signature: fromBase64(signature) });
}

/** The published key pair and signature, and a round of its own. */
async function composite(
  algorithm: SignatureAlgorithm,
  answer: Answers['compositeEd25519'],
  known: Answers,
): Promise<boolean> {
  using privateKey = SecretBytes.take(fromHex(answer.privateKey));
  using key = importSigningKey({ algorithm, privateKey });
  const digest = sha256(key.publicKey);
  const isKey = fromHex(answer.publicKeySha256).every((byte, index) => byte === digest[index]);
  const message = utf8.encode(known.compositeMessage);
  const context = utf8.encode(known.compositeContext);
  const verifier = importVerifyKey(key);
  const fresh = await key.signAsync(message, { context });
  return (
    isKey &&
    (await passes(verifier, { message, context, signature: fromBase64(answer.signature) })) &&
    (await passes(verifier, { message, context, signature: fresh }))
  );
}

/** CRY-10: verification alone, because signing takes a quarter of a second and more. */
function slhDsa(algorithm: SignatureAlgorithm, answer: Answers['slhDsaSha2']): Promise<boolean> {
  const key = importVerifyKey({ algorithm, publicKey: fromHex(answer.publicKey) });
  const [message, context] = [fromHex(answer.message), fromHex(answer.context)];
  return passes(key, { message, context, signature: fromBase64(answer.signature) });
}

/**
 * The tests of this folder, by registry id. One set of SLH-DSA stands for each hash: the others are the same code with other
 * numbers. RSA keys take too long to make. Falcon tests itself before its first use (vetted/task.ts).
 */
export function signatureTests(known: Answers): readonly NamedTest[] {
  const { rsa: answer, compositeEd25519, compositeP256 } = known;
  return [
    { algorithm: 'ECDSA-P521-SHA512', run: () => ecdsa521(known) },
    { algorithm: 'RSA-PSS-SHA256', run: () => rsa('RSA-PSS-SHA256', answer.publicKey, answer.pss) },
    { algorithm: 'RSA-PKCS1-SHA256', run: () => rsa('RSA-PKCS1-SHA256', answer.publicKey, answer.pkcs1) },
    {
      algorithm: 'MLDSA65-Ed25519-SHA512',
      run: () => composite('MLDSA65-Ed25519-SHA512', compositeEd25519, known),
    },
    {
      algorithm: 'MLDSA44-ECDSA-P256-SHA256',
      run: () => composite('MLDSA44-ECDSA-P256-SHA256', compositeP256, known),
    },
    ...(['MLDSA65-ECDSA-P384-SHA512', 'MLDSA87-ECDSA-P521-SHA512'] as const).map((algorithm) => ({
      algorithm,
      run: () => signsAndVerifies(algorithm),
    })),
    { algorithm: 'SLH-DSA-SHA2-128s', run: () => slhDsa('SLH-DSA-SHA2-128s', known.slhDsaSha2) },
    { algorithm: 'SLH-DSA-SHAKE-128s', run: () => slhDsa('SLH-DSA-SHAKE-128s', known.slhDsaShake) },
  ];
}
