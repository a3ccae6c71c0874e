import type { RouteOutput, routes } from '@quantumvault/api';

export type Health = RouteOutput<typeof routes.healthReady>;
export type PartHealth = Health['parts'][string];

/** One thing that this process needs; it says by itself how it is. A check never throws. */
export interface HealthCheck {
  readonly name: string;
  /** Whether the process can serve without it: then a failure only degrades. */
  readonly isRequired: boolean;
  check(): Promise<PartHealth>;
}

/** Asks every part; `unavailable` when a required one is. */
export async function assessHealth(checks: readonly HealthCheck[]): Promise<Health> {
  const results = await Promise.all(
    checks.map(async ({ name, isRequired, check }) => {
      try {
        return { name, isRequired, part: await check() };
      } catch (error) {
        const part: PartHealth = { status: 'unavailable', message: error instanceof Error ? error.name : 'failed' };
        return { name, isRequired, part };
      }
    }),
  );
  const isDown = results.some(({ isRequired, part }) => isRequired && part.status === 'unavailable');
  const isImpaired = results.some(({ part }) => part.status !== 'ok');
  return {
    status: isDown ? 'unavailable' : isImpaired ? 'degraded' : 'ok',
    parts: Object.fromEntries(results.map(({ name, part }) => [name, part])),
  };
}
