import { type Conversation, type DialogueEnd, readLine, type Turns } from './turns.ts';

/** Says honestly who asks; `.invalid` cannot be anybody's name (RFC 2606). */
const heloName = 'qv-scan.invalid';

interface Reply {
  readonly code: number;
  readonly lines: readonly string[];
}

/** SMTP: greeting, EHLO, STARTTLS (RFC 3207). Replies may have several lines. */
export function* askSmtp(): Conversation {
  const greeting = yield* readReply();
  if (greeting === undefined) return notSmtp;
  // 421 and 554 are how a server turns a stranger away (RFC 5321 section 3.1).
  if (greeting.code === 421 || greeting.code === 554) return turnedAway(greeting.code);
  if (greeting.code !== 220) return notSmtp;
  const isFtp = greeting.lines.some((line) => /\bFTP/i.test(line));

  const hello = yield* readReply(`EHLO ${heloName}`);
  if (hello === undefined || (isFtp && hello.code !== 250)) return isFtp ? ftp : notSmtp;
  if (hello.code === 500 || hello.code === 502) {
    return { kind: 'not-offered', detail: `it knows no EHLO (reply ${hello.code})` };
  }
  if (hello.code !== 250) return turnedAway(hello.code);
  const isOffered = hello.lines.slice(1).some((line) => /^STARTTLS$/i.test(line.trim()));
  if (!isOffered) return { kind: 'not-offered', detail: 'its answer to EHLO does not list STARTTLS' };

  const goAhead = yield* readReply('STARTTLS');
  if (goAhead === undefined) return notSmtp;
  if (goAhead.code === 220) return { kind: 'ready' };
  if (goAhead.code >= 400 && goAhead.code < 500) return turnedAway(goAhead.code);
  return { kind: 'not-offered', detail: `it lists STARTTLS but refuses it (reply ${goAhead.code})` };
}

/** All lines of one reply: `250-first`, `250-more`, `250 last`. Undefined when the lines are no reply. */
function* readReply(command?: string): Turns<Reply | undefined> {
  const lines: string[] = [];
  let code: string | undefined;
  for (let toSend = command; ; toSend = undefined) {
    const line = yield* readLine(toSend);
    const match = /^(\d{3})([ -]?)(.*)$/.exec(line);
    if (match === null || (code !== undefined && match[1] !== code)) return undefined;
    code = match[1];
    lines.push(match[3] ?? '');
    if (match[2] !== '-') return { code: Number(code), lines };
  }
}

const notSmtp: DialogueEnd = { kind: 'wrong-protocol', detail: 'its answers are not those of SMTP' };
const ftp: DialogueEnd = { kind: 'wrong-protocol', detail: 'it speaks FTP' };

function turnedAway(code: number): DialogueEnd {
  return { kind: 'unavailable', detail: `SMTP reply ${code}` };
}
