/*
 * The BER (X.690) that CMS is written in. Streaming writers use indefinite lengths and octet strings in pieces, so that the
 * strict DER reader of packages/pki is not enough. Bounded all the same: depth and number of elements have limits, every
 * length is held against what is left, and nothing is allocated by a length that somebody claims.
 */
import { CmsError, need } from './errors.ts';

export interface BerElement {
  /** Class, constructed bit and number in one byte; longer tags do not occur in CMS. */
  readonly tag: number;
  readonly content: Uint8Array;
  /** Header, content and end mark. */
  readonly whole: Uint8Array;
  /** Whether the length stands in front, as DER demands. */
  readonly isDefinite: boolean;
}

export const berTag = {
  integer: 0x02,
  octetString: 0x04,
  constructedOctetString: 0x24,
  oid: 0x06,
  sequence: 0x30,
  set: 0x31,
  /** `[number]` around a value, or in place of the tag of a constructed one. */
  constructed: (number: number): number => 0xa0 | number,
  /** `[number]` in place of the tag of a primitive value. */
  primitive: (number: number): number => 0x80 | number,
} as const;

export const berLimits = { depth: 16, elements: 1_000_000 } as const;

const malformed = (message: string): CmsError => new CmsError('CMS_MALFORMED', message);

/** Elements that may still be looked at; shared by all readers of one message. */
export interface BerBudget {
  left: number;
}

/** Reads sibling elements one after the other. All throw CMS_MALFORMED and CMS_LIMIT. */
export class BerReader {
  readonly #bytes: Uint8Array;
  readonly #budget: BerBudget;
  #at = 0;

  constructor(bytes: Uint8Array, budget: BerBudget = { left: berLimits.elements }) {
    this.#bytes = bytes;
    this.#budget = budget;
  }

  get isDone(): boolean {
    return this.#at === this.#bytes.length;
  }

  peekTag(): number | undefined {
    return this.#bytes[this.#at];
  }

  next(): BerElement {
    const element = readElement(this.#bytes, this.#at, this.#budget, 0);
    this.#at += element.whole.length;
    return element;
  }

  expect(tag: number, what: string): BerElement {
    if (this.peekTag() !== tag) throw malformed(`${what} is missing, or of another type`);
    return this.next();
  }

  /** The next element when it has this tag; undefined, and nothing is read, when it has another or none is left. */
  optional(tag: number): BerElement | undefined {
    return this.peekTag() === tag ? this.next() : undefined;
  }

  /** A reader of what is inside a constructed element. */
  inside({ content }: BerElement): BerReader {
    return new BerReader(content, this.#budget);
  }

  /** An octet string, in one piece or in several. `number` is its implicit tag, if it has one. */
  octets(what: string, number?: number): Uint8Array {
    const [whole, pieces] =
      number === undefined
        ? [berTag.octetString, berTag.constructedOctetString]
        : [berTag.primitive(number), berTag.constructed(number)];
    const tag = this.peekTag();
    if (tag === whole) return this.next().content;
    if (tag !== pieces) throw malformed(`${what} is missing, or of another type`);
    const parts: Uint8Array[] = [];
    collectPieces(this.inside(this.next()), parts, 0);
    return joined(parts);
  }

  /** Whether an octet string with this implicit tag comes next. */
  hasOctets(number: number): boolean {
    const tag = this.peekTag();
    return tag === berTag.primitive(number) || tag === berTag.constructed(number);
  }

  end(what: string): void {
    if (!this.isDone) throw malformed(`bytes follow the end of ${what}`);
  }
}

function readElement(bytes: Uint8Array, start: number, budget: BerBudget, depth: number): BerElement {
  budget.left -= 1;
  need(budget.left >= 0, 'CMS_LIMIT', `a message has at most ${berLimits.elements} elements`);
  need(depth < berLimits.depth, 'CMS_LIMIT', `elements are nested at most ${berLimits.depth} deep`);
  const tag = byteAt(bytes, start);
  if ((tag & 0x1f) === 0x1f) throw malformed('a tag has more than one byte');
  const first = byteAt(bytes, start + 1);
  let at = start + 2;
  if (first === 0x80) return readIndefinite(bytes, { start, at, tag }, budget, depth);
  let length = first;
  if (first > 0x80) {
    const count = first & 0x7f;
    if (count > 4) throw malformed('a length has more than four bytes');
    length = 0;
    for (const end = at + count; at < end; at += 1) length = length * 256 + byteAt(bytes, at);
  }
  if (length > bytes.length - at) throw malformed('a length reaches beyond the end');
  const end = at + length;
  return { tag, content: bytes.subarray(at, end), whole: bytes.subarray(start, end), isDefinite: true };
}

/** Elements up to the mark of the end, two zero bytes. */
function readIndefinite(
  bytes: Uint8Array,
  { start, at: contentAt, tag }: { readonly start: number; readonly at: number; readonly tag: number },
  budget: BerBudget,
  depth: number,
): BerElement {
  if ((tag & 0x20) === 0) throw malformed('a primitive element has no length');
  let at = contentAt;
  while (byteAt(bytes, at) !== 0) at += readElement(bytes, at, budget, depth + 1).whole.length;
  if (byteAt(bytes, at + 1) !== 0) throw malformed('the mark of an end is broken');
  return { tag, content: bytes.subarray(contentAt, at), whole: bytes.subarray(start, at + 2), isDefinite: false };
}

function collectPieces(reader: BerReader, parts: Uint8Array[], depth: number): void {
  need(depth < berLimits.depth, 'CMS_LIMIT', `elements are nested at most ${berLimits.depth} deep`);
  while (!reader.isDone) {
    const piece = reader.next();
    if (piece.tag === berTag.octetString) parts.push(piece.content);
    else if (piece.tag === berTag.constructedOctetString) collectPieces(reader.inside(piece), parts, depth + 1);
    else throw malformed('an octet string has a piece of another type');
  }
}

function byteAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw malformed('it ends in the middle of an element');
  return byte;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
