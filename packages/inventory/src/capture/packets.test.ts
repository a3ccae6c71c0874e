import { formatAddress, parseAddress } from '@quantumvault/pki';
import { describe, expect, it } from 'vitest';
import { ethernet, ipPacket, tcpPacket } from '../../test/packets.ts';
import { parseIpPacket } from './ip-packet.ts';
import { ipPacketOf, isKnownLinkType } from './link-layer.ts';

const v4 = { from: Uint8Array.of(192, 0, 2, 1), to: Uint8Array.of(192, 0, 2, 2) };
const v6 = { from: new Uint8Array(16).fill(1), to: new Uint8Array(16).fill(2) };
const ip4 = ipPacket({ ...v4, protocol: 6, payload: Uint8Array.of(9) });
const ip6 = ipPacket({ ...v6, protocol: 6, payload: Uint8Array.of(9) });
const behind = (...header: number[]) => Uint8Array.from([...header, ...ip4]);

describe('link layers', () => {
  it.each([
    ['null', 0, behind(2, 0, 0, 0)],
    ['loopback of OpenBSD', 108, behind(0, 0, 0, 2)],
    ['Ethernet', 1, ethernet(ip4)],
    ['Ethernet with IPv6', 1, ethernet(ip6)],
    ['Ethernet with a VLAN tag', 1, ethernet(ip4, [0x8100])],
    ['Ethernet with two tags', 1, ethernet(ip4, [0x88a8, 0x8100])],
    ['Ethernet with PPPoE', 1, behind(...new Uint8Array(12), 0x88, 0x64, 0x11, 0, 0, 1, 0, 9, 0, 0x21)],
    ['Ethernet with two MPLS labels', 1, behind(...new Uint8Array(12), 0x88, 0x47, 0, 0, 0, 9, 0, 0, 1, 9)],
    ['PPP', 9, behind(0xff, 3, 0, 0x21)],
    ['PPP without address', 9, behind(0, 0x21)],
    ['raw IP', 101, ip4],
    ['raw IP of a BSD', 12, ip6],
    ['IPv4', 228, ip4],
    ['IPv6', 229, ip6],
    ['Linux cooked', 113, behind(...new Uint8Array(14), 8, 0)],
    ['Linux cooked 2', 276, behind(8, 0, ...new Uint8Array(18))],
  ])('%s: the IP packet is found', (_, type, frame) => {
    expect(isKnownLinkType(type)).toBe(true);
    expect(parseIpPacket(ipPacketOf(type, frame) ?? new Uint8Array(0))?.payload).toEqual(Uint8Array.of(9));
    for (let length = 0; length < frame.length; length++) ipPacketOf(type, frame.subarray(0, length));
  });

  it('what is not IP, or of an unknown link type, gives nothing', () => {
    expect(ipPacketOf(1, Uint8Array.from([...new Uint8Array(12), 0x08, 0x06, ...ip4]))).toBeUndefined();
    expect(ipPacketOf(147, ip4)).toBeUndefined();
    expect(isKnownLinkType(147)).toBe(false);
  });
});

describe('parseIpPacket', () => {
  it('reads through IPv6 extension headers', () => {
    const options = Uint8Array.from([43, 0, 0, 0, 0, 0, 0, 0, 60, 0, 0, 0, 0, 0, 0, 0, 6, 1, ...new Uint8Array(14), 9]);
    expect(parseIpPacket(ipPacket({ ...v6, protocol: 0, payload: options }))).toMatchObject({
      protocol: 6,
      payload: Uint8Array.of(9),
      isFragment: false,
    });
  });

  it.each([
    ['the first of IPv4', ipPacket({ ...v4, protocol: 6, payload: new Uint8Array(30), fragment: 0x2000 }), true],
    ['a later one of IPv4', ipPacket({ ...v4, protocol: 6, payload: new Uint8Array(30), fragment: 3 }), true],
    [
      '"do not fragment" of IPv4',
      ipPacket({ ...v4, protocol: 6, payload: new Uint8Array(30), fragment: 0x4000 }),
      false,
    ],
    ['one of IPv6', ipPacket({ ...v6, protocol: 44, payload: Uint8Array.of(6, 0, 0, 1, 0, 0, 0, 0, 9) }), true],
    [
      'an atomic one of IPv6',
      ipPacket({ ...v6, protocol: 44, payload: Uint8Array.of(6, 0, 0, 0, 0, 0, 0, 0, 9) }),
      false,
    ],
  ])('fragments are told from whole packets: %s', (_, packet, isFragment) => {
    expect(parseIpPacket(packet)).toMatchObject({ protocol: 6, isFragment });
  });

  it('reads IP in IP, to a bounded depth', () => {
    const nested = (depth: number): Uint8Array =>
      depth === 0
        ? ip4
        : ipPacket({
            ...(depth % 2 ? v6 : v4),
            protocol: depth === 1 || depth % 2 === 0 ? 4 : 41,
            payload: nested(depth - 1),
          });
    expect(parseIpPacket(nested(1))).toMatchObject({ protocol: 6, payload: Uint8Array.of(9) });
    expect(parseIpPacket(nested(9))?.protocol).not.toBe(6);
  });

  it('takes a total length of zero for "all that was captured"', () => {
    const packet = tcpPacket({ from: [v4.from, 1], to: [v4.to, 2], sequence: 0, payload: new Uint8Array(50) });
    packet[2] = 0;
    packet[3] = 0;
    expect(parseIpPacket(packet)?.payload.length).toBe(70);
  });

  it('a packet cut inside its headers is nothing', () => {
    for (let length = 0; length < 20; length++) expect(parseIpPacket(ip4.subarray(0, length))).toBeUndefined();
    for (let length = 0; length < 40; length++) expect(parseIpPacket(ip6.subarray(0, length))).toBeUndefined();
  });
});

it.each(['192.0.2.1', '::', '::1', '2001:db8::1', '2001:db8:0:1:1:1:1:1', '1::', 'fe80::1:0:0:2', '1:2:3:4:5:6:7:8'])(
  'RFC 5952: %s is written as it is read',
  (text) => {
    expect(formatAddress(parseAddress(text) ?? new Uint8Array(0))).toBe(text);
  },
);
