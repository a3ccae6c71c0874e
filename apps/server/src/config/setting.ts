import type { z } from 'zod';

/** Who reads a setting. All are known to every part, so that a misspelt `QV_*` is refused wherever it is set. */
export type SettingReader = 'server' | 'launcher' | 'cli' | 'tests';

export interface Setting<T extends z.ZodType = z.ZodType> {
  readonly env: string;
  readonly reader: SettingReader;
  readonly schema: T;
  readonly unit: string;
  readonly default: string | null;
  readonly limit: string;
  readonly sentence: string;
  /** Passed between our own processes; not for operators. */
  readonly internal?: true;
}

export const setting = <T extends z.ZodType>(options: Setting<T>): Setting<T> => options;
