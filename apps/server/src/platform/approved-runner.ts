import type { ApprovableOperationName } from '@quantumvault/api';
import type { Actor } from '../kernel/actor.ts';
import type { ApprovedRunners, PlanOf } from '../kernel/approvals.ts';
import { APPROVED_RUNNERS } from './tokens.ts';

/**
 * A provider by which a module says how an approved plan of one of its operations is carried out: by the same use case that
 * asked for the approval.
 *
 * @example
 * carriesOut('asset.archive', ArchiveAsset, async (useCase, actor, { assetId }) => {
 *   await useCase.execute(actor, assetId);
 *   return null;
 * }),
 */
export const carriesOut = <Name extends ApprovableOperationName, UseCase>(
  operation: Name,
  useCase: new (...parts: never[]) => UseCase,
  run: (useCase: UseCase, actor: Actor, plan: PlanOf<Name>) => Promise<string | null>,
) => ({
  provide: Symbol(`carries out ${operation}`),
  inject: [APPROVED_RUNNERS, useCase],
  useFactory: (runners: ApprovedRunners, instance: UseCase) => {
    runners.register(operation, (actor, plan) => run(instance, actor, plan));
    return operation;
  },
});
