import { type Conversation, type DialogueEnd, readLine, type Turns } from './turns.ts';

interface Response {
  readonly status: string;
  readonly untagged: readonly string[];
}

/** IMAP: greeting, CAPABILITY, STARTTLS (RFC 9051 sections 6.2.1 and 7.1). Untagged responses may come at any time. */
export function* askImap(): Conversation {
  const greeting = yield* readLine();
  const status = /^\* (OK|PREAUTH|BYE)\b/i.exec(greeting)?.[1]?.toUpperCase();
  if (status === undefined) return notImap;
  if (status === 'BYE') return { kind: 'unavailable', detail: 'IMAP greeting BYE' };
  // STARTTLS exists only before authentication, so a server that skips it keeps the session in clear.
  if (status === 'PREAUTH') return { kind: 'not-offered', detail: 'its greeting is PREAUTH, which rules STARTTLS out' };

  const capability = yield* command('a1', 'CAPABILITY');
  if (capability === undefined) return notImap;
  if (capability.status !== 'OK') return { kind: 'unavailable', detail: `IMAP ${capability.status} to CAPABILITY` };
  const listed = capability.untagged.filter((line) => /^\* CAPABILITY /i.test(line));
  if (!listed.some((line) => / STARTTLS( |$)/i.test(line))) {
    return { kind: 'not-offered', detail: 'its capabilities do not list STARTTLS' };
  }

  const goAhead = yield* command('a2', 'STARTTLS');
  if (goAhead === undefined) return notImap;
  if (goAhead.status === 'OK') return { kind: 'ready' };
  if (goAhead.status === 'BYE') return { kind: 'unavailable', detail: 'IMAP BYE to STARTTLS' };
  return { kind: 'not-offered', detail: `it lists STARTTLS but refuses it (${goAhead.status})` };
}

function* command(tag: string, name: string): Turns<Response | undefined> {
  const untagged: string[] = [];
  for (let toSend: string | undefined = `${tag} ${name}`; ; toSend = undefined) {
    const line: string = yield* readLine(toSend, { mayTalkAhead: true });
    if (/^\* BYE\b/i.test(line)) return { status: 'BYE', untagged };
    if (line.startsWith('* ')) {
      untagged.push(line);
      continue;
    }
    const [answered, status = ''] = line.split(' ');
    if (answered !== tag || !/^(OK|NO|BAD)$/i.test(status)) return undefined;
    return { status: status.toUpperCase(), untagged };
  }
}

const notImap: DialogueEnd = { kind: 'wrong-protocol', detail: 'its answers are not those of IMAP' };
