import type { SignatureAlgorithm } from '../../../../packages/crypto/src/index.ts';
import { EnvelopeError } from '../../../../packages/envelope/src/errors.ts';
import { readDetachedSignature, signContent } from '../../../../packages/envelope/src/signature/detached.ts';
import { readEnvelopeSignature } from '../../../../packages/envelope/src/signature/read-signature.ts';
import {
  frameSignaturePart,
  unframeSignaturePart,
} from '../../../../packages/envelope/src/signature/signature-part.ts';
import { signerOfKey } from '../../../../packages/envelope/src/signature/signer.ts';
import {
  formatSigner,
  formatSigningKeyFile,
  generateSigner,
  parseSigner,
  parseSigningKeyFile,
} from '../../../../packages/envelope/src/text/signer-text.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { promise, same, unlessRefused, unlessRefusedLater } from '../outcome.ts';
import { expected } from './samples.ts';

const latin1 = new TextDecoder('latin1');

/** One of each form by this algorithm, whose signatures have so many bytes. */
async function samplesOf(algorithm: SignatureAlgorithm, signatureBytes: number): Promise<readonly Uint8Array[]> {
  const generated = await generateSigner(algorithm);
  const file = formatSigningKeyFile(generated, '2026-11-24T12:00:00Z');
  const [key] = parseSigningKeyFile(file.slice());
  if (key === undefined) throw new Error('the file has no key');
  const { tenant, context } = expected;
  const facts = { tenant, context, purpose: 'release', createdAt: 1_764_115_200_000 };
  return [
    await signContent([new Uint8Array(5)], { ...facts, signer: signerOfKey(key) }),
    Buffer.concat(frameSignaturePart({ algorithm, signature: new Uint8Array(signatureBytes) })),
    new TextEncoder().encode(formatSigner(generated.signer)),
    file,
  ];
}

/** Signature parts, signature files, and the texts of signers and signing keys. */
export async function makeTarget(): Promise<FuzzTarget> {
  return {
    bytesMax: 8192,
    samples: [...(await samplesOf('Ed25519', 64)), ...(await samplesOf('MLDSA65-Ed25519-SHA512', 3373))],
    async run(bytes) {
      unlessRefused(EnvelopeError, () => readDetachedSignature(bytes));
      const part = unlessRefused(EnvelopeError, () => unframeSignaturePart(bytes));
      const isSame = part === undefined || same(Buffer.concat(frameSignaturePart(part)), bytes);
      promise(isSame, 'a signature part has a second spelling');
      const source = {
        size: bytes.length,
        read: (offset: number, length: number) => Promise.resolve(bytes.subarray(offset, offset + length)),
      };
      const found = await unlessRefusedLater(EnvelopeError, () => readEnvelopeSignature(source));
      promise((found?.partBytes ?? 0) <= bytes.length, 'a signature is longer than its envelope');
      const signer = unlessRefused(EnvelopeError, () => parseSigner(latin1.decode(bytes)));
      const isText = signer === undefined || formatSigner(signer) === latin1.decode(bytes).toLowerCase();
      promise(isText, 'a signer has a second spelling');
      unlessRefused(EnvelopeError, () => parseSigningKeyFile(bytes.slice()));
    },
  };
}
