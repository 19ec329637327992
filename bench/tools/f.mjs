// F, the yardstick: what TypeScript needs merely to parse every source file of the tree.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { reportUse } from './report.mjs';

const ts = createRequire(import.meta.url)('typescript');
const [root, list] = process.argv.slice(2);
let nodes = 0;
for (const file of JSON.parse(readFileSync(list, 'utf8'))) {
  const tree = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, false);
  nodes += tree.statements.length;
}
reportUse(0, { statements: nodes });
