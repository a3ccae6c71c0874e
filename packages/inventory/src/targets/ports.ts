import { InventoryError } from '../errors.ts';

const partsMax = 64;

/** Reads `443,8443,9000-9010` into ports, in that order, each once. Throws `INVENTORY_INPUT_INVALID`. */
export function parsePorts(text: string): readonly number[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length > partsMax) throw badPorts(text, `it has more than ${partsMax} parts`);
  const ports = new Set<number>();
  for (const part of parts) {
    const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (first === undefined) throw badPorts(text, `"${part.slice(0, 20)}" is neither a port nor a range of ports`);
    if (from < 1 || to > 65_535) throw badPorts(text, `${part} is not between 1 and 65535`);
    if (from > to) throw badPorts(text, `${part} ends before it begins`);
    for (let port = from; port <= to; port += 1) ports.add(port);
  }
  return [...ports];
}

const badPorts = (text: string, reason: string): InventoryError =>
  new InventoryError('INVENTORY_INPUT_INVALID', `"${text.slice(0, 60)}" is no list of ports: ${reason}.`);
