import { expect, it } from 'vitest';
import { Refusal } from '../../test/contract-server.ts';
import { openWorkplace, transcriptOf } from '../../test/run-qv.ts';
import { idOf, page, protectedAsset, sampleAsset } from '../../test/samples.ts';

const store = sampleAsset({
  id: idOf(2),
  name: 'orders',
  type: 'data-store',
  endpoint: 'db.internal:5432',
  encryptionProfile: null,
});

it('INV-12: lists by whatever is asked for', async () => {
  await using workplace = await openWorkplace({
    listAssets: () => ({ value: { items: [sampleAsset()], nextCursor: null } }),
  });
  const filters = '--type tls-endpoint --band high --owner Web --tag shop --search example --state active --sort risk';
  const uses =
    '--key-exchange RSA --signature ECDSA --encryption AES-256-GCM --finding tls-no-pq-group --protection none --readiness vulnerable';
  expect(await workplace.qv(`assets list ${filters} ${uses} --environment ${idOf(90)}`)).toMatchObject({ exitCode: 0 });
  expect(workplace.server.asked).toMatchObject([
    {
      query: {
        type: 'tls-endpoint',
        band: 'high',
        owner: 'Web',
        tag: 'shop',
        search: 'example',
        state: 'active',
        sort: 'risk',
        keyExchange: 'RSA',
        signature: 'ECDSA',
        encryption: 'AES-256-GCM',
        finding: 'tls-no-pq-group',
        protection: 'none',
        readiness: 'vulnerable',
        environmentId: idOf(90),
      },
    },
  ]);
  for (const wrong of [
    '--band awful',
    '--environment here',
    '--state gone',
    '--protection maybe',
    '--readiness soon',
    '--finding No',
  ])
    expect(await workplace.qv(`assets list ${wrong}`)).toMatchObject({ exitCode: 2, out: '' });
});

it('IFC-4: reads like a terminal', async () => {
  await using workplace = await openWorkplace({
    listAssets: () => ({ value: page([sampleAsset(), store]) }),
    getAsset: ({ params: { id } }) => ({ value: id === store.id ? store : protectedAsset(), etag: '"3"' }),
    createAsset: () => ({ value: store }),
    classifyAsset: () => ({ value: { ...store, risk: { ...store.risk, score: 52, band: 'high' } }, etag: '"4"' }),
    archiveAsset: () => ({}),
  });
  const commands = [
    'assets',
    `assets show ${idOf(1)}`,
    'assets add --name orders --type data-store --endpoint db.internal:5432 --lifetime 10 --tag sql',
    'assets classify orders --sensitivity restricted',
    'assets archive db.internal:5432',
  ];
  await expect(await transcriptOf(workplace, commands)).toMatchFileSnapshot('../../test/transcripts/assets.txt');
});

it('prints the API objects with --json', async () => {
  await using workplace = await openWorkplace({ listAssets: () => ({ value: page([sampleAsset()]) }) });
  const { out, exitCode } = await workplace.qv('assets list --json');
  expect({ assets: JSON.parse(out), exitCode }).toEqual({ assets: [sampleAsset()], exitCode: 0 });
});

it('walks the pages of a listing until the limit', async () => {
  await using workplace = await openWorkplace({
    listAssets: ({ query: { limit, cursor } }) => {
      const first = cursor === undefined ? 0 : Number(cursor);
      const items = Array.from({ length: Number(limit) }, (_, at) => sampleAsset({ id: idOf(first + at) }));
      return { value: { items, nextCursor: String(first + items.length) } };
    },
  });
  const { out } = await workplace.qv('assets list --limit 450 --json');
  expect(JSON.parse(out).map(({ id }: { id: string }) => id)).toEqual(Array.from({ length: 450 }, (_, at) => idOf(at)));
});

it('changes an asset from the version that it read', async () => {
  await using workplace = await openWorkplace({
    getAsset: () => ({ value: sampleAsset(), etag: '"v3"' }),
    classifyAsset: ({ headers }) => {
      if (headers['if-match'] !== '"v3"') throw new Refusal(412, 'PRECONDITION_FAILED', 'Changed since');
      return { value: sampleAsset() };
    },
  });
  const { exitCode } = await workplace.qv(`assets classify ${idOf(1)} --no-owner --lifetime 3`);
  const sent = workplace.server.asked.find(({ route }) => route === 'classifyAsset');
  expect({ exitCode, body: sent?.body }).toEqual({ exitCode: 0, body: { owner: null, dataLifetimeYears: 3 } });
});

it.each([
  ['assets list --type castle', '--type'],
  ['assets list --limit 0', '--limit'],
  ['assets add --name a --type data-store', '--endpoint'],
  ['assets add --name a --type castle --endpoint b', '--type'],
  ['assets add --name a --type data-store --endpoint b --lifetime 101', '--lifetime'],
  [`assets classify ${idOf(1)}`, 'at least one field'],
  [`assets classify ${idOf(1)} --sensitivity secret`, '--sensitivity'],
])('wrong use ends with 2 and sends nothing: %s', async (command, named) => {
  await using workplace = await openWorkplace();
  const { exitCode, err, out } = await workplace.qv(command);
  expect({ exitCode, out, asked: workplace.server.asked }).toEqual({ exitCode: 2, out: '', asked: [] });
  expect(err).toContain(named);
});

it('refuses a name that nobody or more than one asset has', async () => {
  const twice = [sampleAsset(), sampleAsset({ id: idOf(3) })];
  await using workplace = await openWorkplace({ listAssets: () => ({ value: page(twice) }) });
  expect(await workplace.qv('assets show nobody')).toMatchObject({ exitCode: 3 });
  expect(await workplace.qv('assets show shop.example.org:443')).toMatchObject({ exitCode: 2 });
});

it('shows what a terminal would obey as text', async () => {
  const evil = sampleAsset({ name: 'a\u001b[2Jb\u202ec\nd' });
  await using workplace = await openWorkplace({ listAssets: () => ({ value: page([evil]) }) });
  expect((await workplace.qv('assets')).out).toContain('a\\u{1b}[2Jb\\u{202e}c\\u{a}d');
  expect((await workplace.qv('assets --json')).out).not.toMatch(/[\p{Cf}]|[^\P{Cc}\n]/u);
});

it('colours only a terminal', async () => {
  await using workplace = await openWorkplace({ listAssets: () => ({ value: page([sampleAsset()]) }) });
  expect((await workplace.qv('assets')).out).not.toContain('\u001b');
  expect((await workplace.qv('assets', { isTerminal: true })).out).toContain('\u001b[33mmoderate');
});
