import { describe, expect, it } from 'vitest';
import type { Trigger } from '../../../src/model/function.ts';
import { literal } from '../../../src/model/value.ts';
import { guardIn } from '../../../src/link/graph/graph.ts';
import { outgoing } from '../../../src/link/graph/hops.ts';
import { exampleOf, patternOf } from '../../../src/link/queries/sample-texts.ts';
import { deployed, project } from '../../support/memory.ts';

const photos: Trigger = { kind: 'bucket', source: 'S3', filters: [], resource: literal('photos') };
const refused = 'ends: the key that is written is refused by this check';

/** The guard of the only hop of a function that writes into its own bucket. */
function guard(body: string): string {
  const source = `import path from 'node:path'; import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'; const s3 = new S3Client({});
const put = (Key) => s3.send(new PutObjectCommand({ Bucket: 'photos', Key, Body: 'x' }));
export const handler = async (event) => { const key = decodeURIComponent(event.Records[0].s3.object.key.replace(/\\+/g, ' ')); ${body} };`;
  const { fn } = project({ 'a.mjs': source }, [deployed('F', 'a.mjs', { triggers: [photos] })]);
  const hops = outgoing(fn).hops.map((hop) => guardIn(fn, hop));
  expect(hops).toHaveLength(1);
  const [found] = hops;
  return found ? `${found.strength}: ${found.why}` : 'none';
}

const thumb = 'await put(`thumbs/${key}`);';

describe('checks of the key, before a write of another one', () => {
  it.each<[string, string]>([
    ['a folder', `if (!key.startsWith('uploads/')) return; ${thumb}`],
    ['a folder by its first step', `if (key.split('/')[0] !== 'uploads') return; ${thumb}`],
    ['a folder by a pattern', `const [folder, name] = key.split('/'); if (folder !== 'uploads') return; await put(\`thumbs/\${name}\`);`],
    ['a folder by an expression', `if (!/^uploads\\//.test(key)) return; ${thumb}`],
    ['a match that is kept', `const found = key.match(/^uploads\\/([^/]+)\\.png$/); if (!found) return; await put(\`thumbs/\${found[1]}.png\`);`],
    ['the name of the file in a folder', `const found = key.match(/users\\/([^/]+)\\/raw-image/); if (!found) return; await put(\`users/\${found[1]}/image.png\`);`],
    ['an ending', `if (!key.endsWith('.png')) return; await put(\`\${key}.json\`);`],
    ['an extension', `if (path.extname(key) !== '.png') return; await put(\`\${key}.json\`);`],
    ['one of some extensions', `const ext = key.split('.').pop(); if (!['png', 'jpg'].includes(ext)) return; await put(\`\${key}.json\`);`],
    ['an extension by an expression', `const ext = key.match(/\\.([^.]*)$/)[1].toLowerCase(); if (ext !== 'png' && ext !== 'jpg') return; await put(\`\${key}.json\`);`],
    ['a name that ends so already', `if (/_thumb\\.jpg$/.test(key)) return; await put(\`\${key}_thumb.jpg\`);`],
    ['a stem that ends so already', `const { name } = path.parse(path.basename(key)); if (name.endsWith('_thumb')) return; await put(path.join(path.dirname(key), \`\${name}_thumb.png\`));`],
    ['a base name', `if (path.basename(key) === 'index.json') return; await put('lists/index.json');`],
    ['a word that is replaced', `if (!key.includes('raw/')) return; await put(key.replace('raw/', 'done/'));`],
    ['a folder that is replaced', `if (!key.startsWith('raw/')) return; await put(key.replace(/^raw\\//, 'done/'));`],
    ['a whole key', `if (key === 'index.json') return; await put('index.json');`],
  ])('%s', (_name, body) => expect(guard(body)).toBe(refused));

  it.each<[string, string]>([
    ['a stem that ends otherwise', `const { name } = path.parse(path.basename(key)); if (name.endsWith('_thumb')) return; await put(path.join(path.dirname(key), \`\${name}_thumb2.png\`));`],
    ['a beginning that the other one has, too', `if (!key.startsWith('th')) return; ${thumb}`],
    ['an ending that stays', `if (!key.endsWith('.png')) return; ${thumb}`],
    ['an extension that stays', `if (path.extname(key) !== '.png') return; ${thumb}`],
    ['an expression for any place', `if (!/uploads\\//.test(key)) return; ${thumb}`],
    ['an expression that takes both', `if (!/^[a-z/]+\\.png$/.test(key)) return; ${thumb}`],
    ['a folder below', `if (key.split('/')[1] !== 'uploads') return; ${thumb}`],
    ['a word that is put back', `if (!key.includes('raw/')) return; await put(key.replace('raw/', 'raw/done/'));`],
    ['another word than the one that is replaced', `if (!key.includes('photos/')) return; await put(key.replace('raw/', 'done/'));`],
    ['an expression that can take long', `if (!/^(?:[a-z]+)+\\/x$/.test(key)) return; ${thumb}`],
    ['an expression on a name without end', `if (!/^a*a*a*b$/.test(key)) return; await put(\`${'a'.repeat(5_000)}\${key}\`);`],
    ['a word that may be there', `if (/thumb/.test(key)) return; await put(\`\${key}.json\`);`],
  ])('not %s', (_name, body) => expect(guard(body)).not.toBe(refused));
});

describe('checks of a field of an item, before a write of another one', () => {
  const items: Trigger = { kind: 'stream', source: 'DynamoDB', filters: [], resource: literal('arn:aws:dynamodb:eu-west-1:111111111111:table/shop/stream/1') };
  const branch = 'ends: the payload takes another branch in the next round';
  function guardOfItem(body: string): string {
    const source = `import { DynamoDBClient } from '@aws-sdk/client-dynamodb'; import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'; import { unmarshall } from '@aws-sdk/util-dynamodb';
const db = DynamoDBDocumentClient.from(new DynamoDBClient({})); const put = (Item) => db.send(new PutCommand({ TableName: 'shop', Item }));
export const handler = async (event) => { for (const record of event.Records) { ${body} } };`;
    const { fn } = project({ 'a.mjs': source }, [deployed('F', 'a.mjs', { triggers: [items] })]);
    const hops = outgoing(fn).hops.map((hop) => guardIn(fn, hop));
    expect(hops).toHaveLength(1);
    const [found] = hops;
    return found ? `${found.strength}: ${found.why}` : 'none';
  }

  it.each<[string, string, string]>([
    ['the kind in the key', `const pk = record.dynamodb?.Keys?.pk?.S ?? ''; if (!pk.startsWith('ORDER#')) continue; await put({ pk: 'FEED#ALL', sk: record.eventID });`, branch],
    ['the kind in the item', `const order = unmarshall(record.dynamodb.NewImage); if (order.pk.split('#')[0] !== 'ORDER') continue; await put({ pk: \`LOG#\${order.id}\`, sk: record.eventID });`, branch],
    ['a kind that is passed over', `const { pk } = unmarshall(record.dynamodb.NewImage); if (pk.startsWith('LOG#')) continue; await put({ pk: \`LOG#\${record.eventID}\` });`, branch],
    ['the same kind', `const order = unmarshall(record.dynamodb.NewImage); if (!order.pk.startsWith('ORDER#')) continue; await put({ pk: \`ORDER#\${record.eventID}\` });`, 'none'],
    ['another field', `const order = unmarshall(record.dynamodb.NewImage); if (!order.sk.startsWith('ORDER#')) continue; await put({ pk: \`LOG#\${record.eventID}\`, sk: order.sk });`, 'none'],
  ])('%s', (_name, body, expected) => expect(guardOfItem(body)).toBe(expected));
});

describe('texts that an expression takes', () => {
  it.each([
    ['^uploads\\/([^/]+)\\.png$', 'uploads/a.png'], ['(?:in|out)/\\d{4}-\\d+', 'in/1111-1'], ['[A-Z]+_x?', 'A_x'], ['\\.(jpe?g|png)$', '.jpeg'], ['a|b', 'a'],
    ['(unclosed', undefined], ['[unclosed', undefined],
  ])('%s', (pattern, text) => { try { expect(exampleOf(pattern)).toBe(text); } catch (error) { if (text !== undefined) throw error; } });

  it.each(['(a+)+b', '(a|a)*b', '(?:a|aa)+$', '(a?){20}', '(?=x)y', '(a)\\1', 'a'.repeat(200), 'a*b*c*d*'])('none of what may take long: %s', (pattern) => {
    expect(patternOf({ kind: 'derived', what: 'regex', from: [literal(pattern)], io: false })).toBeUndefined();
  });
});
