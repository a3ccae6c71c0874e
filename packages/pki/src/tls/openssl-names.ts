// What OpenSSL, and so every TLS setting of the runtime, calls the things of the IANA registries.

/** Names of OpenSSL for the groups that the runtime serves, by their IANA names. */
export const opensslGroups: Readonly<Record<string, string>> = {
  X25519MLKEM768: 'X25519MLKEM768',
  SecP256r1MLKEM768: 'SecP256r1MLKEM768',
  SecP384r1MLKEM1024: 'SecP384r1MLKEM1024',
  MLKEM512: 'MLKEM512',
  MLKEM768: 'MLKEM768',
  MLKEM1024: 'MLKEM1024',
  x25519: 'X25519',
  x448: 'X448',
  secp256r1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
};

/** Cipher suites of TLS 1.3, and of TLS 1.2 with an ECDSA or Ed25519 certificate, per AEAD of the registry. */
export const cipherSuitesByAead: Readonly<Record<string, readonly [tls13: string, tls12: string]>> = {
  'AES-256-GCM': ['TLS_AES_256_GCM_SHA384', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
  'AES-128-GCM': ['TLS_AES_128_GCM_SHA256', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
  'ChaCha20-Poly1305': ['TLS_CHACHA20_POLY1305_SHA256', 'ECDHE-ECDSA-CHACHA20-POLY1305'],
};
