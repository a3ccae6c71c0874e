/** What performs the primitives of this folder, with its version. */
export function nativeProvider(): string {
  return `OpenSSL ${process.versions.openssl}`;
}
