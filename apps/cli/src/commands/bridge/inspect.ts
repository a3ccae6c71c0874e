import type { AgeStanza } from '@quantumvault/age';
import type { Cli } from '../../cli.ts';
import type { ByteInput } from '../../local/byte-files.ts';
import { formatBytes } from '../../terminal/format.ts';
import { printFields, printTable } from '../../terminal/table.ts';

/** The types of stanza that are read here, in words. Of all others nothing is known but their name. */
const knownTypes: Readonly<Record<string, string>> = {
  mlkem768x25519: 'ML-KEM-768 and X25519',
  X25519: 'X25519, not safe from quantum computers',
  scrypt: 'a passphrase',
};

/** The work factor is the one argument that says something to people; the others are shares and salts. */
function stanzaJson({ type, args }: AgeStanza): Readonly<Record<string, unknown>> {
  const known = Object.hasOwn(knownTypes, type);
  return { type, known, ...(type === 'scrypt' ? { workFactor: args[1] ?? null } : {}) };
}

/** Shows the stanzas of a file of age. */
export async function inspectAge(cli: Cli, { chunks, size }: ByteInput, json: boolean): Promise<void> {
  const { readAgeHeader } = await import('@quantumvault/age');
  const { stanzas, headerBytes, isArmored } = await readAgeHeader(chunks);
  const fileBytes = size ?? null;
  if (json) {
    const said = { version: 1, armored: isArmored, headerBytes, fileBytes, stanzas: stanzas.map(stanzaJson) };
    return cli.output.json({ format: 'age', authenticated: false, ...said });
  }
  printFields(cli.output, [
    ['format', 'age v1'],
    ['armored', isArmored ? 'yes' : 'no'],
    ['header', formatBytes(headerBytes)],
    ['file', fileBytes === null ? 'unknown' : formatBytes(fileBytes)],
  ]);
  printTable(
    cli.output,
    [{ title: 'STANZA' }, { title: 'RECIPIENT' }],
    stanzas.map(({ type, args }) => {
      const words = Object.hasOwn(knownTypes, type) ? (knownTypes[type] ?? '') : 'not known here';
      return [type, type === 'scrypt' ? `${words}, work 2^${args[1] ?? '?'}` : words];
    }),
  );
  cli.output.note('Nothing of this was checked: anybody could have written it. Only decrypting checks it.');
}
