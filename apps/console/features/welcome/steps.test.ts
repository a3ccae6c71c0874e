import { describe, expect, it } from 'vitest';
import { hrefOfStep, stepOf, welcomeSteps } from './steps.ts';

describe('steps of the set-up', () => {
  it('IFC-5: an address names a step, and one that names none is the first', () => {
    expect(welcomeSteps.map(({ id }) => stepOf(id))).toEqual([0, 1, 2, 3, 4]);
    for (const none of [null, '', 'nowhere', '__proto__']) expect(stepOf(none)).toBe(0);
  });

  it('IFC-5: the address of a step leads to it, and takes the scan along', () => {
    expect(hrefOfStep(1, '')).toBe('/welcome?step=name');
    expect(hrefOfStep(3, 'a b')).toBe('/welcome?step=proof&scan=a+b');
    expect(hrefOfStep(99, '')).toBe('/welcome?step=account');
  });
});
