import { defaultSecuritySettings, securitySettingsDocument } from '@quantumvault/api';
import { describe, expect, it } from 'vitest';
import { changeOf } from './security-draft.ts';
import { boundsOf, kindOf, securityFields, textOf, valueIn } from './security-fields.ts';

const idsOf = (settings: object): string[] =>
  Object.entries(settings).flatMap(([part, group]) => Object.keys(group as object).map((name) => `${part}.${name}`));

describe('the fields of the security settings', () => {
  it('IFC-5: the page has every setting of the contract, each once, with a sentence and its limits', () => {
    expect(securityFields.map(({ id }) => id).toSorted()).toEqual(idsOf(defaultSecuritySettings).toSorted());
    for (const { id, sentence, none } of securityFields) {
      expect(sentence, id).toMatch(/^[A-Z].*\.$/);
      const kind = kindOf(id);
      if (kind === 'whole' || kind === 'whole-or-none') {
        const { min, max } = boundsOf(id);
        expect(min, id).toBeTypeOf('number');
        expect(Number(max) > Number(min), id).toBe(true);
      }
      expect(none !== undefined, id).toBe(kind === 'whole-or-none');
    }
    expect(securityFields.filter(({ id }) => kindOf(id) === 'who').map(({ id }) => id)).toEqual(['mfa.requiredFor']);
    expect(kindOf('password.refusesBreached')).toBe('switch');
  });

  it('the limits are those of the contract', () => {
    for (const { id } of securityFields) {
      const { min, max } = boundsOf(id);
      if (min === undefined || max === undefined) continue;
      const [part = '', name = ''] = id.split('.');
      const withValue = (value: number) => {
        const settings = structuredClone(defaultSecuritySettings) as unknown as Record<string, Record<string, unknown>>;
        settings[part] = { ...settings[part], [name]: value };
        return securitySettingsDocument.safeParse(settings).success;
      };
      expect([min - 1, min, max, max + 1].map(withValue), id).toEqual([false, true, true, false]);
    }
  });

  it('every default can be read', () => {
    for (const field of securityFields) {
      expect(textOf(field, valueIn(defaultSecuritySettings, field.id)), field.id).not.toMatch(/undefined|null|^$/);
    }
  });
});

describe('a change of the security settings', () => {
  it('holds what was touched and nothing else', () => {
    expect(changeOf({ 'password.lengthMin': '14', 'mfa.requiredFor': ['auditor'] })).toEqual({
      password: { lengthMin: 14 },
      mfa: { requiredFor: ['auditor'] },
    });
  });

  it('an empty field is none where the contract knows none, and no change elsewhere', () => {
    expect(changeOf({ 'apiKey.daysMax': '' })).toEqual({ apiKey: { daysMax: null } });
    expect(changeOf({ 'password.lengthMin': '' })).toBeNull();
  });

  it.each([
    ['password.lengthMin', '7'],
    ['password.lengthMin', '12.5'],
    ['password.lengthMin', 'many'],
    ['mfa.requiredFor', []],
    ['session.hoursMax', '1e9'],
  ])('%s = %j is refused before it is sent', (id, value) => {
    expect(changeOf({ [id]: value })).toBeNull();
  });
});
