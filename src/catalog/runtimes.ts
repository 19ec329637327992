/**
 * AWS Lambda's Node.js runtimes and the days on which they stop being usable. Invocation of an existing function is
 * never blocked. Source: cfn-lint `LmbdRuntimeLifecycle.json`, 2026-06-02, which agrees with
 * endoflife.date/aws-lambda, 2026-08-22; SDK column: AWS re:Post knowledge center on the SDK included in Node.js
 * runtimes (undated). The block dates of nodejs14.x to nodejs20.x were put off to 2027; older copies of the vendor's
 * page name days in 2026.
 */
export interface LambdaRuntime {
  /** Identifier as declared in infrastructure. */
  readonly name: string;
  readonly nodeMajor: number;
  /** Days as `YYYY-MM-DD`. */
  readonly deprecated: string;
  readonly blockCreate: string;
  readonly blockUpdate: string;
  /** Major version of the AWS SDK for JavaScript that the runtime brings along. */
  readonly sdk: 2 | 3;
  /** Whether a handler may answer through a callback. nodejs24.x refuses such handlers when it runs. */
  readonly callbacks: boolean;
}

/** AWS, "Lambda runtimes" (docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html), read 2026-08-22. */
export const lambdaNodeRuntimes: readonly LambdaRuntime[] = [
  { name: 'nodejs10.x', nodeMajor: 10, deprecated: '2021-07-30', blockCreate: '2021-07-30', blockUpdate: '2022-02-14', sdk: 2, callbacks: true },
  { name: 'nodejs12.x', nodeMajor: 12, deprecated: '2023-03-31', blockCreate: '2023-03-31', blockUpdate: '2023-04-30', sdk: 2, callbacks: true },
  { name: 'nodejs14.x', nodeMajor: 14, deprecated: '2023-12-04', blockCreate: '2024-01-09', blockUpdate: '2027-03-03', sdk: 2, callbacks: true },
  { name: 'nodejs16.x', nodeMajor: 16, deprecated: '2024-06-12', blockCreate: '2027-02-01', blockUpdate: '2027-03-03', sdk: 2, callbacks: true },
  { name: 'nodejs18.x', nodeMajor: 18, deprecated: '2025-09-01', blockCreate: '2027-02-01', blockUpdate: '2027-03-03', sdk: 3, callbacks: true },
  { name: 'nodejs20.x', nodeMajor: 20, deprecated: '2026-04-30', blockCreate: '2027-02-01', blockUpdate: '2027-03-03', sdk: 3, callbacks: true },
  { name: 'nodejs22.x', nodeMajor: 22, deprecated: '2027-04-30', blockCreate: '2027-06-01', blockUpdate: '2027-07-01', sdk: 3, callbacks: true },
  { name: 'nodejs24.x', nodeMajor: 24, deprecated: '2028-04-30', blockCreate: '2028-06-01', blockUpdate: '2028-07-01', sdk: 3, callbacks: false },
];

const byName: ReadonlyMap<string, LambdaRuntime> = new Map(lambdaNodeRuntimes.map((runtime) => [runtime.name, runtime]));

/** The entry of a runtime identifier such as `nodejs22.x`; `undefined` for one that the table does not know. */
export function lambdaRuntime(name: string): LambdaRuntime | undefined {
  return byName.get(name);
}
