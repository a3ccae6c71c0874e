import type { AssetType } from '@quantumvault/inventory';
import type { StoredAsset } from './asset.ts';

/** What tells people which asset an approval is about (ACC-9): its identity, which never changes, and its name. */
export const assetPlan = ({
  id,
  name,
  type,
  endpoint,
}: Pick<StoredAsset, 'id' | 'name' | 'type' | 'endpoint'>): {
  assetId: string;
  name: string;
  type: AssetType;
  endpoint: string;
} => ({ assetId: id, name, type, endpoint });
