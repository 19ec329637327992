import { handlerPlace } from '../src/link/queries/handler-place.ts';
import { isTested, testedFiles } from '../src/link/queries/tested.ts';
import { defineRule } from '../src/rule.ts';

export default defineRule({
  id: 'require-handler-test',
  title: 'Require a test that loads the handler of each function',
  scope: 'project',
  category: 'testing',
  preset: 'strict',
  risk: 'A function cannot be started on a developer’s machine as it runs in the cloud: a handler that no test calls is tried out by its users.',
  references: [
    { title: 'Serverless Architecture Overview: testing', document: '004' },
    { title: 'AWS Lambda: how to test serverless functions and applications', url: 'https://docs.aws.amazon.com/lambda/latest/dg/testing-guide.html' },
  ],
  messages: {
    untested: { severity: 'info', text: 'No test loads the handler of {function} (test files looked at: {count}).', repair: 'Add a test that calls the handler with an event as the trigger sends it.' },
  },
  options: {},
  examples: [
    { title: 'A test of something else', code: 'export const handler = async () => "ok";\n', files: { 'sum.test.js': 'import { sum } from "./sum.js";\ntest("sum", () => { expect(sum(1, 2)).toBe(3); });\n', 'sum.js': 'export const sum = (a, b) => a + b;\n' }, reports: ['untested'] },
    { title: 'A test of the handler', code: 'export const handler = async () => "ok";\n', files: { 'handler.test.js': 'import { handler } from "./handler.js";\ntest("answers", async () => { expect(await handler()).toBe("ok"); });\n' }, reports: [] },
    { title: 'A repository without tests is not asked', code: 'export const handler = async () => "ok";\n', reports: [] },
  ],
  *check({ project }) {
    const tested = testedFiles(project);
    if (!tested || tested.count === 0) return;
    // Beside functions that are deployed, an exported handler that nothing deploys is a sample or a part.
    const isDeployed = project.functions.some(({ fn }) => fn.foundBy === 'infrastructure');
    for (const view of project.functions) {
      if (isDeployed && view.fn.foundBy === 'evidence') continue;
      const at = isTested(view, tested) === false ? handlerPlace(view) ?? view.fn.declaredAt[0] : undefined;
      if (at) yield { message: 'untested', at, functions: [view.fn.name], key: view.fn.id, data: { count: tested.count, function: view.fn.name } };
    }
  },
});
