import { strictUtf8, utf8 } from '../bytes.ts';
import { eventTenantAt, formVersion } from '../event/event.ts';
import { type AuditLeaf, decodeLeaf, leafBytesMax } from '../event/leaf.ts';
import { tenantHeadAction } from '../event/tenant-head.ts';
import { dayText } from '../event/view.ts';
import { asciiOf, characterClass, classOf, hexHigh, hexLow, plainByte, plainHigh, sextets } from './plain-tables.ts';

// Nearly every line of an honest export is a leaf line of the usual shape. This reader walks the leaf's bytes and the
// view's text side by side, once, and makes neither strings nor objects of them. It can only say "this line is right":
// whatever it does not know, an escaped character as much as damage, it leaves to the parser, the event reader and the
// view writer, which alone give reasons. Danger: what is accepted here is looked at by nobody else, so each check below
// has its twin in event.ts, cbor.ts or view.ts, and tests hold the two readers together.

const lineStart = asciiOf('{"index":');
const leafField = asciiOf(',"leaf":"');
const viewField = asciiOf('","view":{"tenant":"');
const sequenceField = asciiOf('","sequence":');
const idField = asciiOf(',"id":"');
const timeField = asciiOf('","time":"');
const actorField = asciiOf('","actor":{"kind":"');
const actorIdField = asciiOf('","id":"');
const sessionField = asciiOf('"},"session":');
const sourceField = asciiOf(',"source":');
const suiteField = asciiOf('{"suite":"');
const subjectField = asciiOf('","subjectKey":"');
const actionField = asciiOf(',"action":"');
const resourceField = asciiOf('","resource":{"type":"');
const resourceIdField = asciiOf('","id":"');
const outcomeField = asciiOf('"},"outcome":"');
const reasonField = asciiOf('","reason":');
const codeField = asciiOf('{"code":"');
const textField = asciiOf('","text":');
const requestField = asciiOf(',"requestId":');
const riskField = asciiOf(',"riskScore":');
const detailsField = asciiOf(',"details":{');
const lineEnd = asciiOf('}}}\n');
const [nullText, trueText, falseText] = [asciiOf('null'), asciiOf('true'), asciiOf('false')];
const outcomes = [asciiOf('success'), asciiOf('refused'), asciiOf('failed')];
const headAction = utf8.encode(tenantHeadAction);

const cborNull = 0xf6;
const detailsMax = 64;
const digitsMax = 16;
const secondsPerDay = 86_400;
const [quote, comma, colon, dash, dot, zero, equals, closing] = [0x22, 0x2c, 0x3a, 0x2d, 0x2e, 0x30, 0x3d, 0x7d];
const unsafe = -1;

/** Reads leaf lines of the usual shape. One reader serves a whole export: the fields hold what the last line said. */
export class PlainLine {
  index = 0;
  /** Microseconds since 1970. */
  time = 0;
  /** Where the line after this one begins. */
  end = 0;
  /** The byte 0x00 and the leaf: what RFC 6962 hashes. Overwritten by the next line, like the views of {@link leaf}. */
  hashed: Uint8Array = new Uint8Array(0);
  leaf: AuditLeaf | null = null;

  private readonly room = new Uint8Array(leafBytesMax + 4);
  private line: Uint8Array = this.room;
  /** Position in the line. */
  private at = 0;
  private event: Uint8Array = this.room;
  /** Position in the event. */
  private from = 0;

  /**
   * Reads the line that begins at `start` of `lines`. True: it has the only form of a leaf line, its leaf and event are
   * valid, both of one tenant, and its view is theirs. Whether the digest is the event's is not looked at. False: it
   * has to be read the long way.
   */
  read(lines: Uint8Array, start: number): boolean {
    this.line = lines;
    this.at = start;
    if (!this.literal(lineStart)) return false;
    this.index = this.decimal();
    if (this.index < 0 || !this.literal(leafField)) return false;
    const leaf = this.decodedLeaf();
    if (leaf === null || !this.literal(viewField)) return false;
    this.leaf = leaf;
    this.event = leaf.event;
    const isRight = this.readIds(leaf) && this.readActor() && this.readAction() && this.readReason() && this.readRest();
    this.end = this.at;
    return isRight;
  }

  /** Decodes the base64 text, in canonical form only, and takes the leaf apart. */
  private decodedLeaf(): AuditLeaf | null {
    const { line, room } = this;
    let at = this.at;
    let to = 1;
    for (; to <= leafBytesMax; at += 4, to += 3) {
      const word =
        ((sextets[line[at] ?? 0] ?? -1) << 18) |
        ((sextets[line[at + 1] ?? 0] ?? -1) << 12) |
        ((sextets[line[at + 2] ?? 0] ?? -1) << 6) |
        (sextets[line[at + 3] ?? 0] ?? -1);
      if (word < 0) break;
      room[to] = word >> 16;
      room[to + 1] = word >> 8;
      room[to + 2] = word;
    }
    if (line[at + 3] === equals) {
      const isShort = line[at + 2] === equals;
      const third = isShort ? 0 : (sextets[line[at + 2] ?? 0] ?? -1);
      const word = ((sextets[line[at] ?? 0] ?? -1) << 18) | ((sextets[line[at + 1] ?? 0] ?? -1) << 12) | (third << 6);
      // The bits that no byte takes are zero, or two texts would be one leaf.
      if (word < 0 || (word & (isShort ? 0xffff : 0xff)) !== 0) return null;
      room[to] = word >> 16;
      room[to + 1] = word >> 8;
      to += isShort ? 1 : 2;
      at += 4;
    }
    this.at = at;
    if (to > leafBytesMax + 1) return null;
    this.hashed = room.subarray(0, to);
    try {
      return decodeLeaf(room.subarray(1, to));
    } catch {
      return null;
    }
  }

  /** Id, tenant and time of the event, and the sequence of the leaf. */
  private readIds({ tenant, tenantSequence }: AuditLeaf): boolean {
    const { event } = this;
    if (event[0] !== formVersion || event[1] !== 0x8d || event[2] !== 0x50 || event[19] !== 0x50) return false;
    for (let index = 0; index < 16; index += 1) if (event[eventTenantAt + index] !== tenant[index]) return false;
    this.from = eventTenantAt + 16;
    const areIds =
      this.uuid(eventTenantAt) &&
      this.literal(sequenceField) &&
      this.decimal() === tenantSequence &&
      this.literal(idField) &&
      this.uuid(3) &&
      this.literal(timeField);
    if (!areIds) return false;
    this.time = this.argument(0);
    // Later than the last time that a number holds (the year 2255), or not a time: the long way.
    return this.time >= 0 && this.instant(this.time);
  }

  private readActor(): boolean {
    return (
      this.literal(actorField) &&
      this.head(0x82) &&
      this.name(characterClass.lower, characterClass.kind, 32) &&
      this.literal(actorIdField) &&
      this.nextUuid() &&
      this.literal(sessionField) &&
      (this.isNull() || (this.character(quote) && this.nextUuid() && this.character(quote))) &&
      this.literal(sourceField) &&
      (this.isNull() || this.sealed())
    );
  }

  private readAction(): boolean {
    if (!this.literal(actionField)) return false;
    const start = this.at;
    if (!this.name(characterClass.lower, characterClass.action, 64)) return false;
    const isPlain = this.isActionName(start, this.at) && !this.isText(headAction, start, this.at);
    return (
      isPlain &&
      this.literal(resourceField) &&
      this.head(0x82) &&
      this.text(1, 64) &&
      this.literal(resourceIdField) &&
      this.text(0, 256) &&
      this.literal(outcomeField) &&
      this.outcome()
    );
  }

  private readReason(): boolean {
    if (!this.literal(reasonField)) return false;
    if (this.isNull()) return true;
    return (
      this.literal(codeField) &&
      this.head(0x82) &&
      this.name(characterClass.codeFirst, characterClass.code, 64) &&
      this.literal(textField) &&
      (this.isNull() || this.sealed()) &&
      this.character(closing)
    );
  }

  private readRest(): boolean {
    const hasRequest =
      this.literal(requestField) &&
      (this.isNull() || (this.character(quote) && this.text(1, 128) && this.character(quote))) &&
      this.literal(riskField);
    if (!hasRequest) return false;
    const risk = this.argument(0);
    if (risk < 0 || risk > 100 || this.decimal() !== risk) return false;
    return this.literal(detailsField) && this.details() && this.from === this.event.length && this.literal(lineEnd);
  }

  private details(): boolean {
    const count = this.argument(5);
    if (count < 0 || count > detailsMax) return false;
    let before = 0;
    let beforeLength = -1;
    for (let index = 0; index < count; index += 1) {
      if (index > 0 && !this.character(comma)) return false;
      if (!this.character(quote)) return false;
      const start = this.at;
      if (!this.name(characterClass.letter, characterClass.key, 64)) return false;
      const length = this.at - start;
      // Shorter keys come first, as their encoding begins with the length (LEAF-3).
      const isOrdered = length > beforeLength || (length === beforeLength && this.isAfter(start, before, length));
      if (!isOrdered || !this.character(quote) || !this.character(colon) || !this.scalar()) return false;
      before = start;
      beforeLength = length;
    }
    return true;
  }

  /** Byte strings and integers beyond 2^53 take the long way. */
  private scalar(): boolean {
    const first = this.event[this.from] ?? 0xff;
    switch (first >> 5) {
      case 0:
        return this.isDecimal(this.argument(0));
      case 1: {
        const argument = this.argument(1);
        return (
          argument >= 0 && argument < Number.MAX_SAFE_INTEGER && this.character(dash) && this.isDecimal(argument + 1)
        );
      }
      case 3:
        return this.character(quote) && this.text(0, this.event.length) && this.character(quote);
      case 7:
        this.from += 1;
        if (first === 0xf4) return this.literal(falseText);
        if (first === 0xf5) return this.literal(trueText);
        return first === cborNull && this.literal(nullText);
    }
    return false;
  }

  /** Names a sealed field whose bytes nobody can read here. */
  private sealed(): boolean {
    if (!this.head(0x83) || !this.head(0x50)) return false;
    const subjectAt = this.from;
    this.from += 16;
    const isNamed =
      this.literal(suiteField) &&
      this.text(1, 64) &&
      this.literal(subjectField) &&
      this.uuid(subjectAt) &&
      this.character(quote) &&
      this.character(closing);
    if (!isNamed) return false;
    const length = this.argument(2);
    if (length < 0 || length > this.event.length - this.from) return false;
    this.from += length;
    return true;
  }

  private outcome(): boolean {
    const start = this.at;
    if (!this.text(6, 7)) return false;
    for (const outcome of outcomes) if (this.isText(outcome, start, this.at)) return true;
    return false;
  }

  /** A dot at least, and a letter after each; the first and all other characters were looked at when they were read. */
  private isActionName(start: number, end: number): boolean {
    const { line } = this;
    let dots = 0;
    for (let at = start; at < end; at += 1) {
      if (line[at] !== dot) continue;
      dots += 1;
      if (at + 1 === end || (classOf(line[at + 1]) & characterClass.lower) === 0) return false;
    }
    return dots > 0 && end - start >= 3;
  }

  /** A CBOR text that is a name: its first character of one class, the others of another, at most `most` of them. */
  private name(first: number, rest: number, most: number): boolean {
    const length = this.argument(3);
    const { line, event, at, from } = this;
    if (length < 1 || length > most || length > event.length - from) return false;
    let wanted = first;
    for (let index = 0; index < length; index += 1) {
      const byte = event[from + index];
      if (byte !== line[at + index] || (classOf(byte) & wanted) === 0) return false;
      wanted = rest;
    }
    this.at = at + length;
    this.from = from + length;
    return true;
  }

  /** A CBOR text of `least` to `most` bytes that JSON writes as it is. */
  private text(least: number, most: number): boolean {
    const length = this.argument(3);
    const { line, event, at, from } = this;
    if (length < least || length > most || length > event.length - from) return false;
    let seen = 0;
    for (let index = 0; index < length; index += 1) {
      const byte = event[from + index] ?? 0;
      const kind = plainByte[byte] ?? 0;
      if (kind === 0 || byte !== line[at + index]) return false;
      seen |= kind;
    }
    this.at = at + length;
    this.from = from + length;
    return (seen & plainHigh) === 0 || isUtf8(event.subarray(from, from + length));
  }

  /** The argument of a CBOR head of this major type, in the shortest form; negative for all else and beyond 2^53 - 1. */
  private argument(major: number): number {
    const { event, from } = this;
    const first = event[from] ?? 0xff;
    const info = first & 0x1f;
    if (first >> 5 !== major || info > 27) return unsafe;
    if (info < 24) {
      this.from = from + 1;
      return info;
    }
    const size = 1 << (info - 24);
    if (from + 1 + size > event.length) return unsafe;
    let value = 0;
    for (let index = 1; index <= size; index += 1) value = value * 256 + (event[from + index] ?? 0);
    this.from = from + 1 + size;
    const least = size === 1 ? 24 : size === 2 ? 0x100 : size === 4 ? 0x1_0000 : 0x1_0000_0000;
    return value >= least && value <= Number.MAX_SAFE_INTEGER ? value : unsafe;
  }

  /** One byte of the event: a head whose argument is part of the form. */
  private head(byte: number): boolean {
    const isIt = this.event[this.from] === byte;
    this.from += 1;
    return isIt;
  }

  /** A null in the event, which is `null` in the view. Takes nothing when it is not one. */
  private isNull(): boolean {
    if (this.event[this.from] !== cborNull || !this.literal(nullText)) return false;
    this.from += 1;
    return true;
  }

  private nextUuid(): boolean {
    const at = this.from + 1;
    if (!this.head(0x50)) return false;
    this.from = at + 16;
    return this.uuid(at);
  }

  /** The text of the UUID at `from` of the event. Beyond its end there is no byte, which no character equals. */
  private uuid(from: number): boolean {
    const { line, event } = this;
    let at = this.at;
    for (let index = 0; index < 16; index += 1, at += 2) {
      const byte = event[from + index] ?? 0x100;
      if (line[at] !== hexHigh[byte] || line[at + 1] !== hexLow[byte] || byte > 0xff) return false;
      if (index === 3 || index === 5 || index === 7 || index === 9) {
        if (line[at + 2] !== dash) return false;
        at += 1;
      }
    }
    this.at = at;
    return true;
  }

  /** The decimal number here, in its only form; negative when there is none or it is beyond 2^53 - 1. */
  private decimal(): number {
    const { line, at } = this;
    let value = 0;
    let end = at;
    for (; end - at < digitsMax; end += 1) {
      const digit = (line[end] ?? 0) - zero;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    this.at = end;
    if (end === at || (line[at] === zero && end - at > 1) || value > Number.MAX_SAFE_INTEGER) return unsafe;
    return value;
  }

  private isDecimal(value: number): boolean {
    return value >= 0 && this.decimal() === value;
  }

  private literal(expected: Uint8Array): boolean {
    const { line, at } = this;
    const { length } = expected;
    for (let index = 0; index < length; index += 1) if (line[at + index] !== expected[index]) return false;
    this.at = at + length;
    return true;
  }

  /** The time as the view writes it, with its closing quote left over. */
  private instant(time: number): boolean {
    const fraction = time % 1_000_000;
    const seconds = (time - fraction) / 1_000_000;
    const inDay = seconds % secondsPerDay;
    const { line, at } = this;
    const day = dayText((seconds - inDay) / secondsPerDay);
    for (let index = 0; index < 10; index += 1) if (line[at + index] !== day.charCodeAt(index)) return false;
    const isTime =
      line[at + 10] === 0x54 &&
      this.digits(at + 11, 2) === Math.floor(inDay / 3600) &&
      line[at + 13] === colon &&
      this.digits(at + 14, 2) === Math.floor(inDay / 60) % 60 &&
      line[at + 16] === colon &&
      this.digits(at + 17, 2) === inDay % 60 &&
      line[at + 19] === dot &&
      this.digits(at + 20, 6) === fraction &&
      line[at + 26] === 0x5a;
    this.at = at + 27;
    return isTime;
  }

  /** The number of exactly `count` digits at `at` of the line; negative when there is another character. */
  private digits(at: number, count: number): number {
    let value = 0;
    for (let index = at; index < at + count; index += 1) {
      const digit = (this.line[index] ?? 0) - zero;
      if (digit < 0 || digit > 9) return unsafe;
      value = value * 10 + digit;
    }
    return value;
  }

  private character(code: number): boolean {
    const isIt = this.line[this.at] === code;
    this.at += 1;
    return isIt;
  }

  /** Tells whether the line has exactly this text from `start` to `end`. */
  private isText(text: Uint8Array, start: number, end: number): boolean {
    if (end - start !== text.length) return false;
    for (let index = 0; index < text.length; index += 1) if (this.line[start + index] !== text[index]) return false;
    return true;
  }

  /** Compares two texts of one length within the line. */
  private isAfter(start: number, before: number, length: number): boolean {
    const { line } = this;
    for (let index = 0; index < length; index += 1) {
      const difference = (line[start + index] ?? 0) - (line[before + index] ?? 0);
      if (difference !== 0) return difference > 0;
    }
    return false;
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    strictUtf8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
