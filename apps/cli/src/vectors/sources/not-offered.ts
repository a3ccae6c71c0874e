// Published sets that are recognized, and whose algorithms this product does not offer.
import { isObject, objectsAt } from '../json.ts';
import type { VectorSource } from '../source.ts';
import type { VectorFile } from '../vector-file.ts';

interface NotOffered {
  readonly source: string;
  readonly reason: string;
  readonly isIt: (file: VectorFile) => boolean;
}

const casesOf = ({ json, text }: VectorFile): number => {
  if (Array.isArray(json)) return json.length;
  if (isObject(json)) {
    if (Array.isArray(json.testGroups)) {
      return objectsAt(json, 'testGroups').reduce((sum, group) => sum + objectsAt(group, 'tests').length, 0);
    }
    return Array.isArray(json.tests) ? json.tests.length : 1;
  }
  return text?.match(/^count = /gm)?.length ?? 1;
};

const has = (value: unknown, ...names: readonly string[]): boolean =>
  isObject(value) && names.every((name) => name in value);

const sets: readonly NotOffered[] = [
  {
    source: 'slip39',
    reason: 'SLIP-39 is not offered',
    isIt: ({ json }) => Array.isArray(json) && json.every(Array.isArray) && /mnemonic/i.test(JSON.stringify(json[0])),
  },
  {
    source: 'xaes-256-gcm',
    reason: 'XAES-256-GCM is not offered',
    isIt: ({ json }) => Array.isArray(json) && has(json[0], 'Kx', 'Nx'),
  },
];

export const notOffered: readonly VectorSource[] = sets.map(({ source, reason, isIt }) => ({
  source,
  recognize: (file) => (isIt(file) ? 'vectors' : undefined),
  run: async (file, tally) => tally.skip(reason, casesOf(file)),
}));
