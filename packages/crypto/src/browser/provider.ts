import { absentAlgorithms } from './absent.ts';

/** What performs the primitives of this folder. The versions of the libraries are those of the build. */
export function nativeProvider(): string {
  return 'noble and WebCrypto';
}

/** Whether what is offered, by registry id, is performed here. */
export function performsHere(algorithm: string): boolean {
  return !absentAlgorithms.test(algorithm);
}
