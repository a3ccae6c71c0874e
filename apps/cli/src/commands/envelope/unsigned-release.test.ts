import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { noTenant, parseRecipient, parseSigner, sealEnvelope } from '@quantumvault/envelope';
import { expect, it } from 'vitest';
import { openWorkplace, type Workplace } from '../../../test/run-qv.ts';

const payload = new TextEncoder().encode(`echo from somebody else ${'#'.repeat(400)}\n`);

async function withKeys(): Promise<{ workplace: Workplace; recipient: string; signer: string }> {
  const workplace = await openWorkplace();
  const recipient = (await workplace.qv('keygen -o me.key')).out.trim();
  const signer = (await workplace.qv('keygen --sign -o me.sign.key')).out.trim();
  writeFileSync(join(workplace.folder, 'alice.signer'), signer);
  return { workplace, recipient, signer };
}

it('ENV-7: nothing goes to standard output before the demanded signature was checked', async () => {
  const { workplace, recipient, signer } = await withKeys();
  await using _ = workplace;
  // Whoever knows two public texts can claim to be the signer, and choose segments of 64 bytes.
  const claimed = parseSigner(signer);
  const parts: Uint8Array[] = [];
  const sealed = sealEnvelope([payload.slice()], {
    to: { recipients: [parseRecipient(recipient)] },
    facts: { tenant: noTenant, purpose: 'data-at-rest', context: {}, contentType: 'text/plain', createdAt: 0 },
    segmentBytes: 64,
    profile: 'standard',
    signer: { signer: claimed, sign: async () => new Uint8Array(3373) },
  });
  for await (const part of sealed) parts.push(part.slice());
  writeFileSync(join(workplace.folder, 'evil.qv'), Buffer.concat(parts));
  const refused = await workplace.qv('decrypt -i me.key --signers-file alice.signer -o - evil.qv');
  expect(refused).toMatchObject({ exitCode: 1, bytes: new Uint8Array(0) });
  expect(refused.err).toContain('AUTHENTICATION_FAILED');

  writeFileSync(join(workplace.folder, 'in'), payload);
  await workplace.qv(`encrypt -r ${recipient} --sign me.sign.key -o good.qv in`);
  const opened = await workplace.qv('decrypt -i me.key --signers-file alice.signer -o - good.qv');
  expect([opened.exitCode, Buffer.from(opened.bytes)]).toEqual([0, readFileSync(join(workplace.folder, 'in'))]);
});

it('ENV-7: more than can be held back is refused, with nothing written, and a file takes it', async () => {
  const { workplace, recipient } = await withKeys();
  await using _ = workplace;
  writeFileSync(join(workplace.folder, 'in'), new Uint8Array(65 * 1024 * 1024));
  await workplace.qv(`encrypt -r ${recipient} --sign me.sign.key -o large.qv in`);
  const refused = await workplace.qv('decrypt -i me.key --signers-file alice.signer -o - large.qv');
  expect(refused).toMatchObject({ exitCode: 2, bytes: new Uint8Array(0) });
  expect(refused.err).toContain('-o FILE');
  expect(await workplace.qv('decrypt -i me.key --signers-file alice.signer -o out large.qv')).toMatchObject({
    exitCode: 0,
  });
});

it('the names of a context cannot command the terminal of whoever inspects a file', async () => {
  const { workplace, recipient } = await withKeys();
  await using _ = workplace;
  writeFileSync(join(workplace.folder, 'in'), payload);
  await workplace.qv(`encrypt -r ${recipient} --context \u001b]0;x\u0007\u001b[2Kcase=7 -o in.qv in`);
  const { exitCode, out } = await workplace.qv('inspect in.qv');
  expect([exitCode, out.includes('\u001b'), out.includes('\u0007')]).toEqual([0, false, false]);
  expect(out).toContain('case');
});
