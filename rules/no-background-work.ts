import { takesConnections } from '../src/link/queries/connections.ts';
import { fileRemovalOf, isTemporaryPath } from '../src/catalog/file-system.ts';
import { argsOf } from '../src/link/queries/arguments.ts';
import { keepsRunning } from '../src/link/queries/asynchronous.ts';
import { backgroundOf, type Background } from '../src/link/queries/background.ts';
import { isForDevelopersOnly } from '../src/link/queries/local-run.ts';
import { awaitAll, awaitIt } from '../src/link/queries/repair-waiting.ts';
import { placeOfPath } from '../src/link/queries/paths.ts';
import type { Platform } from '../src/model/function.ts';
import type { FunctionView } from '../src/model/project.ts';
import { defineRule } from '../src/rule.ts';

/** What each platform does once it takes a function to be done (platforms.md, section 7, November 2026). */
const afterwards: Readonly<Record<Platform, string>> = {
  aws: 'Lambda freezes the process when the handler is done',
  netlify: 'Netlify freezes the process when the handler is done',
  google: 'the processor is taken away when the function has answered',
  firebase: 'the processor is taken away when the function has answered',
  vercel: 'Vercel may stop the function when the response is out',
  cloudflare: 'Workers cancel it when the response is out',
  azure: 'the process goes on, nobody notices a failure, and the work is lost when the instance is removed',
  openwhisk: 'the container is paused soon after the activation has answered',
};

/** A Durable Object lives on while it has something to do (Cloudflare documentation, Durable Object state, `waitUntil`, November 2026). */
const inObject = 'the object goes on while it lives, and nobody notices a failure';

const inConnection = 'the function runs on while a connection is open, and nobody notices a failure';

const waitForIt = 'Await it, or collect the promises and await them together before the handler returns; what may really come later belongs in a queue, or in waitUntil where the platform has it.';

export default defineRule({
  id: 'no-background-work',
  title: 'Disallow work that nobody waits for',
  scope: 'function',
  category: 'time',
  preset: 'recommended',
  risk: 'A platform takes a function to be done when its handler returns or answers: work that is still under way is frozen, cancelled or cut short, resumes in some later invocation, and its failure is seen by nobody.',
  references: [
    { title: 'What is Serverless Architecture: long-running tasks', document: '003' },
    { title: 'AWS Lambda: execution environment lifecycle', url: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html' },
    { title: 'Cloud Run: general development tips (background activities)', url: 'https://cloud.google.com/run/docs/tips/general' },
    { title: 'Cloudflare Workers: ctx.waitUntil', url: 'https://developers.cloudflare.com/workers/runtime-apis/context/' },
  ],
  messages: {
    dropped: { severity: 'error', text: 'Nobody waits for {what}: {after}.', repair: waitForIt },
    forEach: { severity: 'error', text: 'forEach does not wait for {what}: {after}.', repair: 'Use for … of with await, or await Promise.all over map.' },
    callback: { severity: 'error', text: 'The function is done before the callback of {what} runs: {after}.', repair: 'Use the promise form and await it, or wrap the call in a promise that the callback settles.' },
    timer: { severity: 'error', text: 'Nobody waits for the work that {what} puts off: {after}.', repair: 'Do the work before the handler returns, or hand it to a queue with a delay or to a schedule.' },
    stream: { severity: 'error', text: 'Nobody waits until the stream is written: {after}.', repair: 'Await pipeline of node:stream/promises.' },
    neverAnswers: { severity: 'error', text: 'The handler answers through a callback, which {what} does not have: it never answers.', repair: 'Make the handler async and return its answer, or return a promise.' },
  },
  options: {},
  examples: [
    { title: 'Started and forgotten', code: `import { SNSClient, PublishCommand } from '@aws-sdk/client-sns';\nconst sns = new SNSClient({});\nexport const handler = async (event) => {\n  sns.send(new PublishCommand({ TopicArn: process.env.TOPIC, Message: event.body }));\n  return { statusCode: 202 };\n};\n`, reports: ['dropped'] },
    { title: 'forEach with an await', code: `const save = async (item) => { await fetch('https://items.example.com', { method: 'POST', body: item }); };\nexport const handler = async (event) => {\n  event.items.forEach(async (item) => {\n    await save(item);\n  });\n};\n`, reports: ['forEach'] },
    { title: 'A callback in an async handler', code: `import { readFile } from 'node:fs';\nexport const handler = async (event) => {\n  let text;\n  readFile('/opt/terms.txt', 'utf8', (error, data) => { text = data; });\n  return text;\n};\n`, reports: ['callback'] },
    { title: 'Collected and awaited', code: `const save = async (item) => { await fetch('https://items.example.com', { method: 'POST', body: item }); };\nexport const handler = async (event) => {\n  const jobs = [];\n  for (const item of event.items) jobs.push(save(item));\n  await Promise.all(jobs);\n};\n`, reports: [] },
    { title: 'A callback handler up to nodejs22.x: the platform waits', code: `import { readFile } from 'node:fs';\nexport const handler = (event, context, callback) => {\n  readFile('/opt/terms.txt', 'utf8', callback);\n};\n`, reports: [] },
  ],
  *check({ view }) {
    const found = backgroundOf(view);
    const connected = found.length > 0 && takesConnections(view);
    const inLife = view.fn.generation === 'durableObject';
    const text = inLife ? inObject : connected ? inConnection : afterwards[view.fn.platform];
    // Where the process goes on, what is started ends like anything else, and here somebody notices when it fails.
    const goesOn = connected || inLife || view.fn.platform === 'azure';
    for (const item of found) {
      if (onlyRemoves(view, item) || (goesOn && item.isCaught) || isForDevelopersOnly(view, item.body, item.at)) continue;
      yield {
        message: item.kind, at: { file: item.body.file, start: item.at.start, end: item.at.end }, flow: item.body.path,
        data: item.kind === 'neverAnswers' ? { what: item.what } : { what: shown(item), after: text },
        evidence: item.files, suggestions: item.kind === 'dropped' ? awaitIt(item.body, item.at) : item.kind === 'forEach' ? awaitAll(view, item.body, item.at) : [], ...(inLife && item.kind !== 'timer' ? { severity: 'info' as const } : connected || keepsRunning(view.fn) ? { severity: 'warning' as const } : {}),
        ...(item.body.certain ? {} : { assumptions: ['the call that leads here is one of several possible ones'] }),
      };
    }
  },
});

/** A file that stays in the temporary folder because nobody waits for its removal is the finding of no-disk-writes. */
function onlyRemoves(view: FunctionView, { kind, body, at }: Background): boolean {
  if (kind !== 'dropped' && kind !== 'callback') return false;
  const calls = view.calls('invoke').filter((call) => call.place.file === body.file && call.place.start >= at.start && call.place.end <= at.end
    && !(call.callee.module === 'global' && call.callee.path[0] === 'console') && !/^#?(?:then|catch|finally)$/.test(call.callee.path.at(-1) ?? ''));
  return calls.length > 0 && calls.every((call) => {
    const removal = fileRemovalOf(call.callee, argsOf(call));
    return removal !== undefined && /^(?:temporary|unknown)$/.test(placeOfPath(removal.path, view.fn.mounts, isTemporaryPath));
  });
}

const shown = (item: Background): string => (/^[\w$.]+$/.test(item.what) ? `'${item.what}'` : item.what);
