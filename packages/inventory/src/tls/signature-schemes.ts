/**
 * Signature schemes that a probe accepts, strongest families first (IANA "TLS SignatureScheme").
 * Weak ones are offered too: a probe must see the certificate of a server that has nothing better.
 */
const schemes: readonly (readonly [codePoint: number, name: string])[] = [
  [0x0904, 'mldsa44'],
  [0x0905, 'mldsa65'],
  [0x0906, 'mldsa87'],
  [0x0403, 'ecdsa_secp256r1_sha256'],
  [0x0503, 'ecdsa_secp384r1_sha384'],
  [0x0603, 'ecdsa_secp521r1_sha512'],
  [0x0807, 'ed25519'],
  [0x0808, 'ed448'],
  [0x0804, 'rsa_pss_rsae_sha256'],
  [0x0805, 'rsa_pss_rsae_sha384'],
  [0x0806, 'rsa_pss_rsae_sha512'],
  [0x0809, 'rsa_pss_pss_sha256'],
  [0x080a, 'rsa_pss_pss_sha384'],
  [0x080b, 'rsa_pss_pss_sha512'],
  [0x081a, 'ecdsa_brainpoolP256r1tls13_sha256'],
  [0x081b, 'ecdsa_brainpoolP384r1tls13_sha384'],
  [0x081c, 'ecdsa_brainpoolP512r1tls13_sha512'],
  [0x0708, 'sm2sig_sm3'],
  [0x0401, 'rsa_pkcs1_sha256'],
  [0x0501, 'rsa_pkcs1_sha384'],
  [0x0601, 'rsa_pkcs1_sha512'],
  [0x0303, 'ecdsa_sha224'],
  [0x0301, 'rsa_pkcs1_sha224'],
  [0x0402, 'dsa_sha256'],
  [0x0203, 'ecdsa_sha1'],
  [0x0201, 'rsa_pkcs1_sha1'],
  [0x0202, 'dsa_sha1'],
];

export const signatureSchemesToOffer: readonly number[] = schemes.map(([codePoint]) => codePoint);

const names = new Map(schemes);

/** The registry name of a signature scheme, or its code point in hex. */
export function signatureSchemeName(codePoint: number): string {
  return names.get(codePoint) ?? `0x${codePoint.toString(16).padStart(4, '0')}`;
}

/**
 * The schemes that one key can use besides `codePoint`, itself included: to see a server's next key, all of them are
 * left out together. In TLS 1.3 an ECDSA scheme belongs to one curve; an RSA key can sign with every hash.
 */
export function schemesOfSameKey(codePoint: number): readonly number[] {
  const family = keyFamily(signatureSchemeName(codePoint));
  const same = signatureSchemesToOffer.filter((scheme) => keyFamily(signatureSchemeName(scheme)) === family);
  return same.includes(codePoint) ? same : [codePoint, ...same];
}

function keyFamily(name: string): string {
  if (/^rsa_(pkcs1|pss_rsae)/.test(name)) return 'rsa';
  if (name.startsWith('rsa_pss_pss')) return 'rsa-pss';
  return name.startsWith('dsa') ? 'dsa' : name;
}
