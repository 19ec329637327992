import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import clients from '../../rules/no-client-in-handler.ts';
import imports from '../../rules/no-heavy-import.ts';
import { check } from '../../src/check/check.ts';
import { applyRepair } from '../support/apply-repair.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { FunctionRule } from '../../src/rule.ts';
import { deployed, project } from '../support/memory.ts';

const location = { file: 'template.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 };

function findings(rule: FunctionRule, code: string, file: string, whole: boolean): readonly Finding[] {
  const { project: linked } = project({ [file]: code }, [deployed('F', file, { runtime: { value: 'nodejs16.x', location } })], [], { whole });
  const result = check(linked, [[rule, { level: 'error', minSeverity: 'info', options: {} }]], () => code);
  expect(result.failures).toEqual([]);
  return result.findings;
}

/** The code after each suggestion of the first finding: it parses, that finding is gone and nothing new came. */
function repaired(rule: FunctionRule, code: string, file = 'a.mjs'): Readonly<Record<string, string>> {
  const before = findings(rule, code, file, true);
  const alone = findings(rule, code, file, false);
  expect(alone[0]?.suggestions).toEqual(before[0]?.suggestions);
  expect(before.length).toBeGreaterThan(0);
  return Object.fromEntries((before[0]?.suggestions ?? []).map((repair) => {
    const after = applyRepair(code, repair);
    expect(parseSync(file, after).errors).toEqual([]);
    expect(findings(rule, after, file, true).length).toBe(before.length - 1);
    return [repair.title, after];
  }));
}

const handler = (body: string): string => `export const handler = async (event) => {\n  ${body}\n};\n`;

describe('parts in place of the whole', () => {
  it.each<[string, string, string, string, string?]>([
    ['the default of lodash', 'Import the 2 parts that are used', `import _ from 'lodash';\n${handler('return _.get(_.omit(event, ["a"]), "b") ?? _.get(event, "c");')}`,
      `import get from 'lodash/get.js';\nimport omit from 'lodash/omit.js';\n${handler('return get(omit(event, ["a"]), "b") ?? get(event, "c");')}`],
    ['names that are taken', 'Import the part that is used', `import _ from 'lodash';\nconst get = (event) => event;\n${handler('return get(_.get(event, "a"));')}`,
      `import theGet from 'lodash/get.js';\nconst get = (event) => event;\n${handler('return get(theGet(event, "a"));')}`],
    ['names of lodash, one renamed', 'Import the 2 parts that are used', `import { get, set as put } from 'lodash';\n${handler('return put({}, "a", get(event, "b"));')}`,
      `import get from 'lodash/get.js';\nimport put from 'lodash/set.js';\n${handler('return put({}, "a", get(event, "b"));')}`],
    ['TypeScript needs no extension', 'Import the part that is used', `import { get } from 'lodash';\nexport const handler = async (event: object): Promise<unknown> => get(event, 'b');\n`,
      `import get from 'lodash/get';\nexport const handler = async (event: object): Promise<unknown> => get(event, 'b');\n`, 'a.ts'],
    ['require', 'Import the 2 parts that are used', `const _ = require('lodash');\nexports.handler = async (event) => _.map(_.keys(event), (key) => key);\n`,
      `const keys = require('lodash/keys'), map = require('lodash/map');\nexports.handler = async (event) => map(keys(event), (key) => key);\n`, 'a.cjs'],
    ['require with a pattern, beside others', 'Import the 2 parts that are used', `const { pick, omit: without } = require('lodash'), fs = require('fs');\nexports.handler = async (event) => pick(without(event, 'a'), fs.constants);\n`,
      `const without = require('lodash/omit'), pick = require('lodash/pick'), fs = require('fs');\nexports.handler = async (event) => pick(without(event, 'a'), fs.constants);\n`, 'a.cjs'],
    ['lodash-es', 'Import the part that is used', `import * as _ from 'lodash-es';\n${handler('return _.uniq(event);')}`, `import uniq from 'lodash-es/uniq.js';\n${handler('return uniq(event);')}`],
    ['functions of date-fns', 'Import the 2 parts that are used', `import { addDays, format } from 'date-fns';\n${handler('return format(addDays(new Date(), 1), "P");')}`,
      `import addDays from 'date-fns/addDays';\nimport format from 'date-fns/format';\n${handler('return format(addDays(new Date(), 1), "P");')}`],
    ['clients of SDK v2', 'Import the 2 parts that are used', `const AWS = require('aws-sdk');\nconst table = new AWS.DynamoDB.DocumentClient();\nconst s3 = new AWS.S3();\nexports.handler = async () => [table, s3];\n`,
      `const DynamoDB = require('aws-sdk/clients/dynamodb'), S3 = require('aws-sdk/clients/s3');\nconst table = new DynamoDB.DocumentClient();\nconst s3 = new S3();\nexports.handler = async () => [table, s3];\n`, 'a.js'],
    ['a client by name', 'Import the part that is used', `import { SecretsManager } from 'aws-sdk';\nconst secrets = new SecretsManager();\n${handler('return secrets.config.region;')}`,
      `import SecretsManager from 'aws-sdk/clients/secretsmanager.js';\nconst secrets = new SecretsManager();\n${handler('return secrets.config.region;')}`],
    ['one language of faker', 'Import the part that is used', `import { faker } from '@faker-js/faker';\n${handler('return faker.person.fullName();')}`, `import { faker } from '@faker-js/faker/locale/en';\n${handler('return faker.person.fullName();')}`],
  ])('%s', (_name, title, code, after, file) => {
    expect(repaired(imports, code, file)[title]).toBe(after);
  });

  it.each<[string, string, string?]>([
    ['the whole is handed on', `import _ from 'lodash';\n${handler('return run(_, event);')}`],
    ['it is called', `import _ from 'lodash';\n${handler('return _(event).map((x) => x).value();')}`],
    ['it is a chain', `import _ from 'lodash';\n${handler('return _.chain(event).value();')}`],
    ['its placeholder is used', `import _ from 'lodash';\n${handler('return _.partial(f, _, event);')}`],
    ['names are worked out', `import _ from 'lodash';\n${handler('return _[event.name](event);')}`],
    ['it is exported', `import _ from 'lodash';\nexport { _ };\n${handler('return _.get(event, "a");')}`],
    ['types go by its name', `import AWS from 'aws-sdk';\nconst s3: AWS.S3 = new AWS.S3();\nexport const handler = async () => s3;\n`, 'a.ts'],
    ['the configuration is set', `const AWS = require('aws-sdk');\nAWS.config.update({ region: 'eu-west-1' });\nexports.handler = async () => new AWS.S3();\n`, 'a.js'],
    ['what require gives depends on the version', `const { format } = require('date-fns');\nexports.handler = async () => format(new Date(), 'P');\n`, 'a.cjs'],
    ['no part is known', `import { google } from 'googleapis';\n${handler('return google.sheets("v4");')}`],
    ['faker in another language', `import { fakerDE } from '@faker-js/faker';\n${handler('return fakerDE.person.fullName();')}`],
  ])('not where %s', (_name, code, file) => {
    expect(Object.keys(repaired(imports, code, file))).not.toContainEqual(expect.stringMatching(/^Import/));
  });
});

describe('loading where it is needed', () => {
  const title = 'Load it where it is needed';

  it('an import whose names are used on one way only', () => {
    expect(repaired(imports, `import { google } from 'googleapis';\n\n${handler('if (event.kind === "report") {\n    const sheets = google.sheets("v4");\n    return sheets.spreadsheets.get({ spreadsheetId: event.id });\n  }\n  return 204;')}`)[title])
      .toBe(`\n${handler('if (event.kind === "report") {\n    const { google } = await import(\'googleapis\');\n    const sheets = google.sheets("v4");\n    return sheets.spreadsheets.get({ spreadsheetId: event.id });\n  }\n  return 204;')}`);
  });

  it('a default and a name', () => {
    expect(repaired(imports, `import moment, { utc as now } from 'moment';\n${handler('if (event.at) {\n    return moment(event.at).diff(now());\n  }\n  return 0;')}`)[title])
      .toBe(handler("if (event.at) {\n    const { default: moment, utc: now } = await import('moment');\n    return moment(event.at).diff(now());\n  }\n  return 0;"));
  });

  it('require needs no async function', () => {
    expect(repaired(imports, `const moment = require('moment');\nconst when = (at) => {\n  if (at) {\n    return moment(at).format();\n  }\n  return '';\n};\nexports.handler = async (event) => when(event.at);\n`, 'a.cjs')[title])
      .toBe(`const when = (at) => {\n  if (at) {\n    const moment = require('moment');\n    return moment(at).format();\n  }\n  return '';\n};\nexports.handler = async (event) => when(event.at);\n`);
  });

  it.each<[string, string]>([
    ['every invocation needs it', `import { google } from 'googleapis';\n${handler('return google.sheets("v4");')}`],
    ['two ways need it', `import { google } from 'googleapis';\n${handler('if (event.a) { return google.sheets("v4"); }\n  if (event.b) { return google.drive("v3"); }\n  return 1;')}`],
    ['the module needs it', `import { google } from 'googleapis';\nconst sheets = google.sheets('v4');\n${handler('if (event.a) { return google; }\n  return sheets;')}`],
    ['the function cannot wait', `import moment from 'moment';\nconst when = (at) => {\n  if (at) {\n    return moment(at).format();\n  }\n  return '';\n};\n${handler('return when(event.at);')}`],
    ['the branch has no braces', `import moment from 'moment';\n${handler('if (event.at) return moment(event.at).format();\n  return 0;')}`],
  ])('not where %s', (_name, code) => {
    expect(Object.keys(repaired(imports, code))).not.toContain(title);
  });
});

describe('a client outside of the handler', () => {
  const head = `import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';\n\n`;

  it.each<[string, string, string, string?]>([
    ['a declaration', `${head}${handler("const s3 = new S3Client({ region: process.env.REGION });\n  return s3.send(new GetObjectCommand({ Bucket: 'b', Key: event.key }));")}`,
      `${head}const s3 = new S3Client({ region: process.env.REGION });\n${handler("return s3.send(new GetObjectCommand({ Bucket: 'b', Key: event.key }));")}`],
    ['an expression', `${head}${handler("return new S3Client({}).send(new GetObjectCommand({ Bucket: 'b', Key: event.key }));")}`,
      `${head}const s3Client = new S3Client({});\n${handler("return s3Client.send(new GetObjectCommand({ Bucket: 'b', Key: event.key }));")}`],
    ['several lines', `${head}${handler("const s3 = new S3Client({\n    region: 'eu-west-1',\n  });\n  return s3.send(event.command);")}`,
      `${head}const s3 = new S3Client({\n    region: 'eu-west-1',\n  });\n${handler('return s3.send(event.command);')}`],
    ['of a helper', `${head}function read(key) {\n  const s3 = new S3Client({});\n  return s3.send(new GetObjectCommand({ Bucket: 'b', Key: key }));\n}\n\n${handler('return read(event.key);')}`,
      `${head}const s3 = new S3Client({});\nfunction read(key) {\n  return s3.send(new GetObjectCommand({ Bucket: 'b', Key: key }));\n}\n\n${handler('return read(event.key);')}`],
    ['with constants of the module', `${head}const region = 'eu-west-1';\n${handler('const s3 = new S3Client({ region });\n  return s3.send(event.command);')}`,
      `${head}const region = 'eu-west-1';\nconst s3 = new S3Client({ region });\n${handler('return s3.send(event.command);')}`],
    ['of SDK v2', `const AWS = require('aws-sdk');\nexports.handler = async (event) => {\n  const table = new AWS.DynamoDB.DocumentClient();\n  return table.get({ TableName: 't', Key: { id: event.id } }).promise();\n};\n`,
      `const AWS = require('aws-sdk');\nconst table = new AWS.DynamoDB.DocumentClient();\nexports.handler = async (event) => {\n  return table.get({ TableName: 't', Key: { id: event.id } }).promise();\n};\n`, 'a.js'],
    ['a pool', `import { Pool } from 'pg';\n${handler("const pool = new Pool({ connectionString: process.env.URL });\n  return pool.query('select 1');")}`,
      `import { Pool } from 'pg';\nconst pool = new Pool({ connectionString: process.env.URL });\n${handler("return pool.query('select 1');")}`],
    ['of a factory', `import Stripe from 'stripe';\nexport async function handler(event) {\n  const stripe = new Stripe(process.env.KEY);\n  return stripe.charges.retrieve(event.id);\n}\n`,
      `import Stripe from 'stripe';\nconst stripe = new Stripe(process.env.KEY);\nexport async function handler(event) {\n  return stripe.charges.retrieve(event.id);\n}\n`],
  ])('%s', (_name, code, after, file) => {
    expect(Object.values(repaired(clients, code, file))).toEqual([after]);
  });

  it.each<[string, string]>([
    ['it is ended', `import { Client } from 'pg';\n${handler("const client = new Client();\n  await client.connect();\n  const rows = await client.query('select 1');\n  await client.end();\n  return rows;")}`],
    ['its settings wait', `import { Pool } from 'pg';\nimport { SSM } from '@aws-sdk/client-ssm';\nconst ssm = new SSM({});\n${handler("const pool = new Pool({ password: (await ssm.getParameter({ Name: 'db' })).Parameter.Value });\n  return pool.query('select 1');")}`],
    ['it takes what the function has', `${head}${handler("const options = { region: 'eu-west-1' };\n  const s3 = new S3Client(options);\n  return s3.send(event.command);")}`],
    ['a constant is declared further down', `${head}${handler('const s3 = new S3Client({ region });\n  return s3.send(event.command);')}const region = 'eu-west-1';\n`],
    ['the name is taken', `${head}const s3 = 'bucket';\n${handler('{ const s3 = new S3Client({}); return s3.send(event.command); }')}export default s3;\n`],
    ['it may change', `${head}${handler('let s3 = new S3Client({});\n  if (event.other) s3 = undefined;\n  return s3?.send(event.command);')}`],
    ['listeners are added each time', `import Redis from 'ioredis';\n${handler("const redis = new Redis(process.env.REDIS);\n  redis.on('error', () => undefined);\n  return redis.get(event.key);")}`],
  ])('not where %s', (_name, code) => {
    const rows = findings(clients, code, 'a.mjs', true);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.flatMap((row) => row.suggestions ?? [])).toEqual([]);
  });
});
