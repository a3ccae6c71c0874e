import { SecretBytes } from '@quantumvault/crypto';
import { type KeyWrapper, KeyWrapperError, type KeyWrapperErrorCode, type WrapTarget } from './key-wrapper.ts';

/** What a backend under test offers: two keys that may be used, the first with two versions. */
export interface KeyWrapperUnderTest {
  readonly wrapper: KeyWrapper;
  readonly first: { readonly keyId: string; readonly versions: readonly [number, number] };
  readonly second: { readonly keyId: string; readonly version: number };
  /** Forbids the use of a version, as an administrator would. */
  disable(keyId: string, keyVersion: number): Promise<void>;
}

/** One rule of the port. `run` throws when the wrapper breaks it; it knows no test runner. */
export interface KeyWrapperContract {
  readonly rule: string;
  run(open: () => Promise<KeyWrapperUnderTest>): Promise<void>;
}

const binding = new TextEncoder().encode('bound to this');

/** The contract suite: run every rule on keys of its own. */
export const keyWrapperContract: readonly KeyWrapperContract[] = [
  {
    rule: 'ENV-4: what was wrapped unwraps under its key, version and binding',
    run: async (open) => {
      const { wrapper, first, second } = await open();
      for (const target of [
        { keyId: first.keyId, keyVersion: first.versions[0], binding },
        { keyId: first.keyId, keyVersion: first.versions[1], binding: new Uint8Array(1024).fill(7) },
        { keyId: second.keyId, keyVersion: second.version, binding: Uint8Array.of(0) },
      ]) {
        using dataKey = SecretBytes.random(32);
        const wrapped = await wrapper.wrap(dataKey, target);
        check(wrapped.length >= 1 && wrapped.length <= 4096, 'a wrapped key has 1 to 4096 bytes');
        using opened = await wrapper.unwrap(wrapped, target);
        check(opened.equals(dataKey), 'another data key came out');
        check(!dataKey.isDisposed, 'the data key stays the caller’s');
      }
    },
  },
  {
    rule: 'ENV-4: a wrap under another key, version or binding is unauthentic',
    run: async (open) => {
      const { wrapper, first, second } = await open();
      const target = { keyId: first.keyId, keyVersion: first.versions[0], binding };
      using dataKey = SecretBytes.random(32);
      const wrapped = await wrapper.wrap(dataKey, target);
      for (const other of [
        { ...target, keyVersion: first.versions[1] },
        { ...target, keyId: second.keyId, keyVersion: second.version },
        { ...target, binding: new TextEncoder().encode('bound to that') },
        { ...target, binding: Uint8Array.of(...binding, 0) },
      ]) {
        await refuses('KEY_WRAPPER_UNAUTHENTIC', () => wrapper.unwrap(wrapped, other));
      }
    },
  },
  {
    rule: 'ENV-5: a wrapped key that was changed, cut or lengthened is unauthentic',
    run: async (open) => {
      const { wrapper, first } = await open();
      const target: WrapTarget = { keyId: first.keyId, keyVersion: first.versions[0], binding };
      using dataKey = SecretBytes.random(32);
      const wrapped = await wrapper.wrap(dataKey, target);
      for (let at = 0; at < wrapped.length; at += 1) {
        const bad = wrapped.with(at, 255 - (wrapped[at] ?? 0));
        await refuses('KEY_WRAPPER_UNAUTHENTIC', () => wrapper.unwrap(bad, target));
      }
      for (const bad of [
        new Uint8Array(0),
        wrapped.subarray(1),
        wrapped.subarray(0, -1),
        Uint8Array.of(...wrapped, 0),
      ]) {
        await refuses('KEY_WRAPPER_UNAUTHENTIC', () => wrapper.unwrap(bad, target));
      }
    },
  },
  {
    rule: 'ENV-9: a key or version that is not there is not found',
    run: async (open) => {
      const { wrapper, first } = await open();
      using dataKey = SecretBytes.random(32);
      const target = { keyId: first.keyId, keyVersion: first.versions[0], binding };
      const wrapped = await wrapper.wrap(dataKey, target);
      for (const missing of [
        { ...target, keyId: `${first.keyId}-not` },
        { ...target, keyVersion: 4_000_000_000 },
      ]) {
        await refuses('KEY_WRAPPER_NOT_FOUND', () => wrapper.wrap(dataKey, missing));
        await refuses('KEY_WRAPPER_NOT_FOUND', () => wrapper.unwrap(wrapped, missing));
      }
    },
  },
  {
    rule: 'ENV-9: a disabled version says so, and the others go on',
    run: async (open) => {
      const { wrapper, first, disable } = await open();
      const [one, two] = first.versions;
      using dataKey = SecretBytes.random(32);
      const target = { keyId: first.keyId, keyVersion: one, binding };
      const wrapped = await wrapper.wrap(dataKey, target);
      const other = { ...target, keyVersion: two };
      const otherWrapped = await wrapper.wrap(dataKey, other);
      await disable(first.keyId, one);
      await refuses('KEY_WRAPPER_STATE', () => wrapper.unwrap(wrapped, target));
      await refuses('KEY_WRAPPER_STATE', () => wrapper.wrap(dataKey, target));
      using opened = await wrapper.unwrap(otherWrapped, other);
      check(opened.equals(dataKey), 'another data key came out');
    },
  },
  {
    rule: 'sizes outside their limits are refused',
    run: async (open) => {
      const { wrapper, first } = await open();
      const target = { keyId: first.keyId, keyVersion: first.versions[0], binding };
      using short = SecretBytes.random(31);
      using dataKey = SecretBytes.random(32);
      await refuses('KEY_WRAPPER_LIMIT', () => wrapper.wrap(short, target));
      for (const length of [0, 1025]) {
        const other = { ...target, binding: new Uint8Array(length) };
        await refuses('KEY_WRAPPER_LIMIT', () => wrapper.wrap(dataKey, other));
      }
      await refuses('KEY_WRAPPER_LIMIT', () => wrapper.unwrap(new Uint8Array(4097), target));
    },
  },
];

function check(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`key wrapper contract: ${what}`);
}

async function refuses(code: KeyWrapperErrorCode, action: () => Promise<unknown>): Promise<void> {
  let error: unknown;
  await action().catch((reason: unknown) => {
    error = reason;
  });
  const actual = error instanceof KeyWrapperError ? error.code : String(error);
  check(actual === code, `expected ${code}, got ${actual}`);
  const hasState = error instanceof KeyWrapperError && (error.state !== undefined) === (code === 'KEY_WRAPPER_STATE');
  check(hasState, 'a state is told with KEY_WRAPPER_STATE and with no other code');
}
