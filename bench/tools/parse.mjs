// The yardstick of discovery: lists the files of a repository, as discovery does, reads each and parses it once, each kind with its usual parser.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseTOML } from 'toml-eslint-parser';
import { LineCounter, parseAllDocuments } from 'yaml';
import { reportUse } from './report.mjs';

const ts = createRequire(import.meta.url)('typescript');
const [{ parseHcl }, { openWorkspace }] = await Promise.all([import('../../dist/src/discover/hcl.js'), import('../../dist/src/workspace/workspace.js')]);
const root = process.argv[2];

const parsers = [
  [/\.[cm]?[jt]sx?$/, (file, text) => ts.createSourceFile(file, text, ts.ScriptTarget.Latest, false)],
  [/\.(?:ya?ml|template)$/, (_file, text) => parseAllDocuments(text, { lineCounter: new LineCounter(), version: '1.1', logLevel: 'silent' })],
  [/\.json$/, (_file, text) => JSON.parse(text)],
  [/\.jsonc$/, (file, text) => ts.parseConfigFileTextToJson(file, text)],
  [/\.(?:tf|tfvars|hcl)$/, (file, text) => parseHcl(file, text)],
  [/\.toml$/, (_file, text) => parseTOML(text)],
];

const before = process.cpuUsage();
let failed = 0;
for (const file of openWorkspace(root, { root }).files) {
  const text = readFileSync(join(root, file), 'utf8');
  try {
    parsers.find(([pattern]) => pattern.test(file))?.[1](file, text);
  } catch {
    failed++;
  }
}
const own = process.cpuUsage(before);
reportUse(0, { failed, ownSeconds: (own.user + own.system) / 1e6 });
