import { describe, expect, it } from 'vitest';
import { addressOf, addressWith, filterNames, filterOf, questions } from './inventory-filter.ts';

const read = (query: string) => filterOf(new URLSearchParams(query));

describe('the address of the inventory', () => {
  it('IFC-3: a link says what is asked for, and by itself the riskiest come first', () => {
    expect(read('')).toEqual({ sort: 'risk' });
    expect(read('type=tls-endpoint&keyExchange=RSA&band=critical&sort=newest&search=shop+7')).toEqual({
      type: 'tls-endpoint',
      keyExchange: 'RSA',
      band: 'critical',
      sort: 'newest',
      search: 'shop 7',
    });
  });

  it('attack case 26: what is no value of its filter is passed over', () => {
    const wrong = 'type=<script>&band=javascript:x&finding=../x&environmentId=1&protection=maybe&sort=up';
    expect(read(`${wrong}&limit=9999&cursor=abc&search=${'x'.repeat(201)}&owner=%00`)).toEqual({ sort: 'risk' });
  });

  it('IFC-3: a change keeps the rest of the address, and an empty value takes its filter out', () => {
    const now = new URLSearchParams('band=high&sort=newest');
    expect(addressWith(now, { keyExchange: 'RSA' })).toBe('/inventory?band=high&sort=newest&keyExchange=RSA');
    expect(addressWith(now, { band: '', sort: '' })).toBe('/inventory');
  });

  it('every question that is offered is one that the address can say', () => {
    for (const { filter } of questions) {
      const address = new URL(addressOf(filter), 'http://localhost');
      expect(filterOf(address.searchParams)).toEqual({ ...filter, sort: 'risk' });
    }
    expect(new Set(filterNames).size).toBe(filterNames.length);
  });
});
