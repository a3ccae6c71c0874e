import type { QuantumVaultClient } from '@quantumvault/api';
import type { ProofCheck, ProofInput } from './proof-check.ts';

/** Keys that the reader brought, or null for those of the server. */
export type PinnedKeys = string | null;

export async function keysFor(
  client: QuantumVaultClient,
  pinned: PinnedKeys,
): Promise<Pick<ProofInput, 'keys' | 'keysFrom'>> {
  if (pinned !== null) return { keys: pinned, keysFrom: 'reader' };
  return { keys: (await client.getLogKeys()).keys, keysFrom: 'server' };
}

/** Fetches the proof of one event and checks it in this page. The checker is loaded when it is first needed. */
export async function verifyEvent(client: QuantumVaultClient, given: Omit<ProofInput, 'proof'>): Promise<ProofCheck> {
  const [{ checkProof }, proof] = await Promise.all([
    import('./proof-check.ts'),
    client.proveAuditEvent({ params: { id: given.event.id } }),
  ]);
  return checkProof({ ...given, proof });
}
