import { fill, take, type Operator } from './kit.ts';

const rule = 'no-in-memory-session';

/** Sessions, locks and connections in the process. */
export const keptOperators: readonly Operator[] = [
  {
    id: 'connections', rule, needs: ['event'],
    make(random) {
      const n = random.pick(['connections', 'activeSessions', 'openSockets', 'subscribers']);
      const [module, body] = random.pick([
        ['const $n = new Map$gen2();', '$n.set($e.requestContext.connectionId, Date.now()); //!\nconsole.log($n.size);'],
        ['const $n$any = {};', '$n[$e.connectionId] = { at: Date.now() }; //!\nconsole.log(Object.keys($n));'],
        ['const $n = new Set$gen();', '$n.add($e.sessionId); //!\nconsole.log($n.size);'],
      ] as [string, string][]);
      return { uses: [], module: fill(module, { n }), body: fill(body, { n }), isAsync: false };
    },
  },
  {
    id: 'only-store', rule, needs: ['event', 'node'],
    make(random) {
      const [from, name, how] = random.pick([['node-cache', 'NodeCache', 'default'], ['lru-cache', 'LRUCache', 'named'], ['quick-lru', 'QuickLRU', 'default']] as [string, string, string][]);
      const options = from === 'node-cache' ? '{ stdTTL: 600 }' : from === 'lru-cache' ? '{ max: 500 }' : '{ maxSize: 500 }';
      const key = random.pick(['$e.userId', 'String($e.id)', '`cart:${$e.user}`']);
      return {
        uses: [{ from, imported: how === 'default' ? 'default' : name, local: name }],
        module: `const basketStore = new ${name}${from === 'node-cache' ? '' : '$gen2'}(${options}); //!`,
        body: `basketStore.set(${key}, ${random.pick(['$e.body', '{ at: Date.now(), body: $e.body }'])});\nconsole.log(basketStore.get(${key}));`, isAsync: false,
      };
    },
  },
  {
    id: 'lock', rule, needs: ['async', 'node'],
    make(random) {
      const [module, body] = random.pick([
        ['const updateLock = new Mutex(); //!', 'await updateLock.runExclusive(async () => {\n  console.log("alone", Date.now());\n});'],
        ['const updateLock = new Mutex(); //!', 'const releaseLock = await updateLock.acquire();\ntry {\n  console.log("alone", Date.now());\n} finally {\n  releaseLock();\n}'],
      ] as [string, string][]);
      return { uses: [{ from: 'async-mutex', imported: 'Mutex', local: 'Mutex' }], module, body, isAsync: true };
    },
  },
  {
    id: 'rate-limit', rule, needs: ['event', 'async', 'node'],
    make(random) {
      const { use, text } = take(random, 'rate-limiter-flexible', 'RateLimiterMemory', random.pick(['named', 'whole']));
      return { uses: [use], module: `const attemptLimiter = new ${text}({ points: 5, duration: 60 }); //!`, body: 'await attemptLimiter.consume(String($e.sourceIp));', isAsync: true };
    },
  },
];
