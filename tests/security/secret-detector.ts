import { Buffer } from 'node:buffer';

/** Something that must not be seen, by the name under which a finding is reported. */
export interface Secret {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Sighting {
  readonly secret: string;
  readonly form: string;
  readonly where: string;
}

interface Needle {
  readonly secret: string;
  readonly form: string;
  readonly bytes: Buffer;
}

/** Shorter needles would be found by chance. */
const needleBytesMin = 12;

/**
 * Finds secrets in bytes: raw, in hexadecimal, in base64 and base64url wherever in a longer text they begin, URL- and
 * JSON-escaped (twice too, and as the list of numbers that JSON makes of bytes), and in UTF-16.
 */
export class SecretDetector {
  readonly #needles: Needle[] = [];

  constructor(secrets: readonly Secret[]) {
    for (const { name, bytes } of secrets) this.add(name, bytes);
  }

  add(secret: string, bytes: Uint8Array): void {
    const forms = new Map<string, string>();
    for (const [form, needle] of formsOf(Buffer.from(bytes))) {
      if (needle.length >= needleBytesMin) forms.set(needle.toString('latin1'), form);
    }
    for (const [needle, form] of forms) this.#needles.push({ secret, form, bytes: Buffer.from(needle, 'latin1') });
  }

  get size(): number {
    return this.#needles.length;
  }

  /** Every secret in `haystack`, once per form, but those whose name `isAllowed` names. */
  find(where: string, haystack: Uint8Array | string, isAllowed: (secret: string) => boolean = () => false): Sighting[] {
    const hay = typeof haystack === 'string' ? Buffer.from(haystack, 'utf8') : haystack;
    const buffer = Buffer.from(hay.buffer, hay.byteOffset, hay.byteLength);
    return this.#needles.flatMap(({ secret, form, bytes }) =>
      buffer.includes(bytes) && !isAllowed(secret) ? [{ secret, form, where }] : [],
    );
  }
}

function* formsOf(bytes: Buffer): Generator<readonly [string, Buffer]> {
  yield ['raw', bytes];
  const hex = bytes.toString('hex');
  yield ['hex', Buffer.from(hex)];
  yield ['hex, upper case', Buffer.from(hex.toUpperCase())];
  // PostgreSQL and some dumps put spaces or \x between the bytes.
  yield ['hex with \\x', Buffer.from(hex.replaceAll(/../g, '\\x$&'))];
  yield ['percent-encoded whole', Buffer.from(hex.toUpperCase().replaceAll(/../g, '%$&'))];
  yield ['JSON list of bytes', Buffer.from([...bytes].join(','))];
  for (let before = 0; before < 3; before += 1) {
    // Within a longer text a secret begins at one of three places of a group of four letters. Letters that also depend on
    // the bytes around it are left out.
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const whole = padded.toString('base64').replaceAll('=', '');
    const first = Math.ceil((before * 8) / 6);
    const last = Math.floor((padded.length * 8) / 6);
    const text = whole.slice(first, last);
    yield [`base64 at ${before}`, Buffer.from(text)];
    yield [`base64url at ${before}`, Buffer.from(text.replaceAll('+', '-').replaceAll('/', '_'))];
    yield [`base64 at ${before}, URL-escaped`, Buffer.from(encodeURIComponent(text))];
  }
  const text = bytes.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(bytes)) return;
  const json = JSON.stringify(text).slice(1, -1);
  yield ['URL-escaped', Buffer.from(encodeURIComponent(text))];
  yield ['form-escaped', Buffer.from(new URLSearchParams([['', text]]).toString().slice(1))];
  yield ['JSON-escaped', Buffer.from(json)];
  yield ['JSON-escaped twice', Buffer.from(JSON.stringify(json).slice(1, -1))];
  yield [
    'JSON-escaped, ASCII',
    Buffer.from(json.replaceAll(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)),
  ];
  yield ['UTF-16', Buffer.from(text, 'utf16le')];
}
