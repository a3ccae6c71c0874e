// Known answers of Falcon, round 3: a signed message is the length of the signature, the nonce, the message, the signature.
import { importSigningKey, importVerifyKey, SecretBytes } from '@quantumvault/crypto';
import { fromHex, same, VectorFormatError } from '../json.ts';
import type { VectorSource } from '../source.ts';
import { Skip } from '../tally.ts';

const nonceBytes = 40;

function degreeOf(text: string | undefined): number | undefined {
  const degree = /^# Falcon-(\d+)/m.exec(text ?? '')?.[1];
  return degree === undefined ? undefined : Number(degree);
}

function fieldOf(block: string, name: string): Uint8Array {
  const value = new RegExp(`^${name} = ([0-9A-Fa-f]*)\\s*$`, 'm').exec(block)?.[1];
  if (value === undefined) throw new VectorFormatError(`${name} is missing`);
  return fromHex(value);
}

function algorithmOf(degree: number): 'FN-DSA-512' | 'FN-DSA-1024' {
  if (degree === 512) return 'FN-DSA-512';
  if (degree === 1024) return 'FN-DSA-1024';
  throw new Skip(`Falcon-${degree} is not offered`);
}

/** The detached form: header of compressed signatures, nonce, and the signature without its own header. */
function detached(signed: Uint8Array, message: Uint8Array, degree: number): Uint8Array {
  const length = new DataView(signed.buffer, signed.byteOffset).getUint16(0);
  const [nonceEnd, messageEnd] = [2 + nonceBytes, 2 + nonceBytes + message.length];
  const signature = signed.subarray(messageEnd);
  const isWhole = signature.length === length && same(signed.subarray(nonceEnd, messageEnd), message);
  if (!isWhole || signature[0] !== 0x20 + Math.log2(degree)) throw new VectorFormatError('sm is no signed message');
  return new Uint8Array([0x30 + Math.log2(degree), ...signed.subarray(2, nonceEnd), ...signature.subarray(1)]);
}

/** The published signature is genuine, not for another message, and the published private key signs for the public one. */
async function isRight(block: string, degree: number): Promise<boolean> {
  const algorithm = algorithmOf(degree);
  const [message, publicKey, secretKey] = [fieldOf(block, 'msg'), fieldOf(block, 'pk'), fieldOf(block, 'sk')];
  const signature = detached(fieldOf(block, 'sm'), message, degree);
  const verifier = importVerifyKey({ algorithm, publicKey });
  using key = importSigningKey({
    algorithm,
    privateKey: SecretBytes.take(new Uint8Array([...secretKey, ...publicKey])),
  });
  const other = message.map((byte) => byte ^ 1);
  return (
    (await verifier.verifyAsync({ message, signature })) &&
    !(await verifier.verifyAsync({ message: other, signature })) &&
    (await verifier.verifyAsync({ message, signature: await key.signAsync(message) }))
  );
}

export const falcon: VectorSource = {
  source: 'falcon',
  recognize: ({ text }) => (degreeOf(text) === undefined ? undefined : 'vectors'),
  async run({ text }, tally) {
    const degree = degreeOf(text) ?? 0;
    const blocks = (text ?? '').split(/^count = /m).slice(1);
    for (const block of blocks) await tally.run(block.split(/\s/, 1)[0] ?? '', () => isRight(block, degree));
  },
};
