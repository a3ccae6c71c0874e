import { defineErrors } from '../../../kernel/app-error.ts';

export const inventoryErrors = defineErrors({
  INVENTORY_ASSET_NOT_FOUND: { kind: 'not-found', sentence: 'No such asset.' },
  INVENTORY_ASSET_ARCHIVED: { kind: 'conflict', sentence: 'The asset is archived; it does not change any more.' },
  INVENTORY_ASSET_EXISTS: {
    kind: 'conflict',
    sentence: 'An asset of this type with this endpoint exists in the environment.',
  },
  INVENTORY_MERGE_UNFIT: {
    kind: 'unprocessable',
    sentence: 'An asset is merged into another one of the same type and environment.',
  },
  INVENTORY_MERGE_PROTECTED: {
    kind: 'conflict',
    sentence: 'The asset holds keys of a protection; merge the other entry into it, or archive it.',
  },
  INVENTORY_SCAN_NOT_FOUND: { kind: 'not-found', sentence: 'No such scan, or its job has not begun.' },
  INVENTORY_SCAN_FINISHED: { kind: 'conflict', sentence: 'The scan is finished; there is nothing left to ask.' },
  INVENTORY_SCAN_RUNNING: { kind: 'conflict', sentence: 'A job works on the scan, or will.' },
  INVENTORY_SCAN_NEEDS_APPROVAL: {
    kind: 'forbidden',
    sentence:
      'Your organization put scans of internal networks under approval: a schedule cannot ask for it, so ask for each such scan by itself.',
  },
  INVENTORY_FINDING_NOT_FOUND: { kind: 'not-found', sentence: 'No such finding.' },
  INVENTORY_FINDING_GONE: { kind: 'conflict', sentence: 'The finding is gone; there is nothing to accept.' },
  INVENTORY_FINDING_NOT_ACCEPTED: { kind: 'conflict', sentence: 'The finding is not accepted.' },
  INVENTORY_CERTIFICATE_INVALID: { kind: 'unprocessable', sentence: 'One of the certificates cannot be read.' },
  INVENTORY_ENVIRONMENT_UNKNOWN: { kind: 'unprocessable', sentence: 'The organization has no such environment.' },
  INVENTORY_ENDPOINT_INVALID: {
    kind: 'unprocessable',
    sentence: 'A TLS endpoint is HOST:PORT; an IPv6 address stands in brackets.',
  },
  INVENTORY_NOTHING_OBSERVED: {
    kind: 'unprocessable',
    sentence: 'None of the results shows a TLS endpoint, so there is nothing to store.',
  },
});
