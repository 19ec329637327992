import { outgoing } from '../src/link/graph/hops.ts';
import { labelOf } from '../src/link/graph/wiring.ts';
import { effects } from '../src/link/queries/effects.ts';
import { filesBehindEffect } from '../src/link/queries/evidence.ts';
import { defineRule } from '../src/rule.ts';

export default defineRule({
  id: 'no-sync-invoke',
  title: 'Disallow functions that wait for another function',
  scope: 'function',
  category: 'chains',
  preset: 'strict',
  needs: 'eventGraph',
  risk: 'While one function waits for another, both are billed, the slower one\'s time-out and failures are both\'s, and each takes a place in the account\'s concurrency.',
  references: [
    { title: 'What is Serverless Architecture: a dozen of functions', document: '003' },
    { title: 'AWS Lambda: synchronous invocation', url: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-sync.html' },
  ],
  messages: {
    invokes: { severity: 'warning', text: '{function} invokes {callee} and waits for it: both are billed.', repair: 'Call the code as a module, invoke asynchronously, send a message, or let a state machine call both.' },
    requests: { severity: 'warning', text: '{function} asks {callee} over HTTP and waits for it: both are billed.', repair: 'Call the code as a module, send a message, or let a state machine call both.' },
  },
  options: {},
  examples: [
    { title: 'The default invocation type waits', code: `import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';\nconst lambda = new LambdaClient({});\nexport const handler = async (event) => {\n  const answer = await lambda.send(new InvokeCommand({ FunctionName: 'price', Payload: JSON.stringify(event) }));\n  return JSON.parse(Buffer.from(answer.Payload).toString());\n};\n`, reports: ['invokes'] },
    { title: 'Handed over', code: `import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';\nconst lambda = new LambdaClient({});\nexport const handler = async (event) => {\n  await lambda.send(new InvokeCommand({ FunctionName: 'price', InvocationType: 'Event', Payload: JSON.stringify(event) }));\n};\n`, reports: [] },
  ],
  *check({ view }) {
    // Workers are billed for the time of the processor, not for waiting (Workers pricing, November 2026).
    if (view.fn.platform === 'cloudflare') return;
    const { name } = view.fn;
    for (const item of effects(view)) {
      if (item.effect.kind !== 'invoke' || item.effect.resourceKind !== 'function' || !item.waits) continue;
      if (item.targets.some(({ names }) => names.kind === 'function' && names.id === view.fn.id)) continue;
      const [target] = item.targets;
      const callee = target && target.names.kind !== 'unknown' && target.names.kind !== 'event' ? labelOf(target.names) : 'another function';
      const sibling = target?.names.kind === 'function' && target.names.fn.declaredAt[0];
      // Where the kind of the invocation or the target comes from other files, those belong to the finding.
      const evidence = filesBehindEffect(view, item);
      yield {
        message: 'invokes', at: item.place, data: { function: name, callee },
        flow: [...item.path, ...(sibling ? [{ ...view.location(item.place), message: `invokes ${callee}` }, { ...sibling, message: `${callee} runs` }] : [])],
        ...(evidence.length > 0 ? { evidence } : {}),
        ...(item.body.certain ? {} : { assumptions: ['the call that leads here is one of several possible ones'] }),
      };
    }
    for (const hop of outgoing(view).hops) {
      if (hop.how !== 'request' || !hop.waits || hop.to === hop.from) continue;
      const callee = view.project.infrastructure.functions.find((fn) => fn.id === hop.to)?.name ?? hop.to;
      yield { message: 'requests', at: hop.place, data: { function: name, callee }, flow: hop.steps, ...(hop.assumptions.length > 0 ? { assumptions: hop.assumptions } : {}) };
    }
  },
});
