import { sha256 } from '@quantumvault/crypto';
import type { Actor } from '../../kernel/actor.ts';
import { kernelErrors } from '../../kernel/errors.ts';

export type Idempotency = NonNullable<Actor['request']['idempotency']>;

/** The key that a caller gave, judged. Throws `IDEMPOTENCY_KEY_INVALID`. */
export function idempotencyKey(given: unknown): string {
  if (typeof given !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(given)) throw kernelErrors.IDEMPOTENCY_KEY_INVALID();
  return given;
}

/** The key with the hash of what it stands for: method, address and the body as parsed, so that it serves no other request. */
export function idempotencyFor(
  key: string,
  request: { readonly method: string; readonly target: string; readonly body: unknown },
): Idempotency {
  const text = JSON.stringify([request.method, request.target, request.body ?? null]);
  return { key: idempotencyKey(key), requestHash: sha256(Buffer.from(text, 'utf8')) };
}
