/** What performs the primitives of this folder, with its version. */
export function nativeProvider(): string {
  return `OpenSSL ${process.versions.openssl}`;
}

/** Whether what is offered, by registry id, is performed here: all of it. */
export function performsHere(_algorithm: string): boolean {
  return true;
}
