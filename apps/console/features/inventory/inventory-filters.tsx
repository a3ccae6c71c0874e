'use client';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Field } from '../../design/field.tsx';
import { FilterBar } from '../../design/filter-bar.tsx';
import { Select } from '../../design/select.tsx';
import { useSession } from '../../session/session.tsx';
import {
  type AssetFilter,
  addressOf,
  addressWith,
  type FilterName,
  filterNames,
  questions,
} from './inventory-filter.ts';
import {
  bandChoice,
  exposureChoice,
  findingChoice,
  keyExchangeChoice,
  readinessChoice,
  sensitivityChoice,
  signatureChoice,
  typeChoice,
} from './words.ts';

/** Typing is over when it has paused for so long. */
const typingMs = 250;
type Choice = readonly (readonly [value: string, text: string])[];

/** What is asked for, in the address: whoever gets the link sees the same. */
export function InventoryFilters({ address, filter }: { readonly address: string; readonly filter: AssetFilter }) {
  const { client, may } = useSession();
  const environments = useQuery({
    queryKey: ['places', 'environments'],
    queryFn: () => client.listEnvironments({ query: { limit: 200 } }),
    enabled: may('environment.read'),
    staleTime: 300_000,
  });
  // The address alone changes: nothing is loaded for it but the list.
  const change = (changes: Parameters<typeof addressWith>[1]) =>
    history.replaceState(null, '', addressWith(new URLSearchParams(address), changes));
  const environmentChoice: Choice = (environments.data?.items ?? []).map(({ id, name }) => [id, name] as const);
  const select = (name: FilterName, label: string, choice: Choice, any = 'any') => {
    const value = filter[name] ?? '';
    // A link may name what is not among the choices: it is one while it holds.
    const named: Choice = value === '' || choice.some(([known]) => known === value) ? [] : [[value, value]];
    return (
      <Select
        label={label}
        value={value}
        options={[['', any], ...choice, ...named]}
        onChange={({ target }) => change({ [name]: target.value })}
      />
    );
  };
  const active = filterNames.filter((name) => filter[name] !== undefined);
  return (
    <FilterBar
      label="Filters of the inventory"
      activeCount={active.length}
      onClear={() => history.replaceState(null, '', '/inventory')}
      questions={questions.map(({ text, filter: asked }) => ({
        text,
        isActive: Object.entries(asked).every(([name, value]) => filter[name as FilterName] === value),
        onAsk: () => history.replaceState(null, '', addressOf(asked)),
      }))}
      more={
        <>
          {select('signature', 'Signature', signatureChoice)}
          {select('exposure', 'Exposure', exposureChoice)}
          {select('sensitivity', 'Sensitivity', sensitivityChoice)}
          {environmentChoice.length === 0 ? null : select('environmentId', 'Environment', environmentChoice)}
          {select(
            'state',
            'State',
            [
              ['archived', 'archived'],
              ['merged', 'merged'],
              ['withdrawn', 'withdrawn'],
            ],
            'active',
          )}
          <Words label="Owner" value={filter.owner ?? ''} onChange={(owner) => change({ owner })} />
          <Words label="Tag" value={filter.tag ?? ''} onChange={(tag) => change({ tag })} />
        </>
      }
    >
      <Words label="Name or address" value={filter.search ?? ''} onChange={(search) => change({ search })} />
      {select('type', 'Kind', typeChoice)}
      {select('band', 'Risk', bandChoice)}
      {select('readiness', 'Readiness', readinessChoice)}
      {select('keyExchange', 'Key exchange', keyExchangeChoice)}
      {select('finding', 'Finding', findingChoice)}
      {select('protection', 'Protection', [
        ['none', 'not protected'],
        ['applied', 'protected'],
      ])}
      <Select
        label="Order"
        value={filter.sort ?? 'risk'}
        options={[
          ['risk', 'riskiest first'],
          ['newest', 'newest first'],
        ]}
        onChange={({ target }) => change({ sort: target.value === 'risk' ? '' : target.value })}
      />
    </FilterBar>
  );
}

interface WordsProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Text that filters once the typing pauses. */
function Words({ label, value, onChange }: WordsProps) {
  const [typed, setTyped] = useState({ text: value, against: value });
  // The address has changed by something else than this field: it shows what the address says.
  if (typed.against !== value) setTyped({ text: value, against: value });
  useEffect(() => {
    const wanted = typed.text.trim();
    if (wanted === typed.against) return;
    const timer = setTimeout(() => onChange(wanted), typingMs);
    return () => clearTimeout(timer);
  }, [typed, onChange]);
  return (
    <Field
      label={label}
      type="search"
      maxLength={100}
      value={typed.text}
      onChange={({ target }) => setTyped({ ...typed, text: target.value })}
    />
  );
}
