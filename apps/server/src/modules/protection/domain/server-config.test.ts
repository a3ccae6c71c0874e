import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInPolicies, InventoryError, type ProtectionPolicyRules, parseScanTarget } from '@quantumvault/inventory';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { makeCertificate } from '../adapters/x509-certificates.ts';
import { planProtection } from './plan.ts';
import { bundleFolder, serverConfig } from './server-config.ts';
import { nodeTlsOptions, privateKeyPem } from './tls-bundle.ts';

const builtIn = (name: string) => builtInPolicies.find((rules) => rules.name === name) ?? expect.fail(name);
const planOf = (rules: ProtectionPolicyRules, endpoint = 'shop.example.org:8443') => {
  const plan = planProtection(rules, { type: 'tls-endpoint', endpoint });
  return plan.kind === 'tls-bundle' ? plan : expect.fail();
};
const configOf = (rules: ProtectionPolicyRules, endpoint = 'shop.example.org:8443') => {
  const plan = planOf(rules, endpoint);
  const { host, port } = parseScanTarget(endpoint);
  return serverConfig({ host, port, keyAlgorithm: plan.signature, options: nodeTlsOptions(plan) });
};

describe('INV-9: server configuration', () => {
  it.each(['hybrid-default', 'cnsa-2.0', 'fips-classical'])('%s: golden files', async (name) => {
    const { nginx, apache, haproxy } = configOf(builtIn(name));
    await expect(nginx).toMatchFileSnapshot(`golden/${name}.nginx.conf`);
    await expect(apache).toMatchFileSnapshot(`golden/${name}.apache.conf`);
    await expect(haproxy).toMatchFileSnapshot(`golden/${name}.haproxy.cfg`);
  });

  it('says that it needs OpenSSL 3.5 exactly where post-quantum groups or certificates are used', () => {
    for (const { name } of builtInPolicies.slice(0, 3)) {
      for (const text of Object.values(configOf(builtIn(name))))
        expect([name, text.includes('needs OpenSSL 3.5')]).toEqual([name, name !== 'fips-classical']);
    }
  });

  it('an address gets no server name', () => {
    for (const endpoint of ['192.0.2.7:443', '[2001:db8::1]:443']) {
      const { nginx, apache } = configOf(builtIn('hybrid-default'), endpoint);
      expect(nginx).not.toContain('server_name');
      expect(apache).not.toContain('ServerName');
    }
  });

  it('attack: no host that anybody can type adds, ends or changes a line; it is refused or stands there as it is', () => {
    const { options, keyAlgorithm } = { options: nodeTlsOptions(planOf(builtIn('hybrid-default'))), keyAlgorithm: 'x' };
    const reference = serverConfig({ host: 'a', port: 443, options, keyAlgorithm });
    const nasty = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.stringMatching(/^[a-z;{}#"'$\\\n\r\t .:\-_*%<>]{1,40}$/),
      fc.constantFrom(
        'a;}',
        'a\nssl_protocols SSLv3',
        'a"',
        '$host',
        'a b',
        '$' + '{x}',
        'a#',
        '<VirtualHost>',
        'a\\',
        '*',
      ),
    );
    let accepted = 0;
    fc.assert(
      fc.property(fc.oneof(nasty, fc.domain()), fc.boolean(), (text, isParsed) => {
        let host = text;
        try {
          // The way of a real endpoint, and past its check.
          if (isParsed) ({ host } = parseScanTarget(text));
          const config = serverConfig({ host, port: 443, options, keyAlgorithm });
          accepted += 1;
          expect(host).toMatch(/^[a-z0-9._:-]+$/);
          for (const kind of ['nginx', 'apache', 'haproxy'] as const) {
            const without = config[kind].split('\n').filter((line) => !/server_?name/i.test(line));
            expect(without).toEqual(reference[kind].split('\n').filter((line) => !/server_?name/i.test(line)));
          }
        } catch (error) {
          if (!(error instanceof InventoryError)) expect(error).toMatchObject({ code: 'PROTECTION_NOT_OFFERED' });
        }
      }),
      { numRuns: 2000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  it('attack: an algorithm that is more than a word is refused', () => {
    const options = nodeTlsOptions(planOf(builtIn('fips-classical')));
    const refused = expect.objectContaining({ code: 'PROTECTION_NOT_OFFERED' });
    for (const change of [{ ciphers: 'A;B' }, { ecdhCurve: 'X25519 evil' }, { minVersion: 'SSLv3' }]) {
      const input = { host: 'a', port: 443, keyAlgorithm: 'x', options: { ...options, ...change } };
      expect(() => serverConfig(input)).toThrow(refused);
    }
  });
});

describe('INV-9: the servers themselves accept a classical configuration', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  /** The bundle of a policy in a folder, as `qv protect --out` writes it. */
  async function written(rules: ProtectionPolicyRules) {
    const folder = mkdtempSync(join(tmpdir(), 'qv-config-'));
    folders.push(folder);
    const plan = planOf(rules);
    const made = await makeCertificate({ ...plan, host: 'shop.example.org' }, new Date());
    using key = made.privateKey;
    const pem = privateKeyPem(key);
    writeFileSync(join(folder, 'key.pem'), pem, { mode: 0o600 });
    writeFileSync(join(folder, 'cert.pem'), made.certificatePem);
    writeFileSync(join(folder, 'haproxy.pem'), made.certificatePem + pem, { mode: 0o600 });
    const config = configOf(rules);
    const moved = (text: string) => text.replaceAll(bundleFolder, folder);
    return { folder, nginx: moved(config.nginx), apache: moved(config.apache), haproxy: moved(config.haproxy) };
  }
  /** Output and exit code of a command that checks a configuration. */
  function run(file: string, words: readonly string[]): string {
    try {
      return execFileSync(file, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    } catch (error) {
      return `failed: ${String(Reflect.get(Object(error), 'stderr'))}`;
    }
  }
  const p384 = { ...builtIn('fips-classical'), signature: ['ECDSA-P384-SHA384'] };
  const policies = [builtIn('fips-classical'), p384];
  const missing = (file: string): string | undefined => (existsSync(file) ? undefined : `${file} is not installed`);

  it.for(policies)('nginx -t: $signature', async (rules, ctx) => {
    const reason = missing('/usr/sbin/nginx');
    if (reason !== undefined) return ctx.skip(reason);
    const { folder, nginx } = await written(rules);
    const main = join(folder, 'main.conf');
    writeFileSync(main, `pid ${folder}/pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n${nginx}}\n`);
    expect(run('/usr/sbin/nginx', ['-t', '-q', '-c', main, '-e', 'stderr'])).toBe('');
  });

  it.for(policies)('haproxy -c: $signature', async (rules, ctx) => {
    const reason = missing('/usr/sbin/haproxy');
    if (reason !== undefined) return ctx.skip(reason);
    const { folder, haproxy } = await written(rules);
    writeFileSync(join(folder, 'haproxy.cfg'), haproxy);
    expect(run('/usr/sbin/haproxy', ['-c', '-f', join(folder, 'haproxy.cfg')])).not.toContain('failed');
  });

  const apache = '/usr/sbin/apache2';
  const modules = '/usr/lib/apache2/modules';
  it.for(policies)('apache2 -t: $signature', async (rules, ctx) => {
    const reason = missing(apache);
    if (reason !== undefined) return ctx.skip(reason);
    const { folder, apache: text } = await written(rules);
    const load = ['mpm_event', 'ssl', 'authz_core'].map(
      (name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`,
    );
    const main = [
      ...load,
      `ServerRoot ${folder}`,
      'ServerName test',
      `PidFile ${folder}/pid`,
      'ErrorLog /dev/null',
      text,
    ];
    writeFileSync(join(folder, 'main.conf'), main.join('\n'));
    expect(run(apache, ['-t', '-f', join(folder, 'main.conf')])).not.toContain('failed');
  });
});
