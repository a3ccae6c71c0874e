import { z } from 'zod';

// Next runs this file before any other of ours. The policy of our pages forbids code made from text, which zod would try for
// speed; a schema looks at this when it is made, so it has to be said before the first one is.
z.config({ jitless: true });
