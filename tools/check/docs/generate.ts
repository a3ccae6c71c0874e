/** `node tools/check/docs/generate.ts`: writes docs/reference from the code. */
import { resolve } from 'node:path';
import { pages, writePages } from './pages.ts';

const left = await writePages(resolve(import.meta.dirname, '../../..'));
for (const { file, message } of left) console.log(`${file} ${message}`);
console.log(`docs: ${pages.length} pages, ${left.length} things left to do`);
process.exitCode = left.length > 0 ? 1 : 0;
