import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readCorpus } from '../../test/corpus.ts';
import { InventoryError } from '../errors.ts';
import { suiteName } from './cipher-suites.ts';
import { ServerFlightReader } from './server-flight.ts';
import type { ServerMessage } from './server-messages.ts';

describe('real captures', () => {
  it('the reader agrees with Zeek on the suite of every TLS capture, and crashes on none', (ctx) => {
    const files = readCorpus('pcap-zeek');
    if (files === undefined) return ctx.skip('../shared/corpora/pcap-zeek.tar.gz is absent');
    let compared = 0;
    let streams = 0;
    for (const [path, content] of files) {
      if (!/\/tls\/.*\.pcap(\.gz)?$/.test(path)) continue;
      const suites: string[] = [];
      for (const stream of tcpStreams(path.endsWith('.gz') ? gunzipSync(content) : content)) {
        streams += 1;
        for (const message of readQuietly(stream)) {
          if (message.kind === 'server-hello') suites.push(suiteName(message.suite));
        }
      }
      const name = path
        .replace(/^pcap-zeek\//, '')
        .replaceAll('/', '__')
        .replace(/\.gz$/, '');
      for (const [logPath, log] of files) {
        if (!logPath.includes(`/baseline/${name}`) || !logPath.endsWith('/ssl.log')) continue;
        const rows = new TextDecoder().decode(log).split('\n');
        const column =
          rows
            .find((row) => row.startsWith('#fields'))
            ?.split('\t')
            .slice(1)
            .indexOf('cipher') ?? -1;
        for (const row of rows.filter((line) => line !== '' && !line.startsWith('#'))) {
          const cipher = row.split('\t')[column];
          if (cipher === undefined || cipher === '-' || suites.length === 0) continue;
          expect(suites, `${path}: ${logPath}`).toContain(cipher);
          compared += 1;
        }
      }
    }
    console.info(`${streams} directions of TCP streams read, ${compared} rows of Zeek compared`);
    expect(streams).toBeGreaterThan(40);
    expect(compared).toBeGreaterThan(4);
  });
});

function readQuietly(stream: Uint8Array): ServerMessage[] {
  const messages: ServerMessage[] = [];
  const reader = new ServerFlightReader();
  try {
    // Small chunks: the messages before a malformed one must have come out.
    for (let offset = 0; offset < stream.length; offset += 64)
      messages.push(...reader.push(stream.subarray(offset, offset + 64)));
  } catch (error) {
    if (!(error instanceof InventoryError)) throw error;
  }
  return messages;
}

/** Each direction of each TCP connection of a capture, put together by sequence number (pcap, Ethernet or raw IPv4/IPv6). */
function tcpStreams(pcap: Uint8Array): Uint8Array[] {
  const view = new DataView(pcap.buffer, pcap.byteOffset, pcap.byteLength);
  if (pcap.length < 24) return [];
  const isLittle = [0xa1b2c3d4, 0xa1b23c4d].includes(view.getUint32(0, true));
  if (!isLittle && ![0xa1b2c3d4, 0xa1b23c4d].includes(view.getUint32(0, false))) return [];
  const linkHeader = { 1: 14, 0: 4, 101: 0, 113: 16, 12: 0 }[view.getUint32(20, isLittle)];
  if (linkHeader === undefined) return [];
  const segments = new Map<string, Map<number, Uint8Array>>();
  for (let offset = 24; offset + 16 <= pcap.length; ) {
    const length = view.getUint32(offset + 8, isLittle);
    const ip = pcap.subarray(offset + 16 + linkHeader, offset + 16 + length);
    offset += 16 + length;
    const version = (ip[0] ?? 0) >> 4;
    const ipHeader = version === 4 ? ((ip[0] ?? 0) & 15) * 4 : 40;
    const protocol = version === 4 ? ip[9] : ip[6];
    if ((version !== 4 && version !== 6) || protocol !== 6) continue;
    const total = version === 4 ? ((ip[2] ?? 0) << 8) | (ip[3] ?? 0) : 40 + (((ip[4] ?? 0) << 8) | (ip[5] ?? 0));
    // Captures taken before segmentation offload show a total length of zero.
    const tcp = ip.subarray(ipHeader, total === 0 ? undefined : total);
    if (tcp.length < 20) continue;
    const payload = tcp.subarray(((tcp[12] ?? 0) >> 4) * 4);
    if (payload.length === 0) continue;
    const key = [...ip.subarray(version === 4 ? 12 : 8, version === 4 ? 20 : 40), ...tcp.subarray(0, 4)].join('.');
    const sequence = new DataView(tcp.buffer, tcp.byteOffset).getUint32(4);
    const parts = segments.get(key) ?? new Map<number, Uint8Array>();
    if (!parts.has(sequence)) parts.set(sequence, payload);
    segments.set(key, parts);
  }
  return [...segments.values()].map((parts) => {
    const ordered = [...parts].toSorted(([left], [right]) => left - right);
    return Uint8Array.from(ordered.flatMap(([, payload]) => [...payload]));
  });
}
