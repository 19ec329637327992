import { rowsOf, type Family } from './effect-rows.ts';

/**
 * Databases that trigger nothing by themselves, coarsely: what is written and read. For idempotency, compensation and limits.
 */

const sql = rowsOf('sql', 'pg pg-promise @neondatabase/serverless mysql mysql2 mysql2/promise promise-mysql mariadb mssql better-sqlite3 postgres @vercel/postgres serverless-mysql @planetscale/database slonik @netlify/neon @netlify/database @libsql/client @libsql/client/web @aws/aurora-dsql-node-postgres-connector @aws/aurora-dsql-postgresjs-connector');
const knex = rowsOf('sql', 'knex');
const prisma = rowsOf('sql', '@prisma/client @prisma/client/* .prisma/client');
const typeorm = rowsOf('sql', 'typeorm @nestjs/typeorm');
const sequelize = rowsOf('sql', 'sequelize sequelize-typescript @sequelize/core');
const drizzle = rowsOf('sql', 'drizzle-orm drizzle-orm/*');
const supabase = rowsOf('sql', '@supabase/supabase-js @supabase/ssr @supabase/auth-helpers-nextjs');
const mongo = rowsOf('mongodb', 'mongodb');
const mongoose = rowsOf('mongodb', 'mongoose');
const redis = rowsOf('redis', 'ioredis redis @upstash/redis @redis/client @vercel/kv handy-redis promise-redis iovalkey @valkey/valkey-glide');
const search = rowsOf('search', '@elastic/elasticsearch @opensearch-project/opensearch elasticsearch');
const kysely = rowsOf('sql', 'kysely');
const qldb = rowsOf('sql', 'amazon-qldb-driver-nodejs');
const cassandra = rowsOf('sql', 'cassandra-driver');
const neo4j = rowsOf('sql', 'neo4j-driver');
const memcached = rowsOf('redis', 'memjs memcached');
const fauna = rowsOf('faunadb', 'faunadb fauna');
const airtable = rowsOf('airtable', 'airtable');
const dynamics = rowsOf('dynamics', 'dynamics-web-api');
const cloudant = rowsOf('mongodb', '@cloudant/cloudant cloudant nano @ibm-cloud/cloudant');

const collection = 'collection[0]|Collection[1]';
const model = 'model[0]|define[0]|Model[0]';

export const databaseFamilies: readonly Family[] = [
  {
    name: 'Relational databases',
    source: 'README and API pages of pg 8, mysql2 3, knex 3, Prisma Client 6, TypeORM 0.3, Sequelize 6, drizzle-orm, supabase-js 2, promise-mysql 5 (November 2026)',
    rows: [
      sql('query execute sql exec none one many any oneOrNone manyOrNone neon.()', 'write', 'database', '=sql', { payload: '[0]' }),
      knex('insert update upsert increment decrement', 'write', 'database', '()[0]|table[0]|into[0]|from[0]', { payload: '[0]' }),
      knex('del delete truncate', 'delete', 'database', '()[0]|table[0]|from[0]'),
      knex('raw', 'write', 'database', '=sql', { payload: '[0]' }),
      knex('select first pluck where', 'read', 'database', '()[0]|table[0]|from[0]'),
      prisma('create createMany createManyAndReturn update updateMany upsert $executeRaw $executeRawUnsafe', 'write', 'database', '=prisma', { payload: '[0].data' }),
      prisma('delete deleteMany', 'delete', 'database', '=prisma'),
      prisma('findUnique findFirst findMany findUniqueOrThrow findFirstOrThrow count aggregate groupBy $queryRaw $queryRawUnsafe', 'read', 'database', '=prisma'),
      typeorm('save insert update upsert increment decrement', 'write', 'database', 'getRepository[0]|=typeorm', { payload: '[0]' }),
      typeorm('delete remove softDelete', 'delete', 'database', 'getRepository[0]|=typeorm'),
      typeorm('find findOne findOneBy findBy findAndCount count getMany getOne', 'read', 'database', 'getRepository[0]|=typeorm'),
      sequelize('create bulkCreate upsert findOrCreate increment save', 'write', 'database', `${model}|=sequelize`, { payload: '[0]' }),
      sequelize('update', 'write', 'database', `${model}|=sequelize`),
      sequelize('destroy truncate', 'delete', 'database', `${model}|=sequelize`),
      sequelize('findAll findOne findByPk findAndCountAll count', 'read', 'database', `${model}|=sequelize`),
      sequelize('query', 'write', 'database', '=sequelize', { payload: '[0]' }),
      drizzle('insert.values update.set', 'write', 'database', 'insert[0]|update[0]', { payload: '[0]' }),
      drizzle('delete', 'delete', 'database', '[0]'),
      drizzle('select.from selectDistinct.from query.findMany query.findFirst', 'read', 'database', '[0]|=drizzle'),
      kysely('Kysely.insertInto Kysely.updateTable Kysely.replaceInto Kysely.mergeInto', 'write', 'database', '[0]'),
      kysely('Kysely.deleteFrom', 'delete', 'database', '[0]'),
      kysely('Kysely.selectFrom', 'read', 'database', '[0]'),
      qldb('QldbDriver.executeLambda', 'write', 'database', '=qldb'),
      cassandra('Client.execute Client.batch', 'write', 'database', '=cassandra', { payload: '[1]' }),
      neo4j('session.run driver.executeQuery session.executeWrite', 'write', 'database', '=neo4j', { payload: '[1]' }),
      neo4j('session.executeRead', 'read', 'database', '=neo4j'),
      supabase('from.insert from.update from.upsert', 'write', 'database', 'from[0]', { payload: '[0]' }),
      supabase('rpc', 'write', 'database', '[0]', { payload: '[1]' }),
      supabase('from.delete', 'delete', 'database', 'from[0]'),
      supabase('from.select', 'read', 'database', 'from[0]'),
    ],
  },
  {
    name: 'Document and key-value databases',
    source: 'README and API pages of mongodb 6, mongoose 8, ioredis 5, redis 5, @elastic/elasticsearch 9, opensearch 3, nano 10, memjs 1, memcached 2, faunadb 4, fauna 2, airtable 0.12, dynamics-web-api 2 (November 2026)',
    rows: [
      mongo('insertOne insertMany updateOne updateMany replaceOne findOneAndUpdate findOneAndReplace bulkWrite', 'write', 'database', collection, { payload: '[0]' }),
      mongo('deleteOne deleteMany findOneAndDelete', 'delete', 'database', collection),
      mongo('collection.find collection.findOne collection.aggregate collection.countDocuments Collection.find Collection.findOne', 'read', 'database', collection),
      mongo('collection.watch', 'subscribe', 'database', collection),
      mongoose('model.create model.insertMany model.updateOne model.updateMany model.findOneAndUpdate model.findByIdAndUpdate model.bulkWrite model.save', 'write', 'database', 'model[0]', { payload: '[0]' }),
      mongoose('model.deleteOne model.deleteMany model.findByIdAndDelete model.findOneAndDelete', 'delete', 'database', 'model[0]'),
      mongoose('model.find model.findOne model.findById model.countDocuments model.aggregate model.exists', 'read', 'database', 'model[0]'),
      redis('set setex setEx psetex setnx setNX mset hset hSet hmset hsetnx incr incrby incrBy decr decrby sadd sAdd lpush lPush rpush rPush zadd zAdd expire append xadd xAdd getset pSetEX hSetNX mSet zincrby zIncrBy hincrby hIncrBy incrbyfloat incrByFloat getSet expireAt hMSet', 'write', 'database', '=redis', { key: '[0]', payload: '[1]' }),
      redis('del unlink hdel hDel srem sRem zrem zRem lrem flushdb flushall flushDb flushAll', 'delete', 'database', '=redis', { key: '[0]' }),
      redis('get mget mGet hget hGet hgetall hGetAll smembers sMembers lrange lRange zrange zRange exists keys scan', 'read', 'database', '=redis', { key: '[0]' }),
      memcached('set add replace append increment decrement', 'write', 'database', '=memcached', { key: '[0]', payload: '[1]' }),
      memcached('delete del', 'delete', 'database', '=memcached', { key: '[0]' }),
      memcached('get gets getMulti', 'read', 'database', '=memcached', { key: '[0]' }),
      redis('publish', 'publish', 'topic', '[0]', { payload: '[1]' }),
      search('Client.index Client.update Client.bulk Client.create client.index client.bulk helpers.bulk', 'write', 'database', '[0].index|=search', { payload: '[0].body|[0].document' }),
      search('Client.delete Client.deleteByQuery', 'delete', 'database', '[0].index|=search'),
      search('Client.search Client.get Client.msearch', 'read', 'database', '[0].index|=search'),
      fauna('query', 'read', 'database', '=fauna', { when: { at: '[0]', is: ['Get', 'Paginate', 'Exists', 'Match', 'Count'] } }),
      fauna('query', 'write', 'database', '=fauna', { payload: '[0]' }),
      airtable('create update replace', 'write', 'database', '()[0]|table[0]|=airtable', { payload: '[0]' }),
      airtable('destroy', 'delete', 'database', '()[0]|table[0]|=airtable'),
      airtable('select find', 'read', 'database', '()[0]|table[0]|=airtable'),
      cloudant('use.insert db.insert use.bulk db.bulk postDocument putDocument postBulkDocs', 'write', 'database', 'use[0]|[0].db|=couchdb', { payload: '[0]' }),
      cloudant('use.destroy db.destroy deleteDocument', 'delete', 'database', 'use[0]|[0].db|=couchdb'),
      cloudant('use.get use.find use.view use.list getDocument postFind postAllDocs', 'read', 'database', 'use[0]|[0].db|=couchdb'),
      dynamics('create createRequest update updateRequest updateSingleProperty upsert upsertRequest associate associateSingleValued executeBatch executeBoundAction executeUnboundAction callAction', 'write', 'database', '[0].collection|[1]|=dynamics'),
      dynamics('deleteRecord deleteRequest deleteSingleProperty disassociate', 'delete', 'database', '[0].collection|[1]|=dynamics'),
      dynamics('retrieve retrieveRequest retrieveMultiple retrieveMultipleRequest retrieveAll retrieveAllRequest count countAll fetch fetchAll executeFetchXml executeFetchXmlAll', 'read', 'database', '[0].collection|[0]|=dynamics'),
    ],
  },
];

/** What declares a table under the name that it is given first, as the evaluator names the call (drizzle-orm 0.44, "Declare schema", November 2026). */
export const declaresTable = (what: string): boolean => /^drizzle-orm\/[\w-]+-core:(?:pg|mysql|sqlite|singlestore)Table$/.test(what);
