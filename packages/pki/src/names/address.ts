/** An IP address as its 4 or 16 bytes. */
export type AddressBytes = Uint8Array;

/**
 * Reads an address in canonical text form: dotted decimal without leading zeros, or RFC 4291 hexadecimal.
 * The other spellings that system resolvers accept (`0x7f.1`, `2130706433`, `0177.0.0.1`) give undefined on purpose:
 * they are host names here, and what they resolve to is checked instead. Zone suffixes (`%eth0`) give undefined too.
 */
export function parseAddress(text: string): AddressBytes | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): AddressBytes | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255))
    return undefined;
  return new Uint8Array(parts.map(Number));
}

function parseIpv6(text: string): AddressBytes | undefined {
  if (text.length > 45 || text.split('::').length > 2) return undefined;
  const [head = '', tail] = text.split('::');
  const left = parseGroups(head);
  const right = tail === undefined ? [] : parseGroups(tail);
  if (left === undefined || right === undefined) return undefined;
  const missing = 16 - left.length - right.length;
  // "::" stands for at least one group of zeros.
  if (tail === undefined ? missing !== 0 : missing < 2) return undefined;
  return new Uint8Array([...left, ...new Array<number>(missing).fill(0), ...right]);
}

function parseGroups(text: string): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    if (group.includes('.') && index === groups.length - 1) {
      const embedded = parseIpv4(group);
      if (embedded === undefined) return undefined;
      bytes.push(...embedded);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined;
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
    }
  }
  return bytes.length <= 16 ? bytes : undefined;
}
