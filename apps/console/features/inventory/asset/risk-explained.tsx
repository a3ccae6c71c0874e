import type { AssetView } from '@quantumvault/api';
import { Badge } from '../../../design/badge.tsx';
import layout from '../../../design/layout.module.css';
import { Term } from '../../../design/term.tsx';
import styles from '../inventory.module.css';
import { severityKinds, usedFor } from '../words.ts';

/** INV-2: every number of the score with the sentence that it comes from, in the order of the calculation. */
export function RiskExplained({ asset }: { readonly asset: AssetView }) {
  const { risk } = asset;
  const { mosca, harvestNowDecryptLater: harvest } = risk;
  const isSeen = usedFor(asset, 'key-establishment') !== null;
  return (
    <section className={layout.section} aria-label="Risk">
      <h2>
        <Term concept="risk-score">Why the risk is {risk.score.toFixed(1)}</Term>
      </h2>
      <table className={styles.plain}>
        <thead>
          <tr>
            <th scope="col">Factor</th>
            <th scope="col">Value</th>
            <th scope="col">Because</th>
          </tr>
        </thead>
        <tbody>
          {risk.explanation.map(({ factor, value, because }) => (
            <tr key={factor}>
              <th scope="row">{factor}</th>
              <td className={styles.number}>{value}</td>
              <td>
                <bdi>{because}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        <Badge kind={mosca.verdict === 'in-time' ? 'success' : 'warning'}>{mosca.verdict}</Badge>{' '}
        <bdi>{mosca.because}</bdi>
      </p>
      <p>
        {harvest.isExposed ? (
          <Badge kind="danger">can be recorded now and read later</Badge>
        ) : (
          // What nobody has looked at is not safe.
          <Badge kind={isSeen ? 'success' : 'plain'}>{isSeen ? 'cannot be read later' : 'not known'}</Badge>
        )}{' '}
        <bdi>{harvest.because}</bdi>
      </p>
      {risk.weaknesses.length === 0 ? null : (
        <ul className={styles.bare} aria-label="Weaknesses of today">
          {risk.weaknesses.map(({ id, severity, message }) => (
            <li key={`${id} ${message}`}>
              <Badge kind={severityKinds[severity]}>{severity}</Badge> <bdi>{message}</bdi>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
