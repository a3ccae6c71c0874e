import { approvableOperations } from '@quantumvault/api';
import type { ApprovalOutlook, ApprovalOutlooks } from '../../kernel/approvals.ts';
import type { Permission } from '../../kernel/permissions.ts';
import type { Transaction } from '../../kernel/unit-of-work.ts';
import type { Demand } from './domain/demand.ts';
import { permissionOf, sentenceOf } from './domain/operations.ts';
import type { Judge } from './judge.ts';
import type { People } from './ports/people.ts';

// Enough to find somebody to ask.
const peopleShownMax = 20;

/** ACC-6, ACC-9: what waits for approval behind a permission, and who could give it, for explanations. */
export class Outlooks implements ApprovalOutlooks {
  readonly #judge: Judge;
  readonly #people: People;
  constructor(options: { judge: Judge; people: People }) {
    this.#judge = options.judge;
    this.#people = options.people;
  }

  async behind(
    tx: Transaction,
    asked: { readonly permission: Permission; readonly requesterId: string; readonly withPeople: boolean },
  ): Promise<readonly ApprovalOutlook[]> {
    const outlooks: ApprovalOutlook[] = [];
    for (const operation of approvableOperations) {
      if (permissionOf(operation) !== asked.permission) continue;
      // Of changes of policies: what the change of any is asked for at least.
      const demand = await this.#judge.demandNow(tx, operation, async () => ({ operation }));
      if (demand === null) continue;
      outlooks.push({
        operation,
        sentence: sentenceOf(operation),
        thresholds: demand.thresholds,
        signatureRequired: demand.signatureRequired,
        ...(asked.withPeople
          ? await this.#approvers(tx, demand, asked.requesterId)
          : { approvers: null, truncated: false }),
      });
    }
    return outlooks;
  }

  async #approvers(
    tx: Transaction,
    demand: Demand,
    requesterId: string,
  ): Promise<Pick<ApprovalOutlook, 'approvers' | 'truncated'>> {
    const wanted = { demand, requester: { id: requesterId }, requesterBehind: [], limit: peopleShownMax + 1 };
    const ids = await this.#judge.approversFor(tx, wanted);
    const names = await this.#people.namesOf(tx, ids);
    const approvers = ids.slice(0, peopleShownMax).map((id) => ({ id, name: names.get(id) ?? '' }));
    return { approvers, truncated: ids.length > peopleShownMax };
  }
}
