import type { VettedLibrary } from './implementation.ts';
import type { TransitionDocumentId } from './transitions.ts';

export type AlgorithmFamily =
  | 'aead'
  | 'cipher'
  | 'composite-kem'
  | 'composite-signature'
  | 'deterministic-aead'
  | 'format-preserving'
  | 'hash'
  | 'hpke-suite'
  | 'hybrid-kem'
  | 'kdf'
  | 'kem'
  | 'key-agreement'
  | 'key-transport'
  | 'mac'
  | 'password-hash'
  | 'public-key'
  | 'random-access-aead'
  | 'secret-sharing'
  | 'signature'
  | 'xof';

export type AlgorithmStatusKind = 'approved' | 'deprecated' | 'disallowed' | 'experimental';

/**
 * The verdict in one line. With `from`, the kind holds from that day on and the algorithm counts as approved before
 * it: `{kind: 'deprecated', from: '2031-01-01'}` is fine until the end of 2030. {@link statusAt} does the comparison.
 */
export interface AlgorithmStatus {
  readonly kind: AlgorithmStatusKind;
  readonly from?: string;
  readonly source?: string;
}

/** What one document says about one algorithm. */
export interface AlgorithmTransition {
  readonly document: TransitionDocumentId;
  readonly to: 'deprecated' | 'disallowed';
  /** First day on which it holds, YYYY-MM-DD. */
  readonly from: string;
  readonly scope?: string;
}

export interface AlgorithmSizes {
  /** The largest possible, for RSA. */
  readonly publicKey?: number;
  readonly privateKey?: number;
  readonly seed?: number;
  /** The largest possible, where encodings vary (DER, Falcon). */
  readonly signature?: number;
  readonly ciphertext?: number;
  readonly sharedSecret?: number;
  readonly key?: number;
  readonly nonce?: number;
  readonly tag?: number;
  readonly digest?: number;
  readonly block?: number;
}

export interface AlgorithmEntry {
  /** The one name that is written; aliases are only read. */
  readonly id: string;
  readonly family: AlgorithmFamily;
  readonly parameters: Readonly<Record<string, string | number>>;
  /** In bytes. */
  readonly sizes: AlgorithmSizes;
  readonly oid?: string;
  /** Code point and spelling of the IANA registry of TLS supported groups. */
  readonly tlsGroup?: { readonly code: number; readonly name: string };
  readonly standard: string;
  readonly status: AlgorithmStatus;
  /** Dated statements of the documents we follow, the earliest first. */
  readonly transitions: readonly AlgorithmTransition[];
  /** Whether a large quantum computer breaks it: Shor's algorithm, not Grover's. */
  readonly quantumVulnerable: boolean;
  readonly classicalSecurityBits?: number;
  /** NIST category 1 to 5; 0 is none. */
  readonly quantumSecurityLevel?: number;
  /** `native`: the runtime's OpenSSL does it for this product today. `not-offered`: only recognized. */
  readonly implementation: 'native' | 'library' | 'not-offered';
  /** Only for what knows nothing else; nothing new is to be built on it. */
  readonly isLegacy?: boolean;
  /** With `library`: which one. */
  readonly library?: VettedLibrary;
  readonly aliases: readonly string[];
}

/** How the tables are written: what is usual may be left out. */
export type EntryInput = Pick<AlgorithmEntry, 'id' | 'family' | 'standard' | 'quantumVulnerable'> &
  Partial<AlgorithmEntry>;

export const approved: AlgorithmStatus = { kind: 'approved' };

/** Completes one row of a table. Without a status of its own, a row takes the earliest of its transitions. */
export function entry(input: EntryInput): AlgorithmEntry {
  const transitions = [...(input.transitions ?? [])].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  const first = transitions.find(({ document }) => /^(NIST|FIPS) /.test(document)) ?? transitions[0];
  const derived: AlgorithmStatus =
    first === undefined ? approved : { kind: first.to, from: first.from, source: first.document };
  return Object.freeze({
    parameters: {},
    sizes: {},
    implementation: 'not-offered',
    aliases: [],
    ...input,
    status: input.status ?? derived,
    transitions,
  });
}
