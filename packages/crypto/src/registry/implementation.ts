import { nativeProvider, performsHere } from '#native/provider';
import type { AlgorithmEntry } from './entry.ts';

/**
 * Libraries that perform what the runtime lacks, in the versions that the package asks for; a test holds them to its
 * package.json and to what is installed.
 */
export const vettedLibraries = {
  '@noble/ciphers': '2.4.0',
  '@noble/hashes': '2.4.0',
  '@noble/post-quantum': '0.7.1',
  'shamir-secret-sharing': '0.0.4',
} as const satisfies Readonly<Record<string, string>>;

export type VettedLibrary = keyof typeof vettedLibraries;

/** The live implementation of an algorithm, as `OpenSSL 3.5.8`; undefined for what is only recognized, or absent in browsers. */
export function implementationOf({ id, implementation, library }: AlgorithmEntry): string | undefined {
  if (!performsHere(id)) return undefined;
  if (implementation === 'native') return nativeProvider();
  return library === undefined ? undefined : `${library} ${vettedLibraries[library]}`;
}
