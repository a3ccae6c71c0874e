import type { SigningKey } from '@quantumvault/crypto';
import { MemorySigner, type Signer } from '@quantumvault/ports';

/** A signer for a key in this process; the key stays the caller's, who disposes of it. */
export const signerOfKey = (key: SigningKey): Signer => new MemorySigner(key);
