import { expect, it } from 'vitest';
import longLoop from '../../../rules/no-long-running-loop.ts';
import background from '../../../rules/no-background-work.ts';
import state from '../../../rules/no-global-mutable-state.ts';
import { check } from '../../../src/check/check.ts';
import type { Rule } from '../../../src/rule.ts';
import { project } from '../../support/memory.ts';

/** An editor asks rule by rule, and each time the call graph is given back afterwards. */
it('what is found does not depend on what was asked before', () => {
  const code = `import { SQSClient, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
const sqs = new SQSClient({}); let last;
async function take() { const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({})); return Messages.length; }
function keep(x) { last = x; }
export const handler = async (event) => {
  take();
  keep(event.body);
  while (true) { const count = await take(); if (count === 0) break; }
};
`;
  const run = (linked: ReturnType<typeof project>['project'], rule: Rule): readonly string[] => check(linked, [[rule, { level: 'error', minSeverity: 'info', options: {} }]]).findings.map((item) => `${item.line} ${item.messageId}`);
  const { project: shared } = project({ 'a.ts': code });
  for (const rule of [background, longLoop, state, background, longLoop, state]) expect(run(shared, rule)).toEqual(run(project({ 'a.ts': code }).project, rule));
  expect(run(shared, longLoop)).toEqual(['8 crawls']);
});
