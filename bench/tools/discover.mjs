// Finds the functions of a repository and nothing more: lists its files, reads its declarations, follows its infrastructure programs.
import { reportUse } from './report.mjs';

const root = process.argv[2];
const [{ openWorkspace }, { discoverAll }, { createFactsLoader }] = await Promise.all([
  import('../../dist/src/workspace/workspace.js'), import('../../dist/src/discover/all.js'), import('../../dist/src/extract/load.js'),
]);
const before = process.cpuUsage();
const workspace = openWorkspace(root, { root });
const found = discoverAll(workspace, createFactsLoader(workspace), { params: new Map() });
const own = process.cpuUsage(before);
reportUse(0, { functions: found.functions.length, ownSeconds: (own.user + own.system) / 1e6 });
