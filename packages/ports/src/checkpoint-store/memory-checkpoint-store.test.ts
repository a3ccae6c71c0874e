import { describe, it } from 'vitest';
import { checkpointStoreContract } from './contract.ts';
import { MemoryCheckpointStore } from './memory-checkpoint-store.ts';

describe('MemoryCheckpointStore', () => {
  it.each(checkpointStoreContract.map((one) => [one.rule, one] as const))('%s', async (_rule, one) => {
    const store = new MemoryCheckpointStore();
    await one.run(() => Promise.resolve(store));
  });
});
