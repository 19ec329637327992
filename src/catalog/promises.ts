import type { Callee } from '../model/project.ts';
import type { Value } from '../model/value.ts';
import { awsOperationsOf, mayOperate } from './effects.ts';
import { isUnresolvedSend } from './aws-sdk-v3.ts';
import { httpClients, httpRequestOf } from './http-clients.ts';
import { byName, givesPromiseByName, isMethod, normalName, wordSet, words } from './look-up.ts';

/**
 * Calls of packages and of the platform that start work and return at once: with a promise, or with a callback. What is not
 * listed starts nothing that is known of. Calls that start only when they are awaited (query builders, superagent, SDK v2 requests
 * without `promise()` or a callback) are left out on purpose.
 *
 * Sources (November 2026): Node.js 24 documentation; references of AWS SDK for JavaScript 2 and 3, firebase-admin 13,
 * @google-cloud client libraries, @azure SDK for JavaScript, Cloudflare Workers bindings, @netlify/blobs, @vercel/blob and kv,
 * openwhisk 3, @adobe/aio-lib-state and -files, sst 3; README of each other package.
 */

interface Row {
  readonly modules: RegExp;
  readonly methods: ReadonlySet<string>;
  /** Methods of objects only, not functions of the module itself. */
  readonly onObjects: boolean;
  /** A link of the chain that makes the rest synchronous, such as a write batch. */
  readonly unless?: RegExp;
}
const row = (modules: RegExp, methods: string, onObjects = true, unless?: RegExp): Row => ({ modules, methods: wordSet(methods), onObjects, ...(unless ? { unless } : {}) });

const documents = 'set update add delete create remove commit once runTransaction transaction recursiveDelete';
const rows: readonly Row[] = [
  row(/^firebase-admin(?:\/.+)?$/, `${documents} push get send sendEach sendEachForMulticast sendMulticast sendToDevice sendToTopic sendToCondition subscribeToTopic unsubscribeFromTopic
    setCustomUserClaims setCustomUserClaims createUser updateUser deleteUser deleteUsers getUser getUserByEmail verifyIdToken revokeRefreshTokens upload save download makePublic copy move enqueue`, true, /^#?(?:batch|bulkWriter|WriteBatch|BulkWriter|Transaction|FieldValue|data|val|child_process|Map|Set)$/),
  row(/^@google-cloud\/.+$/, `${documents} get publish publishMessage publishJSON save upload insert upsert createTask setMetadata makePublic copy move download accessSecretVersion createQueryJob createLoadJob`, true, /^#?(?:batch|bulkWriter|WriteBatch|BulkWriter|Transaction|FieldValue|transaction|data)$/),
  row(/^@azure\/.+$/, `upload uploadData uploadFile uploadStream sendMessage sendMessages sendBatch send create createIfNotExists upsert replace patch delete deleteIfExists createEntity upsertEntity updateEntity deleteEntity
    downloadToBuffer scheduleMessages beginSend setSecret publishEvents createFile deleteFile uploadRange appendBlock commitBlockList deleteMessage updateMessage
    completeMessage abandonMessage deferMessage deadLetterMessage submitTransaction`, true, /^#?TableTransaction$/),
  row(/^@netlify\/blobs$/, 'set setJSON delete get getWithMetadata list'),
  row(/^@vercel\/blob$/, 'put del list head copy', false),
  row(/^(?:ioredis|redis|@upstash\/redis|@vercel\/kv)$/, `get set setex setnx del incr incrby decr expire hset hget hgetall hdel hincrby lpush rpush lpop rpop lrange sadd srem smembers zadd zrem publish xadd flushall mset mget getdel
    exists ttl persist rename lrem ltrim hSet hGet hGetAll hDel lPush rPush sAdd sRem zAdd xAdd setEx incrBy quit exec
    setNX pSetEX psetex mSet mSetNX mGet getSet getset getDel getEx append decrBy decrby incrByFloat incrbyfloat strLen unlink expireAt expireat pExpire pexpire
    hSetNX hsetnx hMGet hmget hmset hExists hexists hKeys hkeys hVals hvals hLen hlen hIncrBy hIncrByFloat hincrbyfloat lPop rPop lLen llen lRange lRem lTrim lMove
    sIsMember sismember sMembers sCard scard sPop spop zIncrBy zincrby zRem zrem zRange zrange zRangeWithScores zrangebyscore zRangeByScore zrevrange zScore zscore zCard zcard zCount zRank zRevRank
    geoAdd geoadd pfAdd pfadd xAck xack xDel xTrim flushAll flushDb flushdb`, true, /^#?(?:pipeline|multi)$/),
  row(/^@upstash\/qstash$/, 'publish publishJSON batch batchJSON enqueue enqueueJSON'),
  row(/^mongodb$/, 'insertOne insertMany updateOne updateMany replaceOne deleteOne deleteMany findOneAndUpdate findOneAndDelete findOneAndReplace bulkWrite findOne countDocuments connect close'),
  row(/^mongoose$/, 'connect disconnect create insertMany bulkWrite save'),
  row(/^(?:pg|mysql2\/promise|mariadb|@neondatabase\/serverless|@planetscale\/database|tedious-promises)$/, 'query execute connect end getConnection', true),
  row(/^nodemailer$/, 'sendMail'),
  row(/^@sendgrid\/mail$/, 'send sendMultiple', false),
  row(/^(?:resend|postmark|mailgun\.js|@mailchimp\/mailchimp_transactional)$/, 'send sendEmail create'),
  row(/^twilio$/, 'create update remove'),
  row(/^stripe$/, 'create update del retrieve confirm cancel capture pay refund'),
  row(/^@slack\/(?:web-api|webhook|bolt)$/, 'postMessage postEphemeral send update delete open publish'),
  row(/^(?:octokit|@octokit\/(?:rest|core|app|graphql|request)|probot)$/, 'request createComment create update merge addLabels removeLabel createDispatchEvent createOrUpdateFileContents'),
  row(/^(?:openai|@anthropic-ai\/sdk)$/, 'create'),
  row(/^googleapis$|^@googleapis\/.+$/, 'create insert update append delete send patch batchUpdate get list'),
  row(/^openwhisk$/, 'invoke create update delete'),
  row(/^@adobe\/aio-lib-state$/, 'put delete get deleteAll'),
  row(/^@adobe\/aio-lib-files$/, 'write delete copy read list'),
  row(/^sst(?:\/.+)?$/, 'publish send', false),
  row(/^(?:graphql-request)$/, 'request rawRequest'),
  row(/^web-push$/, 'sendNotification', false),
  row(/^@sentry\/.+$/, 'flush', false),
  row(/^timers\/promises$/, 'setTimeout setImmediate', false),
  row(/^stream\/promises$/, 'pipeline finished', false),
  row(/^kafkajs$/, 'send sendBatch connect disconnect'),
  row(/^(?:amqplib)$/, 'connect createChannel assertQueue'),
  row(/^(?:@elastic\/elasticsearch|@opensearch-project\/opensearch|algoliasearch)$/, 'index bulk update delete create saveObject saveObjects partialUpdateObject deleteObject addObject search'),
];

const fsPromises = wordSet(`access appendFile chmod chown copyFile cp lchown link lstat mkdir mkdtemp open readdir readFile readlink realpath rename rm rmdir stat symlink truncate unlink utimes writeFile`);
const fsExtra = wordSet('copy emptyDir ensureDir ensureFile move outputFile outputJson outputJSON pathExists readJson readJSON remove writeJson writeJSON mkdirp mkdirs');
/** HTTP clients whose calls give no promise, or one that sends only when it is awaited. */
const notPromising = wordSet('http https follow-redirects request superagent wretch needle');
const workersBinding = wordSet('put delete send sendBatch fetch get list run exec batch all first raw upload getWithMetadata create');
const eventReference = wordSet('set update delete remove push add create transaction');
const bodyReaders = wordSet('json arrayBuffer formData');
const responseBody = wordSet('json text arrayBuffer blob formData bytes');

/** Whether a call can start something that gives a promise, by its name. Pure. */
export const mayStartPromise = (callee: Callee): boolean => mayOperate(callee) || namesPromise(callee);
const namesPromise = byName(({ module, path, method }) => (httpClients.has(module) && (module !== 'global' || path.includes('fetch'))) || (module === 'unknown' && bodyReaders.has(method))
  || (/^(?:fs|graceful-fs|fs-extra|fs\/promises)$/.test(module) && (fsPromises.has(method) || fsExtra.has(method))) || rows.some(({ modules, methods }) => modules.test(module) && methods.has(method)));

/** Name of what a call starts that gives a promise at once; `undefined` for anything else. `callback`: a function is among the arguments. Pure. */
export function startsPromise(callee: Callee, args: readonly Value[], hasCallback: boolean): string | undefined {
  const name = normalName(callee);
  const { module, path, method } = name;
  const shown = method === '' ? module : method;
  if (givesPromiseByName(callee)) return shown;
  if (module === 'aws-sdk' || module.startsWith('aws-sdk/')) return (method === 'promise' || method === 'getSignedUrlPromise') ? (path.at(-2)?.replace('#', '') ?? shown) : undefined;
  if (hasCallback && module !== 'firebase-admin') return undefined;
  if (awsOperationsOf(callee, args).some(({ sdk, form }) => sdk === 3 && (form === 'call' || form === 'waiter')) || isUnresolvedSend(callee, args)) return commandName(args[0]) ?? shown;
  if (!notPromising.has(module) && httpRequestOf(callee, args)) return module === 'global' ? 'fetch' : module === shown ? module : `${module}.${shown}`;
  // Bodies of requests and answers, wherever they come from: but for what answers a request itself (`res.json()`), a parameter, nothing has such a method without arguments.
  const answers = method === 'json' && (callee.receiver === undefined || callee.receiver.kind === 'param' || callee.receiver.kind === 'literal');
  if (module === 'unknown' && bodyReaders.has(method) && args.length === 0 && callee.receiver?.kind !== 'event' && !answers) return shown;
  if (responseBody.has(method) && isMethod(name) && httpRequestOf({ module, path: path.slice(0, -1) }, [])) return shown;
  if (module === 'fs/promises' || ((module === 'fs' || module === 'graceful-fs') && path[0] === 'promises')) return fsPromises.has(method) ? shown : undefined;
  if (module === 'fs-extra' && (fsPromises.has(method) || fsExtra.has(method))) return shown;
  for (const { modules, methods, onObjects, unless } of rows) {
    if (!modules.test(module) || !methods.has(method) || (onObjects && !isMethod(name) && path.length < 2)) continue;
    // What ends a batch or pipeline sends all that was put into it.
    if (method === 'commit' || method === 'exec') return shown;
    if (unless && path.some((part) => unless.test(part))) return undefined;
    // A field of a snapshot: `fromFirestore: (snapshot: QueryDocumentSnapshot) => snapshot.get('name')`.
    if (method === 'get' && /Snapshot$/.test(path.at(-2) ?? '')) return undefined;
    // What a finished call gave is data: `(await doc.get()).get('name')`.
    if (path.slice(0, -1).some((part) => part !== '#push' && part.startsWith('#') && methods.has(part.slice(1)))) return undefined;
    return shown;
  }
  return undefined;
}

/** The operation of a command of SDK v3. */
function commandName(value: Value | undefined): string | undefined {
  return value?.kind === 'instance' && value.of.kind === 'external' ? value.of.path.at(-1)?.replace(/Command$/, '') : undefined;
}

/** Methods of what the platform hands to a function: bindings of Workers (`env.NAME.put`), references in a Firebase event. */
export function platformPromise(value: Value, platform: string): string | undefined {
  if (value.kind === 'context' && platform === 'cloudflare' && value.path[0] === 'env' && value.path.length === 3) return workersBinding.has(value.path[2] ?? '') ? value.path.slice(1).join('.') : undefined;
  // A binding that the declaration names: `env.NAME` is then the resource.
  if (value.kind === 'derived' && platform === 'cloudflare' && value.what.startsWith('.') && value.from[0]?.kind === 'resource' && value.from[0].attribute === 'binding') {
    return workersBinding.has(value.what.slice(1)) ? `${value.from[0].id}${value.what}` : undefined;
  }
  if (value.kind === 'event' && (platform === 'firebase' || platform === 'google') && value.path.at(-2) === 'ref') return eventReference.has(value.path.at(-1) ?? '') ? value.path.slice(-2).join('.') : undefined;
  return undefined;
}

const callbackFunctions: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['fs', fsPromises], ['graceful-fs', fsPromises], ['fs-extra', new Set([...fsPromises, ...fsExtra])],
  ['http', wordSet('request get')], ['https', wordSet('request get')], ['http2', wordSet('request')],
  ...words('follow-redirects').map((module): [string, ReadonlySet<string>] => [module, wordSet('request get')]),
  ['request', new Set(['', ...words('get post put patch del delete head')])],
  ['needle', new Set(['', ...words('get post put patch delete head request')])],
  ['child_process', wordSet('exec execFile')],
  ['dns', wordSet('lookup resolve resolve4 resolve6 resolveMx resolveTxt reverse')],
  ['zlib', wordSet('gzip gunzip deflate inflate deflateRaw inflateRaw brotliCompress brotliDecompress unzip')],
  ['crypto', wordSet('pbkdf2 scrypt randomFill generateKeyPair hkdf')],
  ['stream', wordSet('pipeline finished')],
  ['bcrypt', wordSet('hash compare genSalt')], ['bcryptjs', wordSet('hash compare genSalt')],
  ['nodemailer', wordSet('sendMail')],
  ...words('mysql mysql2 pg').map((module): [string, ReadonlySet<string>] => [module, wordSet('query execute connect end getConnection')]),
  ['redis', wordSet('get set setex del incr hset hget hgetall lpush rpush publish')],
  ['superagent', wordSet('end')],
]);

/** Name of what a call starts that nobody can wait for: it answers neither with a promise nor through a callback. Pure. */
export function startsAlone(callee: Callee): string | undefined {
  const { module, method } = normalName(callee);
  // AWS documentation, cfn-response module (November 2026): sends with https.request and ends with context.done.
  return (module === 'cfn-response' || module === 'cfn-response-module') && method === 'send' ? `${module}.send` : undefined;
}

/** Whether a call can start something whose callback runs later, by its name. Pure. */
export const mayStartCallback = (callee: Callee): boolean => mayOperate(callee) || namesCallback(callee);
const namesCallback = byName(({ module, method }) => callbackFunctions.get(module)?.has(method) ?? false);

/** Name of what a call starts whose callback runs later, given that a function is among its arguments. Pure. */
export function startsCallback(callee: Callee, args: readonly Value[]): string | undefined {
  const name = normalName(callee);
  const { module, path, method } = name;
  const shown = method === '' ? module : method;
  if (awsOperationsOf(callee, args).some(({ form }) => form === 'call') || isUnresolvedSend(callee, args)) return commandName(args[0]) ?? shown;
  if ((module === 'aws-sdk' || module.startsWith('aws-sdk/')) && method === 'send') return path.at(-2)?.replace('#', '') ?? shown;
  const functions = callbackFunctions.get(module);
  if (!functions?.has(method)) return undefined;
  if (path[0] === 'promises') return undefined;
  return module === shown ? module : `${module}.${shown}`;
}

/** Whether a value is a stream that writes to a file. */
export function writesFile(value: Value): boolean {
  return value.kind === 'derived' && /^(?:fs|graceful-fs|fs-extra):(?:createWriteStream)$/.test(value.what);
}
