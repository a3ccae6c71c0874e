import {
  CryptoError,
  constantTimeEqual,
  KeyShare,
  keyShareAlgorithms,
  openTlsRecord,
  tlsHash,
  tlsMac,
} from '@quantumvault/crypto';
import { type ClientShare, clientShare, type HandshakePrimitives, InventoryError } from '@quantumvault/inventory';

/** The runtime's cryptography in the form that the pure reader of handshakes takes it. */
export const handshakePrimitives: HandshakePrimitives = {
  hash: tlsHash,
  mac: tlsMac,
  isEqual: constantTimeEqual,
  open: (record) => {
    try {
      return openTlsRecord(record);
    } catch (error) {
      if (error instanceof CryptoError) return undefined;
      throw error;
    }
  },
};

/**
 * The key shares of one scan, made when they are first needed and used for all of its handshakes: none of them carries
 * data, so there is nothing that a share of its own would protect. Two scans never share one.
 */
export class ProbeShares {
  readonly #keys = new Map<string, ClientShare>();
  readonly #groups = new Map<number, ClientShare | undefined>();

  /** The share of a group, or undefined when none can be made (finite fields, drafts, brainpool). */
  readonly of = (group: number): ClientShare | undefined => {
    if (!this.#groups.has(group))
      this.#groups.set(
        group,
        clientShare(group, (algorithm) => this.#part(algorithm)),
      );
    return this.#groups.get(group);
  };

  #part(algorithm: string): ClientShare {
    const known = this.#keys.get(algorithm);
    if (known !== undefined) return known;
    const id = keyShareAlgorithms.find((candidate) => candidate === algorithm);
    if (id === undefined) throw new RangeError(`no key share of ${algorithm} can be made`);
    const key = KeyShare.generate(id);
    const share = { publicKey: key.publicKey, agree: (answer: Uint8Array) => agree(key, answer) };
    this.#keys.set(algorithm, share);
    return share;
  }
}

// A point off its curve is the server's malformed message, not an error of ours.
function agree(key: KeyShare, answer: Uint8Array): Uint8Array {
  try {
    return key.agree(answer);
  } catch (cause) {
    if (!(cause instanceof CryptoError)) throw cause;
    throw new InventoryError('INVENTORY_TLS_MALFORMED', `The TLS message is malformed: ${cause.message}.`, { cause });
  }
}
