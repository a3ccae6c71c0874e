import { parseRevocationList } from '../../../../packages/pki/src/crl/revocation-list.ts';
import { PkiError } from '../../../../packages/pki/src/errors.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { promise, unlessRefused } from '../outcome.ts';
import { revocationLists } from './issued-samples.ts';

export async function makeTarget(): Promise<FuzzTarget> {
  return {
    bytesMax: 2048,
    samples: await revocationLists(),
    run(bytes) {
      const list = unlessRefused(PkiError, () => parseRevocationList(bytes));
      if (list === undefined) return;
      unlessRefused(PkiError, () => {
        const entries = [...list];
        promise(entries.length === list.entries, 'a list has other entries than it counts');
        for (const { serialNumber, revokedAt } of entries) {
          promise(!Number.isNaN(Date.parse(revokedAt)), 'a time is none');
          promise(list.find(serialNumber)?.serialNumber === serialNumber, 'an entry is not found again');
        }
      });
    },
  };
}
