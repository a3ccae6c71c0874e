/**
 * Every code this package throws. `MALFORMED` codes mean that bytes from outside break their format;
 * `LIMIT_EXCEEDED` means that they are larger than anything honest; `INPUT_INVALID` means a caller's mistake.
 */
export const inventoryErrorCodes = [
  'INVENTORY_TLS_MALFORMED',
  'INVENTORY_CAPTURE_MALFORMED',
  'INVENTORY_LIMIT_EXCEEDED',
  'INVENTORY_INPUT_INVALID',
] as const;

export type InventoryErrorCode = (typeof inventoryErrorCodes)[number];

/** The one error class of this package; tell cases apart by `code`, never by the message. */
export class InventoryError extends Error {
  readonly code: InventoryErrorCode;

  constructor(code: InventoryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'InventoryError';
    this.code = code;
  }
}
