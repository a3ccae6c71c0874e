import { randomFillSync, timingSafeEqual } from 'node:crypto';

/** Fills `target` from the operating system's generator. If that fails it throws, and there is no other source. */
export function fillRandom(target: Uint8Array): void {
  randomFillSync(target);
}

/** Compares two arrays of the same length in time that does not depend on their content. */
export function equalSameLength(a: Uint8Array, b: Uint8Array): boolean {
  return timingSafeEqual(a, b);
}
