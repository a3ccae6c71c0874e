import { CryptoError } from '../errors.ts';
import { classicalSignatures } from './classical-signatures.ts';
import type { AlgorithmEntry, AlgorithmStatusKind } from './entry.ts';
import { hashes } from './hashes.ts';
import { keyEstablishment } from './key-establishment.ts';
import { postQuantumSignatures } from './post-quantum-signatures.ts';
import { publicKeys } from './public-keys.ts';
import { symmetric } from './symmetric.ts';
import type { TransitionDocumentId } from './transitions.ts';

/**
 * Every algorithm the product knows (CRY-9): those it offers and those it only has to recognize in the wild. Policies,
 * inventory and console read this one list.
 */
export const algorithms: readonly AlgorithmEntry[] = Object.freeze([
  ...keyEstablishment,
  ...postQuantumSignatures,
  ...classicalSignatures,
  ...publicKeys,
  ...symmetric,
  ...hashes,
]);

const byId = new Map(algorithms.map((entry) => [entry.id, entry]));
const byName = new Map<string, AlgorithmEntry>();
const byTlsGroup = new Map<number, AlgorithmEntry>();
for (const entry of algorithms) {
  for (const name of [entry.id, ...entry.aliases, ...(entry.oid === undefined ? [] : [entry.oid])]) {
    const folded = name.toLowerCase();
    const other = byName.get(folded);
    // Two rows under one name would make a scan's verdict depend on the order of the tables.
    if (other !== undefined && other !== entry) throw new Error(`two algorithms share the name ${name}`);
    byName.set(folded, entry);
  }
  if (entry.tlsGroup !== undefined) byTlsGroup.set(entry.tlsGroup.code, entry);
}

/** The entry with exactly this id. Throws CRYPTO_ALGORITHM_UNKNOWN: stored data and policies name ids, never aliases. */
export function algorithm(id: string): AlgorithmEntry {
  const found = byId.get(id);
  if (found === undefined) throw new CryptoError('CRYPTO_ALGORITHM_UNKNOWN', 'the algorithm is not in the registry');
  return found;
}

/** Looks up what was found in the wild: an id, an alias (in any case) or a dotted OID. Undefined when unknown. */
export function findAlgorithm(idOrAliasOrOid: string): AlgorithmEntry | undefined {
  return byName.get(idOrAliasOrOid.toLowerCase());
}

/** The key exchange behind a TLS supported group, by IANA code point. */
export function findTlsGroup(code: number): AlgorithmEntry | undefined {
  return byTlsGroup.get(code);
}

export interface PublicKeyDescription {
  /** The algorithm of the SubjectPublicKeyInfo, dotted. */
  readonly oid: string;
  /** The named curve of an elliptic curve key, dotted. */
  readonly curveOid?: string | undefined;
  readonly modulusBits?: number | undefined;
}

/**
 * The entry of a certificate's public key: curve and RSA size decide where the OID alone does not. An RSA size between
 * two rows is judged as the next smaller one, so a key of 2047 bits counts as RSA-1536.
 */
export function findPublicKeyAlgorithm({
  oid,
  curveOid,
  modulusBits,
}: PublicKeyDescription): AlgorithmEntry | undefined {
  const generic = findAlgorithm(oid);
  if (generic?.id === 'EC' && curveOid !== undefined) {
    const curve = findAlgorithm(curveOid);
    return curve?.family === 'public-key' ? curve : generic;
  }
  if ((generic?.id === 'RSA' || generic?.id === 'RSA-PSS') && modulusBits !== undefined) {
    const sized = publicKeys.filter(
      ({ parameters: { modulusBits: bits } }) => typeof bits === 'number' && bits <= modulusBits,
    );
    return sized.at(-1) ?? publicKeys.find(({ id }) => id === 'RSA-512');
  }
  return generic;
}

const severity: Readonly<Record<AlgorithmStatusKind, number>> = {
  approved: 0,
  experimental: 1,
  deprecated: 2,
  disallowed: 3,
};

/**
 * What holds on `day` (YYYY-MM-DD): the strictest of the entry's status and of the transitions that have begun, seen
 * by all documents or by the ones named.
 */
export function statusAt(
  entry: AlgorithmEntry,
  day: string,
  documents?: readonly TransitionDocumentId[],
): AlgorithmStatusKind {
  const reached = entry.transitions
    .filter(({ from, document }) => from <= day && (documents === undefined || documents.includes(document)))
    .map(({ to }) => to);
  const { kind, from } = entry.status;
  // A status that comes from a document's table counts only where that document was asked for.
  const derived = entry.transitions.some(({ document }) => document === entry.status.source);
  const own: AlgorithmStatusKind = derived || (from !== undefined && from > day) ? 'approved' : kind;
  return reached.reduce<AlgorithmStatusKind>((worst, next) => (severity[next] > severity[worst] ? next : worst), own);
}
