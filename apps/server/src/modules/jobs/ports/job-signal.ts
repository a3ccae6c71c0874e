/** Tells a worker that something happened to the job table; hints only, since polling finds everything too. */
export interface JobSignal {
  listen(onHint: (hint: 'new' | 'cancel') => void): void;
  close(): Promise<void>;
}
