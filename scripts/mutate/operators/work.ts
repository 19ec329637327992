import type { ServerlessFunction } from '../../../src/model/function.ts';
import { take, type Operator } from './kit.ts';

const background = 'no-background-work';
const server = 'no-server-listen';
const cpu = 'no-cpu-bound-work';
/** Something in front of the function talks to a port there. */
const isServed = (fn: ServerlessFunction): boolean => fn.packaging?.form === 'image' || fn.generation === 'run' || fn.environment.has('AWS_LAMBDA_EXEC_WRAPPER');

/** Work that nobody waits for, servers, and work that keeps the processor busy. */
export const workOperators: readonly Operator[] = [
  {
    id: 'forgotten-promise', rule: background, needs: ['async'],
    make(random) {
      const [module, body] = random.pick([
        ['', "fetch('https://audit.example.com', { method: 'POST', body: 'done' }); //!"],
        ['', "const sent$any = fetch('https://audit.example.com'); //!\nconsole.log(typeof sent);"],
        ["async function report(text$any) {\n  await fetch('https://audit.example.com', { method: 'POST', body: text });\n}", "report('done'); //!"],
        ["const report = async (text$any) => fetch('https://audit.example.com', { method: 'POST', body: text });", "void report('done'); //!"],
        ['', "(async () => { //!\n  await fetch('https://audit.example.com');\n})();"],
        ['', "const sending$any = fetch('https://audit.example.com'); //!\nsending.catch(() => undefined);"],
        ["class Audit {\n  async send(text$any) {\n    await fetch('https://audit.example.com', { method: 'POST', body: text });\n  }\n}\nconst auditLog = new Audit();", "auditLog.send('done'); //!"],
        ['', "fetch('https://audit.example.com').then((answer$any) => console.log(answer.status)).catch(console.error); //!"],
      ] as [string, string][]);
      return { uses: [], module, body, isAsync: true };
    },
  },
  {
    id: 'forgotten-send', rule: background, needs: ['async', 'node'],
    make(random) {
      const client = take(random, '@aws-sdk/client-sns', 'SNSClient', 'named');
      const command = take(random, '@aws-sdk/client-sns', 'PublishCommand', 'named');
      return { uses: [client.use, command.use], module: 'const noticeClient = new SNSClient({});', body: `noticeClient.send(new PublishCommand({ TopicArn: process.env.NOTICE_TOPIC, Message: 'done' }))${random.pick(['', '.catch(() => undefined)'])}; //!`, isAsync: true };
    },
  },
  {
    id: 'for-each', rule: background, needs: ['async'],
    make: (random) => ({
      uses: [], module: '', isAsync: true,
      body: random.pick([
        "['a', 'b'].forEach(async (part) => { //!\n  await fetch(`https://api.example.com/${part}`);\n});",
        "const partsOf = ['a', 'b'];\npartsOf.forEach(async function (part) { //!\n  const answer$any = await fetch(`https://api.example.com/${part}`);\n  console.log(answer.status);\n});",
      ]),
    }),
  },
  {
    id: 'callback', rule: background, needs: ['async', 'node'],
    make(random) {
      const read = take(random, 'node:fs', 'readFile');
      const get = take(random, 'node:https', 'get');
      const [use, body] = random.pick([
        [read.use, `${read.text}('./template.html', 'utf8', (error$any, text$any) => { //!\n  console.log(error, text.length);\n});`],
        [get.use, `${get.text}('https://api.example.com/items', (answer$any) => { //!\n  console.log(answer.statusCode);\n});`],
      ] as [typeof read.use, string][]);
      return { uses: [use], module: '', body, isAsync: true };
    },
  },
  {
    id: 'timer-work', rule: background, needs: ['async'],
    make: (random) => ({
      uses: [], module: '', isAsync: true,
      body: random.pick(["setTimeout(() => { //!\n  fetch('https://audit.example.com');\n}, 100);", "setTimeout(async () => { //!\n  await fetch('https://audit.example.com');\n}, 0);"]),
    }),
  },
  {
    id: 'forgotten-list', rule: background, needs: ['async'],
    make: (random) => ({
      uses: [], module: '', isAsync: true,
      body: random.pick([
        "const jobs$any = [];\nfor (const part of ['a', 'b']) {\n  jobs.push(fetch(`https://api.example.com/${part}`)); //!\n}\nconsole.log(jobs.length);",
        "const jobs$any = ['a', 'b'].map((part) => fetch(`https://api.example.com/${part}`)); //!\nconsole.log(jobs.length);",
        "Promise.all(['a', 'b'].map((part) => fetch(`https://api.example.com/${part}`))); //!",
      ]),
    }),
  },
  {
    id: 'listen', rule: server, needs: ['node'], except: isServed,
    make(random) {
      const { use, text } = take(random, 'node:http', 'createServer');
      const [module, body] = random.pick([
        ['', `${text}((request$any, response$any) => response.end('ok')).listen(3000); //!`],
        [`const statusServer = ${text}();`, 'statusServer.listen(8080); //!'],
        [`const startServer = (port$any) => ${text}((request$any, response$any) => response.end()).listen(port); //!`, 'startServer(8080);'],
        ['', `const statusServer = ${text}();\nstatusServer.listen({ port: 8080 }); //!`],
      ] as [string, string][]);
      return { uses: [use], module, body, isAsync: false };
    },
  },
  {
    id: 'clock', rule: server, needs: ['node'],
    make: (random) => ({ uses: [{ from: 'node-cron', imported: random.pick(['default', '*']), local: 'cronJobs' }], module: '', body: "cronJobs.schedule('*/5 * * * *', () => console.log('five minutes')); //!", isAsync: false }),
  },
  {
    id: 'sockets', rule: server, needs: ['node'], except: isServed,
    make(random) {
      const { use, text } = take(random, 'ws', random.pick(['WebSocketServer', 'Server']), 'whole');
      return { uses: [use], module: '', body: `const socketServer = new ${text}({ port: 8080 }); //!\nsocketServer.on('connection', (socket$any) => socket.send('hello'));`, isAsync: false };
    },
  },
  {
    id: 'consumer', rule: server, needs: ['node', 'async'],
    make: () => ({
      uses: [{ from: 'kafkajs', imported: 'Kafka', local: 'Kafka' }], isAsync: true,
      module: "const broker = new Kafka({ clientId: 'reports', brokers: ['broker:9092'] });\nconst groupConsumer = broker.consumer({ groupId: 'reports' });",
      body: "await groupConsumer.connect();\nawait groupConsumer.run({ //!\n  eachMessage: async ({ message }$any) => console.log(message.value),\n});",
    }),
  },
  {
    id: 'key-derivation', rule: cpu, needs: ['node'],
    make(random) {
      const name = random.pick(['pbkdf2Sync', 'scryptSync']);
      const { use, text } = take(random, 'node:crypto', name);
      return { uses: [use], module: '', body: `const derivedKey = ${text}('secret', 'salt', ${name === 'pbkdf2Sync' ? "600000, 64, 'sha512'" : '64'}); //!\nconsole.log(derivedKey.length);`, isAsync: false };
    },
  },
  {
    id: 'password-hash', rule: cpu, needs: ['node'],
    make(random) {
      const { use, text } = take(random, random.pick(['bcrypt', 'bcryptjs']), 'hashSync');
      return { uses: [use], module: '', body: `console.log(${text}('secret', 12)); //!`, isAsync: false };
    },
  },
  {
    id: 'compression', rule: cpu, needs: ['node', 'async'],
    make(random) {
      const { use, text } = take(random, 'node:zlib', random.pick(['gzipSync', 'brotliCompressSync', 'deflateSync']));
      return { uses: [use], module: '', body: `const loaded$any = await fetch('https://files.example.com/export');\nconst packed = ${text}(${random.pick(['await loaded.text()', 'Buffer.from(await loaded.arrayBuffer())', 'JSON.stringify(await loaded.json())'])}); //!\nconsole.log(packed.length);`, isAsync: true };
    },
  },
  {
    id: 'child-process', rule: cpu, needs: ['node'],
    make(random) {
      const { use, text } = take(random, 'node:child_process', random.pick(['execSync', 'spawnSync', 'execFileSync']));
      return { uses: [use], module: '', body: `${text}('convert-report'); //!`, isAsync: false };
    },
  },
  {
    id: 'proof-of-work', rule: cpu, needs: ['node'],
    make(random) {
      const { use, text } = take(random, 'node:crypto', 'createHash');
      const body = random.pick([
        `let nonce = 0;\nlet digest = '';\nwhile (!digest.startsWith('00000')) { //!\n  nonce++;\n  digest = ${text}('sha256').update(String(nonce)).digest('hex');\n}`,
        `let rounds = 0;\nlet digest$any = 'start';\nfor (rounds = 0; rounds < 500000; rounds++) { //!\n  digest = ${text}('sha512').update(digest).digest();\n}`,
        `let nonce = 0;\nfor (;;) { //!\n  const digest = ${text}('sha256').update('block' + nonce).digest('hex');\n  if (digest.endsWith('00000')) break;\n  nonce += 1;\n}`,
      ]);
      return { uses: [use], module: '', body, isAsync: false };
    },
  },
];
