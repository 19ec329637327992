import type { EffectService } from './effects.ts';

/**
 * Which effects leave something behind that others rely on, for the question whether two of them may disagree. Caches, figures, logs,
 * push channels and mails are left out: what is missing there is made again or missed by nobody.
 */
export const keepingServices: ReadonlySet<EffectService> = new Set([
  's3', 'dynamodb', 'cognito', 'firestore', 'rtdb', 'gcs', 'firebase-auth', 'datastore', 'azure-blob', 'azure-files', 'azure-cosmos', 'azure-table', 'r2', 'd1', 'sql', 'mongodb', 'faunadb', 'airtable', 'dynamics', 'search', 'payment',
]);
export const tellingServices: ReadonlySet<EffectService> = new Set([
  'sqs', 'sns', 'eventbridge', 'kinesis', 'stepfunctions', 'batch', 'pubsub', 'cloudtasks', 'azure-queue', 'azure-servicebus', 'azure-eventhubs', 'azure-eventgrid', 'azure-durable',
  'cloudflare-queue', 'cloudflare-workflow', 'qstash', 'inngest', 'trigger.dev',
]);
/** Stores that all of a service's targets lie in, where no target is told: they are one resource. */
export const sideline = /cache|(?:^|[-_./])log|logs?$|audit|metric|trace|analytic|telemetr|histor|session|(?:^|[^a-z])locks?(?![a-z])|rate-?limit|throttl|te?mp(?:[-_./]|$)|stat(?:s|istics)|usage|idempot|dedup|dead-?letter|dlq/i;

/** Names of calls and functions that make several writes one, or take back what was done. */
export const together = /transact|\btrx$|unitofwork|\bsaga\b|outbox|atomic|bulkwrite|writebatch|\bbatch$|startsession|beginwork|rollback|compensat|undo(?:$|[A-Z])|idempot/i;
