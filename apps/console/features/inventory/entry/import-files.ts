import { importTlsBody } from '@quantumvault/api';

/** What a file that somebody chose holds for the inventory. */
export type ReadFile =
  | { readonly kind: 'certificates'; readonly certificates: readonly string[] }
  | { readonly kind: 'scans'; readonly results: ReturnType<typeof importTlsBody.parse>['results'] }
  | { readonly kind: 'unreadable'; readonly why: string };

/** More is for the command line, which sends it in parts. */
export const fileBytesMax = 8 * 1024 * 1024;
const pem =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----([A-Za-z0-9+/=\s]+?)-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

const base64Of = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};

/** Certificates in PEM or DER, or the JSON that `qv scan tls --json` prints. Private keys are not looked for and never sent. */
export function readImport(bytes: Uint8Array): ReadFile {
  if (bytes.length === 0) return { kind: 'unreadable', why: 'The file is empty.' };
  if (bytes.length > fileBytesMax) return { kind: 'unreadable', why: 'The file is larger than 8 MiB.' };
  // A certificate in DER is a sequence whose length has two bytes.
  if (bytes[0] === 0x30 && bytes[1] === 0x82) return { kind: 'certificates', certificates: [base64Of(bytes)] };
  const text = new TextDecoder().decode(bytes).trim();
  const certificates = [...text.matchAll(pem)].map(([, body]) => (body ?? '').replace(/\s/g, ''));
  if (certificates.length > 0) return { kind: 'certificates', certificates: [...new Set(certificates)] };
  if (!text.startsWith('{') && !text.startsWith('[')) {
    return { kind: 'unreadable', why: 'It is neither a certificate nor the JSON of a scan.' };
  }
  try {
    const value: unknown = JSON.parse(text);
    const results = Array.isArray(value) ? value : [value];
    return { kind: 'scans', results: importTlsBody.parse({ results }).results };
  } catch {
    return { kind: 'unreadable', why: 'It is not the JSON of a scan that this release reads.' };
  }
}
