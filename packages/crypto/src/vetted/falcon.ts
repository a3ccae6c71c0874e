import { falcon512, falcon1024 } from '@noble/post-quantum/falcon.js';
import { falconAnswers } from './falcon-answers.ts';

/*
 * Falcon, which is to become FN-DSA (FIPS 206, a draft): OpenSSL does not have it, so @noble/post-quantum does it, in
 * JavaScript. It runs on a thread of its own (native/vetted-worker.ts). Signing works with floating-point numbers and is not
 * constant-time in any JavaScript: an experiment, for keys whose loss would not hurt.
 */

export const falconSets = {
  512: { publicKey: 897, secretKey: 1281, signatureMax: 752 },
  1024: { publicKey: 1793, secretKey: 2305, signatureMax: 1462 },
} as const;
export type FalconSet = keyof typeof falconSets;

const implementations = { 512: falcon512, 1024: falcon1024 } as const;

/** A fresh secret key, and the public key after it. */
export function falconGenerate(set: FalconSet): Uint8Array {
  const { secretKey, publicKey } = implementations[set].keygen();
  const both = new Uint8Array(secretKey.length + publicKey.length);
  both.set(secretKey);
  both.set(publicKey, secretKey.length);
  secretKey.fill(0);
  return both;
}

/**
 * A detached signature of round 3, compressed. It is verified under the public key that comes with the secret one, so that
 * neither a fault nor a mixed-up key gives anything away; undefined when it does not pass.
 */
export function falconSign(set: FalconSet, both: Uint8Array, message: Uint8Array): Uint8Array | undefined {
  const { secretKey } = falconSets[set];
  const signature = implementations[set].sign(message, both.subarray(0, secretKey));
  return falconVerify(set, both.subarray(secretKey), message, signature) ? signature : undefined;
}

/** Malformed keys and signatures are false. */
export function falconVerify(
  set: FalconSet,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  return implementations[set].verify(signature, message, publicKey);
}

const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));

/** Known answers of the round-3 submission: both pass, and neither with another message. */
export function falconSelfTest(answers: Readonly<Record<FalconSet, FalconAnswer>> = falconAnswers): boolean {
  return ([512, 1024] as const).every((set) => {
    const { publicKey, message, signature } = answers[set];
    const [key, text, signed] = [fromBase64(publicKey), fromBase64(message), fromBase64(signature)];
    const other = text.map((byte) => byte ^ 1);
    return falconVerify(set, key, text, signed) && !falconVerify(set, key, other, signed);
  });
}

export interface FalconAnswer {
  readonly publicKey: string;
  readonly message: string;
  readonly signature: string;
}
