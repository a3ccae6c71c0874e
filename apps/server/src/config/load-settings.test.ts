import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSettings, SettingsError, unknownSettings } from './load-settings.ts';

const load = (environment: Record<string, string>) => loadSettings(environment, '/srv/qv');

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    load(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

describe('QUA-12: settings', () => {
  it('QUA-12: an empty environment gives the documented defaults', () => {
    expect(load({})).toMatchObject({
      host: '127.0.0.1',
      port: 8920,
      role: 'both',
      dataDir: '/srv/qv',
      keyFile: '/srv/qv/seal.key',
      scanAllow: [],
    });
  });

  it.each([
    ['QV_PORT', '0'],
    ['QV_PORT', '65536'],
    ['QV_PORT', 'http'],
    ['QV_ROLE', 'leader'],
    ['QV_LOG_LEVEL', 'loud'],
    ['QV_SCAN_ALLOW', '10.0.0.0'],
    ['QV_JOB_LEASE_SECONDS', '1'],
    ['QV_BODY_BYTES_MAX', '-1'],
  ])('QUA-12: %s=%s is refused with its name and without its value', (name, value) => {
    const problems = problemsOf({ [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(name);
    expect(problems[0]).toContain('not valid');
  });

  it('QUA-12: a misspelt QV_ variable is refused, others are not our business', () => {
    expect(unknownSettings({ QV_PROT: '1', PATH: '/bin', QV_PORT: '1', QV_PORT_FILE: '/x' })).toEqual(['QV_PROT']);
    expect(problemsOf({ QV_PROT: '8921', QV_PORT: 'x' })).toHaveLength(2);
  });

  it('QUA-12: a value may come from a file, and not from both', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'qv-settings-'));
    const file = path.join(folder, 'port');
    writeFileSync(file, '9001\n');
    expect(load({ QV_PORT_FILE: file }).port).toBe(9001);
    expect(problemsOf({ QV_PORT: '1', QV_PORT_FILE: file })).toEqual(['QV_PORT and QV_PORT_FILE are both set']);
    expect(problemsOf({ QV_PORT_FILE: path.join(folder, 'missing') })[0]).toContain('cannot be read');
    rmSync(folder, { recursive: true });
  });
});
