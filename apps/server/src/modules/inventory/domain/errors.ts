import { defineErrors } from '../../../kernel/app-error.ts';

export const inventoryErrors = defineErrors({
  INVENTORY_ASSET_NOT_FOUND: { kind: 'not-found', sentence: 'No such asset.' },
  INVENTORY_ASSET_ARCHIVED: { kind: 'conflict', sentence: 'The asset is archived; it does not change any more.' },
  INVENTORY_ASSET_EXISTS: {
    kind: 'conflict',
    sentence: 'An asset of this type with this endpoint exists in the environment.',
  },
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
