import type { Cli, JsonOption } from '../../cli.ts';
import { connect } from '../../connection/connect.ts';
import { needId } from '../../connection/resolve.ts';
import { formatInstant } from '../../terminal/format.ts';
import { printTable } from '../../terminal/table.ts';
import { signerOfFile } from '../envelope/signers.ts';

export async function listKeys(cli: Cli, { json }: JsonOption): Promise<void> {
  const { client } = await connect(cli);
  const { items } = await client.listApproverKeys();
  if (json) return cli.output.json(items);
  if (items.length === 0) return cli.output.line('No keys. Make one with qv keygen --sign, and register its file.');
  printTable(
    cli.output,
    [{ title: 'ID' }, { title: 'ALGORITHM' }, { title: 'WITHDRAWN' }, { title: 'FINGERPRINT' }],
    items.map((key) => [key.id, key.algorithm, formatInstant(key.withdrawnAt), key.fingerprint]),
  );
}

/** Shows the server that the key is here: a signature over its public text, for this person alone. */
export async function registerKey(cli: Cli, file: string, { json }: JsonOption): Promise<void> {
  const { client } = await connect(cli);
  const { formatSigner, signContent } = await import('@quantumvault/envelope');
  const signer = await signerOfFile(cli, file);
  const { organizationId, actorId } = await client.whoAmI();
  const text = formatSigner(signer.signer);
  const proof = await signContent([new TextEncoder().encode(text)], {
    tenant: organizationId,
    purpose: 'approver-key',
    context: { subject: actorId },
    createdAt: cli.clock.now(),
    signer,
  });
  const key = await client.registerApproverKey({
    body: { signer: text, proof: Buffer.from(proof).toString('base64') },
  });
  if (json) return cli.output.json(key);
  cli.output.line(`Key ${key.id} is registered: ${key.algorithm}, ${key.fingerprint}`);
}

export async function withdrawKey(cli: Cli, text: string, { json }: JsonOption): Promise<void> {
  const id = needId(text, 'a key');
  const { client } = await connect(cli);
  await client.withdrawApproverKey({ params: { id } });
  if (json) return cli.output.json({ withdrawn: id });
  cli.output.line(`Key ${id} is withdrawn.`);
}
