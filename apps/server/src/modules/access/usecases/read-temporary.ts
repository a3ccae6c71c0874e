import type { AccessNoticeView, AccessRequestView, BreakGlassView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { decodeCursor, type Page, pageOf } from '../../../kernel/page.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { breakGlassView, noticeView, requestView } from '../domain/temporary.ts';
import { accessErrors } from '../errors.ts';
import type { ReachOf } from '../may.ts';
import type { TemporaryRepository } from '../ports/temporary-repository.ts';
import { recordRefusal } from '../refusals.ts';

interface Options {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly temporary: TemporaryRepository;
  readonly reachOf: ReachOf;
}

interface Query {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

const pageAfter = ({ limit, cursor }: Query) => ({
  before: cursor === undefined ? null : String(decodeCursor(cursor, ['uuid'])[0]),
  limit: limit + 1,
});

/** Own requests and, for whoever decides, those of the part that he decides for; newest first. */
export class ListRequests {
  readonly #authorize: Authorize;
  readonly #options: Options;
  constructor(options: Options) {
    this.#authorize = options.authorize;
    this.#options = options;
  }

  async execute(actor: Actor, query: Query): Promise<Page<AccessRequestView>> {
    await this.#authorize(actor, 'grant.request', { type: 'organization', id: actor.tenantId });
    const { uow, temporary, reachOf } = this.#options;
    const reach = reachOf(actor, 'access.decide');
    const found = await uow.read(actor.tenantId, (tx) =>
      temporary.listRequests(tx, { ...pageAfter(query), subjectId: actor.id, reach }),
    );
    return pageOf(found.map(requestView), query.limit, ({ id }) => [id]);
  }
}

/** Emergencies with their reviews, newest first; auditors see them too. */
export class ListBreakGlass {
  readonly #authorize: Authorize;
  readonly #options: Options;
  constructor(options: Options) {
    this.#authorize = options.authorize;
    this.#options = options;
  }

  async execute(actor: Actor, query: Query & { readonly unreviewed: 'true' | 'false' }): Promise<Page<BreakGlassView>> {
    await this.#authorize(actor, 'grant.read', { type: 'organization', id: actor.tenantId, isListing: true });
    const { uow, temporary, reachOf } = this.#options;
    const reach = reachOf(actor, 'grant.read');
    const unreviewedOnly = query.unreviewed === 'true';
    const found = await uow.read(actor.tenantId, (tx) =>
      temporary.listBreakGlass(tx, { ...pageAfter(query), reach, unreviewedOnly }),
    );
    return pageOf(found.map(breakGlassView), query.limit, ({ grantId }) => [grantId]);
  }
}

/**
 * ACC-2: an emergency somewhere else is not of the place of a key, and whether its owner knows of it is not the key's to say. Throws
 * `ACCESS_DENIED`; the refusal is in the log.
 */
async function needNotices(uow: UnitOfWork, actor: Actor): Promise<void> {
  if (actor.credential.isPlaced !== true) return;
  const asked = { actor, action: 'identity.self', resource: { type: 'actor', id: actor.id } } as const;
  await recordRefusal(uow, { ...asked, code: 'CREDENTIAL_TOO_NARROW' });
  throw accessErrors.ACCESS_DENIED({ detail: 'This key is for one place, and notices are of the whole account.' });
}

/** What the actor must know of the access of others, newest first. */
export class ListNotices {
  readonly #authorize: Authorize;
  readonly #options: Options;
  constructor(options: Options) {
    this.#authorize = options.authorize;
    this.#options = options;
  }

  async execute(actor: Actor, query: Query): Promise<Page<AccessNoticeView>> {
    await this.#authorize(actor, 'identity.self', { type: 'actor', id: actor.id });
    const { uow, temporary } = this.#options;
    await needNotices(uow, actor);
    const found = await uow.read(actor.tenantId, (tx) =>
      temporary.listNotices(tx, { ...pageAfter(query), subjectId: actor.id }),
    );
    return pageOf(found.map(noticeView), query.limit, ({ id }) => [id]);
  }
}

/** Marks an own notice as read. Throws `ACCESS_NOTICE_NOT_FOUND`. */
export class ReadNotice {
  readonly #authorize: Authorize;
  readonly #options: Options;
  constructor(options: Options) {
    this.#authorize = options.authorize;
    this.#options = options;
  }

  async execute(actor: Actor, id: string): Promise<void> {
    await this.#authorize(actor, 'identity.self', { type: 'actor', id: actor.id });
    const { uow, temporary } = this.#options;
    await needNotices(uow, actor);
    await uow.write(actor, async (tx) => {
      if (!(await temporary.markRead(tx, actor.id, id))) throw accessErrors.ACCESS_NOTICE_NOT_FOUND();
      // That the others were told is only worth something when it can be shown that they knew.
      await tx.audit({ action: 'access.notice-read', resource: { type: 'access-notice', id } });
    });
  }
}
