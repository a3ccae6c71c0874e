import { kernelErrors } from '../../kernel/errors.ts';
import type { Verdict } from '../limits/rate-limiter.ts';
import type { LimitPolicy } from '../limits/token-buckets.ts';
import type { QvReply, QvRequest } from './request.ts';

/**
 * Writes `RateLimit-Policy` (every limit that was asked) and `RateLimit` (the one with the least left), structured fields
 * as in draft-ietf-httpapi-ratelimit-headers-10, and throws `REQUEST_RATE_LIMITED` when the verdict refuses.
 */
export function noteVerdict({ qv }: QvRequest, reply: QvReply, verdict: Verdict): void {
  const before = qv.limits;
  const policies = before === null ? verdict.policies : [...before.policies, ...verdict.policies];
  const isLeast = before === null || !verdict.isAllowed || verdict.taken.remaining <= before.least.taken.remaining;
  const least = isLeast ? verdict : before.least;
  qv.limits = { policies, least };
  reply.header('ratelimit-policy', policies.map(policyText).join(', '));
  reply.header('ratelimit', `"${least.policy.name}";r=${least.taken.remaining};t=${least.taken.resetSeconds}`);
  assertAllowed(verdict);
}

/** Throws `QUOTA_REQUESTS_EXCEEDED` when a verdict refuses for the organization's quota, else `REQUEST_RATE_LIMITED`. */
export function assertAllowed(verdict: Verdict): void {
  if (verdict.isAllowed) return;
  const { name, quota, windowSeconds } = verdict.policy;
  const refuse = name.startsWith('organization-')
    ? kernelErrors.QUOTA_REQUESTS_EXCEEDED
    : kernelErrors.REQUEST_RATE_LIMITED;
  throw refuse({
    detail: `Too many requests for the limit ${name}, ${quota} in ${windowSeconds} seconds; wait and try again.`,
    retryAfterSeconds: verdict.taken.resetSeconds,
  });
}

const policyText = ({ name, quota, windowSeconds }: LimitPolicy): string => `"${name}";q=${quota};w=${windowSeconds}`;
