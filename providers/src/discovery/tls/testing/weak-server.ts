import { findSuite, parseClientHello, suiteName, type TlsVersion } from '@quantumvault/inventory';
import {
  alert,
  certificates,
  dheParameters,
  ecdheParameters,
  handshake,
  helloDone,
  hex,
  records,
  serverHello,
} from './flights.ts';
import { startTcpServer, type TestServer } from './servers.ts';

export interface WeakServerOptions {
  readonly versions: readonly TlsVersion[];
  /** Names, in the server's order. */
  readonly suites: readonly string[];
  /** The client's order decides instead. */
  readonly followsClient?: boolean;
  /** Code points of curves. */
  readonly groups: readonly number[];
  readonly primeBits: number;
  /** Extensions of its ServerHello, in hex. */
  readonly extensions: string;
  readonly chain: readonly Buffer[];
  readonly wantsClientCertificate?: boolean;
}

const codePoints: Readonly<Record<string, number>> = {
  SSLv3: 0x0300,
  'TLSv1.0': 0x0301,
  'TLSv1.1': 0x0302,
  'TLSv1.2': 0x0303,
};
const handshakeFailure = alert(2, 40);
const protocolVersion = alert(2, 70);

/**
 * A server that answers each ClientHello with its first flight of TLS 1.2 or older and goes no further. It negotiates
 * honestly, and may be as weak as no library of today can be made to be.
 */
export async function startWeakServer(options: WeakServerOptions): Promise<TestServer> {
  return startTcpServer((socket) => {
    let heard = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk]);
      if (heard.length >= 5 && heard.length >= 5 + heard.readUInt16BE(3))
        socket.end(answer(heard.subarray(9), options));
    });
  });
}

function answer(helloBody: Buffer, options: WeakServerOptions): Buffer {
  const hello = parseClientHello(helloBody);
  const version = options.versions.find((candidate) => hello.versions.includes(candidate));
  if (version === undefined) return protocolVersion;
  const group = options.groups.find((candidate) => hello.groups.includes(candidate));
  const offered = hello.suites.map(suiteName);
  const [first, second] = options.followsClient ? [offered, options.suites] : [options.suites, offered];
  const suite = first
    .filter((name) => second.includes(name))
    .flatMap((name) => findSuite(name) ?? [])
    .find(({ keyExchange }) => group !== undefined || !keyExchange.startsWith('ECDHE'));
  if (suite === undefined) return handshakeFailure;
  const { keyExchange, codePoint } = suite;
  // SSL 3.0 has no extensions.
  const flight = [serverHello(version === 'SSLv3' ? '' : options.extensions, codePoint, codePoints[version])];
  if (!keyExchange.endsWith('anon')) flight.push(certificates(...options.chain));
  if (keyExchange.startsWith('ECDHE') && group !== undefined) flight.push(ecdheParameters(group));
  if (/^DH(E|_anon)/.test(keyExchange)) flight.push(dheParameters(options.primeBits));
  if (options.wantsClientCertificate) flight.push(handshake(13, hex('01 01 0002 0401 0000')));
  return records(Buffer.concat([...flight, helloDone]));
}
