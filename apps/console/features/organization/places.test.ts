import { describe, expect, it } from 'vitest';
import { type Places, placeInputOf, placeOptions, placeText } from './places.ts';

const made = { createdAt: '2026-01-01T00:00:00Z', version: 1 };
const places: Places = {
  environments: [
    { id: 'e1', name: 'production', type: 'production', ...made },
    { id: 'e2', name: 'staging', type: 'staging', ...made },
  ],
  projects: [
    { id: 'p2', environmentId: 'e2', name: 'shop', ...made },
    { id: 'p1', environmentId: 'e1', name: 'shop', ...made },
  ],
  services: [{ id: 's1', environmentId: 'e1', projectId: 'p1', name: 'checkout', ...made }],
  isComplete: true,
};

describe('places (ACC-1)', () => {
  it('stand in the order of the tree, each by its whole path, so that two of one name differ', () => {
    expect(placeOptions(places)).toEqual([
      ['', 'the whole organization'],
      ['environment:e1', 'production'],
      ['project:p1', 'production / shop'],
      ['service:s1', 'production / shop / checkout'],
      ['environment:e2', 'staging'],
      ['project:p2', 'staging / shop'],
    ]);
  });

  it.each([
    ['', undefined],
    ['environment:e1', { environmentId: 'e1' }],
    ['project:p1', { projectId: 'p1' }],
    ['service:s1', { serviceId: 's1' }],
    ['else:s1', undefined],
  ])('the choice %j names one level to the API', (value, input) => expect(placeInputOf(value)).toEqual(input));

  it.each([
    [null, 'the whole organization'],
    [{ environmentId: 'e1', projectId: null, serviceId: null }, 'environment production'],
    [{ environmentId: 'e1', projectId: 'p1', serviceId: 's1' }, 'service production / shop / checkout'],
    [{ environmentId: null, projectId: 'p9', serviceId: null }, 'project p9'],
  ])('%j reads: %s', (place, text) => expect(placeText(place, places)).toBe(text));
});
