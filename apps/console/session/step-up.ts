import type { QuantumVaultClient } from '@quantumvault/api';

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
  const { challengeId, options } = await client.startStepUpPasskey();
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON({
    ...options,
    allowCredentials: options.allowCredentials.map(({ transports, ...descriptor }) =>
      transports === undefined ? descriptor : { ...descriptor, transports },
    ),
  });
  const credential = await navigator.credentials.get({ publicKey });
  if (!(credential instanceof PublicKeyCredential)) throw new Error('the browser gave no passkey');
  type Body = Parameters<QuantumVaultClient['stepUp']>[0]['body'];
  // The browser's own JSON form; the server parses every field of it.
  const assertion = credential.toJSON() as unknown as Body['credential'];
  await client.stepUp({ body: { method: 'passkey', challengeId, credential: assertion } });
}

export async function stepUpWithText(
  client: QuantumVaultClient,
  method: Exclude<StepUpMethod, 'passkey'>,
  text: string,
): Promise<void> {
  await client.stepUp({ body: method === 'totp' ? { method, code: text } : { method, password: text } });
}
