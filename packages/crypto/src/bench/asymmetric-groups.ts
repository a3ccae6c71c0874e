import { bareAgreement, bareKem, bareSignature } from '#native/bare-calls';
import { randomBytes } from '../hash.ts';
import { generateRecipient, hpkeSeal, importRecipient } from '../hpke/hpke.ts';
import { generateCompositeKemKey, generateKemKey, hpkeKems, kemEncapsulateTo, kemNames } from '../hpke/kems.ts';
import { hpkeSuites } from '../hpke/suites.ts';
import { agreementPublicKey, agreeOnSecret } from '../key-agreement.ts';
import { SecretBytes } from '../secret-bytes.ts';
import { generateSigningKeyAsync, importSigningKey, importVerifyKey } from '../signature.ts';
import { signatureAlgorithms, syncSignatureAlgorithms } from '../signature-schemes.ts';
import { type BenchGroup, rates } from './case.ts';

const message = randomBytes(400);
const info = randomBytes(48);
const aad = randomBytes(48);
const plaintext = randomBytes(32);

const isSync = (algorithm: string): boolean => syncSignatureAlgorithms.some((known) => known === algorithm);

const signatures: readonly BenchGroup[] = signatureAlgorithms.map((algorithm) => ({
  algorithm,
  prepare: async () => {
    const { privateKey, publicKey } = await generateSigningKeyAsync(algorithm);
    const key = importSigningKey({ algorithm, privateKey });
    const verifier = importVerifyKey({ algorithm, publicKey });
    const signature = await key.signAsync(message);
    // What can be done at once is measured at once; the others hop to a thread, as they do in use.
    const atOnce = isSync(algorithm);
    return rates(
      {
        generate: () => generateSigningKeyAsync(algorithm),
        sign: atOnce ? () => key.sign(message) : () => key.signAsync(message),
        verify: atOnce
          ? () => verifier.verify({ message, signature })
          : () => verifier.verifyAsync({ message, signature }),
      },
      bareSignature(algorithm, message),
    );
  },
}));

const kems: readonly BenchGroup[] = kemNames.map((algorithm) => ({
  algorithm,
  prepare: async () => {
    const generate = (): unknown =>
      Object.hasOwn(hpkeKems, algorithm) ? generateKemKey(algorithm) : generateCompositeKemKey(algorithm);
    const { key } = await (Object.hasOwn(hpkeKems, algorithm)
      ? generateKemKey(algorithm)
      : generateCompositeKemKey(algorithm));
    const { enc } = kemEncapsulateTo(algorithm, key.publicKey);
    return rates(
      {
        generate,
        encapsulate: () => kemEncapsulateTo(algorithm, key.publicKey).sharedSecret.dispose(),
        decapsulate: () => key.decapsulate(enc).dispose(),
      },
      bareKem(algorithm),
    );
  },
}));

const hpke: readonly BenchGroup[] = hpkeSuites.map((suite) => ({
  algorithm: suite,
  prepare: async () => {
    const { publicKey, privateKey } = generateRecipient(suite);
    const recipient = importRecipient(privateKey, suite);
    const { enc, ciphertext } = hpkeSeal({ suite, publicKey, info, aad, plaintext });
    return rates({
      generate: () => generateRecipient(suite).privateKey.dispose(),
      seal: () => hpkeSeal({ suite, publicKey, info, aad, plaintext }),
      open: () => recipient.open({ suite, enc, info, aad, ciphertext }),
    });
  },
}));

/** Scalars that are valid on their curve; P-521 has a bit to spare in its first byte. */
const scalars: Readonly<Record<string, number>> = { x25519: 32, x448: 56, secp256r1: 32, secp384r1: 48, secp521r1: 66 };

const agreements: readonly BenchGroup[] = Object.entries(scalars).map(([algorithm, length]) => ({
  algorithm,
  prepare: async () => {
    const scalar = (): SecretBytes => {
      const bytes = randomBytes(length);
      bytes[0] = algorithm === 'secp521r1' ? 0 : 1;
      return SecretBytes.take(bytes);
    };
    const privateKey = scalar();
    const peer = agreementPublicKey({ algorithm, privateKey: scalar() });
    return rates({ agree: () => agreeOnSecret({ algorithm, privateKey, peer }).dispose() }, bareAgreement(algorithm));
  },
}));

export const asymmetricGroups: readonly BenchGroup[] = [...signatures, ...kems, ...hpke, ...agreements];
