import { isEnded, takesConnections } from '../src/link/queries/connections.ts';
import { mayServe, serverOf } from '../src/catalog/servers.ts';
import { filesBehind } from '../src/link/queries/started.ts';
import { runsLocallyOnly } from '../src/link/queries/local-run.ts';
import { listenOnlyAlone } from '../src/link/queries/repair-waiting.ts';
import type { ServerlessFunction } from '../src/model/function.ts';
import type { FunctionView } from '../src/model/project.ts';
import { defineRule } from '../src/rule.ts';
import { argsOf } from '../src/link/queries/arguments.ts';
import { adaptedApps } from '../src/link/queries/adapted.ts';

const split = 'Export the application from one file and listen in another one that no handler imports, or only where the file is run by hand (require.main === module).';

export default defineRule({
  id: 'no-server-listen',
  title: 'Disallow servers, endless consumers and clocks in function code',
  scope: 'function',
  category: 'time',
  preset: 'strict',
  risk: 'A function is called by its platform and frozen in between: nobody reaches a port that it binds, a consumer or a clock runs only by chance while some other invocation is under way, and both keep the invocation from ending.',
  references: [
    { title: 'What is Serverless Architecture: long-running tasks', document: '003' },
    { title: 'AWS Lambda: execution environment lifecycle', url: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html' },
  ],
  messages: {
    listens: { severity: 'error', text: "'{what}' binds a port, which nobody reaches in a function.", repair: split },
    beside: { severity: 'info', text: "'{what}' binds a port that nobody reaches: the adapter calls the application itself.", repair: split },
    inverted: { severity: 'error', text: "'{what}' runs when the file is imported, which is what the platform does: the guard is the wrong way round.", repair: 'Turn the guard round: listen where require.main === module.' },
    sockets: { severity: 'error', text: "'{what}' accepts WebSocket connections, which end with the invocation.", repair: 'Let the platform keep the connections (a WebSocket API, Web PubSub, Durable Objects).' },
    consumes: { severity: 'error', text: "'{what}' takes messages for ever.", repair: 'Let the queue or stream invoke the function, and let it return when its batch is done.' },
    schedules: { severity: 'error', text: "'{what}' runs by a clock in the process, which stands still between invocations.", repair: 'Let a schedule of the platform invoke the function.' },
  },
  options: {},
  examples: [
    { title: 'A port', code: `import express from 'express';\nconst app = express();\napp.listen(3000);\nexport const handler = async () => ({ statusCode: 200 });\n`, reports: ['listens'] },
    { title: 'A port beside an adapter', code: `import express from 'express';\nimport serverless from 'serverless-http';\nconst app = express();\napp.listen(3000);\nexport const handler = serverless(app);\n`, reports: ['beside'] },
    { title: 'A clock', code: `import cron from 'node-cron';\ncron.schedule('0 * * * *', () => console.log('hour'));\nexport const handler = async () => {};\n`, reports: ['schedules'] },
    { title: 'Only when run by hand', code: `const express = require('express');\nconst serverless = require('serverless-http');\nconst app = express();\nif (require.main === module) app.listen(3000);\nexports.handler = serverless(app);\n`, reports: [] },
    { title: 'Under an adapter', code: `import express from 'express';\nimport serverless from 'serverless-http';\nexport const handler = serverless(express());\n`, reports: [] },
  ],
  *check({ view }) {
    const served = isServed(view);
    if (served && view.fn.platform !== 'aws') return;
    let adapted: ReturnType<typeof adaptedApps> | undefined;
    for (const call of view.calls()) {
      const server = mayServe(call.callee) ? serverOf(call.callee, argsOf(call), call.expr.kind === 'new') : undefined;
      // Whatever talks to its port, the process of a Lambda function stands still between invocations.
      if (!server || (served && server.kind !== 'consumes' && server.kind !== 'schedules')) continue;
      // What is told to whoever is connected lasts as long as the connection; what is ended does not last for ever.
      if (server.kind === 'consumes' && (takesConnections(view) || view.fn.generation === 'durableObject' || isEnded(view, call))) continue;
      const local = runsLocallyOnly(view, call.body, call.expr);
      if (local === 'local') continue;
      const beside = server.kind === 'listens' && local !== 'inverted' && (adapted ??= adaptedApps(view))(call.callee.receiver);
      yield {
        message: local === 'inverted' ? 'inverted' : beside ? 'beside' : server.kind, at: call.place, flow: call.path, data: { what: server.what }, evidence: filesBehind(view, call.place.file, call.expr.callee), suggestions: local === 'inverted' ? [] : listenOnlyAlone(call.body, call.expr),
        ...(local === 'unknown' ? { assumptions: ['the test around it holds when the platform loads the function'] } : {}),
      };
    }
  },
});

/**
 * Something in front of the function talks to a port: containers (Cloud Run), the host of Azure's custom handlers, Lambda Web Adapter (README, November 2026: a layer and
 * `AWS_LAMBDA_EXEC_WRAPPER=/opt/bootstrap`), `httpServerHandler` of Workers.
 */
function isServed(view: FunctionView): boolean {
  const fn: ServerlessFunction = view.fn;
  if (fn.packaging?.form === 'image' || fn.generation === 'run' || fn.generation === 'cloudRun' || fn.generation === 'customHandler') return true;
  const wrapper = fn.environment.get('AWS_LAMBDA_EXEC_WRAPPER');
  if (wrapper?.kind === 'literal' && wrapper.value === '/opt/bootstrap') return true;
  if (JSON.stringify(fn.layers, (key, value: unknown) => (key === 'frame' ? undefined : value)).includes('LambdaAdapterLayer')) return true;
  return fn.platform === 'cloudflare' && view.files().some((file) => view.project.facts(file)?.imports.some((item) => item.source === 'cloudflare:node'));
}
