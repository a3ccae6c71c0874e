import { appCode } from '../../apps/server/src/modules/identity/factors/factor-world.test-support.ts';
import type { ConsoleWorld, Person } from './console.ts';

export interface AppOfPerson {
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}

/** An authenticator app for somebody, set up over the interface. */
export async function withApp(world: ConsoleWorld, who: Person): Promise<AppOfPerson> {
  const ask = async <T>(path: string, body?: unknown, token?: string): Promise<T> => {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await world.server.request('POST', path, { apiKey: null, headers, body });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  const { email, password } = who;
  const { accessToken } = await ask<{ accessToken: string | null }>('/api/auth/sign-in', {
    email,
    password,
    transport: 'token',
  });
  const token = accessToken ?? '';
  const { secret } = await ask<{ secret: string }>('/api/me/second-factors/totp', undefined, token);
  const code = appCode(secret, new Date());
  const made = await ask<{ recoveryCodes: string[] }>('/api/me/second-factors/totp/confirm', { code }, token);
  // The code that put the app in use was good once: as if half a minute had passed.
  const superuser = await world.server.database.superuser();
  await superuser.query('UPDATE totp_factor SET last_step = 0');
  await superuser.end();
  return { secret, ...made };
}
