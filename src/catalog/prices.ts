/**
 * What an invocation and a write cost, to say how much an hour of a runaway loop costs: us-east-1, US dollars, first tier, no free
 * tier (price pages of the services and published price lists of 2024, the Lambda page read 2026-09-20). Logs, transfer and storage
 * are left out.
 */
export const pricesRead = '2026-09-20';

const LAMBDA_REQUEST = 0.2e-6;
const LAMBDA_GB_SECOND = 1.66667e-5;

/** Price of one write or message, by service. */
const writes: ReadonlyMap<string, number> = new Map([
  ['sqs', 0.4e-6], ['sns', 0.5e-6], ['dynamodb', 0.625e-6], ['eventbridge', 1e-6], ['s3', 5e-6], ['stepfunctions', 25e-6], ['http', 1e-6],
]);

/** Unreserved concurrent executions of an AWS account by default (Lambda quotas, November 2026). */
const DEFAULT_CONCURRENCY = 1_000;
const DEFAULT_MEMORY_MB = 128;
/** What a short event-driven invocation takes; a round of a loop is little more than a read and a write. */
const ROUND_SECONDS = 0.1;

/**
 * Dollars an hour of a loop that fills the account's concurrency, each round of which takes a tenth of a second.
 *
 * @param rounds the functions of one round: memory in MB, and the service through which each one starts the next
 */
export function dollarsPerHour(rounds: readonly { readonly memoryMb?: number; readonly services: readonly string[] }[]): number {
  const invocationsPerHour = (3_600 * DEFAULT_CONCURRENCY) / ROUND_SECONDS;
  const each = rounds.map(({ memoryMb = DEFAULT_MEMORY_MB, services }) => LAMBDA_REQUEST + ((memoryMb / 1_024) * LAMBDA_GB_SECOND * ROUND_SECONDS) + services.reduce((sum, service) => sum + (writes.get(service) ?? 0), 0));
  return rounds.length === 0 ? 0 : (invocationsPerHour * each.reduce((sum, one) => sum + one, 0)) / rounds.length;
}

/** Price of one request, by service: of a write (above) and of a read. */
const reads: ReadonlyMap<string, number> = new Map([['sqs', 0.4e-6], ['dynamodb', 0.125e-6], ['s3', 0.4e-6]]);
const reading: ReadonlySet<string> = new Set(['read']);
/** Deleting an object costs nothing; deleting an item is a write. */
const free: ReadonlySet<string> = new Set(['s3 delete']);
/** What a request at the front door costs: HTTP API; a REST API costs 3.50 a million. */
export const HTTP_API_REQUEST = 1e-6;
/** One invocation, without its duration. */
export const INVOCATION = LAMBDA_REQUEST;

/** Dollars of one request to an AWS service, first tier; `undefined` where the table has no price. Pure. */
export function dollarsPerRequest(service: string, kind: string): number | undefined {
  if (free.has(`${service} ${kind}`)) return 0;
  if (service === 'lambda' && kind === 'invoke') return LAMBDA_REQUEST;
  return service === 'http' ? undefined : (reading.has(kind) ? reads : writes).get(service);
}

/** Dollars of the duration of one invocation. */
export const dollarsOfDuration = (memoryMb: number, seconds: number): number => (memoryMb / 1_024) * LAMBDA_GB_SECOND * seconds;

/** Memory of a function of AWS Lambda that declares none. */
export const defaultMemoryMb = DEFAULT_MEMORY_MB;

/**
 * Dollars a gigabyte that leaves: to the internet (after 100 GB a month), to another region, to another zone (each way). EC2 on-demand
 * page, "Data transfer", us-east-1, read through published copies of 2026.
 */
export const transferPerGigabyte = { internet: 0.09, region: 0.02, zone: 0.01 } as const;

/**
 * Dollars a month that an SQS mapping costs while its queue is empty: Lambda asks with five pollers, 20 s each (Lambda developer guide,
 * "Understanding polling and batching behavior" and "Scaling", November 2026), and each request is billed as one of SQS.
 */
export const idleMappingPerMonth = 5 * (60 / 20) * 60 * 24 * 30 * 0.4e-6;
