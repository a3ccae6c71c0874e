import type { ConditionName, Explanation } from '@quantumvault/access';
import { type Deciding, explain, type PlacedAsk } from './decide.ts';

const lackOf: Readonly<Record<ConditionName, string>> = {
  notBefore: 'a later time',
  expiresAt: 'a grant that has not expired',
  hours: 'another hour',
  addresses: 'another network',
  countries: 'another country',
  devices: 'an enrolled device that it names',
  macAddresses: 'a network card that it names',
  mfaMaxAgeSeconds: 'a second factor shown recently',
  purposes: 'a purpose that it names (X-QV-Purpose)',
  unreadable: 'a newer release of this server',
};

/**
 * What a refused caller is told: what is missing, from its own grants alone. Nothing of it depends on whether the thing
 * that was asked for exists, and values of conditions (networks, hours) are not repeated.
 */
export function refusalSentence(actor: Deciding, ask: PlacedAsk): string {
  return sentenceOf(explain(actor, ask), ask.action);
}

/** The answer in one sentence, addressed to whom it is about. */
export function sentenceOf({ decision, grants }: Explanation, action: string): string {
  if (decision.isAllowed) {
    return decision.by === null ? `Every member may: ${action}.` : `The role ${decision.by.role} permits ${action}.`;
  }
  switch (decision.reason) {
    case 'CREDENTIAL_TOO_NARROW':
      return `This credential is restricted and may not be used for ${action}.`;
    case 'DENIED':
      return `A denial of your access covers ${action}.`;
    case 'NO_PERMISSION':
      return `None of your grants permits ${action} here.`;
    case 'CONDITIONS_NOT_MET': {
      const nearest = grants
        .filter(({ grant, isReaching }) => isReaching && grant.effect === 'allow')
        .sort((a, b) => a.lacking.length - b.lacking.length)[0];
      const lacking = nearest?.lacking.map(({ condition }) => lackOf[condition]) ?? [];
      return `A grant of yours permits ${action} under conditions that this request does not meet: it needs ${lacking.join(' and ')}.`;
    }
    default: {
      const unknown: never = decision.reason;
      return String(unknown);
    }
  }
}
