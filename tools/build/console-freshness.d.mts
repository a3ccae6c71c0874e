export function consoleHash(root: string): string;
export function isConsoleFresh(root: string): boolean;
