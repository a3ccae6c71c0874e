/** Writes what servers send in TLS up to 1.2, right or wrong, for tests of what the scanner makes of it. */

export const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
export const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
const u24 = (value: number): Buffer => Buffer.from([value >> 16, (value >> 8) & 0xff, value & 0xff]);
export const vector16 = (body: Buffer): Buffer => Buffer.concat([u16(body.length), body]);
export const vector24 = (body: Buffer): Buffer => Buffer.concat([u24(body.length), body]);

export const record = (type: number, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from([type, 3, 3]), vector16(payload)]);

export const handshake = (type: number, body: Buffer): Buffer => Buffer.concat([Buffer.from([type]), vector24(body)]);

/** A flight of any length, cut into records. */
export function records(flight: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < flight.length; at += 16_000) parts.push(record(22, flight.subarray(at, at + 16_000)));
  return Buffer.concat(parts);
}

/** A ServerHello with a random value that holds no mark and no meaning. */
export const serverHello = (extensions = '', suite = 0xc02f, version = 0x0303): Buffer =>
  handshake(
    2,
    Buffer.concat([u16(version), Buffer.alloc(32, 7), hex('00'), u16(suite), hex('00'), vector16(hex(extensions))]),
  );

export const certificates = (...list: readonly Buffer[]): Buffer =>
  handshake(11, vector24(Buffer.concat(list.map(vector24))));

/** Parameters on an elliptic curve, with a point and a signature that nobody could use. */
export const ecdheParameters = (group: number): Buffer =>
  handshake(12, Buffer.concat([hex('03'), u16(group), hex('02 aabb 0401 0000')]));

/** Finite-field parameters with a prime of so many bits. */
export function dheParameters(bits: number): Buffer {
  const prime = Buffer.alloc(Math.ceil(bits / 8), 0xff);
  prime[0] = 0xff >> (prime.length * 8 - bits);
  return handshake(12, Buffer.concat([vector16(prime), vector16(hex('02')), vector16(hex('aabb')), hex('0401 0000')]));
}

export const helloDone = handshake(14, Buffer.alloc(0));
export const alert = (level: number, description: number): Buffer => record(21, Buffer.from([level, description]));

/** A HelloRetryRequest of TLS 1.3 that names a group. */
export function helloRetry(group: number): Buffer {
  const random = hex('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c');
  const extensions = Buffer.concat([hex('002b 0002 0304 0033 0002'), u16(group)]);
  const body = Buffer.concat([hex('0303'), random, hex('00 1302 00'), vector16(extensions)]);
  return record(22, handshake(2, body));
}
