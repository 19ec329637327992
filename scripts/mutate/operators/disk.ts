import type { Random } from '../random.ts';
import { take, type Operator, type Pieces } from './kit.ts';

const rule = 'no-disk-writes';
const content = ['JSON.stringify({ at: Date.now() })', '`${new Date().toISOString()}\\n`', 'Buffer.from("report")'] as const;
const outside = ["'./latest-report.json'", "'report.txt'", '`${__NAME__}/report.txt`', "'/var/log/function.log'"] as const;

const write = (random: Random, path: string): Pieces => {
  const kind = random.pick(['sync', 'promise', 'append']);
  const module = kind === 'promise' ? random.pick(['node:fs/promises', 'fs-extra']) : random.pick(['node:fs', 'fs-extra']);
  const name = kind === 'promise' ? random.pick(['writeFile', 'appendFile']) : kind === 'append' ? 'appendFileSync' : 'writeFileSync';
  const { use, text } = take(random, module, name);
  return { uses: [use], module: '', body: `${kind === 'promise' ? 'await ' : ''}${text}(${path}, ${random.pick(content)}); //!`, isAsync: kind === 'promise' };
};

/** Ways of writing that go round by a second name. */
const byAnotherName = (random: Random, path: string): Pieces => {
  const fs = take(random, 'node:fs', '', random.pick(['whole', 'default']));
  const [module, body] = random.pick([
    [`const { promises: files } = ${fs.text};`, `await files.writeFile(${path}, 'text'); //!`],
    ['', `await ${fs.text}.promises.appendFile(${path}, 'text'); //!`],
    [`const putText = (file$any, text$any) => ${fs.text}.writeFileSync(file, text); //!`, `putText(${path}, 'text');`],
    ['', `const handle = await ${fs.text}.promises.open(${path}, 'w'); //!\nawait handle.close();`],
  ] as [string, string][]);
  return { uses: [fs.use], module, body, isAsync: true };
};

/** Writes to the file system. */
export const diskOperators: readonly Operator[] = [
  { id: 'write-outside', rule, needs: ['node', 'async'], make: (random) => write(random, random.pick(outside).replace('${__NAME__}', './out')) },
  {
    id: 'write-temporary', rule, needs: ['node', 'async'],
    make: (random) => write(random, random.pick(["'/tmp/latest-report.json'", '`/tmp/report-${Date.now()}.txt`', "'/tmp/' + Date.now() + '.log'"])),
  },
  {
    id: 'write-joined', rule, needs: ['node', 'async'],
    make(random) {
      const join = take(random, 'node:path', 'join');
      const tmp = take(random, 'node:os', 'tmpdir');
      const base = random.pick([`${tmp.text}()`, "(process.env.REPORT_DIR || '/tmp')"]);
      const pieces = write(random, 'reportPath');
      return { ...pieces, uses: [...pieces.uses, join.use, ...(base.includes('tmpdir') ? [tmp.use] : [])], body: `const reportPath = ${join.text}(${base}, 'reports', 'latest.json');\n${pieces.body}` };
    },
  },
  { id: 'write-renamed', rule, needs: ['node', 'async'], make: (random) => byAnotherName(random, random.pick(["'./report.txt'", "'/tmp/report.txt'"])) },
  {
    id: 'write-stream', rule, needs: ['node'],
    make(random) {
      const { use, text } = take(random, 'node:fs', 'createWriteStream');
      return { uses: [use], module: '', body: `const reportStream = ${text}(${random.pick(["'/tmp/report.log'", "'./report.log'"])}${random.pick(['', ", { flags: 'a' }"])}); //!\nreportStream.write('line');\nreportStream.end();`, isAsync: false };
    },
  },
  {
    id: 'write-shell', rule, needs: ['node'],
    make(random) {
      const { use, text } = take(random, 'node:child_process', 'execSync');
      return { uses: [use], module: '', body: `${text}(${random.pick(["'date > /tmp/last-run.txt'", "'git clone https://example.com/repository.git /tmp/repository'", "'tar -xzf ./data.tar.gz -C /tmp/data'"])}); //!`, isAsync: false };
    },
  },
];
