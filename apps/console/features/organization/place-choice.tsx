'use client';
import { Select } from '../../design/select.tsx';
import { placeOptions } from './places.ts';
import { usePlaces } from './use-places.ts';

/** Where a right is to hold, by the name `place`; the whole organization unless something else is chosen. */
export function PlaceChoice({ label = 'Where' }: { readonly label?: string }) {
  const { places } = usePlaces();
  const options = places === undefined ? [['', 'the whole organization'] as const] : placeOptions(places);
  return <Select label={label} name="place" options={options} />;
}
