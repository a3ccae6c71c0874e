import { z } from 'zod';
import { idSchema, instantSchema } from './primitives.ts';

const count = z.number().int().min(0);

/** How many days ahead the overview looks for what ends; certificates that ended so many days ago still count. */
export const endsSoonDays = 30;
/** Nothing that ends is counted further. */
export const endsSoonCountMax = 1000;
/** How many days the burn-down goes back at most. */
export const burnDownDaysMax = 90;

const endingSchema = z
  .strictObject({
    count: count.max(endsSoonCountMax).meta({ description: `${endsSoonCountMax}: so many or more` }),
    next: z
      .array(
        z.strictObject({
          id: idSchema,
          name: z.string(),
          endsAt: instantSchema,
        }),
      )
      .max(5)
      .meta({ description: 'The first few, soonest first' }),
  })
  .nullable();

/** IFC-5: the organization at one glance, cut to what the caller may read. */
export const overviewSchema = z.strictObject({
  assets: z.strictObject({
    total: count.meta({ description: 'Active assets that the caller may see' }),
    byBand: z.strictObject({ low: count, moderate: count, high: count, critical: count }),
    byReadiness: z.strictObject({ vulnerable: count, partial: count, safe: count, unknown: count }),
  }),
  burnDown: z
    .array(
      z.strictObject({
        day: z.iso.date().meta({ description: 'UTC' }),
        total: count,
        vulnerable: count.meta({ description: 'That a quantum computer breaks' }),
        highRisk: count.meta({ description: 'In the bands high and critical' }),
      }),
    )
    .max(burnDownDaysMax)
    .meta({
      description:
        'How it stood at the end of each day, oldest first, the last one as it stands now; empty: never an asset',
    }),
  endsSoon: z.strictObject({
    certificates: endingSchema.meta({
      description: `Certificates of active assets that end within ${endsSoonDays} days or ended in the last ${endsSoonDays}; the ids are those of assets`,
    }),
    apiKeys: endingSchema.meta({
      description: `API keys that end within ${endsSoonDays} days and were not replaced; null: not for the caller`,
    }),
    grants: endingSchema.meta({
      description: `Grants that end within ${endsSoonDays} days, named by who has them; null: not for the caller`,
    }),
  }),
});
export type OverviewView = z.infer<typeof overviewSchema>;
