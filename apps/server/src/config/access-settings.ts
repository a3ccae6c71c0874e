import { z } from 'zod';
import { setting } from './setting.ts';

/** ACC-7: what the operator supplies for conditions of grants. */
export const accessSettings = {
  geoipFile: setting({
    env: 'QV_GEOIP_FILE',
    reader: 'server',
    schema: z.string().min(1).max(1000),
    unit: 'path',
    default: null,
    limit: 'MMDB with countries, read at the start',
    sentence:
      'Which country an address is in, for conditions of grants. Without it a condition on countries allows nobody and denies everybody.',
  }),
};
