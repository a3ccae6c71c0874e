// A slow second answer to every question, written from docs/design/access.md and the page of ACC: it shares no code with
// the package, compiles nothing, and uses the runtime's own address lists and calendar.
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { AccessFacts, Grant, Place } from '../src/index.ts';

export interface OracleAsk {
  readonly isMember: boolean;
  readonly restriction: ReadonlySet<string> | null;
  readonly permission: string;
  readonly place: Place | null;
  readonly facts: AccessFacts;
}

type Truth = 'yes' | 'no' | 'cannot say';

const ruleNames = ['addresses', 'countries', 'devices', 'hours', 'macAddresses', 'mfaMaxAgeSeconds', 'purposes'];
const everyMemberMay = ['identity.read', 'identity.self', 'grant.request', 'approval.read'];

export function oracleDecides(grants: readonly Grant[], ask: OracleAsk): { allowed: boolean; reason: string } {
  if (ask.restriction !== null && ![...ask.restriction].includes(ask.permission))
    return { allowed: false, reason: 'CREDENTIAL_TOO_NARROW' };
  if (ask.isMember && everyMemberMay.includes(ask.permission)) return { allowed: true, reason: 'member' };
  const relevant = grants.filter((grant) => [...grant.permissions].includes(ask.permission) && covers(grant, ask));
  const denials = relevant.filter(({ effect }) => effect === 'deny');
  if (denials.some((grant) => truthOf(grant, ask.facts) !== 'no')) return { allowed: false, reason: 'DENIED' };
  const allowances = relevant.filter(({ effect }) => effect === 'allow');
  if (allowances.some((grant) => truthOf(grant, ask.facts) === 'yes')) return { allowed: true, reason: 'grant' };
  return { allowed: false, reason: allowances.length > 0 ? 'CONDITIONS_NOT_MET' : 'NO_PERMISSION' };
}

function covers({ place: given }: Grant, { place: asked }: OracleAsk): boolean {
  if (given === null) return true;
  return (['environmentId', 'projectId', 'serviceId'] as const).every(
    (level) => given[level] === null || given[level] === asked?.[level],
  );
}

function truthOf({ conditions, effect }: Grant, facts: AccessFacts): Truth {
  const { notBefore, expiresAt, rules = {} } = conditions;
  const truths: Truth[] = [];
  // Work that was asked for earlier: what the request was judged by then counts no more, on either side.
  const settled: Truth = effect === 'allow' ? 'yes' : 'no';
  if (notBefore !== undefined) truths.push(facts.now.valueOf() < notBefore.valueOf() ? 'no' : 'yes');
  if (expiresAt !== undefined) truths.push(facts.now.valueOf() < expiresAt.valueOf() ? 'yes' : 'no');
  const isReadable = Object.keys(rules).every((name) => ruleNames.includes(name));
  // Rules with a part that nobody can read are not read at all.
  if (!isReadable) truths.push('cannot say');
  else
    for (const [name, given] of Object.entries(rules)) {
      const truth = ruleTruth(name, given, facts);
      const isSettled = truth === 'cannot say' && facts.isJudgedBefore === true && name !== 'hours';
      truths.push(isSettled ? settled : truth);
    }
  if (truths.includes('no')) return 'no';
  return truths.includes('cannot say') ? 'cannot say' : 'yes';
}

function ruleTruth(name: string, given: unknown, facts: AccessFacts): Truth {
  const list = Array.isArray(given) ? given.map(String) : [];
  const within = (value: string | null): Truth => (value === null ? 'cannot say' : list.includes(value) ? 'yes' : 'no');
  switch (name) {
    case 'countries':
      return within(facts.country);
    case 'devices':
      return within(facts.deviceId);
    case 'purposes':
      return within(facts.purpose);
    case 'macAddresses':
      if (facts.macAddresses.length === 0) return 'cannot say';
      return facts.macAddresses.some((mac) => list.includes(mac)) ? 'yes' : 'no';
    case 'mfaMaxAgeSeconds':
      if (facts.mfaAt === null) return 'cannot say';
      return (facts.now.valueOf() - facts.mfaAt.valueOf()) / 1000 > Number(given) ? 'no' : 'yes';
    case 'addresses':
      return addressTruth(list, facts.address);
    case 'hours':
      return hoursTruth(given as { timeZone: string; windows: { days: number[]; from: string; to: string }[] }, facts);
    default:
      throw new Error(`the oracle knows no rule ${name}`);
  }
}

function addressTruth(networks: readonly string[], address: string | null): Truth {
  if (address === null || (!isIPv4(address) && !isIPv6(address)) || address.includes('%')) return 'cannot say';
  const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  for (const network of networks) {
    const [start = '', bits] = network.split('/');
    const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(start)?.[1];
    const first = mapped ?? start;
    const family = isIPv4(first) ? 'ipv4' : 'ipv6';
    if (family !== (isIPv4(plain) ? 'ipv4' : 'ipv6')) continue;
    const length = bits === undefined ? (family === 'ipv4' ? 32 : 128) : Number(bits) - (mapped === undefined ? 0 : 96);
    const block = new BlockList();
    block.addSubnet(first, length, family);
    if (block.check(plain, family)) return 'yes';
  }
  return 'no';
}

const wallClocks = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter takes a hundred times as long as using it. */
function wallClock(timeZone: string): Intl.DateTimeFormat {
  const known = wallClocks.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  wallClocks.set(timeZone, made);
  return made;
}

/** The Swedish way of writing a date is a sortable one: it is read back as if it were UTC. */
function hoursTruth(
  { timeZone, windows }: { timeZone: string; windows: { days: number[]; from: string; to: string }[] },
  { now }: AccessFacts,
): Truth {
  const wall = new Date(`${wallClock(timeZone).format(now).replace(' ', 'T')}Z`);
  const clock = `${String(wall.getUTCHours()).padStart(2, '0')}:${String(wall.getUTCMinutes()).padStart(2, '0')}`;
  const today = wall.getUTCDay() === 0 ? 7 : wall.getUTCDay();
  const yesterday = today === 1 ? 7 : today - 1;
  const isOpen = windows.some(({ days, from, to }) => {
    if (from < to) return days.includes(today) && from <= clock && clock < to;
    return (days.includes(today) && from <= clock) || (days.includes(yesterday) && clock < to);
  });
  return isOpen ? 'yes' : 'no';
}
