import { DerReader, derTag, PkiError, readPem } from '@quantumvault/pki';
import type { VectorFile } from '../vector-file.ts';

/** What a DER structure is by its outline, so that files are told apart whatever they are called. */
export type DerKind = 'certificate' | 'cms' | 'private-key' | 'public-key';

/** The DER of a file: of its first PEM block, or the bytes themselves. Undefined when it is neither. */
export function derOf({ text, bytes }: VectorFile): Uint8Array | undefined {
  if (text?.includes('-----BEGIN ')) {
    const content = readPem(bytes).blocks[0]?.content;
    return content instanceof Uint8Array ? content : undefined;
  }
  return bytes[0] === derTag.sequence ? bytes : undefined;
}

/** Undefined for everything else. */
export function kindOf(der: Uint8Array): DerKind | undefined {
  try {
    const tags = outline(der);
    const [first, second, third] = tags;
    if (first === derTag.integer && second === derTag.sequence && third === derTag.octetString) return 'private-key';
    if (first === derTag.oid && second === contentTag) return 'cms';
    if (first !== derTag.sequence) return undefined;
    if (second === derTag.bitString && third === undefined) return 'public-key';
    return second === derTag.sequence && third === derTag.bitString && isCertificate(der) ? 'certificate' : undefined;
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

const contentTag = 0xa0;

function outline(der: Uint8Array): readonly number[] {
  const outer = new DerReader(der);
  const inner = new DerReader(outer.expect(derTag.sequence).content);
  outer.end();
  const tags: number[] = [];
  while (!inner.isDone) tags.push(inner.next().tag);
  return tags;
}

/** Requests and revocation lists have the same outline; only a certificate has two times before its key. */
function isCertificate(der: Uint8Array): boolean {
  const signed = new DerReader(
    new DerReader(new DerReader(der).expect(derTag.sequence).content).expect(derTag.sequence).content,
  );
  const tags: number[] = [];
  while (!signed.isDone && tags.length < 7) tags.push(signed.next().tag);
  if (tags[0] === contentTag) tags.shift();
  const { integer, sequence } = derTag;
  return [integer, sequence, sequence, sequence, sequence, sequence].every((tag, at) => tags[at] === tag);
}
