import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readVectors } from '../../test/corpus.ts';
import { observeCapture } from '../../test/observe.ts';
import { ethernet, ipPacket, pcapFile, tcpPacket, udpPacket } from '../../test/packets.ts';
import { InventoryError } from '../errors.ts';
import { ByteWriter } from '../tls/bytes.ts';
import { encodeClientHello } from '../tls/client-hello.ts';
import { trafficLimits } from './traffic-observer.ts';

const client = [Uint8Array.of(192, 0, 2, 1), 50_000] as const;
const server = [Uint8Array.of(192, 0, 2, 2), 443] as const;
const text = (value: string) => new TextEncoder().encode(value);
const join = (...parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

const hello = encodeClientHello({
  versions: ['TLSv1.2'],
  suites: [0xc02b, 0xc02f],
  groups: [0x001d],
  keyShares: [],
  serverName: 'mail.example.org',
  random: new Uint8Array(32),
  sessionId: new Uint8Array(0),
});
const record = (type: number, payload: Uint8Array) =>
  new ByteWriter()
    .u8(type)
    .u16(0x0303)
    .vector(2, (out) => out.bytes(payload))
    .toBytes();
const message = (type: number, body: Uint8Array) =>
  new ByteWriter()
    .u8(type)
    .vector(3, (out) => out.bytes(body))
    .toBytes();
const serverHello = message(
  2,
  new ByteWriter()
    .u16(0x0303)
    .bytes(new Uint8Array(32).fill(9))
    .vector(1, () => {})
    .u16(0xc02b)
    .u8(0)
    .toBytes(),
);
const certificate = message(
  11,
  new ByteWriter().vector(3, (list) => list.vector(3, (one) => one.bytes(Uint8Array.of(0x30, 0)))).toBytes(),
);
const exchange = message(12, Uint8Array.of(3, 0, 29, 1, 7));
const flight = record(22, join(serverHello, certificate, exchange, message(14, new Uint8Array(0))));
const finished = join(record(20, Uint8Array.of(1)), record(22, new Uint8Array(40)));

type Line = readonly ['>' | '<', Uint8Array];

/** The packets of a connection in which each line is one segment. */
function conversation(lines: readonly Line[], ends: { from?: typeof client; hasSyn?: boolean } = {}): Uint8Array[] {
  const from = ends.from ?? client;
  const sequences = { '>': 1_001, '<': 0xffff_fff0 };
  const syn = [
    tcpPacket({ from, to: server, sequence: 1_000, flags: 'S' }),
    tcpPacket({ from: server, to: from, sequence: 0xffff_ffef, flags: 'SA' }),
  ];
  const data = lines.map(([direction, payload]) => {
    const [source, target] = direction === '>' ? [from, server] : [server, from];
    const packet = tcpPacket({ from: source, to: target, sequence: sequences[direction], payload });
    sequences[direction] = (sequences[direction] + payload.length) >>> 0;
    return packet;
  });
  return [...(ends.hasSyn === false ? [] : syn), ...data];
}

const raw = (packets: readonly Uint8Array[]) => pcapFile(packets, { linkType: 101 });
const handshake: readonly Line[] = [
  ['>', hello],
  ['<', flight],
  ['>', finished],
  ['<', finished],
];
const expected = {
  client: { address: '192.0.2.1', port: 50_000 },
  server: { address: '192.0.2.2', port: 443 },
  version: 'TLSv1.2',
  suite: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  group: 'x25519',
  serverName: 'mail.example.org',
  isResumed: false,
  isEstablished: true,
  isComplete: true,
  problems: [],
};

describe('TrafficObserver', () => {
  it('tells what a connection agreed on, with and without its first packets and behind VLAN tags', () => {
    const packets = conversation(handshake);
    for (const capture of [
      raw(packets),
      raw(conversation(handshake, { hasSyn: false })),
      pcapFile(
        packets.map((packet) => ethernet(packet, [0x8100])),
        { linkType: 1 },
      ),
    ]) {
      const { connections } = observeCapture(capture, 13);
      expect(connections).toMatchObject([{ ...expected, upgradedFrom: null }]);
      expect(connections[0]?.serverCertificates).toEqual([Uint8Array.of(0x30, 0)]);
      expect(connections[0]?.offered?.groups).toEqual(['x25519']);
    }
  });

  it('is not misled by order and repetition', () => {
    const [syn, answer, ...data] = conversation(
      handshake.flatMap(([direction, bytes]): Line[] =>
        Array.from({ length: Math.ceil(bytes.length / 50) }, (_, at) => [
          direction,
          bytes.slice(at * 50, at * 50 + 50),
        ]),
      ),
    );
    fc.assert(
      fc.property(fc.shuffledSubarray([...data, ...data], { minLength: data.length * 2 }), (shuffled) => {
        const found = observeCapture(raw([syn, answer, ...shuffled].flatMap((packet) => packet ?? []))).connections;
        // The order between the two sides is lost in the shuffle, and with it whether the end was seen; the facts are not.
        expect(found[0]).toMatchObject({ suite: expected.suite, serverName: expected.serverName, isComplete: true });
      }),
      { numRuns: 100 },
    );
  });

  it('marks a connection whose handshake has a gap', () => {
    const packets = conversation([
      ['>', hello],
      ['<', flight.subarray(0, 20)],
      ['<', flight.subarray(20, 40)],
      ['<', flight.subarray(40)],
    ]);
    packets.splice(4, 1);
    expect(observeCapture(raw(packets)).connections).toMatchObject([
      { suite: null, serverName: 'mail.example.org', isEstablished: false, isComplete: false },
    ]);
  });

  it('sees a resumed session by what the server leaves out', () => {
    const { connections } = observeCapture(
      raw(
        conversation([
          ['>', hello],
          ['<', join(record(22, serverHello), finished)],
          ['>', finished],
        ]),
      ),
    );
    expect(connections).toMatchObject([{ isResumed: true, isEstablished: true, serverCertificates: [] }]);
  });

  it('keeps the last alert and who sent it, also when it is all the server said', () => {
    const refused = raw(
      conversation([
        ['>', hello],
        ['<', record(21, Uint8Array.of(2, 40))],
      ]),
    );
    expect(observeCapture(refused).connections).toMatchObject([
      { version: null, lastAlert: { from: 'server', level: 'fatal', name: 'handshake_failure' }, isEstablished: false },
    ]);
  });

  it.each<readonly [name: string, lines: readonly Line[]]>([
    [
      'smtp',
      [
        ['<', text('220 mx ESMTP\r\n')],
        ['>', text('EHLO a\r\nSTARTTLS\r\n')],
        ['<', text('220 go\r\n')],
      ],
    ],
    [
      'imap',
      [
        ['<', text('* OK ready\r\n')],
        ['>', text('a1 STARTTLS\r\n')],
        ['<', text('a1 OK go\r\n')],
      ],
    ],
    [
      'pop3',
      [
        ['<', text('+OK ready\r\n')],
        ['>', text('STLS\r\n')],
        ['<', text('+OK\r\n')],
      ],
    ],
    [
      'ftp',
      [
        ['<', text('220 ready\r\n')],
        ['>', text('AUTH TLS\r\n')],
        ['<', text('234 go\r\n')],
      ],
    ],
    [
      'nntp',
      [
        ['<', text('200 ready\r\n')],
        ['>', text('STARTTLS\r\n')],
        ['<', text('382 go\r\n')],
      ],
    ],
    [
      'ldap',
      [
        ['>', text('0\x1d\x02\x01\x01w\x18\x80\x161.3.6.1.4.1.1466.20037')],
        ['<', text('0\x0c\x02\x01\x01')],
      ],
    ],
    [
      'postgres',
      [
        ['>', Uint8Array.of(0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f)],
        ['<', text('S')],
      ],
    ],
    [
      'mysql',
      [
        ['<', join(Uint8Array.of(9, 0, 0, 0, 10), text('8.0.1\0ab'))],
        ['>', Uint8Array.of(32, 0, 0, 1, 0x85)],
      ],
    ],
    [
      'xmpp',
      [
        ['>', text("<starttls xmlns='x'/>")],
        ['<', text('<proceed/>')],
      ],
    ],
    [
      'http-connect',
      [
        ['>', text('CONNECT a:443 HTTP/1.1\r\n\r\n')],
        ['<', text('HTTP/1.1 200 OK\r\n\r\n')],
      ],
    ],
    [
      'unknown',
      [
        ['>', text('please')],
        ['<', text('yes')],
      ],
    ],
  ])('INV-3: finds TLS behind %s, on any port', (name, lines) => {
    const { connections } = observeCapture(raw(conversation([...lines, ...handshake])));
    expect(connections).toMatchObject([{ ...expected, upgradedFrom: name }]);
  });

  it('names the client by its ClientHello, not by who connected', () => {
    const turned = handshake.map(([direction, bytes]): Line => [direction === '>' ? '<' : '>', bytes]);
    expect(observeCapture(raw(conversation(turned))).connections).toMatchObject([
      { client: { port: 443 }, server: { port: 50_000 }, suite: expected.suite },
    ]);
  });

  it('tells two connections on the same ports apart', () => {
    const second = conversation(handshake).map((packet) => packet.slice());
    // Another first number in the connection request.
    second[0]?.set([9, 9, 9, 9], 24);
    expect(observeCapture(raw([...conversation(handshake), ...second])).connections.length).toBe(2);
  });

  it('says nothing of connections without TLS, and counts what it cannot read', () => {
    const plain = conversation([
      ['>', text('GET / HTTP/1.1\r\n\r\n')],
      ['<', text('HTTP/1.1 200 OK\r\n\r\n')],
    ]);
    const fragment = ipPacket({ from: client[0], to: server[0], protocol: 6, payload: hello, fragment: 0x2000 });
    const media = udpPacket({ from: client, to: server, payload: Uint8Array.of(0x80, 1, 2, 3) });
    const { connections, counts } = observeCapture(raw([...plain, fragment, media, Uint8Array.of(0x20)]));
    expect(connections).toEqual([]);
    expect(counts).toMatchObject({ packets: 7, tcpConnections: 1, udpFlows: 0, ipFragments: 1, notIp: 1 });
    expect(observeCapture(pcapFile(plain, { linkType: 147 })).counts.unknownLinkTypes).toEqual(new Set([147]));
  });

  it('attack 20: follows a bounded number of connections and finishes the oldest first', () => {
    const opened = trafficLimits.connectionsMax + 50;
    const packets = Array.from({ length: opened }, (_, index) =>
      tcpPacket({
        from: [Uint8Array.of(10, 0, index >> 8, index & 0xff), 1_000],
        to: server,
        sequence: 1,
        payload: hello,
      }),
    );
    const { connections, counts } = observeCapture(raw(packets));
    expect(counts.evicted).toBe(50);
    expect(connections.length).toBe(opened);
    expect(connections[0]?.client.address).toBe('10.0.0.0');
  });

  it('attack 20: changed bytes in real captures give facts or a typed error', () => {
    const captures = [...readVectors('pcap-zeek')].filter(([path]) => path.endsWith('.pcap')).map(([, bytes]) => bytes);
    expect(captures.length).toBeGreaterThan(8);
    fc.assert(
      fc.property(
        fc.nat({ max: captures.length - 1 }),
        fc.array(fc.tuple(fc.nat({ max: 9_000 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 20 }),
        (index, changes) => {
          const capture = (captures[index] ?? new Uint8Array(0)).slice();
          for (const [at, value] of changes) capture[at % capture.length] = value;
          try {
            observeCapture(capture);
          } catch (error) {
            expect(error).toBeInstanceOf(InventoryError);
          }
        },
      ),
      { numRuns: 1_500 },
    );
  });
});
