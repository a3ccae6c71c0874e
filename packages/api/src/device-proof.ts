/** What an agent signs, written once for the server and for whoever writes an agent (docs/design/identities.md). */

/** `typ` of the assertion by which a device asks for a token (RFC 7523, RFC 8725 section 3.11). */
export const deviceAssertionType = 'qv-device+jwt';
/** An assertion lives no longer than this, in seconds. */
export const deviceAssertionSecondsMax = 120;
/** Claims that an assertion has beside those of RFC 7519. */
export interface DeviceAssertionClaims {
  /** The device's id, twice: nobody asserts for another. */
  readonly iss: string;
  readonly sub: string;
  /** Id of the installation: an assertion for one is worth nothing at another. */
  readonly aud: string;
  readonly iat: number;
  readonly exp: number;
  /** At random; each assertion is good once. */
  readonly jti: string;
  /** As the agent sees them, in small letters with colons: weak evidence (ACC-7). */
  readonly mac_addresses: readonly string[];
}

/**
 * The message by which a new device shows that it holds its key. It names the one-time token, so that the signature is worth
 * nothing with another token, and the key, so that nobody enrols the key of somebody else.
 */
export const enrollmentMessage = (input: {
  readonly token: string;
  readonly algorithm: string;
  /** Base64url. */
  readonly publicKey: string;
}): Uint8Array =>
  new TextEncoder().encode(`quantumvault-device-enrollment-v1\n${input.token}\n${input.algorithm}\n${input.publicKey}`);
