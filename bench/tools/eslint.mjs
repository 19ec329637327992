// ESLint with no rules and @typescript-eslint/parser over the same files.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import { reportUse } from './report.mjs';

const [root, list] = process.argv.slice(2);
const linter = new Linter({ configType: 'flat', cwd: root });
const config = [{ files: ['**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}'], languageOptions: { parser, parserOptions: { ecmaFeatures: { jsx: true } } }, rules: {} }];
let failed = 0;
for (const file of JSON.parse(readFileSync(list, 'utf8'))) {
  if (linter.verify(readFileSync(join(root, file), 'utf8'), config, { filename: join(root, file) }).some((message) => message.fatal)) failed++;
}
reportUse(0, { failed });
