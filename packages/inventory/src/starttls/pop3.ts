import { type Conversation, type DialogueEnd, readLine } from './turns.ts';

/** POP3: greeting, STLS (RFC 2595 section 4). Asked without CAPA, which old servers lack though they know STLS. */
export function* askPop3(): Conversation {
  const greeting = statusOf(yield* readLine());
  if (greeting === undefined) return notPop3;
  if (greeting === '-ERR') return { kind: 'unavailable', detail: 'POP3 greeting -ERR' };
  const answer = statusOf(yield* readLine('STLS'));
  if (answer === undefined) return notPop3;
  return answer === '+OK' ? { kind: 'ready' } : { kind: 'not-offered', detail: 'it answers STLS with -ERR' };
}

function statusOf(line: string): string | undefined {
  return /^(\+OK|-ERR)( |$)/.exec(line)?.[1];
}

const notPop3: DialogueEnd = { kind: 'wrong-protocol', detail: 'its answers are not those of POP3' };
