import type { QuantumVaultClient } from '@quantumvault/api';
import { showPasskey } from './passkeys.ts';

/** ACC-5: how somebody proves anew that it is them. */
export type StepUpMethod = 'passkey' | 'totp' | 'password';

/** What this user can show: factors where there are any, and the password only where there are none. */
export async function stepUpMethods(client: QuantumVaultClient): Promise<readonly StepUpMethod[]> {
  const factors = await client.getSecondFactors();
  const methods: StepUpMethod[] = [];
  if (factors.passkeys.length > 0) methods.push('passkey');
  if (factors.totp !== null) methods.push('totp');
  return methods.length === 0 ? ['password'] : methods;
}

export async function stepUpWithPasskey(client: QuantumVaultClient): Promise<void> {
  const ceremony = await client.startStepUpPasskey();
  const credential = await showPasskey(ceremony);
  await client.stepUp({ body: { method: 'passkey', challengeId: ceremony.challengeId, credential } });
}

export async function stepUpWithText(
  client: QuantumVaultClient,
  method: Exclude<StepUpMethod, 'passkey'>,
  text: string,
): Promise<void> {
  await client.stepUp({ body: method === 'totp' ? { method, code: text } : { method, password: text } });
}
