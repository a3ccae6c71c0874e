/** The tests that run once more with the primitives of browsers, from the root of the repository. */
export const innerTests: readonly string[] = [
  'packages/crypto/test/browser/chosen-primitives.inner.ts',
  'packages/crypto/src/{aead,hash,signature}.test.ts',
  'packages/crypto/src/{batch,floe,hpke,sharing,signature,symmetric}/*.test.ts',
  'packages/crypto/test/*.test.ts',
  'packages/envelope/src/{commitment,envelope}.test.ts',
  'packages/envelope/src/{cache,fields,recipients,signature,text}/*.test.ts',
  'packages/envelope/test/qv1-vectors.test.ts',
];

/** Titles that do not: JavaScript takes minutes over every byte, and what Node does by itself is tested in Node. */
export const leftOut: readonly string[] = [
  'every flipped byte',
  'every truncation',
  'every changed byte of the signature',
  'the ML-DSA half is worth nothing alone',
  'trap: encapsulate\\(\\)',
  'node:crypto silently ignores',
  'a context turns Ed25519 into another algorithm',
  'a passphrase opens, a wrong one',
  'orders too much work',
];
