// ENV-8: messages of CMS that a second implementation writes, with keys that it made.
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCms, parseCmsKeyFile } from '@quantumvault/cms';
import { afterAll, describe, expect, it } from 'vitest';
import { openWorkplace } from '../../apps/cli/test/run-qv.ts';
import { bouncyCastle, bouncyCastleVersion, runBouncyCastle } from '../../tools/services/bouncy-castle.ts';

const jars = bouncyCastle();
const folder = mkdtempSync(join(tmpdir(), 'qv-cms-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const content = Uint8Array.from({ length: 3_000_001 }, (_, index) => (index * 13 + (index >> 10)) & 0xff);

describe('ENV-8: Bouncy Castle', { timeout: 300_000 }, () => {
  it('writes messages that we open: three sets, three derivations, attributes, two recipients, DER and BER', async (ctx) => {
    if ('missing' in jars) return ctx.skip(jars.missing);
    writeFileSync(join(folder, 'content'), content);
    const printed = runBouncyCastle(jars.folder, 'WriteMessages.java', [folder]);
    console.log(printed);
    expect(printed).toContain(bouncyCastleVersion);
    const messages = readdirSync(folder).filter((name) => name.endsWith('.p7m'));
    expect(messages).toHaveLength(15);
    for (const name of messages) {
      const message = readFileSync(join(folder, name));
      const keyOf = (set: string | undefined) => parseCmsKeyFile(readFileSync(join(folder, `${set}.key`)));
      const set = /^ml-kem-\d+/.exec(name)?.[0];
      const opened = openCms(message, { keys: keyOf(set) });
      expect(Buffer.compare(opened, content), name).toBe(0);
      const other = set === 'ml-kem-512' ? 'ml-kem-768' : 'ml-kem-512';
      expect(() => openCms(message, { keys: keyOf(other) })).toThrow(
        expect.objectContaining({ kind: 'KEY_NOT_FOUND' }),
      );
    }
  });

  it('writes messages that qv decrypt opens', async (ctx) => {
    if ('missing' in jars) return ctx.skip(jars.missing);
    await using workplace = await openWorkplace();
    const path = (name: string): string => join(workplace.folder, name);
    copyFileSync(join(folder, 'ml-kem-1024.key'), path('key'));
    copyFileSync(join(folder, 'ml-kem-1024-stream.p7m'), path('message.p7m'));
    expect(await workplace.qv('decrypt -i key -o out message.p7m')).toMatchObject({ exitCode: 0 });
    expect(Buffer.compare(readFileSync(path('out')), content)).toBe(0);
  });
});
