import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CmsError } from '../../../../packages/cms/src/errors.ts';
import { cmsFromPem, parseCms } from '../../../../packages/cms/src/message.ts';
import { openCms } from '../../../../packages/cms/src/open.ts';
import { parseCmsKey } from '../../../../packages/cms/src/private-key.ts';
import { indefinite } from '../../../../packages/cms/test/write-message.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { promise, same, unlessRefused } from '../outcome.ts';

const folder = resolve(import.meta.dirname, '../../../../tests/vectors/cms-kemri');
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, name)));

/** The whole of a DER value again, with an indefinite length. */
const asBer = (der: Uint8Array): Uint8Array => indefinite(der[0] ?? 0, der.subarray(4));

/** Published messages and keys. What comes out is the one content that anybody sealed to these keys. */
export function makeTarget(): FuzzTarget {
  const names = readdirSync(folder);
  const messages = names.filter((name) => name.includes('_kemri')).map(read);
  const keys = names.filter((name) => name.endsWith('seed_priv.der')).map((name) => parseCmsKey(read(name)));
  const content = read('expected_plaintext.txt');
  return {
    bytesMax: 4096,
    samples: [
      ...messages,
      ...messages.slice(0, 2).map(asBer),
      ...messages
        .slice(0, 1)
        .map((der) =>
          new TextEncoder().encode(`-----BEGIN CMS-----\n${Buffer.from(der).toString('base64')}\n-----END CMS-----\n`),
        ),
    ],
    run(bytes) {
      const der = bytes[0] === 0x2d ? unlessRefused(CmsError, () => cmsFromPem(bytes)) : bytes;
      if (der === undefined) return;
      const message = unlessRefused(CmsError, () => parseCms(der));
      promise((message?.ciphertext.length ?? 0) <= der.length, 'a message is longer than its bytes');
      const opened = unlessRefused(CmsError, () => openCms(der, { keys }));
      promise(opened === undefined || same(opened, content), 'something else than the content came out');
    },
  };
}
