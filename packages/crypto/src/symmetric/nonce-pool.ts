// Random nonces for many small messages. A call into the system's generator costs as much as encrypting a small value, so
// several hundred nonces are drawn at once. Each is handed out once: the place moves on before the bytes are copied. Threads
// have pools of their own, because each loads its own module, and the runtime does not fork. Nonces are public, so what
// waits here needs no erasing; keys are never taken from here.
import { fillRandom } from '#native/random';
import { need } from '../errors.ts';

const poolBytes = 12 * 512;
let pool = new Uint8Array(0);
let used = 0;

/** A fresh random value of at most 64 bytes that is no secret. Nobody else gets these bytes, and the caller leaves them as they are. */
export function nextNonce(length: number): Uint8Array {
  need(length <= 64, 'CRYPTO_LIMIT', 'a nonce has at most 64 bytes');
  if (used + length > pool.length) {
    // New memory each time: the nonces that were handed out are views on the old.
    const next = new Uint8Array(poolBytes);
    fillRandom(next);
    [pool, used] = [next, 0];
  }
  const at = used;
  used += length;
  return pool.subarray(at, used);
}
