/** The browser's clock, for what people read: how long ago, how much longer. Nothing is decided by it. */
export const nowMs = (): number => Date.now();
