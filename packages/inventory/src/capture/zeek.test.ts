import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readCorpus, readVectors } from '../../test/corpus.ts';
import { observeCapture } from '../../test/observe.ts';
import { logsOf, readZeekLog, type ZeekRow } from '../../test/zeek-logs.ts';
import type { ObservedConnection } from './observed-connection.ts';

interface Comparison {
  captures: number;
  equal: number;
  readonly different: string[];
  readonly unsupported: string[];
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

// Where Zeek writes the same fact in another way. Everything that is not listed here must be equal as it stands.
const zeekVersion = (version: string | null) => version?.replace(/v1\.(\d)/, 'v1$1') ?? '-'; // TLSv1.2 is TLSv12
const zeekList = (values: readonly string[]) => (values.length === 0 ? '-' : values.join(','));
const zeekFlag = (value: boolean) => (value ? 'T' : 'F');
const zeekUnset = (value: string | undefined) => (value === '(empty)' ? '-' : value);

/** A connection as a row of Zeek's ssl.log. */
function asSslRow(connection: ObservedConnection): ZeekRow {
  return {
    version: zeekVersion(connection.version),
    cipher: connection.suite ?? '-',
    curve: connection.group ?? '-',
    server_name: connection.serverName ?? '-',
    resumed: zeekFlag(connection.isResumed),
    last_alert: connection.lastAlert?.name ?? '-',
    next_protocol: connection.alpn ?? '-',
    established: zeekFlag(connection.isEstablished),
    cert_chain_fps: zeekList(connection.serverCertificates.map(sha256)),
    client_cert_chain_fps: zeekList(connection.clientCertificates.map(sha256)),
  };
}

const endsOf = ({ client, server }: ObservedConnection, isTurned: boolean) => {
  const ends = [`${client.address}:${client.port}`, `${server.address}:${server.port}`];
  return (isTurned ? ends.toReversed() : ends).join(' ');
};

function compareSsl(log: string, rows: readonly ZeekRow[], found: readonly ObservedConnection[], into: Comparison) {
  const left = [...found];
  for (const row of rows) {
    const ends = `${row['id.orig_h']}:${row['id.orig_p']} ${row['id.resp_h']}:${row['id.resp_p']}`;
    // Zeek names the ends by who sent the first packet; `^` at the head of its history says that the other one is the
    // client of TLS (WebRTC, where both sides greet with STUN first). Ours are always named by the ClientHello.
    const isTurned = row.ssl_history?.startsWith('^') ?? false;
    const at = left.findIndex((connection) => endsOf(connection, isTurned) === ends);
    const [connection] = at < 0 ? [] : left.splice(at, 1);
    if (connection === undefined) {
      into.different.push(`${log}: ${ends}: only Zeek saw this connection`);
      continue;
    }
    const differences = Object.entries(asSslRow(connection)).filter(
      ([column, value]) => zeekUnset(row[column]) !== value,
    );
    if (differences.length === 0) into.equal += 1;
    for (const [column, value] of differences) {
      into.different.push(`${log}: ${ends}: ${column}: Zeek ${row[column]}, we ${value}`);
    }
  }
  for (const connection of left)
    into.different.push(`${log}: ${endsOf(connection, false)}: only we saw this connection`);
}

/** Compares every capture that has a log of this kind. */
function compareAll(files: ReadonlyMap<string, Uint8Array>): Comparison {
  const result: Comparison = { captures: 0, equal: 0, different: [], unsupported: [] };
  for (const [path, content] of files) {
    if (!/\.pcap(\.gz)?$/.test(path)) continue;
    const logs = [...logsOf(files, path)].filter(([log]) => /\/ssl(-all)?\.log$/.test(log));
    if (logs.length === 0) continue;
    result.captures += 1;
    const { connections } = observeCapture(path.endsWith('.gz') ? gunzipSync(content) : content);
    for (const [log, bytes] of logs) {
      const runs = readZeekLog(bytes);
      // The test behind ssl-all.log reads dtls13-wolfssl first and dtls13-cid second into one file.
      compareSsl(log, runs[path.includes('dtls13-cid') ? 1 : 0] ?? [], connections, result);
    }
  }
  return result;
}

describe('INV-3: captures that others made, against the logs that Zeek made of them', () => {
  it('agrees on version, suite, group, names and certificates in the captures of the repository', () => {
    const result = compareAll(readVectors('pcap-zeek'));
    expect(result).toEqual({ captures: 7, equal: 8, different: [], unsupported: [] });
  });

  it('agrees in every capture of the corpus that has an ssl.log', (ctx) => {
    const files = readCorpus('pcap-zeek');
    if (files === undefined) return ctx.skip('../shared/corpora/pcap-zeek.tar.gz is absent');
    const { captures, equal, different, unsupported } = compareAll(files);
    console.info(
      `ssl.log: ${captures} captures, ${equal} connections equal, ${different.length} different, ${unsupported.length} unsupported`,
    );
    expect(different).toEqual([]);
    expect(unsupported).toEqual([]);
    expect(equal).toBeGreaterThan(25);
  });

  it('reads every capture of the corpus, with or without logs, in chunks of any size', (ctx) => {
    const files = readCorpus('pcap-zeek');
    if (files === undefined) return ctx.skip('../shared/corpora/pcap-zeek.tar.gz is absent');
    let captures = 0;
    let connections = 0;
    for (const [path, content] of files) {
      if (!/\.pcap(\.gz)?$/.test(path)) continue;
      const capture = path.endsWith('.gz') ? gunzipSync(content) : content;
      const whole = observeCapture(capture);
      expect(observeCapture(capture, 97), path).toEqual(whole);
      captures += 1;
      connections += whole.connections.length;
    }
    console.info(`${captures} captures read, ${connections} TLS and DTLS connections`);
    expect(captures).toBeGreaterThan(40);
  });
});
