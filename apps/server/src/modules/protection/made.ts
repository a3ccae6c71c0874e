import type { StoredAsset } from '../inventory/index.ts';
import type { Job } from '../jobs/index.ts';
import type { NewArtifact } from './ports/artifact-repository.ts';

/** Under which policy, and for which job, an artefact is made. */
export interface Made {
  readonly job: Job;
  readonly asset: StoredAsset;
  readonly policyId: NonNullable<Job['policyId']>;
  readonly policyVersion: number;
}

/** The part of an artefact that does not depend on its kind. */
export const provenanceOf = (
  made: Made,
): Pick<NewArtifact, 'jobId' | 'assetId' | 'policyId' | 'policyVersion' | 'formerProfile'> => ({
  jobId: made.job.id,
  assetId: made.asset.id,
  policyId: made.policyId,
  policyVersion: made.policyVersion,
  formerProfile: made.asset.encryptionProfile,
});
