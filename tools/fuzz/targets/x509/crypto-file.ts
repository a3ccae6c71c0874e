import { readCryptoFile } from '../../../../packages/inventory/src/certificates/read-crypto-file.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { certificates, pemFiles } from './certificate-samples.ts';

/** Any file of a folder: what it holds may never throw. */
export function makeTarget(): FuzzTarget {
  return {
    bytesMax: 4096,
    samples: [...certificates(4096), ...pemFiles(4096)],
    run(bytes) {
      readCryptoFile(bytes);
    },
  };
}
