import { parseCertificate } from '@quantumvault/pki';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testPrimitives } from '../../test/primitives.ts';
import { fromHex, rfc8448 } from '../../test/rfc8448.ts';
import { InventoryError } from '../errors.ts';
import { ByteWriter, malformed } from './bytes.ts';
import { type ClientShare, clientShare, isProvable, provableGroups } from './client-shares.ts';
import { HandshakeClient } from './handshake-client.ts';
import { handshakeSalt, recordNonce, serverHandshakeKeys, suiteProtection } from './key-schedule.ts';
import { findGroupByCodePoint } from './named-groups.ts';
import type { ServerMessage } from './server-messages.ts';

const flight = new Uint8Array([...rfc8448.serverHello, ...rfc8448.protectedFlight]);
const x25519: ClientShare = {
  publicKey: new Uint8Array(32),
  agree: () => rfc8448.sharedSecret,
};

function newClient(shares: ReadonlyMap<number, ClientShare> = new Map([[0x001d, x25519]])): HandshakeClient {
  return new HandshakeClient({
    hello: rfc8448.clientHello,
    offeredShares: [...shares.keys()],
    share: (group) => shares.get(group),
    primitives: testPrimitives,
  });
}

function readAll(bytes: Uint8Array, chunk = bytes.length, client = newClient()): readonly ServerMessage[] {
  for (let offset = 0; offset < bytes.length; offset += chunk) {
    if (client.push(bytes.subarray(offset, offset + chunk)).isDone) break;
  }
  return client.messages;
}

describe('the key schedule by the trace of RFC 8448 section 3', () => {
  const protection = suiteProtection(0x1301);

  it('derives the salt, and the key and IV of the server’s handshake records', () => {
    if (protection === undefined) throw new Error('TLS_AES_128_GCM_SHA256 is not in the table');
    expect(handshakeSalt(testPrimitives, 'sha256')).toEqual(rfc8448.derivedForHandshake);
    const keys = serverHandshakeKeys(testPrimitives, protection, rfc8448.sharedSecret, rfc8448.helloHash);
    expect(keys.key).toEqual(rfc8448.serverHandshakeKey);
    expect(keys.iv).toEqual(rfc8448.serverHandshakeIv);
  });

  it('counts records in the nonce (RFC 8446 section 5.3)', () => {
    const iv = fromHex('000000000000000000000000');
    expect(recordNonce(iv, 0)).toEqual(iv);
    expect(recordNonce(iv, 0x01_02_03)).toEqual(fromHex('000000000000000000010203'));
    expect(recordNonce(rfc8448.serverHandshakeIv, 1)).toEqual(fromHex('5d313eb2671276ee13000b31'));
  });

  it('INV-3a: reads the whole flight, checks the Finished and shows the chain', () => {
    const messages = readAll(flight);
    expect(messages.map(({ kind }) => kind)).toEqual([
      'server-hello',
      'encrypted-extensions',
      'certificate',
      'certificate-verify',
      'finished',
    ]);
    expect(messages[0]).toEqual({ kind: 'server-hello', version: 'TLSv1.3', suite: 0x1301, group: 0x001d });
    expect(messages[3]).toEqual({ kind: 'certificate-verify', scheme: 0x0804 });
    const chain = messages[2]?.kind === 'certificate' ? messages[2].certificates : [];
    expect(parseCertificate(chain[0] ?? new Uint8Array(0))).toMatchObject({
      subject: 'CN=rsa',
      key: { modulusBits: 1024 },
    });
  });

  it('the result does not depend on how the bytes arrive', () => {
    const expected = readAll(flight);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (chunk) => {
        expect(readAll(flight, chunk)).toEqual(expected);
      }),
    );
  });

  it('a ChangeCipherSpec of the compatibility mode is passed over', () => {
    const ccs = fromHex('140303000101');
    const bytes = new Uint8Array([...rfc8448.serverHello, ...ccs, ...rfc8448.protectedFlight]);
    expect(readAll(bytes).at(-1)).toEqual({ kind: 'finished' });
  });
});

describe('the handshake client and hostile bytes', () => {
  it('a flight cut anywhere never counts as finished, and what came before the cut stays known', () => {
    for (let length = 0; length < flight.length; length++) {
      const messages = readAll(flight.subarray(0, length));
      expect(messages.some(({ kind }) => kind === 'finished')).toBe(false);
      expect(messages.some(({ kind }) => kind === 'server-hello')).toBe(length >= rfc8448.serverHello.length);
    }
  });

  it('a flipped byte anywhere is a typed error or an alert, never a proof', () => {
    for (let index = 0; index < flight.length; index++) {
      const changed = flight.slice();
      changed[index] = (changed[index] ?? 0) ^ (1 + (index % 255));
      const client = newClient();
      try {
        readAll(changed, changed.length, client);
      } catch (error) {
        expect(error).toBeInstanceOf(InventoryError);
      }
      // Minor record versions are not authenticated in a ServerHello; every other byte is.
      if (index !== 2)
        expect(
          client.messages.some(({ kind }) => kind === 'finished'),
          `byte ${index}`,
        ).toBe(false);
    }
  });

  it('another secret opens nothing', () => {
    const wrong = new Map([[0x001d, { ...x25519, agree: () => new Uint8Array(32).fill(1) }]]);
    expect(() => readAll(flight, flight.length, newClient(wrong))).toThrow(
      expect.objectContaining({ code: 'INVENTORY_TLS_MALFORMED' }),
    );
  });

  it('a key share of a group that was not offered is malformed', () => {
    expect(() => readAll(flight, flight.length, newClient(new Map()))).toThrow(
      expect.objectContaining({ code: 'INVENTORY_TLS_MALFORMED' }),
    );
  });

  it('an answer that the share refuses leaves the ServerHello known', () => {
    const shares = new Map([
      [
        0x001d,
        {
          ...x25519,
          agree: (): Uint8Array => {
            throw malformed('a point of low order');
          },
        },
      ],
    ]);
    const client = newClient(shares);
    expect(() => client.push(flight)).toThrow(InventoryError);
    expect(client.messages).toMatchObject([{ kind: 'server-hello', version: 'TLSv1.3' }]);
  });

  it('random bytes behind a ServerHello never crash it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(20, 21, 22, 23), (noise, type) => {
        const record = new ByteWriter()
          .u8(type)
          .u16(0x0303)
          .vector(2, (out) => out.bytes(noise))
          .toBytes();
        const client = newClient();
        client.push(rfc8448.serverHello);
        try {
          client.push(record);
        } catch (error) {
          expect(error).toBeInstanceOf(InventoryError);
        }
        expect(client.messages.some(({ kind }) => kind === 'finished')).toBe(false);
      }),
    );
  });
});

describe('a HelloRetryRequest', () => {
  const retryHello = (group: number) =>
    fromHex(
      `1603030038 02000034 0303 cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c 00 1301 00
       000c 002b00020304 00330002 ${group.toString(16).padStart(4, '0')}`,
    );

  it('is answered once, with the share of the group that the server named', () => {
    const asked: number[] = [];
    const client = new HandshakeClient({
      hello: rfc8448.clientHello,
      offeredShares: [],
      share: (group) => (group === 0x001d ? x25519 : undefined),
      primitives: testPrimitives,
      retry: (group) => {
        asked.push(group);
        return rfc8448.clientHello;
      },
    });
    const step = client.push(retryHello(0x001d));
    expect(asked).toEqual([0x001d]);
    expect(step.isDone).toBe(false);
    expect(step.send).toEqual(new Uint8Array([...fromHex('140303000101'), ...rfc8448.clientHello]));
    expect(() => client.push(retryHello(0x001d))).toThrow(InventoryError);
  });

  it('ends the conversation when no share of its group can be made', () => {
    const client = new HandshakeClient({
      hello: rfc8448.clientHello,
      offeredShares: [],
      share: (group) => (group === 0x001d ? x25519 : undefined),
      primitives: testPrimitives,
      retry: () => rfc8448.clientHello,
    });
    expect(client.push(retryHello(0x0100))).toEqual({ isDone: true });
    expect(client.messages).toEqual([
      { kind: 'hello-retry-request', version: 'TLSv1.3', suite: 0x1301, group: 0x0100 },
    ]);
  });
});

describe('shares of groups', () => {
  const make = (algorithm: string): ClientShare => ({
    publicKey: new TextEncoder().encode(`<${algorithm}>`),
    agree: (answer) => Uint8Array.of(answer.length & 0xff),
  });
  const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

  it('hybrids put their parts in the order of the draft', () => {
    expect(text(clientShare(0x11ec, make)?.publicKey)).toBe('<ML-KEM-768><x25519>');
    expect(text(clientShare(0x11eb, make)?.publicKey)).toBe('<secp256r1><ML-KEM-768>');
    expect(text(clientShare(0x11ed, make)?.publicKey)).toBe('<secp384r1><ML-KEM-1024>');
  });

  it('an answer is cut into the parts’ lengths, and any other length is malformed', () => {
    const share = clientShare(0x11ec, make);
    expect(share?.agree(new Uint8Array(1_120))).toEqual(Uint8Array.of(1_088 & 0xff, 32));
    expect(() => share?.agree(new Uint8Array(1_119))).toThrow(InventoryError);
  });

  it('every provable group is one of TLS 1.3; finite fields, drafts and brainpool are not provable', () => {
    for (const group of provableGroups) expect(findGroupByCodePoint(group)?.inTls13, String(group)).toBe(true);
    for (const group of [0x0100, 0x6399, 0x001f, 0x0029]) expect(isProvable(group)).toBe(false);
    expect(clientShare(0x0100, make)).toBeUndefined();
  });
});
