import { inject } from 'vitest';

// Before each file of tests that run the compiled tool.
const failure = inject('buildFailure');
if (failure !== '') throw new Error(`the build failed, so there is nothing to test:\n${failure}`);
