import type { AssetView } from '@quantumvault/api';
import { DetailList } from '../../../design/detail-list.tsx';
import layout from '../../../design/layout.module.css';
import { Term } from '../../../design/term.tsx';
import { Time } from '../../../design/time.tsx';
import styles from '../inventory.module.css';
import { Many } from './many.tsx';

const sources = {
  'server-scan': 'scan of this server',
  'cli-scan': 'scan made elsewhere and imported: the word of whoever imported it',
} as const;
const profileSources = {
  scan: 'a scan has seen it',
  protection: 'a protection job made it',
  declared: 'somebody said so',
} as const;

/** How what is believed of an asset is known: by whom, when, and exactly what was seen. */
export function Evidence({ asset: { evidence, encryptionProfile: profile } }: { readonly asset: AssetView }) {
  if (profile === null) return null;
  const scan = evidence?.scan;
  return (
    <section className={layout.section} aria-label="Evidence">
      <h2>
        <Term concept="evidence">How this is known</Term>
      </h2>
      <DetailList
        items={[
          ['Cryptography', profileSources[profile.source]],
          ['Observed', <Time key="observed" value={profile.observedAt} />],
          ...(evidence === null
            ? []
            : ([
                ['Evidence', sources[evidence.source]],
                ['Evidence of', <Time key="evidence" value={evidence.observedAt} />],
              ] as const)),
          ...(scan === undefined
            ? []
            : ([
                ['Asked', scan.profile === 'full' ? 'everything' : 'only what the server picks'],
                ['Versions', scan.versions.join(', ')],
                ['Groups', scan.groups.join(', ') || 'none seen'],
                ['Suites', <Many key="suites" text={scan.suites.join(', ')} />],
                ['Order', scan.preference === 'unknown' ? 'not known whose' : `of the ${scan.preference}`],
              ] as const)),
        ]}
      />
      {scan === undefined || scan.chain.length === 0 ? null : (
        <details>
          <summary>The chain of certificates that it showed ({scan.chain.length})</summary>
          <ol className={styles.chain}>
            {scan.chain.map((certificate) => (
              <li key={certificate.fingerprint256}>
                <bdi>{certificate.subject}</bdi>
                <br />
                {certificate.keyAlgorithm}, signed by <bdi>{certificate.issuer}</bdi> with{' '}
                {certificate.signatureAlgorithm}, until <Time value={certificate.notAfter} />
              </li>
            ))}
          </ol>
        </details>
      )}
    </section>
  );
}
