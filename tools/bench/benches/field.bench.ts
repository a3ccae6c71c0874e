/**
 * Small values against bare AES-256-GCM with a random nonce (QUA-2), as an application without us would call it: compact
 * values under a column key, FLOE values with the data key given, and batches against single calls (CRY-12).
 */
import * as native from 'node:crypto';
import { CompactColumn, FloeColumn, noTenant, OwnFieldKey } from '@quantumvault/envelope';
import { type Bench, compare } from '../bench.ts';

const place = { tenant: noTenant, dataset: 'bench', column: 'card' };
const key = OwnFieldKey.generate();
const locator = 'row 1234567';
const batchSize = 100;

const rawKey = native.randomBytes(32);
const rawAad = native.randomBytes(16);

function bareSeal(plaintext: Uint8Array): Uint8Array {
  const nonce = native.randomBytes(12);
  const cipher = native.createCipheriv('aes-256-gcm', rawKey, nonce);
  cipher.setAAD(rawAad);
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function bareOpen(sealed: Uint8Array): Uint8Array {
  const decipher = native.createDecipheriv('aes-256-gcm', rawKey, sealed.subarray(0, 12));
  decipher.setAAD(rawAad);
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
}

/** A writer with rows for any run; the bench reserves them at once. */
const compact = () => new CompactColumn(key, place, { epoch: 1, rows: 2 ** 32 });

function valueBenches(bytes: number): Bench[] {
  const plaintext = native.randomBytes(bytes);
  const bareSealed = bareSeal(plaintext);
  return (
    [
      ['compact', 0.8, compact()],
      ['floe', 0.25, new FloeColumn(key, place)],
    ] as const
  ).flatMap(([name, ratio, column]): Bench[] => {
    const sealed = column.seal(locator, plaintext);
    if (Buffer.compare(column.open(locator, sealed), plaintext) !== 0) throw new Error('it does not open');
    return [
      {
        id: `field.${name}.seal.${bytes}`,
        name: `${name} field seal, ${bytes} bytes`,
        unit: 'values/s',
        target: { ratio },
        run: () =>
          compare(
            () => void column.seal(locator, plaintext),
            () => void bareSeal(plaintext),
          ),
      },
      {
        id: `field.${name}.open.${bytes}`,
        name: `${name} field open, ${bytes} bytes`,
        unit: 'values/s',
        target: null,
        run: () =>
          compare(
            () => void column.open(locator, sealed),
            () => void bareOpen(bareSealed),
          ),
      },
    ];
  });
}

/** Batches only report: what a single call costs is the cipher itself, which a batch does not save. */
function batchBench(): Bench {
  const [single, batch] = [compact(), compact()];
  const plaintext = native.randomBytes(32);
  const fields = Array.from({ length: batchSize }, (_, row) => ({ locator: `row ${row}`, plaintext }));
  return {
    id: 'field.compact.batch.32',
    name: `compact field seal, batch of ${batchSize} against single calls`,
    unit: 'values/s',
    target: null,
    run: () =>
      compare(
        () => void batch.sealMany(fields),
        () => {
          for (const { locator: at } of fields) single.seal(at, plaintext);
        },
        { perCall: batchSize },
      ),
  };
}

export const benches: readonly Bench[] = [...valueBenches(32), ...valueBenches(400), batchBench()];
