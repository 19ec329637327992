import { heavyWorkOf } from '../src/link/queries/heavy-work.ts';
import { awaitTwin } from '../src/link/queries/repair-waiting.ts';
import { defineRule } from '../src/rule.ts';

export default defineRule({
  id: 'no-cpu-bound-work',
  title: 'Disallow synchronous heavy work in an invocation',
  scope: 'function',
  category: 'time',
  preset: 'strict',
  risk: 'A function has a small share of one processor, by its memory: work that keeps it busy is slow and billed by the time it takes, and where several callers share the process all of them stand still.',
  references: [
    { title: 'Serverless Architecture explained: not well-suited to performance computing', document: '001' },
    { title: 'AWS Lambda: configure function memory (processor power goes with it)', url: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html' },
    { title: 'Node.js: don’t block the event loop', url: 'https://nodejs.org/en/learn/asynchronous-work/dont-block-the-event-loop' },
  ],
  messages: {
    derives: { severity: 'warning', text: "'{what}' is slow on purpose and blocks the process until it is done.", repair: 'Use the asynchronous form, which works beside the main thread, or leave passwords to an identity service.' },
    compresses: { severity: 'warning', text: "'{what}' compresses {input} and blocks the process meanwhile.", repair: 'Use the asynchronous form or a stream.' },
    blocks: { severity: 'warning', text: "'{what}' stops the process until another program has ended.", repair: 'Use the asynchronous form with a timeout, or a container service for heavy programs.' },
    searches: { severity: 'warning', text: 'This loop makes hashes {rounds}: the processor is busy all the time.', repair: 'Move the computation to a service that is made for it, or do it ahead of time.' },
  },
  options: {},
  examples: [
    { title: 'A password hash', code: `import bcrypt from 'bcryptjs';\nexport const handler = async (event) => {\n  return { right: bcrypt.compareSync(event.password, event.hash) };\n};\n`, reports: ['derives'] },
    { title: 'Proof of work', code: `import { createHash } from 'node:crypto';\nexport const handler = async (event) => {\n  let nonce = 0;\n  let hash = '';\n  while (!hash.startsWith('0000')) {\n    hash = createHash('sha256').update(event.text + nonce++).digest('hex');\n  }\n  return nonce;\n};\n`, reports: ['searches'] },
    { title: 'The asynchronous form', code: `import bcrypt from 'bcryptjs';\nexport const handler = async (event) => {\n  return { right: await bcrypt.compare(event.password, event.hash) };\n};\n`, reports: [] },
    { title: 'One hash', code: `import { createHash } from 'node:crypto';\nexport const handler = async (event) => createHash('sha256').update(event.body).digest('hex');\n`, reports: [] },
  ],
  *check({ view }) {
    for (const work of heavyWorkOf(view)) {
      yield {
        ...(work.call && /^bcrypt(?:js)?$/.test(work.call.callee.module) ? { suggestions: awaitTwin(work.body, work.call.expr) } : {}),
        message: work.kind, at: work.place, flow: work.body.path, evidence: work.files, data: work.data,
        ...(work.bounded ? { severity: 'info' as const } : {}),
        ...(work.body.certain ? {} : { assumptions: ['the call that leads here is one of several possible ones'] }),
      };
    }
  },
});
