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
export const DEFAULT_CONCURRENCY = 1_000;
const DEFAULT_MEMORY_MB = 128;
/** What a short event-driven invocation takes; a round of a loop is little more than a read and a write. */
export const ROUND_SECONDS = 0.1;

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
