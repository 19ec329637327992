import { take, type Operator } from './kit.ts';

const loops = 'no-long-running-loop';
const overrun = 'no-timeout-overrun';
const sleepOf = (random: { below(bound: number): number }): string =>
  ['const pause = (ms$any) => new Promise((resolve) => setTimeout(resolve, ms));', 'async function pause(ms$any) {\n  await new Promise((resolve) => {\n    setTimeout(resolve, ms);\n  });\n}', 'function pause(ms$any) {\n  return new Promise((done$any) => setTimeout(() => done(), ms));\n}'][random.below(3)] ?? '';

/** Loops and waits without an end, and times that do not fit the function's own. */
export const timeOperators: readonly Operator[] = [
  {
    id: 'endless-loop', rule: loops, needs: ['async'],
    make(random) {
      const head = random.pick(['while (true) {', 'for (;;) {', 'while (1) {', 'while (!false) {', 'for (let round = 0; ; round++) {', 'endless: while (true) {']);
      return { uses: [], module: sleepOf(random), body: `if (Math.random() < 0.1) {\n  ${head} //!\n    console.log('working', Date.now());\n    await pause(1000);\n  }\n}`, isAsync: true };
    },
  },
  {
    id: 'poll', rule: loops, needs: ['async'],
    make(random) {
      const body = random.pick([
        "let stateOf$any = 'RUNNING';\nwhile (stateOf === 'RUNNING') { //!\n  await pause(500);\n  stateOf = (await (await fetch('https://jobs.example.com/1')).json()).state;\n}",
        "let answer$any;\ndo { //!\n  await pause(500);\n  answer = await (await fetch('https://jobs.example.com/1')).json();\n} while (!answer.done);",
        "for (let isReady = false; !isReady;) { //!\n  await pause(500);\n  isReady = (await fetch('https://jobs.example.com/1')).status === 200;\n}",
        "let answer$any = await fetch('https://jobs.example.com/1');\nwhile (answer.status !== 200) { //!\n  await pause(500);\n  answer = await fetch('https://jobs.example.com/1');\n}",
        "let isDone = false;\nwhile (!isDone) { //!\n  const answer$any = await fetch('https://jobs.example.com/1');\n  isDone = answer.status === 200;\n  if (!isDone) await pause(250);\n}",
      ]);
      return { uses: [], module: sleepOf(random), body, isAsync: true };
    },
  },
  {
    id: 'retry-for-ever', rule: loops, needs: ['async'],
    make(random) {
      const body = random.pick([
        "while (true) { //!\n  try {\n    await fetch('https://api.example.com/items');\n    break;\n  } catch (error) {\n    console.log('again', error);\n  }\n}",
        "for (;;) { //!\n  try {\n    const answer$any = await fetch('https://api.example.com/items');\n    if (answer.ok) break;\n  } catch {\n    await pause(200);\n  }\n}",
      ]);
      return { uses: [], module: sleepOf(random), body, isAsync: true };
    },
  },
  {
    id: 'interval', rule: loops, needs: [],
    make: (random) => ({ uses: [], module: '', isAsync: false, body: random.pick(["setInterval(() => console.log('alive'), 5000); //!", "const beat = setInterval(() => { //!\n  console.log('alive');\n}, 1000);\nconsole.log(typeof beat);"]) }),
  },
  {
    id: 'long-sleep', rule: loops, needs: ['async'],
    make(random, { timeoutSeconds }) {
      const seconds = Math.max(30, Math.ceil((timeoutSeconds ?? 60) * 1.5));
      const body = random.pick([`await pause(${seconds * 1000}); //!`, `await pause(${seconds} * 1000); //!`, `await new Promise((resolve) => setTimeout(resolve, ${seconds * 1000})); //!`, `await new Promise((resolve$any) => { //!\n  setTimeout(() => resolve('late'), ${seconds} * 1e3);\n});`]);
      return { uses: [], module: sleepOf(random), body, isAsync: true };
    },
  },
  {
    id: 'polls-too-long', rule: loops, needs: ['async', 'timeout'],
    make(random, { timeoutSeconds }) {
      const rounds = Math.ceil(((timeoutSeconds ?? 60) * 2) / 5);
      return {
        uses: [], module: `${sleepOf(random)}\nconst ROUNDS = ${rounds};`, isAsync: true,
        body: "for (let round = 0; round < ROUNDS; round++) { //!\n  const answer$any = await fetch('https://jobs.example.com/1');\n  if (answer.status === 200) break;\n  await pause(5000);\n}",
      };
    },
  },
  {
    id: 'timer-chain', rule: loops, needs: [],
    make: (random) => ({ uses: [], isAsync: false, module: random.pick(["function tick() {\n  console.log('tick');\n  setTimeout(tick, 1000); //!\n}", "const tick = () => {\n  console.log('tick');\n  setTimeout(() => tick(), 1000); //!\n};"]), body: 'tick();' }),
  },
  {
    id: 'request-timeout', rule: overrun, needs: ['async', 'node', 'timeout'],
    make(random, { timeoutSeconds }) {
      const milliseconds = Math.ceil((timeoutSeconds ?? 60) * 1.5) * 1000;
      const { use, text } = take(random, 'axios', '', 'default');
      const [module, body] = random.pick([
        ['', `await ${text}.get('https://api.example.com/items', { timeout: ${milliseconds} }); //!`],
        [`const requests = ${text}.create({ baseURL: 'https://api.example.com', timeout: ${milliseconds} });`, "await requests.post('/items', { id: 1 }); //!"],
      ] as [string, string][]);
      return { uses: [use], module, body, isAsync: true };
    },
  },
  {
    id: 'waiter', rule: overrun, needs: ['async', 'node', 'timeout'], except: (fn) => fn.platform !== 'aws',
    make(random, { timeoutSeconds }) {
      const wait = take(random, '@aws-sdk/client-s3', 'waitUntilObjectExists', random.pick(['named', 'whole']));
      const client = take(random, '@aws-sdk/client-s3', 'S3Client', 'named');
      return {
        uses: [wait.use, client.use], module: 'const waitingStore = new S3Client({});', isAsync: true,
        body: `await ${wait.text}({ client: waitingStore, maxWaitTime: ${Math.ceil((timeoutSeconds ?? 60) * 2)} }, { Bucket: 'reports', Key: 'latest' }); //!`,
      };
    },
  },
  {
    id: 'deadline', rule: overrun, needs: ['async', 'timeout'],
    make: (random, { timeoutSeconds }) => ({ uses: [], module: '', isAsync: true, body: `await fetch('https://api.example.com/items', { signal: AbortSignal.timeout(${Math.ceil((timeoutSeconds ?? 60) * 2) * 1000}) }); //!` }),
  },
  {
    id: 'child-timeout', rule: overrun, needs: ['node', 'timeout'],
    make(random, { timeoutSeconds }) {
      const { use, text } = take(random, 'node:child_process', random.pick(['execSync', 'spawnSync', 'execFileSync']));
      return { uses: [use], module: '', isAsync: false, body: `${text}('convert-report'${text.endsWith('execSync') ? '' : ', []'}, { timeout: ${Math.ceil((timeoutSeconds ?? 60) * 2) * 1000} }); //!` };
    },
  },
];
