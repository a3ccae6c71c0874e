import { CryptoError, constantTimeEqual, openTlsRecord, tlsHash, tlsMac } from '@quantumvault/crypto';
import type { HandshakePrimitives } from '../src/tls/key-schedule.ts';

/** The product's own primitives in the form that the pure reader takes them. */
export const testPrimitives: HandshakePrimitives = {
  hash: tlsHash,
  mac: tlsMac,
  isEqual: constantTimeEqual,
  open: (record) => {
    try {
      return openTlsRecord(record);
    } catch (error) {
      if (error instanceof CryptoError) return undefined;
      throw error;
    }
  },
};
