/*
 * PKCS#8 (RFC 5958) as browsers read and write it: a curve's private key (RFC 5915) and the three forms of ML-DSA's (RFC
 * 9881). OpenSSL does this in Node, so that the files above both are the same.
 */
import { concat, DerReader, derOid, derTag, derValue } from '../der.ts';

export type SigningCurve = 'P-256' | 'P-384' | 'P-521';
export type MlDsaType = 'ml-dsa-44' | 'ml-dsa-65' | 'ml-dsa-87';

const ecPublicKey = derOid('1.2.840.10045.2.1');
const curves: ReadonlyMap<SigningCurve, { readonly oid: Uint8Array; readonly scalarBytes: number }> = new Map([
  ['P-256', { oid: derOid('1.2.840.10045.3.1.7'), scalarBytes: 32 }],
  ['P-384', { oid: derOid('1.3.132.0.34'), scalarBytes: 48 }],
  ['P-521', { oid: derOid('1.3.132.0.35'), scalarBytes: 66 }],
]);
const mlDsas: ReadonlyMap<MlDsaType, Uint8Array> = new Map([
  ['ml-dsa-44', derOid('2.16.840.1.101.3.4.3.17')],
  ['ml-dsa-65', derOid('2.16.840.1.101.3.4.3.18')],
  ['ml-dsa-87', derOid('2.16.840.1.101.3.4.3.19')],
]);

const version = (number: number): Uint8Array => derValue(derTag.integer, Uint8Array.of(number));

/** As OpenSSL writes it: the scalar, and the point behind it. The caller zeroizes the result. */
export function encodeEcPkcs8(curve: SigningCurve, scalar: Uint8Array, point: Uint8Array): Uint8Array {
  const oid = curves.get(curve)?.oid ?? new Uint8Array(0);
  const bits = derValue(derTag.bitString, Uint8Array.of(0), point);
  const inner = derValue(
    derTag.sequence,
    version(1),
    derValue(derTag.octetString, scalar),
    derValue(derTag.explicit(1), bits),
  );
  const algorithm = derValue(derTag.sequence, ecPublicKey, oid);
  const der = derValue(derTag.sequence, version(0), algorithm, derValue(derTag.octetString, inner));
  inner.fill(0);
  return der;
}

export type DecodedPkcs8 =
  | {
      readonly kind: 'curve';
      readonly curve: SigningCurve;
      readonly scalar: Uint8Array;
      readonly point: Uint8Array | undefined;
    }
  | {
      readonly kind: 'ml-dsa';
      readonly type: MlDsaType;
      readonly seed: Uint8Array | undefined;
      readonly expanded: Uint8Array | undefined;
    };

const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, at) => b[at] === byte);

function curveKey(parameters: Uint8Array, content: Uint8Array): DecodedPkcs8 {
  const [curve, facts] = [...curves].find(([, { oid }]) => same(oid, parameters)) ?? [];
  const outer = new DerReader(content);
  const inner = new DerReader(outer.read(derTag.sequence));
  outer.end();
  const isVersion1 = same(inner.readWhole(derTag.integer), version(1));
  const scalar = inner.read(derTag.octetString);
  if (inner.peek() === derTag.explicit(0)) inner.read(derTag.explicit(0));
  let point: Uint8Array | undefined;
  if (inner.peek() === derTag.explicit(1)) {
    const bits = new DerReader(inner.read(derTag.explicit(1)));
    point = bits.read(derTag.bitString).subarray(1);
    bits.end();
  }
  inner.end();
  const isKey = curve !== undefined && isVersion1 && scalar.length === facts?.scalarBytes;
  if (!isKey) throw new TypeError('the private key is of no curve that is offered');
  return { kind: 'curve', curve, scalar, point };
}

function mlDsaKey(oid: Uint8Array, content: Uint8Array): DecodedPkcs8 {
  const [type] = [...mlDsas].find(([, known]) => same(known, oid)) ?? [];
  if (type === undefined) throw new TypeError('the private key is of no algorithm that browsers read');
  const outer = new DerReader(content);
  const tag = outer.peek();
  if (tag === derTag.implicit(0)) {
    const seed = outer.read(tag);
    outer.end();
    return { kind: 'ml-dsa', type, seed, expanded: undefined };
  }
  if (tag !== derTag.sequence) {
    const expanded = outer.read(derTag.octetString);
    outer.end();
    return { kind: 'ml-dsa', type, seed: undefined, expanded };
  }
  const both = new DerReader(outer.read(tag));
  outer.end();
  const [seed, expanded] = [both.read(derTag.octetString), both.read(derTag.octetString)];
  both.end();
  return { kind: 'ml-dsa', type, seed, expanded };
}

/** The parts, as views. Whether they fit each other is for the caller to check. Throws for every other form. */
export function decodePkcs8(der: Uint8Array): DecodedPkcs8 {
  try {
    return decoded(der);
  } catch {
    // Like OpenSSL's, an error of these functions says nothing of ours: the callers do.
    throw new TypeError('the private key is in no form that browsers read');
  }
}

function decoded(der: Uint8Array): DecodedPkcs8 {
  const outer = new DerReader(der);
  const info = new DerReader(outer.read(derTag.sequence));
  outer.end();
  info.read(derTag.integer);
  const algorithm = new DerReader(info.read(derTag.sequence));
  const oid = algorithm.readWhole(derTag.oid);
  const parameters = algorithm.isAtEnd ? undefined : algorithm.readWhole(derTag.oid);
  algorithm.end();
  const content = info.read(derTag.octetString);
  return parameters !== undefined && same(oid, ecPublicKey)
    ? curveKey(parameters, content)
    : mlDsaKey(concat([oid, parameters ?? new Uint8Array(0)]), content);
}
