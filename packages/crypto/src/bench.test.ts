import { describe, expect, it } from 'vitest';
import { benchGroups } from './bench.ts';
import { algorithms } from './registry/registry.ts';

/** Offered as a part of others alone: an XOF inside a KEM, the halves of a TLS handshake, the curves of public keys. */
const withoutBench = /^(SHAKE|TurboSHAKE|EC-P|X25519MLKEM768$|SecP\d+r1MLKEM)/;
// Their keys take seconds, or one signature takes half of one: the command measures them, and this test lets them be.
const slow = /RSA|SLH-DSA-.*s$|SLH-DSA-SHAKE|FN-DSA|Argon2id|scrypt|PBKDF2/;

describe('CRY-12: what the bench measures', () => {
  it('has a group for every algorithm that the registry offers', () => {
    const offered = algorithms.filter(({ implementation }) => implementation !== 'not-offered').map(({ id }) => id);
    expect(benchGroups.map(({ algorithm }) => algorithm).sort()).toEqual(
      offered.filter((id) => !withoutBench.test(id)).sort(),
    );
  });

  it('each case runs, and so does the bare call beside it', async () => {
    for (const { algorithm, prepare } of benchGroups.filter((group) => !slow.test(group.algorithm))) {
      const cases = await prepare();
      expect([algorithm, cases.length > 0]).toEqual([algorithm, true]);
      for (const { run, bare } of cases) {
        await run();
        bare?.();
      }
    }
  });
});
