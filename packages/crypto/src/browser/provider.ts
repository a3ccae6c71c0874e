/** What performs the primitives of this folder. The versions of the libraries are those of the build. */
export function nativeProvider(): string {
  return 'noble and WebCrypto';
}
