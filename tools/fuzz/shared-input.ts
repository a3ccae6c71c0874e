/** The memory that a fuzzing thread shares with its watcher: how many executions have begun, and the input of the last. */
export interface WorkerInput {
  /** Address of a module that exports `makeTarget`. */
  readonly module: string;
  readonly executions: number;
  readonly seed: number;
  readonly seeds: readonly Uint8Array[];
  readonly milliseconds: number;
  readonly shared: SharedArrayBuffer;
}

export interface WatchedBytes {
  /** Executions begun, and the length of the input. */
  readonly head: Int32Array<SharedArrayBuffer>;
  readonly bytes: Uint8Array<SharedArrayBuffer>;
}

const headBytes = 8;
/** The longest input of any target fits. */
const inputBytesMax = 65_536;

export const newShared = (): SharedArrayBuffer => new SharedArrayBuffer(headBytes + inputBytesMax);

export function watchedBytes(shared: SharedArrayBuffer): WatchedBytes {
  return { head: new Int32Array(shared, 0, 2), bytes: new Uint8Array(shared, headBytes) };
}

export function inputOf({ head, bytes }: WatchedBytes): Uint8Array {
  return new Uint8Array(bytes.subarray(0, head[1] ?? 0));
}
