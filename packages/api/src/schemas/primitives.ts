import { z } from 'zod';

/** UUID in lower case; ids of this product are version 7, but any well-formed one may be asked for and not be found. */
export const idSchema = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
  .meta({ description: 'UUID, lower case', examples: ['01920000-0000-7000-8000-000000000000'] });

export const instantSchema = z.iso.datetime().meta({ description: 'ISO 8601 instant in UTC' });

/** Text that people write and that others read: no control characters, so that it can be printed and logged safely. */
export const textSchema = (lengthMax: number) =>
  z
    .string()
    .min(1)
    .max(lengthMax)
    // biome's rule against control characters does not apply to \p{Cc}; unpaired surrogates fail \p{Cs}.
    .regex(/^[^\p{Cc}\p{Cs}]+$/u);

/** Text of one line that a program made and that may be empty. */
export const lineSchema = (lengthMax: number) =>
  z
    .string()
    .max(lengthMax)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u);

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'Items on a page, at most 200' }),
  cursor: z
    .string()
    .max(500)
    .regex(/^[A-Za-z0-9_-]+$/)
    .optional()
    .meta({ description: 'nextCursor of the page before' }),
};

/** A page of a listing with keyset pagination. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });

/** RFC 9457 problem details, with a stable code. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string(),
  requestId: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  approvalId: z.string().optional().meta({ description: 'The request that waits for the approval of others (ACC-9)' }),
  planHash: z.string().optional().meta({ description: 'What they would approve' }),
});
export type Problem = z.infer<typeof problemSchema>;

export const idParams = z.strictObject({ id: idSchema });
