import type { Callee } from '../model/project.ts';
import type { Value } from '../model/value.ts';
import { byName, isMethod, normalName, property, wordSet } from './look-up.ts';

/**
 * What binds a port, subscribes for ever or runs on a clock of its own.
 *
 * Sources (November 2026): Node.js 24 documentation (http, https, http2, net, tls, dgram); Express 5, Fastify 5, Koa 3, hapi 21, Nest 11,
 * restify 11, Polka, Apollo Server 4, @hono/node-server, ws 8, Socket.IO 4; kafkajs 2, amqplib 0.10, sqs-consumer 11, bull 4, bullmq 5,
 * rhea, nats, mqtt 5, @google-cloud/pubsub 5; node-cron 4, cron 4, croner 9, node-schedule 2, toad-scheduler, agenda 5, bree 9.
 */
export interface Server {
  /** `listens`: binds a port. `sockets`: accepts WebSockets. `consumes`: takes messages for ever. `schedules`: runs by a clock in the process. */
  readonly kind: 'listens' | 'sockets' | 'consumes' | 'schedules';
  readonly what: string;
}

const servers = /^(?:express|fastify|koa|connect|polka|restify|micro|http|https|http2|net|tls|dgram|@nestjs\/(?:core|platform-express|platform-fastify)|apollo-server(?:-\w+)?|@apollo\/server|graphql-yoga|@feathersjs\/(?:express|koa|feathers)|socket\.io|ultimate-express|hyper-express|uWebSockets\.js|json-server|@loopback\/rest|sails|moleculer-web|h3|tinyhttp|@tinyhttp\/app|spdy|lambda-api)$/;
const starts: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['@hapi/hapi', wordSet('start')], ['hapi', wordSet('start')], ['@hono/node-server', wordSet('serve')], ['@apollo/server/standalone', wordSet('startStandaloneServer')],
  ['global', wordSet('Bun.serve Deno.serve')], ['@loopback/rest', wordSet('start')], ['srvx', wordSet('serve')],
]);
const consumers: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['kafkajs', wordSet('run')], ['@confluentinc/kafka-javascript', wordSet('run')], ['node-rdkafka', wordSet('consume')], ['amqplib', wordSet('consume')], ['amqplib/callback_api', wordSet('consume')],
  ['amqp-connection-manager', wordSet('consume')], ['sqs-consumer', wordSet('start')], ['bull', wordSet('process')], ['bee-queue', wordSet('process')], ['kue', wordSet('process')],
  ['nats', wordSet('subscribe')], ['mqtt', wordSet('subscribe subscribeAsync')], ['ioredis', wordSet('subscribe psubscribe')], ['redis', wordSet('subscribe pSubscribe')], ['nsqjs', wordSet('connect')],
  ['@azure/service-bus', wordSet('subscribe')], ['@azure/event-hubs', wordSet('subscribe')], ['rhea', wordSet('open_receiver')], ['stompit', wordSet('subscribe')], ['pg-boss', wordSet('work')], ['agenda', wordSet('start')],
]);
const schedulers: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['node-cron', wordSet('schedule')], ['node-schedule', wordSet('scheduleJob')], ['toad-scheduler', wordSet('addSimpleIntervalJob addIntervalJob addCronJob addLongIntervalJob')],
  ['agenda', wordSet('every')], ['bree', wordSet('start')], ['later', wordSet('setInterval')], ['@breejs/later', wordSet('setInterval')],
]);

/** Whether a call or `new` can start a server, a consumer or a schedule, by its name. Pure. */
export const mayServe = byName((name) => /^(?:ws|bullmq|cron|croner|@google-cloud\/pubsub)$/.test(name.module) || serverOf(name, [], false) !== undefined || serverOf(name, [], true) !== undefined);

/** What a call starts that a function has no place for; `undefined` for anything else. Pure. */
export function serverOf(callee: Callee, args: readonly Value[], constructs: boolean): Server | undefined {
  const name = normalName(callee);
  const { module, path, method } = name;
  const what = method === '' ? module : method;
  if (constructs) return constructed(module, path, args);
  if (method === 'listen' && servers.test(module) && (isMethod(name) || path.length > 1)) return { kind: 'listens', what };
  if (starts.get(module)?.has(module === 'global' ? path.join('.') : method)) return { kind: 'listens', what: module === 'global' ? path.join('.') : what };
  if (consumers.get(module)?.has(method) && isMethod(name)) return { kind: 'consumes', what };
  if (module === '@google-cloud/pubsub' && method === 'on' && args[0]?.kind === 'literal' && args[0].value === 'message') return { kind: 'consumes', what: "on('message')" };
  if (schedulers.get(module)?.has(method)) return { kind: 'schedules', what };
  if (module === 'cron' && path[0] === 'CronJob' && (method === 'start' || method === 'from')) return method === 'from' && !isTrue(property(args[0], 'start')) ? undefined : { kind: 'schedules', what: `CronJob.${method}` };
  return undefined;
}

function constructed(module: string, path: readonly string[], args: readonly Value[]): Server | undefined {
  const cls = path.at(-1) ?? '';
  if (module === 'ws' && (cls === 'WebSocketServer' || cls === 'Server')) {
    const options = args[0];
    return isTrue(property(options, 'noServer')) ? undefined : { kind: 'sockets', what: cls };
  }
  if ((module === 'bullmq') && cls === 'Worker' && args[1] !== undefined && !isFalse(property(args[2], 'autorun'))) return { kind: 'consumes', what: cls };
  // A job, not a question about times: it is given something to run and started at once.
  if (module === 'cron' && cls === 'CronJob') {
    const options = args[0]?.kind === 'object' ? args[0] : undefined;
    return isTrue(options ? property(options, 'start') : args[3]) ? { kind: 'schedules', what: cls } : undefined;
  }
  if (module === 'croner' && args.some((arg) => arg.kind === 'function') && !isTrue(property(args.find((arg) => arg.kind === 'object'), 'paused'))) return { kind: 'schedules', what: cls === '' || cls === 'default' ? 'Cron' : cls };
  return undefined;
}

const isTrue = (value: Value | undefined): boolean => value?.kind === 'literal' && value.value === true;
const isFalse = (value: Value | undefined): boolean => value?.kind === 'literal' && value.value === false;
