import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPem } from './read-pem.ts';
import { writePem } from './write-pem.ts';

describe('PKI-1: PEM', () => {
  it('what is written is read back, in lines of 64 characters', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 30_000 }), (der) => {
        const text = writePem('CERTIFICATE', der);
        expect(text).toMatch(
          /^-----BEGIN CERTIFICATE-----\n(?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/=]{1,64}\n-----END CERTIFICATE-----\n$/,
        );
        const { blocks } = readPem(new TextEncoder().encode(text));
        expect(blocks).toEqual([{ label: 'CERTIFICATE', line: 1, headers: [], content: der }]);
      }),
    );
  });
});
