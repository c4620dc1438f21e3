// node build.mjs [OUTPUT]: the shell's TypeScript as one module, minified. Fails when it outgrows its budget.
import { build } from 'esbuild';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { gzipSync } from 'node:zlib';

const budgetBytes = 15_000;
const output = process.argv[2] ?? '../artifacts/webos/shell.js';

mkdirSync(dirname(output), { recursive: true });
await build({
  entryPoints: ['client/main.ts'],
  outfile: output,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'none',
});
const bytes = gzipSync(readFileSync(output), { level: 9 }).length;
console.log(`shell.js: ${bytes} of ${budgetBytes} bytes compressed`);
if (bytes > budgetBytes) {
  console.error('The shell is larger than its budget: take something out, or make it an island that a window loads.');
  process.exit(1);
}
