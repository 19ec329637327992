// A whole scan by the built analyzer, in an engine set as the command sets it: every rule, bundle sizes off, no configuration.
import { waitBeforeOptimising } from '../../bin/engine.js';
import { reportUse } from './report.mjs';

waitBeforeOptimising();
const root = process.argv[2];
const { analyze } = await import('../../dist/src/analyze.js');
const result = await analyze({ root, paths: [root], preset: 'all', bundles: false, config: false });
reportUse(0, { findings: result.findings.length, functions: result.functions.length, discovered: result.files.discovered });
