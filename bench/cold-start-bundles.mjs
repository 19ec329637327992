// What `bench/cold-start.mjs` starts: programs as functions are written, over public packages. `form`: `bundle` (one file made by esbuild,
// as CDK NodejsFunction and AWS SAM make it), `minified` (the same, minified), `files` (the packages
// as installed, required from CommonJS), `modules` (as installed, imported from an ES module).
// `heldOut`: never seen while the coefficients are fitted. They were chosen by name before the first measurement, every fifth or so of each
// kind, so that sizes, kinds of package and forms are spread as in the others.

/** @type {readonly { readonly name: string, readonly packages: readonly string[], readonly code: string, readonly form: 'bundle' | 'minified' | 'files' | 'modules', readonly heldOut?: true }[]} */
export const programs = [];

const add = (name, form, packages, code, more = {}) => programs.push({ name, form, packages, code, ...more });
const heldOut = { heldOut: true };

// Small: the function's own work and a helper or two.
add('own code only', 'bundle', [], 'export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });');
add('uuid', 'bundle', ['uuid@11'], "import { v4 } from 'uuid';\nexport const handler = async () => v4();");
add('jsonwebtoken', 'bundle', ['jsonwebtoken@9'], "import jwt from 'jsonwebtoken';\nexport const handler = async (event) => jwt.verify(event.token, process.env.KEY);");
add('jose', 'bundle', ['jose@6'], "import * as jose from 'jose';\nexport const handler = async (event) => jose.jwtVerify(event.token, event.key);", heldOut);
add('dayjs', 'bundle', ['dayjs@1'], "import dayjs from 'dayjs';\nexport const handler = async () => dayjs().format();");
add('luxon', 'bundle', ['luxon@3'], "import { DateTime } from 'luxon';\nexport const handler = async () => DateTime.now().toISO();");
add('lodash/merge', 'bundle', ['lodash@4'], "import merge from 'lodash/merge';\nexport const handler = async (event) => merge({}, event);");
add('csv-parse', 'bundle', ['csv-parse@5'], "import { parse } from 'csv-parse/sync';\nexport const handler = async (event) => parse(event.body);");
add('xml2js', 'bundle', ['xml2js@0.6'], "import xml2js from 'xml2js';\nexport const handler = async (event) => xml2js.parseStringPromise(event.body);");
add('js-yaml', 'minified', ['js-yaml@4'], "import yaml from 'js-yaml';\nexport const handler = async (event) => yaml.load(event.body);");
add('handlebars', 'bundle', ['handlebars@4'], "import Handlebars from 'handlebars';\nexport const handler = async (event) => Handlebars.compile(event.template)(event);");
add('marked', 'bundle', ['marked@15'], "import { marked } from 'marked';\nexport const handler = async (event) => marked(event.body);", heldOut);
add('hono', 'bundle', ['hono@4'], "import { Hono } from 'hono';\nconst app = new Hono();\napp.get('/', (c) => c.text('ok'));\nexport const handler = (request) => app.fetch(request);");
add('middy', 'bundle', ['@middy/core@5'], "import middy from '@middy/core';\nexport const handler = middy(async (event) => event);");

// Validation and general libraries.
add('zod', 'bundle', ['zod@4'], "import { z } from 'zod';\nconst order = z.object({ id: z.string(), count: z.number() });\nexport const handler = async (event) => order.parse(event);");
add('ajv', 'bundle', ['ajv@8'], "import Ajv from 'ajv';\nconst ajv = new Ajv();\nexport const handler = async (event) => ajv.validate({ type: 'object' }, event);");
add('joi', 'minified', ['joi@17'], "import Joi from 'joi';\nconst order = Joi.object({ id: Joi.string().required() });\nexport const handler = async (event) => order.validate(event);", heldOut);
add('yup', 'bundle', ['yup@1'], "import * as yup from 'yup';\nconst order = yup.object({ id: yup.string().required() });\nexport const handler = async (event) => order.validate(event);");
add('validator', 'bundle', ['validator@13'], "import validator from 'validator';\nexport const handler = async (event) => validator.isEmail(event.mail);");
add('lodash', 'bundle', ['lodash@4'], "import _ from 'lodash';\nexport const handler = async (event) => _.merge({}, event);");
add('ramda', 'bundle', ['ramda'], "import * as R from 'ramda';\nexport const handler = async (event) => R.pipe(...event.steps.map((name) => R[name]))(event);");
add('date-fns', 'bundle', ['date-fns@4'], "import * as dates from 'date-fns';\nexport const handler = async (event) => dates[event.name](new Date());");
add('moment-timezone', 'bundle', ['moment-timezone@0.6'], "import moment from 'moment-timezone';\nexport const handler = async () => moment().tz('Europe/Rome').format();");
add('rxjs', 'bundle', ['rxjs@7'], "import * as rx from 'rxjs';\nexport const handler = async () => rx.firstValueFrom(rx.of(1));", heldOut);
add('immutable', 'bundle', ['immutable@5'], "import { Map } from 'immutable';\nexport const handler = async (event) => Map(event).toJS();");
add('bluebird', 'bundle', ['bluebird@3'], "import Promise from 'bluebird';\nexport const handler = (event) => Promise.map(event.items, (item) => item);");
add('effect', 'bundle', ['effect@3'], "import { Effect, Schema } from 'effect';\nconst order = Schema.Struct({ id: Schema.String });\nexport const handler = (event) => Effect.runPromise(Schema.decodeUnknown(order)(event));");
add('mathjs', 'bundle', ['mathjs@13'], "import * as math from 'mathjs';\nexport const handler = async (event) => math.evaluate(event.expression);");
add('faker', 'bundle', ['@faker-js/faker@9'], "import { faker } from '@faker-js/faker';\nexport const handler = async () => faker.person.fullName();", heldOut);
add('prettier', 'bundle', ['prettier@3'], "import * as prettier from 'prettier/standalone';\nimport * as babel from 'prettier/plugins/babel';\nimport * as estree from 'prettier/plugins/estree';\nexport const handler = (event) => prettier.format(event.body, { parser: 'babel', plugins: [babel, estree] });");
add('i18next', 'bundle', ['i18next@23'], "import i18next from 'i18next';\nexport const handler = async (event) => i18next.t(event.key);");
add('sanitize-html', 'bundle', ['sanitize-html@2'], "import sanitize from 'sanitize-html';\nexport const handler = async (event) => sanitize(event.body);");
add('cheerio', 'bundle', ['cheerio@1'], "import * as cheerio from 'cheerio';\nexport const handler = async (event) => cheerio.load(event.body)('h1').text();");
add('pdf-lib', 'bundle', ['pdf-lib@1'], "import { PDFDocument } from 'pdf-lib';\nexport const handler = async () => (await PDFDocument.create()).save();");

// Web frameworks and requests.
add('express', 'bundle', ['express@5'], "import express from 'express';\nconst app = express();\napp.get('/', (request, response) => response.send('ok'));\nexport const handler = app;");
add('koa', 'bundle', ['koa@3'], "import Koa from 'koa';\nconst app = new Koa();\napp.use((context) => { context.body = 'ok'; });\nexport const handler = app.callback();");
add('fastify', 'bundle', ['fastify@5'], "import fastify from 'fastify';\nconst app = fastify();\napp.get('/', async () => 'ok');\nexport const handler = app;", heldOut);
add('axios', 'bundle', ['axios@1'], "import axios from 'axios';\nexport const handler = async (event) => (await axios.get(event.url)).data;");
add('got', 'bundle', ['got@14'], "import got from 'got';\nexport const handler = async (event) => got(event.url).json();");
add('undici', 'bundle', ['undici@6'], "import { request } from 'undici';\nexport const handler = async (event) => (await request(event.url)).body.json();");
add('graphql', 'bundle', ['graphql@16'], "import { buildSchema, graphql } from 'graphql';\nconst schema = buildSchema('type Query { ok: Boolean }');\nexport const handler = async (event) => graphql({ schema, source: event.query });");
add('apollo server', 'bundle', ['@apollo/server@4', 'graphql@16'], "import { ApolloServer } from '@apollo/server';\nconst server = new ApolloServer({ typeDefs: 'type Query { ok: Boolean }', resolvers: {} });\nexport const handler = async (event) => server.executeOperation({ query: event.query });");
add('nodemailer', 'bundle', ['nodemailer@6'], "import nodemailer from 'nodemailer';\nconst mail = nodemailer.createTransport({});\nexport const handler = async (event) => mail.sendMail(event);");
add('winston', 'bundle', ['winston@3'], "import winston from 'winston';\nconst log = winston.createLogger({ transports: [new winston.transports.Console()] });\nexport const handler = async (event) => log.info('event', { id: event.id });");
add('pino', 'bundle', ['pino@9'], "import pino from 'pino';\nconst log = pino();\nexport const handler = async (event) => log.info({ id: event.id });", heldOut);

// Clients of services.
add('S3 client', 'bundle', ['@aws-sdk/client-s3@3'], "import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';\nconst s3 = new S3Client({ region: 'eu-west-1' });\nexport const handler = async (event) => s3.send(new GetObjectCommand({ Bucket: 'b', Key: event.key }));");
add('DynamoDB document client', 'minified', ['@aws-sdk/client-dynamodb@3', '@aws-sdk/lib-dynamodb@3'], "import { DynamoDBClient } from '@aws-sdk/client-dynamodb';\nimport { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';\nconst table = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-west-1' }));\nexport const handler = async (event) => table.send(new GetCommand({ TableName: 't', Key: { id: event.id } }));");
add('SQS client', 'bundle', ['@aws-sdk/client-sqs@3'], "import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';\nconst sqs = new SQSClient({ region: 'eu-west-1' });\nexport const handler = async (event) => sqs.send(new SendMessageCommand({ QueueUrl: 'q', MessageBody: event.body }));", heldOut);
add('S3, DynamoDB and SQS clients', 'minified', ['@aws-sdk/client-s3@3', '@aws-sdk/client-dynamodb@3', '@aws-sdk/client-sqs@3'], "import { S3Client } from '@aws-sdk/client-s3';\nimport { DynamoDBClient } from '@aws-sdk/client-dynamodb';\nimport { SQSClient } from '@aws-sdk/client-sqs';\nconst clients = [S3Client, DynamoDBClient, SQSClient].map((Client) => new Client({ region: 'eu-west-1' }));\nexport const handler = async () => clients.length;");
add('aws-sdk', 'bundle', ['aws-sdk@2'], "import AWS from 'aws-sdk';\nconst s3 = new AWS.S3();\nexport const handler = async (event) => s3.getObject({ Bucket: 'b', Key: event.key }).promise();");
add('aws-sdk/clients/s3', 'bundle', ['aws-sdk@2'], "import S3 from 'aws-sdk/clients/s3';\nconst s3 = new S3();\nexport const handler = async (event) => s3.getObject({ Bucket: 'b', Key: event.key }).promise();");
add('mongodb', 'bundle', ['mongodb@6'], "import { MongoClient } from 'mongodb';\nconst client = new MongoClient('mongodb://127.0.0.1');\nexport const handler = async () => client.db('d').collection('c').findOne();", heldOut);
add('mysql2', 'bundle', ['mysql2@3'], "import mysql from 'mysql2/promise';\nexport const handler = async () => (await mysql.createConnection({})).query('select 1');");
add('pg', 'bundle', ['pg@8'], "import pg from 'pg';\nconst pool = new pg.Pool();\nexport const handler = async () => pool.query('select 1');");
add('ioredis', 'bundle', ['ioredis@5'], "import Redis from 'ioredis';\nconst redis = new Redis({ lazyConnect: true });\nexport const handler = async (event) => redis.get(event.key);");
add('sequelize', 'files', ['sequelize@6'], "import { Sequelize } from 'sequelize';\nexport const handler = async () => Sequelize.version;");
add('stripe', 'bundle', ['stripe@18'], "import Stripe from 'stripe';\nconst stripe = new Stripe('sk_test_none');\nexport const handler = async (event) => stripe.charges.retrieve(event.id);");
add('openai', 'bundle', ['openai@5'], "import OpenAI from 'openai';\nconst client = new OpenAI({ apiKey: 'none' });\nexport const handler = async (event) => client.responses.create({ model: 'm', input: event.text });");
add('slack', 'bundle', ['@slack/web-api@7'], "import { WebClient } from '@slack/web-api';\nconst slack = new WebClient();\nexport const handler = async (event) => slack.chat.postMessage({ channel: 'c', text: event.text });");
add('octokit', 'bundle', ['@octokit/rest@21'], "import { Octokit } from '@octokit/rest';\nconst github = new Octokit();\nexport const handler = async () => github.rest.users.getAuthenticated();");
add('blob storage, modules', 'modules', ['@azure/storage-blob@12'], "import { BlobServiceClient } from '@azure/storage-blob';\nexport const handler = async () => BlobServiceClient.name;");
add('cosmos', 'minified', ['@azure/cosmos@4'], "import { CosmosClient } from '@azure/cosmos';\nexport const handler = async () => CosmosClient.name;");
add('cloud storage', 'bundle', ['@google-cloud/storage@7'], "import { Storage } from '@google-cloud/storage';\nconst storage = new Storage();\nexport const handler = async (event) => storage.bucket('b').file(event.name).download();", heldOut);
add('twilio', 'bundle', ['twilio@5'], "import twilio from 'twilio';\nconst client = twilio('ACnone', 'none');\nexport const handler = async (event) => client.messages.create({ to: event.to, body: event.body });");
add('protobufjs', 'bundle', ['protobufjs@7'], "import protobuf from 'protobufjs';\nexport const handler = async (event) => protobuf.parse(event.proto).root.toJSON();");
add('grpc', 'bundle', ['@grpc/grpc-js@1'], "import * as grpc from '@grpc/grpc-js';\nexport const handler = async () => grpc.status.OK;", heldOut);
add('ethers', 'bundle', ['ethers@6'], "import { ethers } from 'ethers';\nexport const handler = async (event) => ethers.verifyMessage(event.text, event.signature);");
add('class-validator', 'bundle', ['class-validator@0.14', 'class-transformer@0.5', 'reflect-metadata@0.2'], "import 'reflect-metadata';\nimport { validate } from 'class-validator';\nimport { plainToInstance } from 'class-transformer';\nclass Order {}\nexport const handler = async (event) => validate(plainToInstance(Order, event));");

// The same as installed: one file a module.
add('lodash, files', 'files', ['lodash@4'], "import _ from 'lodash';\nexport const handler = async (event) => _.merge({}, event);");
add('express, files', 'files', ['express@5'], "import express from 'express';\nconst app = express();\nexport const handler = app;");
add('date-fns, files', 'files', ['date-fns@4'], "import { format } from 'date-fns';\nexport const handler = async () => format(new Date(), 'P');");
add('DynamoDB client, files', 'files', ['@aws-sdk/client-dynamodb@3'], "import { DynamoDBClient } from '@aws-sdk/client-dynamodb';\nconst table = new DynamoDBClient({ region: 'eu-west-1' });\nexport const handler = async () => table.config.region();");
add('mongodb, files', 'files', ['mongodb@6'], "import { MongoClient } from 'mongodb';\nconst client = new MongoClient('mongodb://127.0.0.1');\nexport const handler = async () => client.db('d');", heldOut);
add('rxjs, files', 'files', ['rxjs@7'], "import { of } from 'rxjs';\nexport const handler = async () => of(1);");
add('graphql, files', 'files', ['graphql@16'], "import { graphql, buildSchema } from 'graphql';\nconst schema = buildSchema('type Query { ok: Boolean }');\nexport const handler = async (event) => graphql({ schema, source: event.query });", heldOut);
add('ajv, files', 'files', ['ajv@8'], "import Ajv from 'ajv';\nexport const handler = async (event) => new Ajv.default().validate({ type: 'object' }, event);");
add('lodash, modules', 'modules', ['lodash@4'], "import _ from 'lodash';\nexport const handler = async (event) => _.merge({}, event);");
add('express, modules', 'modules', ['express@5'], "import express from 'express';\nconst app = express();\nexport const handler = app;");
add('SQS client, modules', 'modules', ['@aws-sdk/client-sqs@3'], "import { SQSClient } from '@aws-sdk/client-sqs';\nconst sqs = new SQSClient({ region: 'eu-west-1' });\nexport const handler = async () => sqs.config.region();");
add('winston, modules', 'modules', ['winston@3'], "import winston from 'winston';\nexport const handler = async (event) => winston.info(event.id);", heldOut);
