'use client';
import { roles } from '@quantumvault/api';
import { useQuery } from '@tanstack/react-query';
import type { FormEvent, ReactNode } from 'react';
import { Button } from '../../design/button.tsx';
import { Field } from '../../design/field.tsx';
import layout from '../../design/layout.module.css';
import { Select } from '../../design/select.tsx';
import { useSession } from '../../session/session.tsx';
import { PlaceChoice } from '../organization/place-choice.tsx';
import { type PlaceInput, placeInputOf } from '../organization/places.ts';
import { roleOptions } from '../people/role-options.ts';

export interface AskedRole {
  readonly role: string;
  readonly durationSeconds: number;
  readonly reason: string;
  readonly place?: PlaceInput;
}

/** The form of whoever wants a role for a time: which, where, how long and why. */
export function RoleAndReason({
  label,
  durations,
  press,
  kind,
  isBusy,
  onSubmit,
  children,
}: {
  readonly label: string;
  readonly durations: readonly (readonly [seconds: string, text: string])[];
  readonly press: string;
  readonly kind: 'primary' | 'danger';
  readonly isBusy: boolean;
  readonly onSubmit: (asked: AskedRole) => void;
  readonly children?: ReactNode;
}) {
  const { client, may } = useSession();
  const known = useQuery({
    queryKey: ['people', 'roles'],
    queryFn: () => client.listRoles({ query: { limit: 200 } }),
    enabled: may('role.read'),
  });
  // Who may not read the roles knows the built-in ones: they are the same everywhere.
  const options = known.data === undefined ? roles.map((role) => [role, role] as const) : roleOptions(known.data.items);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const place = placeInputOf(String(form.get('place') ?? ''));
    onSubmit({
      role: String(form.get('role')),
      durationSeconds: Number(form.get('seconds')),
      reason: String(form.get('reason') ?? '').trim(),
      ...(place === undefined ? {} : { place }),
    });
  };
  return (
    <form className={layout.stack} onSubmit={submit} aria-label={label}>
      <div className={layout.columns}>
        <Select label="Role" name="role" options={options} />
        <PlaceChoice />
        <Select label="For" name="seconds" options={durations} />
      </div>
      <Field label="Why" name="reason" required maxLength={1_000} hint="It stays in the log" />
      {children}
      <div>
        <Button kind={kind} type="submit" isBusy={isBusy}>
          {press}
        </Button>
      </div>
    </form>
  );
}
