/**
 * The IANA registry "TLS Supported Groups" with what a risk assessment must know of each group.
 * Names are spelled as the registry spells them: `x25519` and `secp256r1` in lower case, `X25519MLKEM768` mixed.
 * Sources: RFC 8422, RFC 7919, RFC 8446, RFC 8734, RFC 8998, RFC 9189, draft-ietf-tls-ecdhe-mlkem and
 * draft-ietf-tls-mlkem (code points assigned). Strengths: NIST SP 800-57 part 1 and FIPS 203.
 */
export type GroupKind = 'elliptic-curve' | 'finite-field' | 'pq-kem' | 'hybrid-kem';

export interface NamedGroup {
  readonly codePoint: number;
  readonly name: string;
  readonly kind: GroupKind;
  /** Strength against today's computers, in bits. */
  readonly classicalSecurityBits: number;
  /** NIST category 1..5 against a quantum computer, 0 when Shor's algorithm breaks the group. */
  readonly quantumSecurityLevel: 0 | 1 | 3 | 5;
  /** Whether TLS 1.3 may use it (RFC 8446 section 4.2.7 withdrew the small and binary curves). */
  readonly inTls13: boolean;
  /** Whether TLS 1.2 may use it; KEM groups exist only in TLS 1.3. */
  readonly inTls12: boolean;
  /** Whether CNSA 2.0 accepts it. X25519MLKEM768 is not CNSA 2.0; ML-KEM-1024 alone or in a hybrid is (INV-3a). */
  readonly isCnsa2: boolean;
}

type Row = readonly [codePoint: number, name: string, bits: number];

// Offered first where the client's order matters: post-quantum before classical, then by common use, then by code point.
const kemRows: readonly (readonly [number, string, GroupKind, number, 1 | 3 | 5, boolean])[] = [
  [0x11ec, 'X25519MLKEM768', 'hybrid-kem', 128, 3, false],
  [0x11eb, 'SecP256r1MLKEM768', 'hybrid-kem', 128, 3, false],
  [0x11ed, 'SecP384r1MLKEM1024', 'hybrid-kem', 192, 5, true],
  [0x11ee, 'curveSM2MLKEM768', 'hybrid-kem', 128, 3, false],
  [0x0202, 'MLKEM1024', 'pq-kem', 256, 5, true],
  [0x0201, 'MLKEM768', 'pq-kem', 192, 3, false],
  [0x0200, 'MLKEM512', 'pq-kem', 128, 1, false],
  // Drafts that browsers and CDNs shipped before FIPS 203; servers that still answer them need an update.
  [0x6399, 'X25519Kyber768Draft00', 'hybrid-kem', 128, 3, false],
  [0x639a, 'SecP256r1Kyber768Draft00', 'hybrid-kem', 128, 3, false],
];

const modernCurves: readonly Row[] = [
  [0x001d, 'x25519', 128],
  [0x0017, 'secp256r1', 128],
  [0x0018, 'secp384r1', 192],
  [0x0019, 'secp521r1', 256],
  [0x001e, 'x448', 224],
];

const tls13OnlyCurves: readonly Row[] = [
  [0x001f, 'brainpoolP256r1tls13', 128],
  [0x0020, 'brainpoolP384r1tls13', 192],
  [0x0021, 'brainpoolP512r1tls13', 256],
  [0x0029, 'curveSM2', 128],
];

const gostCurves: readonly Row[] = [
  [0x0022, 'GC256A', 128],
  [0x0023, 'GC256B', 128],
  [0x0024, 'GC256C', 128],
  [0x0025, 'GC256D', 128],
  [0x0026, 'GC512A', 256],
  [0x0027, 'GC512B', 256],
  [0x0028, 'GC512C', 256],
];

const finiteFields: readonly Row[] = [
  [0x0100, 'ffdhe2048', 112],
  [0x0101, 'ffdhe3072', 128],
  [0x0102, 'ffdhe4096', 152],
  [0x0103, 'ffdhe6144', 176],
  [0x0104, 'ffdhe8192', 192],
];

const tls12OnlyCurves: readonly Row[] = [
  [0x001a, 'brainpoolP256r1', 128],
  [0x001b, 'brainpoolP384r1', 192],
  [0x001c, 'brainpoolP512r1', 256],
  [0x0016, 'secp256k1', 128],
  [0x0015, 'secp224r1', 112],
  [0x0014, 'secp224k1', 112],
  [0x0013, 'secp192r1', 96],
  [0x0012, 'secp192k1', 96],
  [0x0011, 'secp160r2', 80],
  [0x0010, 'secp160r1', 80],
  [0x000f, 'secp160k1', 80],
  [0x000e, 'sect571r1', 256],
  [0x000d, 'sect571k1', 256],
  [0x000c, 'sect409r1', 192],
  [0x000b, 'sect409k1', 192],
  [0x000a, 'sect283r1', 128],
  [0x0009, 'sect283k1', 128],
  [0x0008, 'sect239k1', 112],
  [0x0007, 'sect233r1', 112],
  [0x0006, 'sect233k1', 112],
  [0x0005, 'sect193r2', 96],
  [0x0004, 'sect193r1', 96],
  [0x0003, 'sect163r2', 80],
  [0x0002, 'sect163r1', 80],
  [0x0001, 'sect163k1', 80],
];

// Parameters of the client's own choosing (RFC 4492, withdrawn by RFC 8422): strength unknown, so counted as none.
const explicitCurves: readonly Row[] = [
  [0xff01, 'arbitrary_explicit_prime_curves', 0],
  [0xff02, 'arbitrary_explicit_char2_curves', 0],
];

function classical(rows: readonly Row[], kind: GroupKind, inTls13: boolean, inTls12: boolean): NamedGroup[] {
  return rows.map(([codePoint, name, classicalSecurityBits]) => ({
    codePoint,
    name,
    kind,
    classicalSecurityBits,
    quantumSecurityLevel: 0,
    inTls13,
    inTls12,
    isCnsa2: false,
  }));
}

/** All groups, in the order in which probes offer them. */
export const namedGroups: readonly NamedGroup[] = [
  ...kemRows.map(
    ([codePoint, name, kind, classicalSecurityBits, quantumSecurityLevel, isCnsa2]): NamedGroup => ({
      codePoint,
      name,
      kind,
      classicalSecurityBits,
      quantumSecurityLevel,
      inTls13: true,
      inTls12: false,
      isCnsa2,
    }),
  ),
  ...classical(modernCurves, 'elliptic-curve', true, true),
  ...classical(tls13OnlyCurves, 'elliptic-curve', true, false),
  ...classical(gostCurves, 'elliptic-curve', true, true),
  ...classical(finiteFields, 'finite-field', true, true),
  ...classical(tls12OnlyCurves, 'elliptic-curve', false, true),
  ...classical(explicitCurves, 'elliptic-curve', false, false),
];

const byCodePoint = new Map(namedGroups.map((group) => [group.codePoint, group]));
const byName = new Map(namedGroups.map((group) => [group.name, group]));

/** The group of a registry name, exactly as the registry spells it. */
export function findGroup(name: string): NamedGroup | undefined {
  return byName.get(name);
}

export function findGroupByCodePoint(codePoint: number): NamedGroup | undefined {
  return byCodePoint.get(codePoint);
}

/** The registry name of a code point; an unassigned one is written `0xabcd`, never guessed (INV-4). */
export function groupName(codePoint: number): string {
  return byCodePoint.get(codePoint)?.name ?? hexCodePoint(codePoint);
}

export function isPostQuantumGroup(name: string): boolean {
  return (byName.get(name)?.quantumSecurityLevel ?? 0) > 0;
}

export function hexCodePoint(codePoint: number): string {
  return `0x${codePoint.toString(16).padStart(4, '0')}`;
}
