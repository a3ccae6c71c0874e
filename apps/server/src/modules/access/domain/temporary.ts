import type { AccessNoticeView, AccessRequestView, BreakGlassView } from '@quantumvault/api';
import type { Place } from '../../../kernel/access.ts';
import type { ActorId } from '../../../kernel/ids.ts';

export interface StoredRequest {
  readonly id: string;
  readonly subjectId: ActorId;
  readonly role: string;
  readonly customRoleId: string | null;
  readonly place: Place | null;
  readonly durationSeconds: number;
  readonly reason: string;
  /** `lapsed` is pending for too long. */
  readonly status: 'pending' | 'approved' | 'denied' | 'withdrawn' | 'lapsed';
  readonly lapsesAt: Date;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly decisionReason: string | null;
  readonly grantId: string | null;
  readonly createdAt: Date;
}

export interface BreakGlass {
  readonly grantId: string;
  readonly subjectId: ActorId;
  readonly role: string;
  readonly place: Place | null;
  readonly reason: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly reviewDueAt: Date;
  readonly isOverdue: boolean;
  readonly reviewedBy: string | null;
  readonly reviewedAt: Date | null;
  readonly verdict: 'justified' | 'unjustified' | null;
  readonly note: string | null;
}

export interface Notice {
  readonly id: string;
  readonly kind: 'break-glass' | 'password-reset' | 'factors-reset';
  readonly resourceId: string;
  readonly createdAt: Date;
  readonly readAt: Date | null;
}

/** Somebody who asks for more at once is not asking any more. */
export const pendingRequestsMax = 20;
/** A week: then whoever needs it still asks again, with a reason that is true now. */
export const requestLapsesSeconds = 7 * 86_400;
/** Three days: over a weekend. */
export const reviewDueSeconds = 3 * 86_400;

export const requestView = (request: StoredRequest): AccessRequestView => {
  const { customRoleId: _, ...shown } = request;
  return {
    ...shown,
    lapsesAt: shown.lapsesAt.toISOString(),
    decidedAt: shown.decidedAt?.toISOString() ?? null,
    createdAt: shown.createdAt.toISOString(),
  };
};

export const breakGlassView = (broken: BreakGlass): BreakGlassView => {
  const { isOverdue, ...shown } = broken;
  return {
    ...shown,
    overdue: isOverdue,
    createdAt: shown.createdAt.toISOString(),
    expiresAt: shown.expiresAt?.toISOString() ?? null,
    revokedAt: shown.revokedAt?.toISOString() ?? null,
    reviewDueAt: shown.reviewDueAt.toISOString(),
    reviewedAt: shown.reviewedAt?.toISOString() ?? null,
  };
};

export const noticeView = (notice: Notice): AccessNoticeView => ({
  ...notice,
  createdAt: notice.createdAt.toISOString(),
  readAt: notice.readAt?.toISOString() ?? null,
});
