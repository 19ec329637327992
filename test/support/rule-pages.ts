import { indent, type Frame } from './page-frames.ts';

/** A block of code on a rule's page. */
export interface Block { readonly language: string; readonly code: string }

/** Code blocks of one section of a page. */
export function blocksOf(text: string, section: string): readonly Block[] {
  const start = text.indexOf(`\n## ${section}\n`);
  const end = text.indexOf('\n## ', start + 1);
  return [...text.slice(start, end < 0 ? undefined : end).matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = '', code = '']) => ({ language, code }));
}

/** What pages mention without saying where it comes from. */
const declarations: Readonly<Record<string, string>> = {
  DynamoDBClient: "import { DynamoDBClient } from '@aws-sdk/client-dynamodb';",
  DynamoDBDocumentClient: "import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';",
  GetObjectCommand: "import { GetObjectCommand } from '@aws-sdk/client-s3';",
  GetSecretValueCommand: "import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';",
  InvokeCommand: "import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';",
  Pool: "import { Pool } from 'pg';",
  PutCommand: "import { PutCommand } from '@aws-sdk/lib-dynamodb';",
  S3Client: "import { S3Client } from '@aws-sdk/client-s3';",
  SendMessageBatchCommand: "import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';",
  SendMessageCommand: "import { SendMessageCommand } from '@aws-sdk/client-sqs';",
  SQSClient: "import { SQSClient } from '@aws-sdk/client-sqs';",
  TransactWriteItemsCommand: "import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';",
  UpdateItemCommand: "import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';",
  bcrypt: "import bcrypt from 'bcrypt';",
  createHmac: "import { createHmac } from 'node:crypto';",
  createInterface: "import { createInterface } from 'node:readline';",
  express: "import express from 'express';",
  gzip: "import { gzip } from 'node:zlib';",
  gzipSync: "import { gzipSync } from 'node:zlib';",
  promisify: "import { promisify } from 'node:util';",
  serverless: "import serverless from 'serverless-http';",
  timingSafeEqual: "import { timingSafeEqual } from 'node:crypto';",
  unlink: "import { unlink } from 'node:fs/promises';",
  writeFile: "import { writeFile } from 'node:fs/promises';",
  client: 'const client = new DynamoDBClient({});',
  lambda: 'const lambda = new LambdaClient({});',
  queue: 'const queue = new SQSClient({});',
  s3: 'const s3 = new S3Client({});',
  secrets: 'const secrets = new SecretsManagerClient({});',
  sqs: 'const sqs = new SQSClient({});',
  table: 'const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));',
  audit: "const audit = async (...what) => { await fetch('https://audit.example.com', { method: 'POST', body: JSON.stringify(what) }); };",
  decode: "const decode = (text) => JSON.parse(Buffer.from(text, 'base64').toString());",
  getJob: "const getJob = async (id) => (await fetch(`https://jobs.example.com/${id}`)).json();",
  isReady: "const isReady = async (id) => (await fetch(`https://jobs.example.com/${id}`)).ok;",
  ordersOf: "const ordersOf = async (user) => (await fetch(`https://orders.example.com/${user}`)).json();",
  save: "const save = async (item) => { await fetch('https://items.example.com', { method: 'POST', body: JSON.stringify(item) }); };",
  sleep: 'const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));',
  store: "const store = async (item) => { await fetch('https://items.example.com', { method: 'POST', body: JSON.stringify(item) }); };",
  upload: "const upload = async (item) => { await fetch('https://files.example.com', { method: 'POST', body: item }); };",
};

const declares = (code: string, name: string): boolean => new RegExp(`(?:const|let|function|class)\\s+${name}\\b|import [^;]*\\b${name}\\b[^;]* from`).test(code);
const mentions = (code: string, name: string): boolean => new RegExp(`(?<![.\\w'-])${name}\\b(?!:)`).test(code);

/** The declarations that a piece of code needs, and those that these need. */
function surroundings(code: string): string {
  const lines: string[] = [];
  let seen = code;
  for (let more = true; more;) {
    more = false;
    for (const [name, line] of Object.entries(declarations)) {
      if (lines.includes(line) || !mentions(seen, name) || declares(code, name)) continue;
      lines.unshift(line);
      seen += `\n${line}`;
      more = true;
    }
  }
  return lines.map((line) => `${line}\n`).join('');
}

function moduleOf({ code }: Block, frame: Frame): string {
  const whole = frame.code?.(code) ?? (/^(?:export |exports\.)/m.test(code) ? code : `export const handler = async (event, context) => {\n${code}};\n`);
  const around = surroundings(whole);
  const isCommonJs = isOld(whole);
  return `${isCommonJs ? around.replace(/import (.+) from ('.+');/g, 'const $1 = require($2);') : around}${whole}`;
}

/** CommonJS. */
const isOld = (code: string): boolean => /^(?:module\.)?exports\b|\brequire\(/m.test(code) && !/^(?:import|export) /m.test(code);
const isCode = (block: Block): boolean => /^(?:js|ts)$/.test(block.language);

function templateOf(frame: Frame, yaml: string): string {
  if (typeof frame.template === 'function') return frame.template(yaml);
  if (frame.template !== undefined) return frame.template;
  return `Transform: AWS::Serverless-2016-10-31
Resources:
  Example:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: ./
      Handler: handler.handler
${indent(frame.properties ?? 'Runtime: nodejs22.x\nTimeout: 30', 6)}
${indent(frame.resources ?? '', 2)}
`;
}

/** The files of the project that a block is shown in. */
export function project(block: Block, frame: Frame, beside: readonly Block[]): Readonly<Record<string, string>> {
  const blocks = [block, ...beside];
  const code = blocks.find(isCode);
  const yaml = blocks.find((item) => item.language === 'yaml')?.code ?? '';
  const file = frame.file ?? (code?.language === 'ts' ? 'handler.ts' : isOld(code?.code ?? '') ? 'handler.js' : 'handler.mjs');
  return {
    ...(frame.template === '' ? {} : { [frame.templateFile ?? 'template.yaml']: templateOf(frame, yaml) }),
    ...(code ? { [file]: moduleOf(code, frame) } : {}),
    ...frame.files,
  };
}
