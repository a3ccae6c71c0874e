/** Protocol versions as results spell them, oldest first. SSLv2 has another record format and is not probed. */
export const tlsVersions = ['SSLv3', 'TLSv1.0', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

export type TlsVersion = (typeof tlsVersions)[number];

const codePoints: Readonly<Record<TlsVersion, number>> = {
  SSLv3: 0x0300,
  'TLSv1.0': 0x0301,
  'TLSv1.1': 0x0302,
  'TLSv1.2': 0x0303,
  'TLSv1.3': 0x0304,
};

export function versionCodePoint(version: TlsVersion): number {
  return codePoints[version];
}

/** The version of a code point, or undefined for one this package does not know (drafts, GREASE, garbage). */
export function versionOf(codePoint: number): TlsVersion | undefined {
  return tlsVersions.find((version) => codePoints[version] === codePoint);
}
