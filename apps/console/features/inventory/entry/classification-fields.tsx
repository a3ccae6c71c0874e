import type { AssetView } from '@quantumvault/api';
import { Field } from '../../../design/field.tsx';
import { Select } from '../../../design/select.tsx';
import { exposureChoice, sensitivityChoice } from '../words.ts';

type Classified = Pick<AssetView, 'sensitivity' | 'exposure' | 'dataLifetimeYears' | 'tags'>;
const usual: Classified = { sensitivity: 'internal', exposure: 'internal', dataLifetimeYears: 5, tags: [] };

/** What people say of the data behind an asset. */
export function ClassificationFields({
  asset = usual,
  hasTags = true,
}: {
  readonly asset?: Classified;
  readonly hasTags?: boolean;
}) {
  return (
    <>
      <Select
        label="Sensitivity of the data"
        name="sensitivity"
        options={sensitivityChoice}
        defaultValue={asset.sensitivity}
      />
      <Select label="Reached from" name="exposure" options={exposureChoice} defaultValue={asset.exposure} />
      <Field
        label="Years it must stay secret"
        name="lifetime"
        type="number"
        min={0}
        max={100}
        required
        defaultValue={asset.dataLifetimeYears}
      />
      {hasTags ? (
        <Field label="Tags, with commas between" name="tags" maxLength={5100} defaultValue={asset.tags.join(', ')} />
      ) : null}
    </>
  );
}

/** What the fields say, for a request; the server checks it. */
export function classificationOf(form: FormData) {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const oneOf = <T extends string>(names: readonly T[], name: string, fallback: T): T =>
    names.find((known) => known === text(name)) ?? fallback;
  return {
    sensitivity: oneOf(
      ['public', 'internal', 'confidential', 'restricted', 'top-secret'] as const,
      'sensitivity',
      'internal',
    ),
    exposure: oneOf(['internal', 'partner', 'internet'] as const, 'exposure', 'internal'),
    dataLifetimeYears: Number(text('lifetime')),
    tags: [
      ...new Set(
        text('tags')
          .split(',')
          .map((tag) => tag.trim()),
      ),
    ].filter((tag) => tag !== ''),
  };
}
