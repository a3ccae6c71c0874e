/**
 * WebAuthn section 6.1.1: a counter that does not rise tells of a second copy of the key. Synchronised passkeys have none
 * and stay at zero; one that ever counted must go on counting.
 */
export const isSignCountAcceptable = (stored: number, given: number): boolean =>
  stored === 0 && given === 0 ? true : given > stored;
