import { describe, expect, it } from 'vitest';
import { keyWrapperContract } from './contract.ts';
import { MemoryKeyWrapper } from './memory-key-wrapper.ts';

function opened() {
  const wrapper = new MemoryKeyWrapper();
  for (const [keyId, version] of [
    ['alpha', 1],
    ['alpha', 2],
    ['beta', 7],
  ] as const) {
    wrapper.add(keyId, version);
  }
  return Promise.resolve({
    wrapper,
    first: { keyId: 'alpha', versions: [1, 2] as const },
    second: { keyId: 'beta', version: 7 },
    disable: async (keyId: string, version: number) => wrapper.setState(keyId, version, 'disabled'),
  });
}

describe('MemoryKeyWrapper', () => {
  it.each(keyWrapperContract.map((one) => [one.rule, one] as const))('%s', async (_rule, one) => {
    await one.run(opened);
  });

  it('a destroyed key stays destroyed', async () => {
    const { wrapper } = await opened();
    wrapper.setState('beta', 7, 'destroyed');
    wrapper.setState('beta', 7, 'enabled');
    const target = { keyId: 'beta', keyVersion: 7, binding: Uint8Array.of(1) };
    await expect(wrapper.unwrap(new Uint8Array(60), target)).rejects.toMatchObject({ state: 'destroyed' });
  });
});
