import {
  type AssetState,
  type AssetType,
  assetTypes,
  type Exposure,
  exposures,
  type RiskBand,
  type Sensitivity,
  sensitivities,
} from '@quantumvault/inventory';

// The column asset.facet holds all small enumerations of an asset as one number. These lists are the order of migration
// 0008; a value that comes later goes to the end, with a migration that replaces the column.
const bands: readonly RiskBand[] = ['low', 'moderate', 'high', 'critical'];
const states: readonly AssetState[] = ['active', 'archived', 'merged', 'withdrawn'];

export interface FacetFilter {
  readonly type?: AssetType | undefined;
  readonly sensitivity?: Sensitivity | undefined;
  readonly exposure?: Exposure | undefined;
  readonly band?: RiskBand | undefined;
  /** Undefined: in whatever state. */
  readonly state?: AssetState | undefined;
}

const placesOf = <T>(list: readonly T[], wanted: T | undefined): readonly number[] =>
  wanted === undefined ? [...list.keys()] : [list.indexOf(wanted)];

/** Every number that an asset can have which the filter lets through. */
export function facetsOf(filter: FacetFilter): readonly number[] {
  const facets: number[] = [];
  for (const type of placesOf(assetTypes, filter.type))
    for (const sensitivity of placesOf(sensitivities, filter.sensitivity))
      for (const exposure of placesOf(exposures, filter.exposure))
        for (const band of placesOf(bands, filter.band))
          for (const state of placesOf(states, filter.state))
            facets.push(((type * 5 + sensitivity) * 3 + exposure) * 16 + band * 4 + state);
  return facets;
}
