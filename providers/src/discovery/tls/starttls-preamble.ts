import { type FailedDialogueEnd, type ScanTarget, StartTlsDialogue } from '@quantumvault/inventory';
import type { Preamble, PreambleStep } from './connection.ts';

/**
 * The dialogue that a target's protocol needs before TLS, made anew for each connection; undefined where TLS begins with
 * the first byte. It runs within the time of its connection, so a server cannot stretch it.
 */
export function startTlsPreamble({ starttls }: ScanTarget): (() => Preamble) | undefined {
  if (starttls === undefined) return undefined;
  return () => {
    const dialogue = new StartTlsDialogue(starttls);
    const translate = ({ send, end }: ReturnType<StartTlsDialogue['start']>): PreambleStep => ({
      ...(send === undefined ? {} : { send }),
      ...(end === undefined ? {} : { end: end.kind === 'ready' ? 'ready' : failure(end) }),
    });
    return {
      start: () => translate(dialogue.start()),
      push: (chunk) => translate(dialogue.push(chunk)),
    };
  };
}

function failure(dialogueEnd: FailedDialogueEnd): Exclude<PreambleStep['end'], 'ready' | undefined> {
  const cause = dialogueEnd.kind === 'limit' ? 'limit' : 'malformed';
  return { cause, detail: dialogueEnd.detail, dialogueEnd };
}
