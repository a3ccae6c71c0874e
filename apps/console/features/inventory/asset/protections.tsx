'use client';
import type { AssetProtectionView, AssetView } from '@quantumvault/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ActionFailure } from '../../../design/action-failure.tsx';
import { Badge } from '../../../design/badge.tsx';
import { Button } from '../../../design/button.tsx';
import { Failure } from '../../../design/failure.tsx';
import layout from '../../../design/layout.module.css';
import { Notice } from '../../../design/notice.tsx';
import { useStepUp } from '../../../design/step-up.tsx';
import { Term } from '../../../design/term.tsx';
import { Time } from '../../../design/time.tsx';
import { useSession } from '../../../session/session.tsx';
import styles from '../inventory.module.css';
import { beforeAndAfter, comparedLines } from './before-after.ts';
import { Many } from './many.tsx';

const kindWords: Readonly<Record<AssetProtectionView['artifactKind'], string>> = {
  'data-key': 'a data key, wrapped',
  'tls-bundle': 'a key and certificate with the options of the server',
  jwks: 'signing keys',
  certificate: 'a key with a certificate request',
};

/** INV-9: what protection jobs made for the asset, and the handshake before and after the one that stands. */
export function Protections({ asset }: { readonly asset: AssetView }) {
  const { client } = useSession();
  const protections = useQuery({
    queryKey: ['inventory', 'protections', asset.id, asset.version],
    queryFn: () => client.listProtections({ params: { id: asset.id }, query: { limit: 50 } }),
  });
  const times = useQuery({
    queryKey: ['inventory', 'scans', asset.id, asset.version],
    queryFn: () => client.listAssetScans({ params: { id: asset.id }, query: { limit: 100 } }),
    enabled: protections.data !== undefined && protections.data.items.length > 0,
  });
  if (protections.error !== null) return <Failure error={protections.error} doing="Reading the protections" />;
  const items = protections.data?.items ?? [];
  if (items.length === 0) return null;
  const standing = items.find(({ undoneAt }) => undoneAt === null);
  return (
    <>
      {standing === undefined || times.data === undefined ? null : (
        <Comparison asset={asset} protection={standing} times={times.data.items} />
      )}
      <section className={layout.section} aria-label="Protections">
        <h2>What was made for it</h2>
        <ul className={layout.rows} aria-label="Protections">
          {items.map((item) => (
            <li key={item.artifactId} className={layout.row}>
              <span>
                {kindWords[item.artifactKind]}, <Time value={item.createdAt} />
              </span>
              {item.undoneAt === null ? (
                <Badge kind={item === standing ? 'success' : 'plain'}>
                  {item === standing ? 'stands' : 'replaced'}
                </Badge>
              ) : (
                <Badge>undone</Badge>
              )}
              {item === standing ? <Undo protection={item} /> : null}
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function Comparison({
  asset,
  protection,
  times,
}: {
  readonly asset: AssetView;
  readonly protection: AssetProtectionView;
  readonly times: Parameters<typeof beforeAndAfter>[2];
}) {
  const both = beforeAndAfter(asset, protection, times);
  const lines = comparedLines(both);
  return (
    <section className={layout.section} aria-label="Before and after">
      <h2>
        <Term concept="before-after">Before and after the protection</Term>
      </h2>
      {both.after === null ? (
        <Notice kind="info" title="What was made is not seen in use yet.">
          <p>
            Install it where the asset is, then scan it again: the scan proves the change, and says what is missing.
          </p>
          {protection.artifactKind === 'tls-bundle' ? (
            <p>
              No page shows a private key. <code>npx qv protect ASSET --policy POLICY --out FOLDER</code> makes a new
              one and writes it with the certificate and the options of the server.
            </p>
          ) : null}
        </Notice>
      ) : null}
      <table className={styles.plain}>
        <thead>
          <tr>
            <th scope="col">Handshake</th>
            <th scope="col">Before {both.before === null ? null : <Time value={both.before.at} />}</th>
            <th scope="col">After {both.after === null ? null : <Time value={both.after.at} />}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ name, before, after, differs }) => (
            <tr key={name} className={differs ? styles.differs : undefined}>
              <th scope="row">{name}</th>
              <td data-name="Before">
                <Many text={before} />
              </td>
              <td data-name="After">
                <Many text={after} /> {differs ? <Badge kind="info">changed</Badge> : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {asset.proof === null || asset.proof.gaps.length === 0 ? null : (
        <Notice kind="info" title="The server does not do yet what the policy asks for.">
          <ul className={styles.bare} aria-label="What the proof lacks">
            {asset.proof.gaps.map(({ message }) => (
              <li key={message}>
                <bdi>{message}</bdi>
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </section>
  );
}

/** Taking back is offered while nothing can depend on what was made; the server decides. */
function Undo({ protection }: { readonly protection: AssetProtectionView }) {
  const { client, may } = useSession();
  const queries = useQueryClient();
  const { run, prompt } = useStepUp();
  const undo = useMutation({
    mutationFn: () => run(() => client.undoJob({ params: { id: protection.jobId } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['inventory'] }),
  });
  if (!may('asset.protect') || protection.handedOutAt !== null) return null;
  return (
    <>
      <Button kind="danger" isBusy={undo.isPending} onClick={() => undo.mutate()}>
        Undo
      </Button>
      <ActionFailure error={undo.error} doing="Undoing" />
      {prompt}
    </>
  );
}
