import { expect, it } from 'vitest';
import { KeyShare } from '../../src/key-share.ts';

it('this run has the primitives of browsers', () => {
  expect(() => KeyShare.generate('x25519')).toThrow(expect.objectContaining({ code: 'CRYPTO_RUNTIME_UNSUPPORTED' }));
});
