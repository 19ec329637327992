import { memoryUseOf } from '../src/link/queries/memory-use.ts';
import { defineRule } from '../src/rule.ts';

const share = 'Keep it where every instance finds it: Redis, a table, or a store of the platform.';

export default defineRule({
  id: 'no-in-memory-session',
  title: 'Disallow sessions, limits, locks and connections that are kept in the process',
  scope: 'function',
  category: 'state',
  preset: 'recommended',
  risk: 'The next request may reach another instance, and an instance may be dropped at any time: users are logged out, limits count only a part, locks lock nobody out, and messages find no connection.',
  references: [
    { title: 'What is Serverless Architecture: you can\'t store the state', document: '003' },
    { title: 'Serverless Architecture Overview: complicated state management', document: '004' },
    { title: 'express-session: MemoryStore', url: 'https://github.com/expressjs/session#readme' },
  ],
  messages: {
    session: { severity: 'warning', text: "'{what}' keeps sessions in the process.", repair: 'Give it a store that all instances share, or keep the session in a signed cookie or token.' },
    limit: { severity: 'warning', text: "'{what}' counts in the process: each instance has its own limit, and a new one starts at zero.", repair: 'Give it a store that all instances share, or set the limit at the gateway.' },
    lock: { severity: 'warning', text: "'{what}' locks within one process: other instances do not see it.", repair: 'Use a conditional write, a FIFO queue, or a lock in a store that all instances share.' },
    store: { severity: 'warning', text: "'{what}' is the only place where data of the caller is kept, and it goes with the process.", repair: share },
    rooms: { severity: 'warning', text: "'{what}' keeps its rooms and connections in the process.", repair: 'Give it an adapter for a shared store, or let the platform keep the connections (WebSocket API, Web PubSub, Durable Objects).' },
    sockets: { severity: 'warning', text: '{what} keeps connections or sessions in the process: the next message may reach another instance.', repair: share },
  },
  options: {},
  examples: [
    { title: 'A session without a store', code: `import express from 'express';\nimport session from 'express-session';\nimport serverless from 'serverless-http';\nconst app = express();\napp.use(session({ secret: process.env.SECRET }));\nexport const handler = serverless(app);\n`, reports: ['session'] },
    { title: 'Connections in a map', code: `const connections = new Map();\nexport const handler = async (event) => {\n  connections.set(event.requestContext.connectionId, event.body);\n  return { statusCode: 200 };\n};\n`, reports: ['sockets'] },
    { title: 'A lock of the process', code: `import { Mutex } from 'async-mutex';\nconst mutex = new Mutex();\nexport const handler = async (event) => mutex.runExclusive(() => fetch(event.url));\n`, reports: ['lock'] },
    { title: 'A store that all instances share', code: `import express from 'express';\nimport session from 'express-session';\nimport { RedisStore } from 'connect-redis';\nimport { createClient } from 'redis';\nimport serverless from 'serverless-http';\nconst app = express();\napp.use(session({ secret: process.env.SECRET, store: new RedisStore({ client: createClient() }) }));\nexport const handler = serverless(app);\n`, reports: [] },
    { title: 'A copy of what is fetched', code: `import NodeCache from 'node-cache';\nconst menus = new NodeCache({ stdTTL: 60 });\nexport const handler = async (event) => {\n  if (!menus.has(event.id)) menus.set(event.id, await (await fetch(event.url)).json());\n  return menus.get(event.id);\n};\n`, reports: [] },
  ],
  *check({ view }) {
    for (const use of memoryUseOf(view)) {
      yield { message: use.kind, at: use.place, flow: use.path, data: { what: use.what }, evidence: use.files };
    }
  },
});
