import type { ScanTargetView, TlsScanPreview } from '@quantumvault/api';

/** What became of a target, for people. */
export const statusWord: Readonly<Record<ScanTargetView['status'], string>> = {
  pending: 'waiting',
  answered: 'answered',
  unreachable: 'no answer',
  refused: 'not scanned',
};

/** How a target stands against the run before, or against what was known of the asset. */
export const changeWord: Readonly<Record<NonNullable<ScanTargetView['change']>, string>> = {
  new: 'new',
  changed: 'changed',
  same: 'as before',
  gone: 'gone',
  absent: 'still nothing there',
};

const errorSentences: Readonly<Record<string, string>> = {
  refused: 'Nothing listens on this port.',
  reset: 'The connection was cut off.',
  alert: 'It speaks TLS and refused every offer.',
  timeout: 'It did not answer in time. A firewall may drop the packets.',
  dns: 'The name has no address.',
  'not-tls': 'It answers, but not with TLS.',
  'address-refused': 'This server may not scan the address.',
};

/** Why nothing was found; a cause that a newer server has is shown as it is. */
export const errorSentence = (error: string): string => errorSentences[error] ?? error;

export const refusalSentence: Readonly<Record<TlsScanPreview['refused'][number]['code'], string>> = {
  'not-public': 'It is not a public address, and the operator has not opened its network to scans.',
  'metadata-address': 'It gives out credentials in clouds; nobody may scan it from a server.',
  'invalid-address': 'It is no address of a host.',
};

/** The lines of a text as a person typed or pasted them: each once, without comments and empty ones. */
export function targetLines(text: string): readonly string[] {
  const lines = text.split(/[\r\n,;]+/).map((line) => line.replace(/(^|\s)#.*$/, '').trim());
  return [...new Set(lines)].filter((line) => line !== '');
}

/** Ports as typed, `443, 8443`; null when one is none. */
export function portsOf(text: string): readonly number[] | null {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  const ports = parts.map((part) => (/^\d{1,5}$/.test(part) ? Number(part) : 0));
  const areAllRight = ports.length > 0 && ports.length <= 16 && ports.every((port) => port >= 1 && port <= 65_535);
  return areAllRight ? [...new Set(ports)] : null;
}
