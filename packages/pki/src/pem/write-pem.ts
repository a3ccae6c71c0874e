const lineCharacters = 64;
const pieceBytes = 8_193; // a multiple of three, so that pieces of base64 can stand side by side

/** One block of RFC 7468 with a line break at its end. Never for private keys: its text cannot be erased. */
export function writePem(
  label: 'CERTIFICATE' | 'CERTIFICATE REQUEST' | 'PUBLIC KEY' | 'X509 CRL',
  der: Uint8Array,
): string {
  const pieces: string[] = [];
  for (let at = 0; at < der.length; at += pieceBytes) {
    pieces.push(btoa(String.fromCharCode(...der.subarray(at, at + pieceBytes))));
  }
  const lines = pieces.join('').match(new RegExp(`.{1,${lineCharacters}}`, 'g')) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
