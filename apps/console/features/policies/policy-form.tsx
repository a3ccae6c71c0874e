'use client';
import { ApiProblemError, assetTypeSchema, type PolicyView } from '@quantumvault/api';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '../../design/button.tsx';
import { Failure } from '../../design/failure.tsx';
import { Field } from '../../design/field.tsx';
import { Select } from '../../design/select.tsx';
import { StepUpDeclinedError, useStepUp } from '../../design/step-up.tsx';
import { useAction } from '../../design/use-action.ts';
import { useSession } from '../../session/session.tsx';
import { typeWords } from '../inventory/words.ts';
import { ChoiceList } from './choice-list.tsx';
import { type ListName, modeWords, offeredIn, type Spec, startOf } from './choices.ts';
import styles from './policies.module.css';
import { Simulation } from './simulation.tsx';

const lists: readonly ListName[] = ['kem', 'signature', 'aead'];
const modes: readonly Spec['mode'][] = ['hybrid', 'pqc', 'classical'];
const levels = [
  ['1', '1: as AES-128'],
  ['2', '2: as SHA-256'],
  ['3', '3: as AES-192, the usual'],
  ['4', '4: as SHA-384'],
  ['5', '5: as AES-256, the highest'],
] as const;

interface Draft extends Omit<Spec, 'rotationDays'> {
  readonly name: string;
  readonly rotationDays: string;
}

const draftOf = (policy: PolicyView | null): Draft =>
  policy === null
    ? { name: '', ...startOf('hybrid'), rotationDays: '90', assetTypes: [], deadline: null }
    : { name: policy.name, ...policy.spec, rotationDays: String(policy.spec.rotationDays) };

const specOf = ({ name: _, ...spec }: Draft): Spec => ({ ...spec, rotationDays: Number(spec.rotationDays) });

/** What the server said of a field of the body, in its words. */
function problemAt(error: unknown, field: string): string | null {
  if (!(error instanceof ApiProblemError)) return null;
  const found = error.problem.errors?.filter(({ path }) => path === field || path.startsWith(`${field}.`)) ?? [];
  return found.length === 0 ? null : found.map(({ message }) => message).join(' ');
}

/** Makes a policy or the next version of one. What it would change is shown before it is saved. */
export function PolicyForm({
  policy,
  onSaved,
  onCancel,
}: {
  readonly policy: PolicyView | null;
  readonly onSaved: (saved: PolicyView) => void;
  readonly onCancel?: () => void;
}) {
  const { client, may } = useSession();
  const queries = useQueryClient();
  const { run, prompt } = useStepUp();
  const action = useAction();
  const [draft, setDraft] = useState<Draft>(() => draftOf(policy));
  const [simulated, setSimulated] = useState<{ readonly name: string; readonly spec: Spec } | null>(null);
  const change = (part: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...part }));
    action.clear();
  };
  const at = (field: string) => problemAt(action.error, field);
  const save = (event: FormEvent) => {
    event.preventDefault();
    void action.run(async () => {
      const body = { name: draft.name.trim(), spec: specOf(draft) };
      const saved = await run(() =>
        policy === null
          ? client.createPolicy({ body })
          : client.updatePolicy({ params: { id: policy.id }, body }, { ifMatch: `"${policy.version}"` }),
      );
      await queries.invalidateQueries({ queryKey: ['policies'] });
      onSaved(saved);
    });
  };
  const title = policy === null ? 'New policy' : `Change ${policy.name}`;
  return (
    <>
      <form className={styles.form} onSubmit={save} aria-label={title}>
        <Field
          label="Name"
          value={draft.name}
          required
          maxLength={100}
          autoComplete="off"
          error={at('body.name')}
          onChange={({ target }) => change({ name: target.value })}
        />
        <fieldset className={styles.choices}>
          <legend>Mode</legend>
          {modes.map((mode) => (
            <label key={mode} className={styles.radio}>
              <input
                type="radio"
                name="mode"
                checked={draft.mode === mode}
                onChange={() => change(policy?.spec.mode === mode ? draftModeOf(policy) : startOf(mode))}
              />
              <strong>{modeWords[mode].title}</strong>
              <span className={styles.about}>{modeWords[mode].about}</span>
            </label>
          ))}
        </fieldset>
        {draft.mode === 'classical' ? null : (
          <Select
            label="Category that the quantum-resistant choices must reach (NIST)"
            value={String(draft.targetLevel)}
            onChange={({ target }) => change({ targetLevel: Number(target.value) })}
            options={levels}
          />
        )}
        {lists.map((list) => (
          <ChoiceList
            key={list}
            list={list}
            chosen={draft[list]}
            offered={offeredIn(list, draft)}
            error={at(`body.spec.${list}`)}
            onChange={(ids) => change({ [list]: [...ids] })}
          />
        ))}
        <div className={styles.pair}>
          <Field
            label="Keys are replaced after so many days"
            hint="1 to 365. Shorter limits what one lost key opens."
            value={draft.rotationDays}
            inputMode="numeric"
            pattern="[0-9]{1,3}"
            required
            error={at('body.spec.rotationDays')}
            onChange={({ target }) => change({ rotationDays: target.value })}
          />
          <Field
            label="By when every asset must be protected (optional)"
            type="date"
            value={draft.deadline ?? ''}
            error={at('body.spec.deadline')}
            onChange={({ target }) => change({ deadline: target.value === '' ? null : target.value })}
          />
        </div>
        <fieldset className={styles.choices}>
          <legend>For these types of assets</legend>
          <p className={styles.about}>None chosen: for every type.</p>
          <div className={styles.types}>
            {assetTypeSchema.options.map((type) => (
              <label key={type}>
                <input
                  type="checkbox"
                  checked={draft.assetTypes.includes(type)}
                  onChange={({ target }) =>
                    change({
                      assetTypes: target.checked
                        ? [...draft.assetTypes, type]
                        : draft.assetTypes.filter((one) => one !== type),
                    })
                  }
                />{' '}
                {typeWords[type]}
              </label>
            ))}
          </div>
        </fieldset>
        {action.error === null || action.error instanceof StepUpDeclinedError ? null : (
          <Failure error={action.error} doing="Saving the policy" />
        )}
        <div className={styles.buttons}>
          <Button onClick={() => setSimulated({ name: draft.name.trim() || 'simulation', spec: specOf(draft) })}>
            Simulate
          </Button>
          {may(policy === null ? 'policy.create' : 'policy.update') ? (
            <Button kind="primary" type="submit" isBusy={action.isBusy}>
              {policy === null ? 'Make the policy' : 'Save as the next version'}
            </Button>
          ) : null}
          {onCancel === undefined ? null : (
            <Button kind="quiet" onClick={onCancel}>
              Cancel
            </Button>
          )}
        </div>
      </form>
      {prompt}
      {simulated === null ? null : <Simulation key={JSON.stringify(simulated)} {...simulated} policyId={null} />}
    </>
  );
}

/** Back to the mode that it has: with the algorithms that it has. */
const draftModeOf = ({ spec }: PolicyView): Partial<Draft> => ({
  mode: spec.mode,
  targetLevel: spec.targetLevel,
  kem: spec.kem,
  signature: spec.signature,
  aead: spec.aead,
});
