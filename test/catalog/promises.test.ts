import { describe, expect, it } from 'vitest';
import { normalName } from '../../src/catalog/look-up.ts';
import { mayStartCallback, mayStartPromise, platformPromise, startsCallback, startsPromise } from '../../src/catalog/promises.ts';
import { callee, context, event, fn, made, val } from './support.ts';
import type { Plain } from './support.ts';

/** What is found must pass the gate that stands before arguments are worked out. */
const gated = (found: string | undefined, passes: boolean): string | undefined => (found !== undefined && !passes ? `${found}, which the gate does not let through` : found);
const promise = (module: string, path: string, args: readonly Plain[] = [], hasCallback = false): string | undefined => gated(startsPromise(callee(module, path), args.map(val), hasCallback), mayStartPromise(callee(module, path)));
const callback = (module: string, path: string, args: readonly Plain[] = []): string | undefined => gated(startsCallback(callee(module, path), args.map(val)), mayStartCallback(callee(module, path)));
const put = made('@aws-sdk/client-s3', 'PutObjectCommand', {});

describe('startsPromise', () => {
  it.each<[string, string, readonly Plain[], string | undefined]>([
    ['global', 'fetch', ['https://a'], 'fetch'],
    ['axios', 'post', ['https://a'], 'axios.post'],
    ['https', 'get', ['https://a'], undefined],
    ['superagent', 'post', ['https://a'], undefined],
    ['@aws-sdk/client-s3', 'S3Client.#send', [put], 'PutObject'],
    ['@aws-sdk/client-s3', 'paginateListObjectsV2', [{}, {}], undefined],
    ['aws-sdk', 'S3.#putObject', [{}], undefined],
    ['aws-sdk', 'S3.#putObject.#promise', [], 'putObject'],
    ['fs/promises', 'writeFile', ['a'], 'writeFile'],
    ['fs', 'promises.rm', ['a'], 'rm'],
    ['fs', 'writeFileSync', ['a'], undefined],
    ['fs', 'writeFile', ['a'], undefined],
    ['firebase-admin', 'firestore.#collection.#doc.#set', [{}], 'set'],
    ['@azure/data-tables', 'TableClient.#deleteEntity', ['a', 'b'], 'deleteEntity'],
    ['@azure/data-tables', 'TableTransaction.#deleteEntity', ['a', 'b'], undefined],
    ['@azure/storage-file-share', 'ShareClient.#createFile', ['a', 1], 'createFile'],
    ['firebase-admin', 'firestore.#batch.#set', [{}], undefined],
    ['firebase-admin', 'firestore.#batch.#commit', [], 'commit'],
    // By their declared types.
    ['firebase-admin/firestore', 'Transaction.#update', [{}], undefined],
    ['firebase-admin/firestore', 'WriteBatch.#set', [{}], undefined],
    ['firebase-admin/firestore', 'WriteBatch.#commit', [], 'commit'],
    ['@google-cloud/firestore', 'BulkWriter.#delete', [{}], undefined],
    ['firebase-admin/firestore', 'DocumentReference.#update', [{}], 'update'],
    ['firebase-admin', 'firestore.#collection.#doc.#get.#get', ['name'], undefined],
    ['firebase-admin', 'database.#ref.#push.#set', [{}], 'set'],
    ['firebase-admin/firestore', 'QueryDocumentSnapshot.#get', ['name'], undefined],
    ['firebase-admin', 'firestore.DocumentSnapshot.#get', ['name'], undefined],
    ['firebase-admin/firestore', 'DocumentSnapshot.#ref.#get', [], 'get'],
    ['firebase-admin/firestore', 'DocumentSnapshot.#ref.#update', [{}], 'update'],
    ['ioredis', 'Redis.#set', ['a', 'b'], 'set'],
    ['ioredis', 'Redis.#pipeline.#set', ['a', 'b'], undefined],
    ['ioredis', 'Redis.#pipeline.#set.#exec', [], 'exec'],
    ['redis', 'createClient.#zIncrBy', ['a', 1, 'b'], 'zIncrBy'],
    ['redis', 'createClient.#multi.#zIncrBy', ['a', 1, 'b'], undefined],
    ['redis', 'createClient.#on', ['error'], undefined],
    ['nobody-knows', 'go', [], undefined],
  ])('%s %s', (module, path, args, expected) => {
    expect(promise(module, path, args)).toBe(expected);
  });

  it('with a callback it is no promise', () => {
    expect(promise('@aws-sdk/client-s3', 'S3Client.#send', [put, fn], true)).toBeUndefined();
  });
});

describe('platformPromise', () => {
  it.each([
    [context('env', 'STORE', 'put'), 'cloudflare', 'STORE.put'],
    [context('env', 'OBJECTS', 'idFromName'), 'cloudflare', undefined],
    [context('env', 'STORE', 'put'), 'aws', undefined],
    [event('after', 'ref', 'set'), 'firebase', 'ref.set'],
    [event('after', 'data'), 'firebase', undefined],
  ] as const)('%o on %s', (value, platform, expected) => {
    expect(platformPromise(value, platform)).toBe(expected);
  });
});

describe('startsCallback', () => {
  it.each<[string, string, readonly Plain[], string | undefined]>([
    ['fs', 'readFile', ['a', fn], 'fs.readFile'],
    ['fs', 'promises.readFile', ['a', fn], undefined],
    ['fs', 'readFileSync', ['a'], undefined],
    ['aws-sdk', 'S3.#putObject', [{}, fn], 'putObject'],
    ['aws-sdk', 'S3.#putObject.#send', [fn], 'putObject'],
    ['@aws-sdk/client-s3', 'S3Client.#send', [put, fn], 'PutObject'],
    ['child_process', 'exec', ['ls', fn], 'child_process.exec'],
    ['nobody-knows', 'go', [fn], undefined],
  ])('%s %s', (module, path, args, expected) => {
    expect(callback(module, path, args)).toBe(expected);
  });
});

describe('methods that promisifyAll makes', () => {
  it.each<[string, readonly string[], string | undefined, string]>([
    ['aws-sdk', ['DynamoDB', 'DocumentClient', '#putAsync'], 'put', '#put'],
    ['aws-sdk/clients/s3', ['#getObjectAsync'], 'getObject', '#getObject'],
    ['redis', ['createClient', '#setAsync'], 'set', '#set'],
    // The request that is sent later, an operation of that name, a package with methods called so.
    ['aws-sdk', ['S3', '#putObject'], undefined, '#putObject'],
    ['aws-sdk', ['Lambda', '#invokeAsync'], undefined, '#invokeAsync'],
    ['mathjs', ['#sumAsync'], undefined, '#sumAsync'],
  ])('%s %j', (module, path, started, last) => {
    expect(startsPromise({ module, path }, [], false)).toBe(started);
    expect(normalName({ module, path }).path.at(-1)).toBe(last);
  });
});
