import { InventoryError } from '../errors.ts';
import type { ScanTarget } from '../scan/scan-state.ts';
import { parseAddress } from './address.ts';

export const defaultTlsPort = 443;

/**
 * Reads `host`, `host:port`, `[::1]:port` or a bare IPv6 address. Host names come back in lower case without a trailing dot.
 * International names must be given in their ASCII form (`xn--...`). Throws `INVENTORY_INPUT_INVALID`.
 */
export function parseScanTarget(text: string): ScanTarget {
  const trimmed = text.trim();
  if (parseAddress(trimmed) !== undefined) return { host: trimmed.toLowerCase(), port: defaultTlsPort };
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(trimmed);
  if (match === null) throw badTarget(trimmed, 'it is not HOST:PORT');
  const [, bracketed, plain, portText] = match;
  const port = portText === undefined ? defaultTlsPort : Number(portText);
  if (port < 1 || port > 65_535) throw badTarget(trimmed, 'the port is not between 1 and 65535');
  if (bracketed !== undefined) {
    if (parseAddress(bracketed)?.length !== 16) throw badTarget(trimmed, 'the brackets do not hold an IPv6 address');
    return { host: bracketed.toLowerCase(), port };
  }
  const host = (plain ?? '').toLowerCase().replace(/\.$/, '');
  const labels = host.split('.');
  // Underscores are not host-name characters by RFC 952 but occur in real names of services.
  if (host.length > 253 || !labels.every((label) => /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/.test(label))) {
    throw badTarget(trimmed, 'the host name is not valid');
  }
  return { host, port };
}

/** `host:port` again, with brackets where an IPv6 address needs them. */
export function formatScanTarget({ host, port }: ScanTarget): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function badTarget(text: string, reason: string): InventoryError {
  return new InventoryError('INVENTORY_INPUT_INVALID', `"${text.slice(0, 80)}" is not a scan target: ${reason}.`);
}
