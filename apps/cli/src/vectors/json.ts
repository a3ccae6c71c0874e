// Vectors are other people's JSON: every access states what it expects, and says so when it is not there.

export type Json = Readonly<Record<string, unknown>>;

export class VectorFormatError extends Error {
  override readonly name = 'VectorFormatError';
}

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function textAt(object: Json, name: string): string {
  const value = object[name];
  if (typeof value !== 'string') throw new VectorFormatError(`${name} is no text`);
  return value;
}

export function numberAt(object: Json, name: string): number {
  const value = object[name];
  if (typeof value !== 'number') throw new VectorFormatError(`${name} is no number`);
  return value;
}

export function objectsAt(object: Json, name: string): readonly Json[] {
  const value = object[name];
  if (!Array.isArray(value)) throw new VectorFormatError(`${name} is no list`);
  return value.filter(isObject);
}

export const hexAt = (object: Json, name: string): Uint8Array => fromHex(textAt(object, name));
export const base64At = (object: Json, name: string): Uint8Array => fromBase64(textAt(object, name));

export function fromHex(text: string): Uint8Array {
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(text)) throw new VectorFormatError('not hexadecimal');
  return new Uint8Array(Buffer.from(text, 'hex'));
}

export const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
export const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
