import { verifySignatureAsync } from '@quantumvault/crypto';
import { type Signer, SignerError, type SignerErrorCode } from './signer.ts';

/** A signer under test, and what its maker knows of its key from elsewhere. */
export interface SignerSubject {
  readonly signer: Signer;
  /** The raw public key, as `verifySignatureAsync` takes it. */
  readonly rawPublicKey: Uint8Array;
  /** Whether the algorithm takes a context. */
  readonly hasContext: boolean;
}

/** One rule of the port. `run` throws when the signer breaks it; it knows no test runner. */
export interface SignerContract {
  readonly rule: string;
  /** `open` gives a fresh handle on one and the same key at every call. */
  run(open: () => Promise<SignerSubject>): Promise<void>;
}

const none = new Uint8Array(0);
const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const message = text('to be signed');

/** The contract suite: every adapter runs every rule for every algorithm it offers. */
export const signerContract: readonly SignerContract[] = [
  {
    rule: 'a signature verifies with the published key, over the message itself',
    run: async (open) => {
      const { signer, rawPublicKey } = await open();
      const { algorithm } = signer;
      const signature = await signer.sign(message, { context: none });
      check(await verifySignatureAsync({ algorithm, publicKey: rawPublicKey, message, signature }), 'the signature');
      const other = text('to be signeD');
      check(
        !(await verifySignatureAsync({ algorithm, publicKey: rawPublicKey, message: other, signature })),
        'another message',
      );
    },
  },
  {
    rule: 'the public key is a SubjectPublicKeyInfo that ends with the raw key, and stays what it is',
    run: async (open) => {
      const { signer, rawPublicKey } = await open();
      const { publicKey } = signer;
      check(publicKey[0] === 0x30 && publicKey.length > rawPublicKey.length, 'a SEQUENCE around the key');
      check(same(publicKey.subarray(-rawPublicKey.length), rawPublicKey), 'the key at its end');
      await signer.sign(message, { context: none });
      check(same(signer.publicKey, publicKey), 'the same after signing');
      check(same((await open()).signer.publicKey, publicKey), 'the same for the next opener');
    },
  },
  {
    rule: 'an empty message is signed as any other',
    run: async (open) => {
      const { signer, rawPublicKey } = await open();
      const signature = await signer.sign(none, { context: none });
      const { algorithm } = signer;
      check(
        await verifySignatureAsync({ algorithm, publicKey: rawPublicKey, message: none, signature }),
        'the signature',
      );
    },
  },
  {
    rule: 'a context is bound to the signature, or refused by an algorithm that has none',
    run: async (open) => {
      const { signer, rawPublicKey, hasContext } = await open();
      const context = text('one use');
      if (!hasContext) return refused(signer, context, 'SIGNER_CONTEXT_UNSUPPORTED');
      const signature = await signer.sign(message, { context });
      const input = { algorithm: signer.algorithm, publicKey: rawPublicKey, message, signature };
      check(await verifySignatureAsync({ ...input, context }), 'with its context');
      check(!(await verifySignatureAsync(input)), 'without its context');
      return refused(signer, new Uint8Array(256), 'SIGNER_LIMIT');
    },
  },
  {
    rule: 'what is handed in is not changed, and many signatures at once do not mix',
    run: async (open) => {
      const { signer, rawPublicKey } = await open();
      const messages = Array.from({ length: 8 }, (_, index) => text(`message ${index}`));
      const before = messages.map((each) => each.slice());
      const signatures = await Promise.all(messages.map((each) => signer.sign(each, { context: none })));
      for (const [index, each] of before.entries()) {
        check(same(messages[index] ?? none, each), 'the message');
        const signature = signatures[index] ?? none;
        const { algorithm } = signer;
        check(
          await verifySignatureAsync({ algorithm, publicKey: rawPublicKey, message: each, signature }),
          `signature ${index}`,
        );
      }
    },
  },
];

async function refused(signer: Signer, context: Uint8Array, code: SignerErrorCode): Promise<void> {
  try {
    await signer.sign(message, { context });
  } catch (error) {
    return check(error instanceof SignerError && error.code === code, `${code} and no other error`);
  }
  check(false, `${code} instead of a signature`);
}

const same = (left: Uint8Array, right: Uint8Array): boolean =>
  left.length === right.length && left.every((byte, index) => byte === right[index]);

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(`the signer breaks its contract: ${what}`);
}
