import { describe, expect, it } from 'vitest';
import { changedQuery, filterOf } from './audit-filter.ts';

const now = Date.parse('2030-01-08T12:00:30.000Z');
const id = '01920000-0000-7000-8000-000000000000';

describe('the address of the audit explorer', () => {
  it('IFC-3: a link says the asset, the action and the time', () => {
    const params = new URLSearchParams(`resource=${id}&action=asset.created&from=2030-01-01&to=2030-01-02T00:00:00Z`);
    expect(filterOf(params, now)).toEqual({
      resourceId: id,
      action: 'asset.created',
      from: '2030-01-01T00:00:00.000Z',
      to: '2030-01-02T00:00:00.000Z',
    });
    expect(filterOf(new URLSearchParams('last=7'), now).from).toBe('2030-01-01T12:00:00.000Z');
  });

  it('attack case 26: what is no id, action or time is passed over', () => {
    const params = new URLSearchParams('resource=<script>&action=javascript:x&from=yesterday&last=9&to=');
    expect(filterOf(params, now)).toEqual({ resourceId: undefined, action: undefined, from: undefined, to: undefined });
  });

  it('a change keeps the rest, and an empty value takes its name out', () => {
    expect(changedQuery(new URLSearchParams('a=1&last=7'), { last: '', from: 'x' })).toBe('a=1&from=x');
  });
});
