import { PasskeyDeclinedError } from '../session/passkeys.ts';
import { Failure } from './failure.tsx';
import { StepUpDeclinedError } from './step-up.tsx';

/** Why something that was pressed did not happen. Who turned the proof or the passkey away knows: nothing is said then. */
export function ActionFailure({ error, doing }: { readonly error: unknown; readonly doing: string }) {
  if (error === null || error instanceof StepUpDeclinedError || error instanceof PasskeyDeclinedError) return null;
  return <Failure error={error} doing={doing} />;
}
