import { EnvelopeError } from '../../../../packages/envelope/src/errors.ts';
import { decodeRecipients, encodeRecipients } from '../../../../packages/envelope/src/header/recipients.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { promise, same, unlessRefused } from '../outcome.ts';
import { sampleHeaders } from './samples.ts';

const unknown = { type: 'unknown', name: 'later', body: Uint8Array.of(1, 2, 3) } as const;

export async function makeTarget(): Promise<FuzzTarget> {
  const headers = await sampleHeaders();
  return {
    bytesMax: 4096,
    samples: [
      ...headers.map(({ recipientsBytes }) => recipientsBytes),
      encodeRecipients([unknown, { ...unknown, name: 'other' }]),
    ],
    run(bytes) {
      const list = unlessRefused(EnvelopeError, () => decodeRecipients(bytes));
      promise(list === undefined || same(encodeRecipients(list), bytes), 'a list has a second spelling');
    },
  };
}
