'use client';
import type { OverviewView } from '@quantumvault/api';
import { ShareBar } from '../../design/charts/share-bar.tsx';
import { Term } from '../../design/term.tsx';
import styles from './inventory.module.css';
import { addressOf } from './inventory-filter.ts';
import { useOverview } from './use-overview.ts';
import { bandKinds, bands, readinessChoice, readinessKinds } from './words.ts';

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** IFC-5: how many assets are at which risk, and what a quantum computer would do to them; each figure leads to its assets. */
export function AssetShares({ assets }: { readonly assets: OverviewView['assets'] }) {
  return (
    <>
      <ShareBar
        title={<Term concept="risk-score">By risk</Term>}
        parts={bands.map((band) => ({
          key: band,
          name: capital(band),
          count: assets.byBand[band],
          tone: bandKinds[band],
          href: addressOf({ band }),
        }))}
      />
      <ShareBar
        title={<Term concept="quantum-readiness">Against a quantum computer</Term>}
        parts={readinessChoice.map(([readiness, name]) => ({
          key: readiness,
          name,
          count: assets.byReadiness[readiness],
          tone: readinessKinds[readiness],
          href: addressOf({ readiness }),
        }))}
      />
    </>
  );
}

/** The same above the list of all assets. Where it cannot be read the list says why, and where there are none, what to do. */
export function InventoryShares() {
  const assets = useOverview().data?.assets;
  if (assets === undefined || assets.total === 0) return null;
  return (
    <section className={styles.shares} aria-label={`All ${assets.total.toLocaleString('en')} assets`}>
      <AssetShares assets={assets} />
    </section>
  );
}
