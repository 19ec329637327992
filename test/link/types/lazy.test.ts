import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { project } from '../../support/memory.ts';

// A file of its own: what one process has loaded stays loaded.
const isLoaded = (): boolean => Object.keys(createRequire(import.meta.url).cache ?? {}).some((file) => file.includes('ts-morph'));

const files = {
  'handler.ts': `import { Service } from './service';\nconst made = new Map<string, Service>();\nexport const handler = () => made.get('a').run();`,
  'service.ts': 'export class Service { run() {} }',
};

it('loads the compiler with the first question only', () => {
  // Names and types say enough.
  expect(project({ 'handler.ts': `import { Service } from './service';\nexport const handler = (one: Service) => { one.run(); new Service().run(); };`, 'service.ts': files['service.ts'] }).fn.bodies('invoke').length).toBeGreaterThan(1);
  // A method that no class has; a value that a package gave.
  project({ ...files, 'handler.ts': files['handler.ts'].replace('run', 'stop') }).fn.bodies();
  project({ ...files, 'handler.ts': `import { Service } from './service';\nimport { get } from 'package';\nexport const handler = async () => (await get()).value.run();` }).fn.bodies();
  project({ ...files, 'handler.ts': `${files['handler.ts'].slice(0, 43)}export const handler = (event) => event.thing.run();` }).fn.bodies();
  // Switched off; the editor's view.
  project(files, undefined, [], { typeOracle: false }).fn.bodies();
  project({ 'handler.ts': `class Service { run() {} }\n${files['handler.ts'].slice(43)}` }, undefined, [], { whole: false }).fn.bodies();
  expect(isLoaded()).toBe(false);
  expect(project(files).fn.bodies('invoke').map((body) => body.fn.name)).toContain('run');
  expect(isLoaded()).toBe(true);
});
