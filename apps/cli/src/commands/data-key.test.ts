import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openWorkplace } from '../../test/run-qv.ts';
import { idOf, sampleAsset } from '../../test/samples.ts';

const key = Buffer.alloc(32, 7);

it('writes an unwrapped key to a private file and prints no part of it', async () => {
  await using workplace = await openWorkplace({
    getAsset: () => ({ value: sampleAsset({ type: 'data-store', name: 'orders' }) }),
    unwrapDataKey: () => ({ value: { artifactId: idOf(41), algorithm: 'AES-256', dataKey: key.toString('base64') } }),
  });
  const { exitCode, all } = await workplace.qv(`data-key ${idOf(1)} --unwrap --out orders.key`);
  const file = join(workplace.folder, 'orders.key');
  expect({ exitCode, all }).toEqual({
    exitCode: 0,
    all: `wrote <folder>/orders.key: the AES-256 data key of orders, artefact ${idOf(41)}\n`,
  });
  expect(readFileSync(file)).toEqual(key);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it.each(['--unwrap', '--out orders.key'])('never prints an unwrapped key: %s alone is wrong use', async (option) => {
  await using workplace = await openWorkplace();
  expect(await workplace.qv(`data-key ${idOf(1)} ${option}`)).toMatchObject({ exitCode: 2 });
  expect(workplace.server.asked).toEqual([]);
});
