/** Pieces of code that the generated corpus is made of. Everything takes the random source, so that one seed gives one text. */

const nouns = ['order', 'invoice', 'customer', 'ticket', 'parcel', 'booking', 'report', 'payment', 'address', 'product', 'session', 'device', 'sensor', 'claim', 'policy', 'refund', 'driver', 'route', 'menu', 'review'];
const verbs = ['load', 'store', 'merge', 'check', 'rank', 'format', 'split', 'price', 'route', 'audit', 'sum', 'clean', 'map', 'score', 'expand', 'trim'];
const fields = ['id', 'total', 'status', 'createdAt', 'owner', 'items', 'weight', 'country', 'priority', 'reference', 'notes', 'currency'];

export const noun = (random) => random.pick(nouns);
export const capital = (word) => word[0].toUpperCase() + word.slice(1);

/** A pure function of ten to thirty lines, as business code is: guards, loops over its input, object building. */
export function pureFunction(random, name, typed) {
  const [a, b, c] = [random.pick(fields), random.pick(fields), random.pick(fields)];
  const limit = random.between(2, 500);
  const signature = typed ? `(input: ReadonlyArray<Record<string, unknown>>, limit = ${limit}): Record<string, unknown>[]` : `(input, limit = ${limit})`;
  const number = typed ? '(value: unknown): number =>' : '(value) =>';
  const body = [
    `export function ${name}${signature} {`,
    `  const toNumber = ${number} (typeof value === 'number' && Number.isFinite(value) ? value : Number.parseFloat(String(value ?? 0)));`,
    typed ? '  const kept: Record<string, unknown>[] = [];' : '  const kept = [];',
    '  let sum = 0;',
    '  for (const item of input) {',
    `    if (item.${a} === undefined || item.${a} === null) continue;`,
    `    const ${c}Value = toNumber(item['${b}']) * ${random.between(1, 9)} + ${random.between(0, 99)};`,
    `    sum += ${c}Value;`,
    `    if (sum > limit && item.${b} !== '${noun(random)}') {`,
    `      kept.push({ ...item, ${c}: ${c}Value, note: \`\${String(item.${a})}: \${sum}\` });`,
    '    } else {',
    `      kept.push({ ${a}: item.${a}, ${b}: item.${b} });`,
    '    }',
    '  }',
  ];
  if (random.chance(60)) body.push(`  kept.sort((left, right) => toNumber(left.${b}) - toNumber(right.${b}));`);
  if (random.chance(40)) body.push('  try {', '    JSON.stringify(kept);', '  } catch (error) {', `    throw new Error('${name}: not serialisable', { cause: error });`, '  }');
  if (random.chance(40)) {
    body.push(`  switch (kept.length % ${random.between(3, 6)}) {`, '    case 0:', '      return kept.slice(0, limit);', '    case 1:', `      return kept.filter((item) => item.${a} !== item.${b});`, '    default:', '      break;', '  }');
  }
  body.push(`  return kept.map((item, index) => ({ ...item, position: index + ${random.between(0, 3)} }));`, '}', '');
  return body.join('\n');
}

/** A class with a repository-like shape over the SDK's document client. */
export function storeClass(random, name, typed) {
  const key = random.pick(fields);
  const type = (text) => (typed ? text : '');
  return [
    `const client = DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: ${random.between(2, 5)} }));`, '',
    `export class ${name} {`,
    typed ? '  private readonly table: string;' : '',
    `  constructor(table${type(': string')}) {`, '    this.table = table;', '  }', '',
    `  async get(${key}${type(': string')})${type(': Promise<Record<string, unknown> | undefined>')} {`,
    `    const answer = await client.send(new GetCommand({ TableName: this.table, Key: { ${key} } }));`,
    '    return answer.Item;', '  }', '',
    `  async put(item${type(': Record<string, unknown>')})${type(': Promise<void>')} {`,
    `    await client.send(new PutCommand({ TableName: this.table, Item: { ...item, updatedAt: new Date().toISOString() } }));`,
    '  }', '}', '',
  ].filter((line, index) => index !== 3 || line !== '').join('\n');
}

/** A front-end component: code that no function reaches. */
export function component(random, name) {
  const rows = Array.from({ length: random.between(3, 10) }, () => `      <li className="${random.pick(fields)}" key={${random.below(900)}}>{props.${random.pick(fields)} ?? '${noun(random)}'}</li>`);
  return [
    "import { useState } from 'react';", '',
    `export function ${name}(props: Record<string, string>) {`,
    `  const [open, setOpen] = useState(${random.chance(50)});`,
    `  const title = \`${capital(noun(random))} \${props.${random.pick(fields)}}\`;`,
    '  return (', '    <section>', '      <h2 onClick={() => setOpen(!open)}>{title}</h2>', '      {open && (<ul>', ...rows, '      </ul>)}', '    </section>', '  );', '}', '',
  ].join('\n');
}

export const functionName = (random, index) => `${random.pick(verbs)}${capital(noun(random))}${index}`;
