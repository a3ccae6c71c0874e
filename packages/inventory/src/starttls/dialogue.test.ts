import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dialogueLimits, StartTlsDialogue } from './dialogue.ts';
import { type StartTlsProtocol, startTlsProtocols } from './protocols.ts';
import type { DialogueEnd } from './turns.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const hex = (value: string): Uint8Array => new Uint8Array(Buffer.from(value.replaceAll(' ', ''), 'hex'));
const latin1 = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? new Uint8Array(0)).toString('latin1');

/** What a server says, turn by turn: the first before any question where the protocol lets the server begin. */
function converse(
  protocol: StartTlsProtocol,
  turns: readonly Uint8Array[],
  cut: (bytes: Uint8Array) => Uint8Array[] = (bytes) => [bytes],
): { sent: string[]; end: DialogueEnd | undefined } {
  const dialogue = new StartTlsDialogue(protocol);
  const sent: string[] = [];
  let step = dialogue.start();
  if (step.send !== undefined) sent.push(latin1(step.send));
  for (const turn of turns) {
    for (const chunk of cut(turn)) {
      if (step.end !== undefined) return { sent, end: step.end };
      step = dialogue.push(chunk);
      if (step.send !== undefined) sent.push(latin1(step.send));
    }
  }
  return { sent, end: step.end };
}

const mysqlGreeting = (capabilities: number, version = 10): Uint8Array => {
  const body = [
    version,
    ...text('8.4.0\0'),
    ...[1, 0, 0, 0],
    ...new Array<number>(8).fill(65),
    0,
    capabilities & 0xff,
    capabilities >> 8,
    ...new Array<number>(20).fill(0),
  ];
  return new Uint8Array([body.length, 0, 0, 0, ...body]);
};
const ldapResponse = (code: number, id = 1): Uint8Array =>
  hex(`30 0c 02 01 0${id} 78 07 0a 01 ${code.toString(16).padStart(2, '0')} 04 00 04 00`);

// Transcripts as real servers speak: Postfix, Dovecot, OpenLDAP, Active Directory, PostgreSQL, MariaDB.
const goodTranscripts: Readonly<Record<StartTlsProtocol, { turns: Uint8Array[]; sent: string[] }>> = {
  smtp: {
    turns: [
      text('220-mail.example.org ESMTP Postfix\r\n220 welcome\r\n'),
      text('250-mail.example.org\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-STARTTLS\r\n250 SMTPUTF8\r\n'),
      text('220 2.0.0 Ready to start TLS\r\n'),
    ],
    sent: ['EHLO qv-scan.invalid\r\n', 'STARTTLS\r\n'],
  },
  imap: {
    turns: [
      text('* OK [CAPABILITY IMAP4rev1 SASL-IR STARTTLS LOGINDISABLED] Dovecot ready.\r\n'),
      text('* CAPABILITY IMAP4rev1 SASL-IR STARTTLS LOGINDISABLED\r\na1 OK done.\r\n'),
      text('a2 OK Begin TLS negotiation now.\r\n'),
    ],
    sent: ['a1 CAPABILITY\r\n', 'a2 STARTTLS\r\n'],
  },
  pop3: { turns: [text('+OK Dovecot ready.\r\n'), text('+OK Begin TLS negotiation now.\r\n')], sent: ['STLS\r\n'] },
  ldap: { turns: [ldapResponse(0)], sent: ['0\x1d\x02\x01\x01w\x18\x80\x161.3.6.1.4.1.1466.20037'] },
  postgres: { turns: [text('S')], sent: ['\0\0\0\x08\x04\xd2\x16\x2f'] },
  mysql: {
    turns: [mysqlGreeting(0x0a00)],
    sent: [`\x20\0\0\x01\0\x8a\x08\0\0\0\0\x01\x2d${'\0'.repeat(23)}`],
  },
};

describe('INV-3: the dialogue before TLS', () => {
  it.each(startTlsProtocols)('%s: leads to TLS however the bytes are cut', (protocol) => {
    const { turns, sent } = goodTranscripts[protocol];
    expect(converse(protocol, turns)).toMatchObject({ sent, end: { kind: 'ready' } });
    fc.assert(
      fc.property(fc.infiniteStream(fc.integer({ min: 1, max: 7 })), (sizes) => {
        const cut = (bytes: Uint8Array): Uint8Array[] => {
          const parts: Uint8Array[] = [];
          for (let at = 0; at < bytes.length; ) {
            const size = sizes.next().value ?? 1;
            parts.push(bytes.subarray(at, at + size));
            at += size;
          }
          return parts;
        };
        expect(converse(protocol, turns, cut)).toMatchObject({ sent, end: { kind: 'ready' } });
      }),
    );
  });

  it.each(startTlsProtocols)('%s: bytes in clear behind the go-ahead are injected, whatever they are', (protocol) => {
    const { turns } = goodTranscripts[protocol];
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 500 }), (extra) => {
        const poisoned = turns.map((turn, index) =>
          index === turns.length - 1 ? new Uint8Array([...turn, ...extra]) : turn,
        );
        const { end, sent } = converse(protocol, poisoned);
        expect(end).toMatchObject({ kind: 'injected', detail: expect.stringContaining(`${extra.length} bytes`) });
        // MySQL begins TLS with the packet that it sends at the end: after an injection not even that leaves.
        if (protocol === 'mysql') expect(sent).toEqual([]);
      }),
    );
  });

  it.each(startTlsProtocols)('%s: no bytes of any kind make it throw, loop or read on without end', (protocol) => {
    const opening = goodTranscripts[protocol].turns.slice(0, -1);
    fc.assert(
      fc.property(
        fc.nat({ max: opening.length }),
        fc.array(
          fc.oneof(
            fc.uint8Array({ maxLength: 40 }),
            fc.string({ maxLength: 40 }).map((line) => text(`${line}\r\n`)),
          ),
          { maxLength: 20 },
        ),
        (honestTurns, noise) => {
          const endless = [
            ...opening.slice(0, honestTurns),
            ...noise,
            ...new Array<Uint8Array>(600).fill(text('250-x y\r\n* x\r\n')),
          ];
          const { end } = converse(protocol, endless);
          expect(end).toBeDefined();
        },
      ),
      { numRuns: 50 },
    );
  });

  const refusals: readonly (readonly [string, StartTlsProtocol, Uint8Array[], string, RegExp])[] = [
    [
      'SMTP without STARTTLS',
      'smtp',
      [text('220 a ESMTP\r\n'), text('250-a\r\n250 SIZE\r\n')],
      'not-offered',
      /does not list/,
    ],
    [
      'SMTP that lists STARTTLSX',
      'smtp',
      [text('220 a\r\n'), text('250-a\r\n250 STARTTLSX\r\n')],
      'not-offered',
      /does not list/,
    ],
    [
      'SMTP whose host is named STARTTLS',
      'smtp',
      [text('220 a\r\n'), text('250 STARTTLS\r\n')],
      'not-offered',
      /does not list/,
    ],
    ['SMTP without EHLO', 'smtp', [text('220 a\r\n'), text('502 no\r\n')], 'not-offered', /no EHLO/],
    ['SMTP that turns us away', 'smtp', [text('554 no service\r\n')], 'unavailable', /554/],
    ['SMTP that is busy', 'smtp', [text('220 a\r\n'), text('421 later\r\n')], 'unavailable', /421/],
    [
      'SMTP whose TLS is not available now',
      'smtp',
      [text('220 a\r\n'), text('250-a\r\n250 starttls\r\n'), text('454 later\r\n')],
      'unavailable',
      /454/,
    ],
    [
      'SMTP that refuses what it lists',
      'smtp',
      [text('220 a\r\n'), text('250-a\r\n250 STARTTLS\r\n'), text('501 no\r\n')],
      'not-offered',
      /refuses it \(reply 501/,
    ],
    ['FTP with an unhelpful greeting', 'smtp', [text('220 ftp.a FTP ready\r\n')], 'wrong-protocol', /FTP/],
    ['SMTP reply that changes its code', 'smtp', [text('220-a\r\n221 b\r\n')], 'wrong-protocol', /SMTP/],
    [
      'IMAP without STARTTLS',
      'imap',
      [text('* OK\r\n'), text('* CAPABILITY IMAP4rev1 STARTTLSX\r\na1 OK\r\n')],
      'not-offered',
      /do not list/,
    ],
    ['IMAP that is authenticated already', 'imap', [text('* PREAUTH hello\r\n')], 'not-offered', /PREAUTH/],
    ['IMAP that says BYE', 'imap', [text('* BYE too many\r\n')], 'unavailable', /BYE/],
    [
      'IMAP that says NO',
      'imap',
      [text('* OK\r\n'), text('* CAPABILITY STARTTLS\r\na1 OK\r\n'), text('a2 NO\r\n')],
      'not-offered',
      /refuses it \(NO/,
    ],
    ['IMAP that answers another tag', 'imap', [text('* OK\r\n'), text('a9 OK\r\n')], 'wrong-protocol', /IMAP/],
    ['POP3 without STLS', 'pop3', [text('+OK\r\n'), text('-ERR unknown\r\n')], 'not-offered', /-ERR/],
    ['POP3 that turns us away', 'pop3', [text('-ERR busy\r\n')], 'unavailable', /greeting/],
    ['LDAP protocolError', 'ldap', [ldapResponse(2)], 'not-offered', /protocolError/],
    ['LDAP busy', 'ldap', [ldapResponse(51)], 'unavailable', /busy/],
    ['LDAP notice of disconnection', 'ldap', [ldapResponse(52, 0)], 'unavailable', /disconnection, unavailable/],
    ['LDAP answer to somebody else', 'ldap', [ldapResponse(0, 7)], 'wrong-protocol', /LDAP/],
    ['LDAP with an endless length', 'ldap', [hex('30 84 ff ff ff ff')], 'wrong-protocol', /LDAP/],
    ['LDAP with an indefinite length', 'ldap', [hex('30 80 02 01 01')], 'wrong-protocol', /LDAP/],
    [
      'LDAP whose inner length lies',
      'ldap',
      [hex('30 0c 02 01 01 78 7f 0a 01 00 04 00 04 00')],
      'wrong-protocol',
      /LDAP/,
    ],
    ['PostgreSQL without TLS', 'postgres', [text('N')], 'not-offered', /with N/],
    [
      'PostgreSQL that turns us away',
      'postgres',
      [hex(`45 00 00 00 13 ${Buffer.from('SFATAL\0C53300\0\0').toString('hex')}`)],
      'unavailable',
      /^PostgreSQL error 53300$/,
    ],
    ['PostgreSQL whose error has no end', 'postgres', [hex('45 7f ff ff ff')], 'wrong-protocol', /malformed/],
    ['something else on the port of PostgreSQL', 'postgres', [text('Q')], 'wrong-protocol', /PostgreSQL/],
    ['MySQL without TLS', 'mysql', [mysqlGreeting(0x0200)], 'not-offered', /CLIENT_SSL/],
    ['MySQL of the nineties', 'mysql', [mysqlGreeting(0x0a00, 9)], 'not-offered', /version 9/],
    ['MySQL that blocks the host', 'mysql', [new Uint8Array([3, 0, 0, 0, 0xff, 0x69, 0x04])], 'unavailable', /1129/],
    ['MySQL greeting without capabilities', 'mysql', [hex('06 00 00 00 0a 38 2e 34 00 01')], 'wrong-protocol', /MySQL/],
    ['MySQL packet of 16 MB', 'mysql', [hex('ff ff ff 00 0a')], 'wrong-protocol', /MySQL/],
  ];

  it.each(refusals)('%s is named as what it is', (_title, protocol, turns, kind, detail) => {
    const { end } = converse(protocol, turns);
    expect(end).toMatchObject({ kind, detail: expect.stringMatching(detail) });
  });

  it.each<readonly [string, StartTlsProtocol, Uint8Array, string]>([
    ['SSH', 'smtp', text('SSH-2.0-OpenSSH_9.2\r\n'), 'it speaks SSH'],
    ['HTTP', 'ldap', text('HTTP/1.1 400 Bad Request\r\n'), 'it speaks HTTP without TLS'],
    ['TLS', 'postgres', hex('15 03 03 00 02 02 46'), 'it speaks TLS from its first byte'],
    ['IMAP', 'pop3', text('* OK ready\r\n'), 'it speaks IMAP'],
    ['POP3', 'imap', text('+OK ready\r\n'), 'it speaks POP3'],
    ['SMTP', 'imap', text('220 a ESMTP\r\n'), 'it speaks SMTP'],
    ['MySQL', 'smtp', mysqlGreeting(0x0a00), 'it speaks MySQL'],
    ['binary data', 'smtp', hex('00 01 02'), 'it answers with binary data, not with lines'],
  ])('%s on a port of %s is named', (_name, protocol, first, detail) => {
    expect(converse(protocol, [first]).end).toEqual({ kind: 'wrong-protocol', detail });
  });

  it('answers that are there before their questions are refused, except the untagged ones of IMAP', () => {
    expect(converse('smtp', [text('220 a\r\n250-a\r\n250 STARTTLS\r\n')]).end).toMatchObject({
      kind: 'wrong-protocol',
    });
    expect(converse('pop3', [text('+OK\r\n+OK\r\n')]).end).toMatchObject({ kind: 'wrong-protocol' });
    expect(converse('imap', [text('* OK\r\n* CAPABILITY STARTTLS\r\n')])).toMatchObject({
      sent: ['a1 CAPABILITY\r\n'],
      end: undefined,
    });
  });

  it('a banner without end is cut off by bytes, by the length of a line and by the number of lines', () => {
    const ends = [
      converse('smtp', [text('2'.repeat(dialogueLimits.lineBytesMax + 1))]),
      converse('smtp', [text('220-x\r\n'.repeat(dialogueLimits.linesMax + 1))]),
      converse('smtp', [text('220 '), new Uint8Array(dialogueLimits.totalBytesMax).fill(0x61)]),
      converse('imap', [text('* OK\r\n'), text('* x\r\n'.repeat(dialogueLimits.linesMax))]),
    ];
    expect(ends.map(({ end }) => end?.kind)).toEqual(['limit', 'limit', 'limit', 'limit']);
  });

  it('no detail quotes what a server said', () => {
    const secret = 'hunter2-\u001b[31m';
    for (const [, protocol, turns] of refusals) {
      const spoiled = turns.map((turn) => new Uint8Array([...turn, ...text(secret)]));
      const { end } = converse(protocol, spoiled);
      expect(JSON.stringify(end ?? null)).not.toContain('hunter2');
    }
  });

  it('Active Directory writes its lengths in four bytes, which BER allows', () => {
    const response = hex('30 84 00 00 00 10 02 01 01 78 84 00 00 00 07 0a 01 00 04 00 04 00');
    expect(converse('ldap', [response]).end).toEqual({ kind: 'ready' });
  });
});
