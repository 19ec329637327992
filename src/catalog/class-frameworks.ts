import type { Callee } from '../model/project.ts';
import type { Value } from '../model/value.ts';

/**
 * Frameworks that are given classes, make objects of them, and call those of their methods that carry one of their decorators. Sources (read
 * November 2026): Nest 11 "Controllers", "Microservices", "Resolvers" (`@nestjs/*`), routing-controllers 0.11, TypeGraphQL 2 "Resolvers",
 * Ts.ED 8 "Controllers".
 */
const families = /^(?:(@nestjs)\/[^/]+|(@tsed)\/[^/]+|(routing-controllers)|(type-graphql))$/;

/** The family of packages, whose members know each other's decorators; `undefined` for any other package. */
export const classFamilyOf = (module: string): string | undefined => families.exec(module)?.slice(1).find((name) => name !== undefined);

/** Calls that make what answers requests. A standalone application of Nest (`createApplicationContext`) has no routes. */
const makers = /^(?:create|createMicroservice|bootstrap|createExpressServer|useExpressServer|createKoaServer|useKoaServer|buildSchema|buildSchemaSync|buildTypeDefsAndResolvers|buildTypeDefsAndResolversSync)$/;

/** Whether a call makes what answers requests of the classes it is given. */
export const servesClasses = ({ module, path }: Callee): boolean => classFamilyOf(module) !== undefined && makers.test(path.at(-1) ?? '');

/** What a decorated parameter is given, as a path into the event: `@Body('name')` of Nest 11 and routing-controllers 0.11. */
export const parameterSources: ReadonlyMap<string, readonly string[]> = new Map([
  ['Req', []], ['Request', []], ['Body', ['body']], ['BodyParam', ['body']], ['BodyParams', ['body']], ['Query', ['queryStringParameters']], ['QueryParam', ['queryStringParameters']], ['QueryParams', ['queryStringParameters']],
  ['Param', ['pathParameters']], ['Params', ['pathParameters']], ['PathParams', ['pathParameters']], ['Headers', ['headers']], ['HeaderParam', ['headers']], ['HeaderParams', ['headers']],
]);

/**
 * Whether a call puts a check of the caller in front of methods or of the whole application: Nest 11 "Guards" (a limit of requests is none),
 * routing-controllers 0.11 and TypeGraphQL 2 `@Authorized`, Ts.ED 8 `@UseAuth`, `@Authenticate` and `@Authorize`.
 */
export function putsGuard({ module, path }: Callee, guard: Value | undefined): boolean {
  const name = (path.at(-1) ?? '').replace('#', '');
  if (name === 'useGlobalGuards') return true;
  if (classFamilyOf(module) === undefined) return false;
  if (name === 'UseGuards') return !(guard?.kind === 'external' && guard.module === '@nestjs/throttler');
  return /^(?:Authorized|UseAuth|Authenticate|Authorize)$/.test(name);
}

/** The name under which Nest takes a guard for all methods from what modules provide (Nest 11 "Guards", `APP_GUARD`). */
export const globalGuardToken = 'APP_GUARD';
