import { expect, it } from 'vitest';
import { mayServe, serverOf } from '../../src/catalog/servers.ts';
import { callee, fn, val } from './support.ts';
import type { Plain } from './support.ts';

it.each<[string, string, readonly Plain[], boolean, string | undefined]>([
  ['express', 'Router.#listen', [3000], false, 'listens'],
  ['http', 'createServer.#listen', [3000], false, 'listens'],
  ['@nestjs/core', 'NestFactory.create.#listen', [3000], false, 'listens'],
  ['@hapi/hapi', 'server.#start', [], false, 'listens'],
  ['global', 'Bun.serve', [{}], false, 'listens'],
  ['express', 'Router.#get', ['/', fn], false, undefined],
  ['redis', 'createClient.#listen', [], false, undefined],
  ['ws', 'WebSocketServer', [{ port: 1 }], true, 'sockets'],
  ['ws', 'WebSocketServer', [{ noServer: true }], true, undefined],
  ['ws', 'default', ['wss://a'], true, undefined],
  ['kafkajs', 'Kafka.#consumer.#run', [{}], false, 'consumes'],
  ['kafkajs', 'Kafka.#producer.#send', [{}], false, undefined],
  ['bullmq', 'Worker', ['q', fn], true, 'consumes'],
  ['bullmq', 'Worker', ['q', fn, { autorun: false }], true, undefined],
  ['bullmq', 'Queue', ['q'], true, undefined],
  ['node-cron', 'schedule', ['* * * * *', fn], false, 'schedules'],
  ['node-cron', 'validate', ['* * * * *'], false, undefined],
  ['croner', 'Cron', ['* * * * *', { paused: true }, fn], true, undefined],
])('serverOf %s %s', (module, path, args, constructs, expected) => {
  expect(serverOf(callee(module, path), args.map(val), constructs)?.kind).toBe(expected);
  if (expected !== undefined) expect(mayServe(callee(module, path))).toBe(true);
});
