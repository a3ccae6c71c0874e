import { readPem } from '../../../../packages/pki/src/pem/read-pem.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { promise } from '../outcome.ts';
import { pemFiles } from './certificate-samples.ts';

const block = (label: string, body: string): string => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
const texts = [
  block('CERTIFICATE', 'MAAA'),
  `note\r\n  ${block('EC PRIVATE KEY', 'MAAA')}${block('X509 CRL', 'AA==')}`,
  block('RSA PRIVATE KEY', 'Proc-Type: 4,ENCRYPTED\nDEK-Info: DES-EDE3-CBC,00\n\nMAAA'),
  '-----BEGIN A-----\n-----BEGIN B-----\nAAAA\n-----END A-----\n-----END B-----',
];

export function makeTarget(): FuzzTarget {
  return {
    bytesMax: 2048,
    samples: [...pemFiles(2048), ...texts.map((text) => new TextEncoder().encode(text))],
    run(bytes) {
      const { blocks } = readPem(bytes);
      let [line, content] = [0, 0];
      for (const found of blocks) {
        promise(found.line > line, 'blocks are not in the order of their lines');
        line = found.line;
        if (typeof found.content !== 'string') content += found.content.length;
      }
      promise(content * 4 <= bytes.length * 3, 'more came out than base64 holds');
    },
  };
}
