import { InvalidArgumentError } from 'commander';

/** A parser for whole numbers within limits; the message names the limits. */
export function parseWhole(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d{1,9}$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}

export const parseCount = parseWhole(1, 100_000);
export const parseYears = parseWhole(0, 100);
export const parseDays = parseWhole(1, 365);
export const parsePriority = parseWhole(-100, 100);
