/** A step of the set-up, in its order. Each can be passed over, and gone back to. */
export const welcomeSteps = [
  {
    id: 'account',
    label: 'Account',
    title: 'Make the account yours',
    why: 'The password of the first start lies in a file. Choose your own, and a passkey with it: it cannot be given away by mistake.',
  },
  {
    id: 'name',
    label: 'Name',
    title: 'Name the organization',
    why: 'Everything is kept for an organization, and one sees nothing of another. Its name is what colleagues read when they are invited.',
  },
  {
    id: 'scan',
    label: 'Scan',
    title: 'Scan something real',
    why: 'A scan asks a server which cryptography it speaks, as any browser does before it shows a page. What answers is kept with its risk.',
  },
  {
    id: 'proof',
    label: 'Proof',
    title: 'See it proven',
    why: 'What was found is also an event of a log. Whoever keeps a checkpoint of it elsewhere sees every later change, even one by the operator of this server. This browser checks the event itself.',
  },
  {
    id: 'next',
    label: 'Go on',
    title: 'What comes next',
    why: 'You have found something, and it is proven. From here on it is your own work; each of these takes a minute.',
  },
] as const;

export type WelcomeStep = (typeof welcomeSteps)[number]['id'];

/** The step that an address names; the first one where it names none. */
export function stepOf(name: string | null): number {
  const index = welcomeSteps.findIndex(({ id }) => id === name);
  return index < 0 ? 0 : index;
}

/** The address of a step; the scan goes along, so that a page read anew still has it. */
export function hrefOfStep(index: number, scanId: string): string {
  const params = new URLSearchParams({ step: welcomeSteps[index]?.id ?? 'account' });
  if (scanId !== '') params.set('scan', scanId);
  return `/welcome?${params}`;
}
