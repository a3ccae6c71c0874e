/** What does not change while the process runs. */
export interface ServerFacts {
  readonly version: string;
  readonly installationId: string;
  readonly role: 'web' | 'worker' | 'both';
  readonly startedAt: Date;
  readonly isDatabaseEmbedded: boolean;
}
