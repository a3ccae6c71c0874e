import { PkiError } from '../../../../packages/pki/src/errors.ts';
import { parseRequest } from '../../../../packages/pki/src/request/request.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { promise, unlessRefused } from '../outcome.ts';
import { requests } from './issued-samples.ts';

export async function makeTarget(): Promise<FuzzTarget> {
  return {
    bytesMax: 4096,
    samples: await requests(),
    run(bytes) {
      const request = unlessRefused(PkiError, () => parseRequest(bytes));
      if (request === undefined) return;
      const { message, algorithm, signature } = request.signed;
      const parts = message.length + algorithm.length + signature.length;
      promise(parts < bytes.length, 'the signed parts are longer than the request');
    },
  };
}
