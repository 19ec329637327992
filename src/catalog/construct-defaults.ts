/** What a construct of a package sets where its user says nothing. */
export interface ConstructDefaults {
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly runtime?: string;
}

/**
 * Constructs of packages that set a time limit and memory of their own. `@guardian/cdk`: its source of `GuLambdaFunction` and
 * `GuLambdaDockerFunction` (github.com/guardian/cdk, `src/constructs/lambda/lambda.ts`, read 2026-11) gives 30 s, and 512 MB to
 * every runtime but Java's; `GuApiLambda` and `GuScheduledLambda` extend the former. `@nhsdigital/eps-cdk-constructs`: its source of
 * `TypescriptLambdaFunction` (github.com/NHSDigital/eps-cdk-utils, `packages/cdkConstructs/src/constructs`, read 2026-11).
 */
const byPackage: ReadonlyMap<string, readonly [names: RegExp, defaults: ConstructDefaults]> = new Map([
  ['@guardian/cdk', [/^Gu(?:Lambda(?:Docker)?Function|ApiLambda|ScheduledLambda)$/, { timeoutSeconds: 30, memoryMb: 512 }]],
  ['@nhsdigital/eps-cdk-constructs', [/^TypescriptLambdaFunction$/, { timeoutSeconds: 50, memoryMb: 256, runtime: 'nodejs24.x' }]],
]);

/** Defaults of a construct by the module that it is imported from and its class. */
export function constructDefaults(module: string, name: string): ConstructDefaults | undefined {
  const known = byPackage.get(module.split('/').slice(0, module.startsWith('@') ? 2 : 1).join('/'));
  return known?.[0].test(name) === true ? known[1] : undefined;
}
