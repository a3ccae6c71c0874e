/** The loopback address of an endpoint: 127.1.0.1, 127.1.0.2 and so on, 250 in each last part. */
export const endpointAddress = (number: number): string => `127.1.${Math.floor(number / 250)}.${(number % 250) + 1}`;
