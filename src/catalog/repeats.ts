/**
 * Operations that do more each time that they run, by service. Sources (November 2026): Redis command reference, README and API pages of
 * knex 3, TypeORM 0.3, Sequelize 6, MongoDB update operators, firebase-admin 13 (FieldValue.increment, ServerValue.increment), Prisma 6
 * (`increment`, `decrement`, `push`), Azure Cosmos DB partial updates (`incr`).
 */
export const countingCalls: ReadonlyMap<string, RegExp> = new Map([
  ['redis', /^(?:incr|incrby|incrbyfloat|decr|decrby|hincrby|hincrbyfloat|zincrby)$/i],
  ['sql', /^(?:increment|decrement)$/],
]);
export const appendingCalls: ReadonlyMap<string, RegExp> = new Map([['redis', /^(?:lpush|rpush|append|xadd)$/i]]);

/** Names in what is stored that count on or append: of MongoDB's and Prisma's updates. */
export const countingNames: ReadonlySet<string> = new Set(['$inc', '$mul', 'increment', 'decrement', 'multiply']);
export const appendingNames: ReadonlySet<string> = new Set(['$push']);
/** Operators of a MongoDB filter by which what was counted does not match again. */
export const excludingNames: ReadonlySet<string> = new Set(['$ne', '$nin', '$not', '$exists']);
/** Values that stand for a step: `FieldValue.increment(1)`. */
export const countingValue = /(?:^|[:.#])(?:FieldValue\.|ServerValue\.|firestore\.)*increment$/;

/** Names under which stores keep what tells one item from another. */
export const idNames: ReadonlySet<string> = new Set(['id', '_id', 'Id', 'ID', 'pk', 'PK', 'sk', 'SK', 'uuid', 'rowKey', 'RowKey', 'partitionKey', 'PartitionKey']);

/** Names of functions that look whether something was done before. */
export const recognising = /idempot|dedup|duplicate|already|isprocessed|wasprocessed|hasprocessed|markprocessed|markas(?:processed|done|sent|handled)|isnewevent|firsttime|acquirelock|withlock|trylock|claim(?:event|message|job|record|once)|\bonce$|processedevents?/i;
/** Packages that make a handler recognise what it has done. */
export const recognisingPackages = /idempoten|dedup/i;
/** Names of what tells one event from another, in the events of the platforms (their event references, November 2026). */
export const eventIdentity: ReadonlySet<string> = new Set(['messageId', 'MessageId', 'message_id', 'eventID', 'eventId', 'SequenceNumber', 'sequenceNumber', 'sequencer', 'deduplicationId', 'MessageDeduplicationId', 'dequeueId', 'invocationId', 'awsRequestId']);
/** Names under which a request says by what it is recognised when it comes again. */
export const requestIdentity = /^(?:idempotenc?y?[-_]?key|idempotency[-_]?token|client(?:request)?token|clientrequesttoken|requestid|request[-_]id|paypal-request-id|x-idempotency-key|messagededuplicationid|deduplicationid|ifnonematch|ifgenerationmatch|messageid)$/i;
