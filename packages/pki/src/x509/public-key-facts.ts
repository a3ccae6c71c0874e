/** What a public key says of itself without being used. */
export interface PublicKeyFacts {
  readonly oid: string;
  /** The named curve of an elliptic-curve key. */
  readonly curveOid?: string | undefined;
  /** RSA, DSA and Diffie-Hellman modulus length in bits. */
  readonly modulusBits?: number | undefined;
  /** RSA public exponent in decimal; undefined when it is larger than 256 bits, which no honest one is. */
  readonly publicExponent?: string | undefined;
  /** DSA: length of the subgroup's order in bits. */
  readonly divisorBits?: number | undefined;
  /** An elliptic curve whose parameters are written out instead of named: the size of its field in bits. */
  readonly explicitFieldBits?: number | undefined;
  /** The parameter set that a GOST key names. */
  readonly parameterOid?: string | undefined;
}
