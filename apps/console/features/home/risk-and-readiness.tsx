'use client';
import dynamic from 'next/dynamic';
import { Skeleton } from '../../design/skeleton.tsx';
import { AssetShares } from '../inventory/asset-shares.tsx';
import { useOverview } from '../inventory/use-overview.ts';
import { Block } from './block.tsx';
import styles from './home.module.css';

// The drawing of lines is no part of the first load.
const Trend = dynamic(() => import('../../design/charts/trend.tsx').then((module) => module.Trend), {
  ssr: false,
  loading: () => <Skeleton label="Reading: Day by day" lines={6} />,
});

/** IFC-5: how risky the assets are that the reader may see, what a quantum computer would do to them, and where that goes. */
export function RiskAndReadiness() {
  const overview = useOverview();
  const { assets, burnDown } = overview.data ?? { assets: null, burnDown: [] };
  // Without assets there is nothing to draw: the block of the riskiest ones says how the first come.
  if (assets?.total === 0) return null;
  return (
    <Block title="Risk and readiness" query={overview} isWide>
      {assets === null ? null : (
        <div className={styles.figures}>
          <div className={styles.shares}>
            <AssetShares assets={assets} />
          </div>
          <Trend
            title="Day by day"
            days={burnDown.map(({ day }) => day)}
            lines={[
              { name: 'Vulnerable', tone: 'danger', values: burnDown.map(({ vulnerable }) => vulnerable) },
              { name: 'At high or critical risk', tone: 'warning', values: burnDown.map(({ highRisk }) => highRisk) },
              { name: 'All assets', tone: 'plain', values: burnDown.map(({ total }) => total) },
            ]}
            note={burnDown.length < 3 ? 'Counting has just begun: the lines grow day by day.' : undefined}
          />
        </div>
      )}
    </Block>
  );
}
