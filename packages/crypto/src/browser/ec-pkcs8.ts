/*
 * PKCS#8 of a curve's private key (RFC 5958 around RFC 5915): the one form that OpenSSL and we write, with the public
 * point. Others are refused; browsers meet no keys but their own and the product's.
 */
export type EcCurve = 'P-256' | 'P-384';

interface Form {
  readonly scalarBytes: number;
  readonly pointBytes: number;
  /** Up to the scalar: lengths, version, algorithm and curve. */
  readonly head: Uint8Array;
  /** Between the scalar and the point: [1], BIT STRING. */
  readonly middle: Uint8Array;
}

const fromHex = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

const forms: Readonly<Record<EcCurve, Form>> = {
  'P-256': {
    scalarBytes: 32,
    pointBytes: 65,
    head: fromHex('308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420'),
    middle: fromHex('a144034200'),
  },
  'P-384': {
    scalarBytes: 48,
    pointBytes: 97,
    head: fromHex('3081b6020100301006072a8648ce3d020106052b8104002204819e30819b0201010430'),
    middle: fromHex('a164036200'),
  },
};

/** The caller zeroizes the result. */
export function encodeEcPkcs8(curve: EcCurve, scalar: Uint8Array, point: Uint8Array): Uint8Array {
  const { head, middle, scalarBytes, pointBytes } = forms[curve];
  const der = new Uint8Array(head.length + scalarBytes + middle.length + pointBytes);
  der.set(head);
  der.set(scalar, head.length);
  der.set(middle, head.length + scalarBytes);
  der.set(point, head.length + scalarBytes + middle.length);
  return der;
}

const startsWith = (bytes: Uint8Array, start: Uint8Array): boolean => start.every((byte, at) => bytes[at] === byte);

/** Curve, scalar and point, as views; undefined for every other form. Whether they fit is for the caller to check. */
export function decodeEcPkcs8(
  der: Uint8Array,
): { readonly curve: EcCurve; readonly scalar: Uint8Array; readonly point: Uint8Array } | undefined {
  for (const curve of ['P-256', 'P-384'] as const) {
    const { head, middle, scalarBytes, pointBytes } = forms[curve];
    const afterScalar = head.length + scalarBytes;
    const isForm =
      der.length === afterScalar + middle.length + pointBytes &&
      startsWith(der, head) &&
      startsWith(der.subarray(afterScalar), middle);
    if (!isForm) continue;
    return { curve, scalar: der.subarray(head.length, afterScalar), point: der.subarray(afterScalar + middle.length) };
  }
  return undefined;
}
