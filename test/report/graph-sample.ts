import type { Picture, PictureEdge, PictureNode } from '../../src/model/picture.ts';

export const node = (id: string, extra: Partial<PictureNode> = {}): PictureNode => ({ id: `app/template.yaml#${id}`, kind: 'function', label: id, unit: 'app/template.yaml', place: { file: 'app/template.yaml', line: 3 }, loops: [], ...extra });
export const edge = (from: string, to: string, extra: Partial<PictureEdge> = {}): PictureEdge => ({ from: `app/template.yaml#${from}`, to: `app/template.yaml#${to}`, kind: 'write', certainty: 'proved', reasons: [], places: [{ file: 'src/a.ts', line: 7 }], loops: [], ...extra });
export const picture = (nodes: readonly PictureNode[], edges: readonly PictureEdge[] = [], extra: Partial<Picture> = {}): Picture => ({ nodes, edges, loops: [], focus: [], notes: [], ...extra });

const inLoop = { loops: [1] };

/** One of everything: each kind, a loop without an end and one with, what is possible, not resolved and unheard, two units. */
export const everything: Picture = picture(
  [
    node('Accept'), node('Sort', inLoop), node('Retry', inLoop), node('Touch', { loops: [2], unit: 'tools/serverless.yml', id: 'tools/serverless.yml#Touch' }),
    node('Inbox', { kind: 'queue', ...inLoop }), node('Outbox', { kind: 'queue', ...inLoop }), node('News', { kind: 'topic' }), node('Images', { kind: 'bucket', loops: [2], unit: 'tools/serverless.yml', id: 'tools/serverless.yml#Images' }),
    node('Orders', { kind: 'table', unheard: true }), node('Clicks', { kind: 'stream' }), node('default', { kind: 'bus' }), node('Nightly', { kind: 'schedule', label: 'cron(0 3 * * ? *)' }),
    node('Accept|route', { kind: 'route', label: 'GET /orders\nPOST /orders' }), node('Machine', { kind: 'stateMachine' }), node('users', { kind: 'document', label: 'users/{id}' }),
    node('mail', { kind: 'external', label: 'api.example.com/mail', unheard: true }), node('Sort|?', { kind: 'queue', label: 'sqs SendMessage ?', unknown: true }),
  ],
  [
    edge('Accept|route', 'Accept', { kind: 'trigger' }), edge('Accept', 'Orders', { label: 'PutItem' }), edge('Accept', 'Inbox', { label: 'SendMessage' }), edge('Accept', 'mail', { label: 'POST by fetch' }),
    edge('Inbox', 'Sort', { kind: 'trigger', label: 'batch 10', ...inLoop }), edge('Sort', 'Outbox', { label: 'SendMessage', ...inLoop }), edge('Outbox', 'Retry', { kind: 'trigger', ...inLoop }), edge('Retry', 'Inbox', { label: 'SendMessage', ...inLoop }),
    edge('Sort', 'Sort|?', { certainty: 'unresolved', reasons: ['environment variable not declared'] }), edge('News', 'Clicks', { kind: 'link', label: 'subscription' }), edge('Clicks', 'Accept', { kind: 'trigger' }),
    edge('default', 'Machine', { kind: 'link', label: 'source: orders\ndetail-type: Placed | Paid' }), edge('Machine', 'Retry', { kind: 'trigger', certainty: 'possible', reasons: ['the rule lets it through'] }), edge('Nightly', 'Sort', { kind: 'trigger' }), edge('users', 'Sort', { kind: 'trigger' }),
    { ...edge('Touch', 'Images', { label: 'PutObject', loops: [2] }), from: 'tools/serverless.yml#Touch', to: 'tools/serverless.yml#Images' },
    { ...edge('Images', 'Touch', { kind: 'trigger', label: 'ObjectCreated:* raw/*', loops: [2] }), from: 'tools/serverless.yml#Images', to: 'tools/serverless.yml#Touch' },
    edge('Accept', 'Retry', { kind: 'invoke', label: 'invokes, waits' }),
  ],
  {
    loops: [
      { number: 1, nodes: ['app/template.yaml#Retry', 'app/template.yaml#Inbox', 'app/template.yaml#Sort', 'app/template.yaml#Outbox'], certainty: 'proved', assumptions: [] },
      { number: 2, nodes: ['tools/serverless.yml#Touch', 'tools/serverless.yml#Images'], certainty: 'possible', assumptions: ['the key is below raw/'], ends: { file: 'tools/touch.ts', line: 4, why: 'the key is compared' } },
    ],
  },
);

/** Names that mean something in some format. */
export const hostileNames = [
  'a"b', "it's", 'a]b[c', '(x)', '{y}', '{{z}}', 'end', 'subgraph', 'click n0 call', 'a\nb', 'a\r\nb', '<script>alert(1)</script>', ']]>', '--> n0', '%%{init: {}}%%', 'a;b', '#quot;', '&amp;', 'a\\', 'a\\"b', '`md`', '**bold**',
  '1. list', '- list', '\x1b[31m', '\u202eabc', '\0', '\ud800', '|pipe|', ':::class', '__proto__', 'constructor', '', '日本語', '🙂', 'https://x.example/?a=b&c', '"]:::x\n  n9["owned', '"]; owned [label="', '</svg><script/>',
];

/** A picture in which every text that a repository gives is one of the hostile names. */
export const hostile: Picture = picture(
  hostileNames.map((name, index) => node(String(index), { id: `${name}#${index}`, label: name, unit: name, kind: index % 2 === 0 ? 'function' : 'queue', place: { file: name || 'x', line: 1 }, loops: index < 2 ? [1] : [] })),
  hostileNames.slice(1).map((name, index): PictureEdge => ({ from: `${hostileNames[index] ?? ''}#${index}`, to: `${name}#${index + 1}`, kind: 'write', label: name, certainty: 'possible', reasons: [name], places: [{ file: name || 'x', line: 1 }], loops: [] })),
  { loops: [{ number: 1, nodes: [`${hostileNames[0] ?? ''}#0`, `${hostileNames[1] ?? ''}#1`], certainty: 'possible', assumptions: ['"]\n</text>'], ends: { file: '</svg>', line: 1, why: '<b>' } }] },
);

/** A picture of so many functions, each with a route and a queue that leads to another one. */
export function large(functions: number): Picture {
  const names = Array.from({ length: functions }, (_, index) => `F${String(index).padStart(5, '0')}`);
  return picture(
    names.flatMap((name, index) => [node(name, { unit: `unit${index % 7}` }), node(`${name}|route`, { kind: 'route', label: `GET /${name}`, unit: `unit${index % 7}` }), node(`${name}Queue`, { kind: 'queue', unit: `unit${index % 7}` }), node(`${name}Table`, { kind: 'table', unheard: true, unit: `unit${index % 7}` })]),
    names.flatMap((name, index) => [edge(`${name}|route`, name, { kind: 'trigger' }), edge(name, `${name}Queue`), edge(`${name}Queue`, names[(index * 7 + 3) % functions] ?? name, { kind: 'trigger' }), edge(name, `${name}Table`)]),
  );
}
