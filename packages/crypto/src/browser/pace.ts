/** How long a slow derivation lets the page stand still at a time, in milliseconds: short of what a user notices. */
export const blockMs = 10;
