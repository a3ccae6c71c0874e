// Composite ML-DSA of LAMPS: keys in three forms, a certificate, and one message signed with and without a context.
import {
  importSigningKey,
  privateKeyPkcs8,
  publicKeySpki,
  readPrivateKeyPkcs8,
  readPublicKeySpki,
  SecretBytes,
  type SignatureAlgorithm,
  signatureAlgorithms,
  verifySignatureAsync,
} from '@quantumvault/crypto';
import { checkCertificateSignature } from '@quantumvault/pki';
import { base64At, isObject, type Json, objectsAt, same, textAt } from '../json.ts';
import type { VectorSource } from '../source.ts';
import { Skip } from '../tally.ts';

const fields = ['tcId', 'pk', 'sk', 'sk_pkcs8', 's'];

function isSuite(json: unknown): json is Json {
  if (!isObject(json) || !Array.isArray(json.tests) || typeof json.m !== 'string') return false;
  const first: unknown = json.tests[0];
  return isObject(first) && fields.every((name) => name in first);
}

function algorithmOf(id: string): SignatureAlgorithm {
  const name = id.replace(/^id-/, '');
  const known = signatureAlgorithms.find((algorithm) => algorithm === name);
  if (known === undefined) throw new Skip(`${id} is not offered`);
  return known;
}

async function isRight(suite: Json, test: Json): Promise<boolean> {
  const algorithm = algorithmOf(textAt(test, 'tcId'));
  const [message, context, publicKey] = [base64At(suite, 'm'), base64At(suite, 'ctx'), base64At(test, 'pk')];
  using privateKey = SecretBytes.take(base64At(test, 'sk'));
  using der = SecretBytes.take(base64At(test, 'sk_pkcs8'));
  using key = importSigningKey({ algorithm, privateKey });
  using read = readPrivateKeyPkcs8(der).privateKey;
  using written = privateKeyPkcs8(algorithm, privateKey);
  const spki = publicKeySpki(algorithm, publicKey);
  const verifies = (signature: Uint8Array, options: { readonly context?: Uint8Array } = {}): Promise<boolean> =>
    verifySignatureAsync({ algorithm, publicKey, message, signature, ...options });
  const plain = base64At(test, 's');
  return (
    same(key.publicKey, publicKey) &&
    read.equals(privateKey) &&
    written.equals(der) &&
    same(readPublicKeySpki(spki).publicKey, publicKey) &&
    Buffer.from(base64At(test, 'x5c')).includes(spki) &&
    // The certificate signs itself, and shows the key that it was made for.
    (await checkCertificateSignature(base64At(test, 'x5c'), base64At(test, 'x5c'))) === 'genuine' &&
    (await verifies(plain)) &&
    (await verifies(base64At(test, 'sWithContext'), { context })) &&
    !(await verifies(plain, { context })) &&
    (await verifies(await key.signAsync(message)))
  );
}

export const compositeSignatures: VectorSource = {
  source: 'composite-mldsa',
  recognize: ({ json }) => (isSuite(json) ? 'vectors' : undefined),
  async run({ json }, tally) {
    if (!isSuite(json)) return;
    for (const test of objectsAt(json, 'tests')) await tally.run(textAt(test, 'tcId'), () => isRight(json, test));
  },
};
