// Messages of CMS from the hackathons of the IETF (pqc-certificates): a message, the private keys beside it, and the plaintext.
import { CmsError, openCms, parseCms, parseCmsKey } from '@quantumvault/cms';
import { same } from '../json.ts';
import type { VectorSource } from '../source.ts';
import { Skip } from '../tally.ts';
import type { VectorFile } from '../vector-file.ts';

const messageName = /^(.+)_kemri_.*\.der$/;
const plaintextName = 'expected_plaintext.txt';
/** What the messages were made with; they carry it themselves. */
const partNames: ReadonlySet<string> = new Set([plaintextName, 'ukm.txt']);

const unknownKey = 'the KEM of the private key is not offered, or of an older revision of its draft';

function keyOf(file: VectorFile) {
  try {
    return parseCmsKey(file.bytes);
  } catch (error) {
    if (error instanceof CmsError && error.code === 'CMS_UNSUPPORTED') {
      throw new Skip(unknownKey);
    }
    throw error;
  }
}

function isOpened(message: VectorFile, keyFile: VectorFile, plaintext: Uint8Array): boolean {
  const key = keyOf(keyFile);
  try {
    const { recipients } = parseCms(message.bytes);
    // Some messages of one set were made under the identifier of another algorithm than their file and their key say.
    if (!recipients.some((one) => one.type === 'kem' && one.kem === key.kem)) {
      throw new Skip('the message names another KEM than its private key');
    }
    return same(openCms(message.bytes, { keys: [key] }), plaintext);
  } catch (error) {
    if (error instanceof CmsError && error.code === 'CMS_UNSUPPORTED') throw new Skip(error.message);
    throw error;
  }
}

export const cms: VectorSource = {
  source: 'pqc-certificates',
  recognize({ name, neighbours }) {
    if (messageName.test(name)) return 'vectors';
    return partNames.has(name) && neighbours.some((other) => messageName.test(other)) ? 'part' : undefined;
  },
  async run(file, tally) {
    const prefix = messageName.exec(file.name)?.[1] ?? '';
    const keyNames = file.neighbours.filter((name) => name.startsWith(`${prefix}_`) && name.endsWith('_priv.der'));
    const own = file.neighbours.includes(`${prefix}_priv.der`) ? [`${prefix}_priv.der`] : keyNames;
    const plaintext = file.beside(plaintextName);
    if (own.length === 0 || plaintext === undefined) {
      return tally.skip('the private key or the plaintext of the message is missing');
    }
    for (const name of own) {
      const keyFile = file.beside(name);
      if (keyFile === undefined) continue;
      await tally.run(`${file.name} with ${name}`, () => isOpened(file, keyFile, plaintext.bytes));
    }
  },
};
