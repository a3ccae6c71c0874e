/*
 * Every route with its schemas: more than a tenth of what a page of the console loads, and nothing that the sign-in page
 * needs before its button is pressed. So it is a file of its own, loaded with the first call (`api.ts`).
 */
export { createClient, routes } from '@quantumvault/api';
