import type { Operator, Pieces } from './kit.ts';
import { fill } from './kit.ts';
import type { Random } from '../random.ts';

const plain = (module: string, body: string): Pieces => ({ uses: [], module, body, isAsync: false });
const names = ['lastSeen', 'previousInput', 'currentItem', 'pendingWork', 'recentEntry'] as const;
const lists = ['seenBefore', 'history', 'collected', 'auditTrail', 'recentItems'] as const;
const one = (random: Random, variants: readonly [readonly [string, string], ...(readonly [string, string])[]], name: string): Pieces => {
  const [module, body] = random.pick(variants);
  return plain(fill(module, { n: name }), fill(body, { n: name }));
};
const rule = 'no-global-mutable-state';

/** State that an invocation leaves behind. */
export const stateOperators: readonly Operator[] = [
  {
    id: 'keep-event', rule, needs: ['event'],
    make: (random) => one(random, [
      ['let $n$any;', "if ($n) console.log('before', $n);\n$n = $e; //!"],
      ['let $n$any = null;', "console.log('before', $n);\n$n = { at: Date.now(), input: $e }; //!"],
      ['const $n$any = {};', "console.log($n.value);\n$n.value = $e; //!"],
      ['const $n$any = { current: undefined };', "if ($n.current) console.log($n.current.id);\n$n.current = $e; //!"],
      ['const $n = new Map$gen2();', "console.log($n.get('last'));\n$n.set('last', $e); //!"],
      ['let $n$any;', 'console.log($n);\n({ id: $n } = $e); //!'],
      ['const $n$any = {};', 'console.log($n.id);\nObject.assign($n, $e); //!'],
      ['let $n$any = {};', 'console.log($n.input);\n$n = { ...$n, input: $e }; //!'],
      ['var $n$any;', "if ($n !== undefined) console.log(JSON.stringify($n));\n$n = JSON.stringify($e); //!"],
    ], random.pick(names)),
  },
  {
    id: 'grow-list', rule, needs: [],
    make: (random) => one(random, [
      ['const $n$any = [];', '$n.push(Date.now()); //!\nconsole.log($n.length);'],
      ['const $n$any = [];', "$n.unshift({ at: new Date().toISOString() }); //!\nconsole.log($n.map((item$any) => item.at).join());"],
      ['const $n$any = [];', '$n[$n.length] = Math.random(); //!\nconsole.log($n.length);'],
      ['let $n$any = [];', '$n = [...$n, Date.now()]; //!\nconsole.log($n.length);'],
      ['let $n$any = [];', '$n = $n.concat([Date.now()]); //!\nconsole.log($n.length);'],
      ['const $n$any = [];', '$n.push(...[Date.now(), Math.random()]); //!\nconsole.log($n.length);'],
      ['const $n$any = [];', "for (const part of ['a', 'b']) {\n  $n.push(`${part} ${Date.now()}`); //!\n}\nconsole.log($n.length);"],
      ['let $n$any = [];', '$n = [Date.now()].concat($n); //!\nconsole.log($n.length);'],
      ['const $n$any = [];', '$n.splice($n.length, 0, Date.now()); //!\nconsole.log($n.length);'],
      ['const $n = new Set$gen();', '$n.add(Date.now()); //!\nconsole.log($n.size);'],
    ], random.pick(lists)),
  },
  {
    id: 'grow-map', rule, needs: ['event'],
    make: (random) => one(random, [
      ['const $n = new Map$gen2();', "if (!$n.has($e.id)) $n.set($e.id, Date.now()); //!\nconsole.log($n.get($e.id));"],
      ['const $n$any = {};', '$n[$e.id] = Date.now(); //!\nconsole.log(Object.keys($n).length);'],
      ['const $n = new Map$gen2();', 'const entryKey = String($e.id);\n$n.set(entryKey, ($n.get(entryKey) ?? 0) + 1); //!'],
      ['const $n$any = {};', '($n[$e.id] ??= []).push(Date.now()); //!'],
      ['const $n = new Map$gen2();', 'const known = $n.get($e.id) ?? [];\nknown.push(Date.now()); //!\n$n.set($e.id, known);'],
      ['const $n$any = {};', '$n[$e.id] = { ...$n[$e.id], at: Date.now() }; //!\nconsole.log(Object.keys($n));'],
      ['const $n$any = Object.create(null);', '$n[`${$e.id}:${$e.name}`] = true; //!\nconsole.log(Object.keys($n));'],
    ], random.pick(lists)),
  },
  {
    id: 'count', rule, needs: [],
    make: (random) => one(random, [
      ['let $n = 0;', '$n++; //!\nconsole.log($n);'],
      ['let $n = 0;', '$n += 1; //!\nconsole.log(`call ${$n}`);'],
      ['let $n = 0;', '$n = $n + 1; //!\nconsole.log($n);'],
      ['const $n$any = {};', '$n.calls = ($n.calls ?? 0) + 1; //!\nconsole.log($n.calls);'],
      ['let $n = 0;', 'const following = $n + 1;\n$n = following; //!\nconsole.log($n);'],
      ['const $n = { calls: 0 };', '$n.calls += 1; //!\nconsole.log($n.calls);'],
      ['const $n = { total: { calls: 0 } };', '++$n.total.calls; //!\nconsole.log($n.total);'],
    ], random.pick(['callCount', 'requestTotal', 'handledSoFar'])),
  },
  {
    id: 'environment', rule, needs: ['event'],
    make: (random) => one(random, [
      ['', 'process.env.CURRENT_CALLER = $e.user; //!'],
      ['', "process.env['REQUEST_ID'] = String($e.requestId); //!"],
      ['', 'Object.assign(process.env, { TENANT_ID: $e.tenantId }); //!'],
      ['const $n = process.env;', '$n.TENANT_ID = `${$e.tenantId}`; //!'],
    ], random.pick(['environment', 'settingsOfProcess'])),
  },
  {
    id: 'alias', rule, needs: [],
    make: (random) => one(random, [
      ['const $n$any = [];\nfunction rememberIn(list$any, item$any) {\n  list.push(item); //!\n}', 'rememberIn($n, Date.now());\nconsole.log($n.length);'],
      ['const $n$any = { items: [] };', 'const { items } = $n;\nitems.push(Date.now()); //!\nconsole.log(items.length);'],
      ['const $n$any = { items: [] };', 'const known = $n.items;\nknown.push(Date.now()); //!\nconsole.log(known.length);'],
      ['const $n$any = [];\nconst listOf = () => $n;', 'listOf().push(Date.now()); //!\nconsole.log($n.length);'],
      ['const $n$any = { inner: { items: [] } };', 'const { inner: { items: known } } = $n;\nknown.push(Date.now()); //!\nconsole.log(known.length);'],
      ['const $n$any = [];\nconst rememberAll = (...lists$any) => lists.forEach((list$any) => {\n  list.push(Date.now()); //!\n});', 'rememberAll($n);\nconsole.log($n.length);'],
      ['const $n$any = {};', 'Object.assign($n, { [String(Date.now())]: true }); //!\nconsole.log(Object.keys($n));'],
    ], random.pick(lists)),
  },
  {
    id: 'instance', rule, needs: ['event'],
    make: (random) => one(random, [
      ['class $n {\n  static latest$any;\n}', 'console.log($n.latest);\n$n.latest = $e; //!'],
      ['class $n {\n  items$any = [];\n  note(item$any) {\n    this.items.push(item); //!\n  }\n}\nconst shared$n = new $n();', 'shared$n.note($e);\nconsole.log(shared$n.items.length);'],
      ['class $n {\n  current$any;\n  constructor() {\n    this.current = undefined;\n  }\n  use(item$any) {\n    this.current = item; //!\n    return this;\n  }\n  describe() {\n    return String(this.current);\n  }\n}\nconst shared$n = new $n();', 'console.log(shared$n.describe(), shared$n.use($e));'],
      ['class $n {\n  static instance$any;\n  static get() {\n    $n.instance = $n.instance ?? new $n();\n    return $n.instance;\n  }\n  caller$any;\n}', 'console.log($n.get().caller);\n$n.get().caller = $e; //!'],
    ], random.pick(['Recorder', 'CallerStore', 'RequestHolder'])),
  },
  {
    id: 'global-object', rule, needs: ['event'],
    make: (random) => one(random, [
      ['', '($globalThis).latestCaller = $e; //!'],
      ['', '($global).latestCaller = { input: $e }; //!'],
      ['', "($globalThis)['latestCaller'] = $e; //!"],
    ], ''),
  },
  {
    id: 'callers-client', rule, needs: ['event'],
    make: (random) => one(random, [
      ['class ApiClient {\n  token$any;\n  constructor(token$any) {\n    this.token = token;\n  }\n}\nlet $n$any;', "if (!$n) {\n  $n = new ApiClient($e.headers.authorization); //!\n}\nconsole.log($n.token.length);"],
      ['let $n$any;', '$n ??= { token: $e.token, send: async () => undefined }; //!\nconsole.log($n.token.length);'],
      ['let $n$any = null;', '$n = $n || Object.freeze({ user: $e.user }); //!\nconsole.log($n.user);'],
    ], random.pick(['apiClient', 'sharedSession', 'ownConnection'])),
  },
  {
    id: 'closure', rule, needs: [],
    make: (random) => one(random, [
      ['const $n = (() => {\n  const kept$any = [];\n  return (item$any) => {\n    kept.push(item); //!\n    return kept.length;\n  };\n})();', 'console.log($n(Date.now()));'],
      ['function make$n() {\n  let total = 0;\n  return {\n    add(amount$any) {\n      total += amount; //!\n      return total;\n    },\n  };\n}\nconst shared$n = make$n();', 'console.log(shared$n.add(Math.random()));'],
    ], random.pick(['Tracker', 'Accumulator'])),
  },
];
