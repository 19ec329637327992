// Which layer may know which other. `eslint.config.js` enforces it; `test/boundaries.test.ts` checks that every pattern matches files and that
// every boundary reports.

/**
 * `files`: the layer. `allow`: regular expressions of what it may import, matched from the start of the specifier; everything
 * else is refused. `types`: what it may import as types only. `reason`: why, shown with the error. `lazy`: dynamic imports are allowed.
 */
export const boundaries = [
  {
    name: 'rules', files: ['rules/*.ts'], except: ['rules/index.ts'],
    allow: ['\\.\\./src/rule\\.ts$', '\\.\\./src/model/', '\\.\\./src/catalog/', '\\.\\./src/link/(?:queries|graph)/', '\\.\\./src/link/values\\.ts$'], types: [],
    reason: 'A rule sees the model, the catalog and the queries, so that it runs alike in both hosts: no parser, no node:*, no eslint, no other rule.',
  },
  { name: 'model', files: ['src/model/*.ts'], allow: ['\\./'], types: [], reason: 'The model is what every layer agrees on: it knows none of them.' },
  { name: 'catalog', files: ['src/catalog/*.ts'], allow: ['\\./', '\\.\\./model/'], types: [], reason: 'The catalog is dated data about the world: it depends on no analysis.' },
  {
    name: 'extract', files: ['src/extract/*.ts'], except: ['src/extract/child*.ts'], allow: ['\\./', '\\.\\./model/', 'oxc-parser$'], types: [],
    reason: 'Extraction turns one syntax tree into facts and knows nothing else: the facts of both hosts stay equal.',
  },
  {
    name: 'extract-child', files: ['src/extract/child*.ts'], allow: ['\\./', '\\.\\./model/', 'node:(?:child_process|fs|module|path|url|worker_threads)$'], types: [],
    reason: 'The child that parses refused files starts a process and reads its own input; it needs no other layer.',
  },
  {
    name: 'discover', files: ['src/discover/*.ts'], allow: ['\\./', '\\.\\./model/', '\\.\\./catalog/', '\\.\\./link/', 'yaml$', 'jsonc-parser$', 'node:(?:module|path)$'], types: ['\\.\\./extract/', 'toml-eslint-parser$'],
    reason: 'Discovery reads infrastructure, through the workspace it is given: no file access of its own, no rules.',
  },
  {
    name: 'link', files: ['src/link/*.ts'], allow: ['\\./', '\\.\\./model/', '\\.\\./catalog/', 'jsonc-parser$'], types: ['\\.\\./extract/'],
    reason: 'Linking is pure: facts, functions and the catalog in, a project out; it reads through the workspace it is given.',
  },
  {
    name: 'queries', files: ['src/link/queries/*.ts'], allow: ['\\./', '\\.\\./[a-z-]+\\.ts$', '\\.\\./\\.\\./model/', '\\.\\./\\.\\./catalog/'], types: [],
    reason: 'Queries ask the linked facts; they are what rules stand on and know neither files nor parsers.',
  },
  {
    name: 'graph', files: ['src/link/graph/*.ts'], allow: ['\\./', '\\.\\./[a-z-]+\\.ts$', '\\.\\./queries/', '\\.\\./\\.\\./model/', '\\.\\./\\.\\./catalog/'], types: [],
    reason: 'The event graph joins effects and infrastructure; it knows neither files nor parsers.',
  },
  {
    name: 'types', files: ['src/link/types/*.ts'], allow: ['\\./', '\\.\\./[a-z-]+\\.ts$', '\\.\\./\\.\\./model/', 'node:module$'], types: ['ts-morph$'],
    reason: 'The type oracle is the one owner of the type checker: it loads it when first asked, and feeds it from the workspace.',
  },
  {
    name: 'measure', files: ['src/measure/*.ts'], allow: ['\\./', '\\.\\./model/', '\\.\\./catalog/', '\\.\\./workspace/', '\\.\\./extract/computed-imports\\.ts$', 'esbuild$', 'jsonc-parser$', 'node:'], types: [], lazy: true,
    reason: 'Measuring looks at packages on disk and nothing else: it needs neither facts nor rules, and of syntax only what is imported by a computed name.',
  },
  {
    name: 'check', files: ['src/check/*.ts'], allow: ['\\./', '\\.\\./model/', '\\.\\./catalog/', '\\.\\./rule\\.ts$', '\\.\\./link/', '\\.\\./workspace/paths\\.ts$', 'jsonc-parser$', 'yaml$', 'node:crypto$'], types: ['\\.\\./extract/'],
    reason: 'Checking runs rules over a project for both hosts: no reports, no host, no file access of its own.',
  },
  { name: 'report', files: ['src/report/*.ts'], allow: ['\\./', '\\.\\./model/', 'node:util$', '@dagrejs/dagre$', 'd3-hierarchy$'], types: [], reason: 'A report is a pure function of the result: no files, no process, no analysis.' },
  {
    name: 'workspace', files: ['src/workspace/*.ts'], allow: ['\\./', '\\.\\./model/', '\\.\\./rule\\.ts$', '\\.\\./check/', 'globby$', 'jsonc-parser$', 'node:'], types: [], lazy: true,
    reason: 'The workspace reads and writes files; what is in them is for other layers.',
  },
  {
    name: 'eslint', files: ['src/eslint/*.ts'],
    allow: ['\\./', '\\.\\./(?:model|catalog|extract|discover|link|check|workspace)/', '\\.\\./rule\\.ts$', '\\.\\./\\.\\./rules/index\\.ts$', 'eslint$', 'node:(?:module|path)$'], types: [],
    reason: 'The plugin runs in an editor on the tree that ESLint has: no parser of ours, no bundler, no reports, and files only through the workspace.',
  },
];

/** Files that may use `process`: the command line, children of our own, and the plugin, which finds the project's parser from the working directory. */
export const processUsers = ['src/cli.ts', 'src/extract/child*.ts', 'src/eslint/plugin.ts'];
