import { parseAddress } from '@quantumvault/pki';
import { InventoryError } from '../errors.ts';
import type { ScanTarget } from '../scan/scan-state.ts';
import type { TlsScanResult } from '../scan/tls-scan-result.ts';
import { findStartTlsProtocol, startTlsPorts, startTlsProtocols } from '../starttls/protocols.ts';

export const defaultTlsPort = 443;

/**
 * Reads `host`, `host:port`, `[::1]:port` or a bare IPv6 address, for TLS from the first byte; with a scheme in front
 * (`smtp://mail.example.org`, `postgres://[::1]:5433`) for TLS that the protocol of that name is asked for (STARTTLS).
 * Host names come back in lower case without a trailing dot. International names must be given in their ASCII form
 * (`xn--...`). Throws `INVENTORY_INPUT_INVALID`.
 */
export function parseScanTarget(text: string): ScanTarget {
  const trimmed = text.trim();
  const [, scheme, rest = ''] = /^([^:/]*):\/\/(.*)$/s.exec(trimmed) ?? [];
  if (scheme === undefined) return parseHostAndPort(trimmed, defaultTlsPort);
  const starttls = findStartTlsProtocol(scheme.toLowerCase());
  if (scheme.toLowerCase() === 'https')
    throw badTarget(trimmed, 'TLS from the first byte is written without a scheme and a path, HOST or HOST:PORT');
  if (starttls === undefined) throw badTarget(trimmed, `its scheme is not one of ${startTlsProtocols.join(', ')}`);
  return { ...parseHostAndPort(rest, startTlsPorts[starttls]), starttls };
}

function parseHostAndPort(text: string, defaultPort: number): { host: string; port: number } {
  if (parseAddress(text) !== undefined) return { host: text.toLowerCase(), port: defaultPort };
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text);
  if (match === null) throw badTarget(text, 'it is not HOST:PORT');
  const [, bracketed, plain, portText] = match;
  const port = portText === undefined ? defaultPort : Number(portText);
  if (port < 1 || port > 65_535) throw badTarget(text, 'the port is not between 1 and 65535');
  if (bracketed !== undefined) {
    if (parseAddress(bracketed)?.length !== 16) throw badTarget(text, 'the brackets do not hold an IPv6 address');
    return { host: bracketed.toLowerCase(), port };
  }
  const host = (plain ?? '').toLowerCase().replace(/\.$/, '');
  const labels = host.split('.');
  // Underscores are not host-name characters by RFC 952 but occur in real names of services.
  if (host.length > 253 || !labels.every((label) => /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/.test(label))) {
    throw badTarget(text, 'the host name is not valid');
  }
  return { host, port };
}

/** The text form again: `host:port`, with brackets where an IPv6 address needs them and a scheme where there is one. */
export function formatScanTarget({ host, port, starttls }: ScanTarget): string {
  const scheme = starttls === undefined ? '' : `${starttls}://`;
  return host.includes(':') ? `${scheme}[${host}]:${port}` : `${scheme}${host}:${port}`;
}

/** Where a result comes from, so that a scan finds its asset again: the protocol in front of TLS is a part of that. */
export function targetOfResult(result: Pick<TlsScanResult, 'host' | 'port' | 'protocol'>): ScanTarget {
  const { host, port, protocol } = result;
  return protocol === 'tls' ? { host, port } : { host, port, starttls: protocol };
}

function badTarget(text: string, reason: string): InventoryError {
  return new InventoryError('INVENTORY_INPUT_INVALID', `"${text.slice(0, 80)}" is not a scan target: ${reason}.`);
}
