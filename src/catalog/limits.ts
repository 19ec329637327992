import type { Platform, ServerlessFunction } from '../model/function.ts';

/**
 * How well a fact is known. `doc`: the vendor's page was read. `src`: read in the vendor's source. `inferred`: from
 * third parties or from other facts; never a ground for an error.
 */
export type Grade = 'doc' | 'src' | 'inferred';

/** One number of a platform, with where and when it was found. */
export interface Limit {
  readonly value: number;
  readonly grade: Grade;
  readonly source: string;
  /** Year and month, or day, of the page or of the reading. */
  readonly date: string;
  /** When it holds, where it does not hold for every function of the platform. */
  readonly condition?: string;
}

/** Known limits of a platform. Absent: not known, or it has none. All sizes in bytes, all times in seconds. */
export interface PlatformLimits {
  readonly timeoutDefaultSeconds?: Limit;
  readonly timeoutMaxSeconds?: Limit;
  /** Longest time in which an HTTP caller gets its answer, whatever the function's timeout. */
  readonly httpTimeoutSeconds?: Limit;
  readonly memoryDefaultMb?: Limit;
  readonly memoryMinMb?: Limit;
  readonly memoryMaxMb?: Limit;
  /** Unpacked code, dependencies and layers. */
  readonly packageBytes?: Limit;
  /** Archive as uploaded. */
  readonly archiveBytes?: Limit;
  readonly layers?: Limit;
  readonly environmentBytes?: Limit;
  readonly requestBytes?: Limit;
  readonly responseBytes?: Limit;
  readonly eventBytes?: Limit;
  readonly temporaryDiskMinMb?: Limit;
  readonly temporaryDiskMaxMb?: Limit;
}

const MiB = 1024 * 1024;
const lambda = 'docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html';
const doc = (value: number, source: string, date: string, condition?: string): Limit =>
  ({ value, grade: 'doc', source, date, ...(condition === undefined ? {} : { condition }) });
const src = (value: number, source: string, date: string, condition?: string): Limit =>
  ({ value, grade: 'src', source, date, ...(condition === undefined ? {} : { condition }) });
const inferred = (value: number, source: string, date: string, condition?: string): Limit =>
  ({ value, grade: 'inferred', source, date, ...(condition === undefined ? {} : { condition }) });

/** Limits by platform, collected November 2026. */
export const platformLimits: ReadonlyMap<Platform, PlatformLimits> = new Map<Platform, PlatformLimits>([
  ['aws', {
    timeoutDefaultSeconds: doc(3, lambda, '2026'),
    timeoutMaxSeconds: doc(900, lambda, '2026', 'event functions; managed instances allow 90 minutes for asynchronous events'),
    httpTimeoutSeconds: doc(29, 'docs.aws.amazon.com/apigateway REST API quotas', '2024-06', 'REST API; 30 s for an HTTP API, none for a function URL'),
    memoryDefaultMb: doc(128, lambda, '2026'),
    memoryMinMb: doc(128, lambda, '2026'),
    memoryMaxMb: doc(10_240, lambda, '2026'),
    packageBytes: doc(262_144_000, lambda, '2026', 'zip packages, layers included; container images may have 10 GB'),
    archiveBytes: doc(50 * MiB, lambda, '2026', 'upload through the API, SDK or console; none through S3'),
    layers: doc(5, lambda, '2026'),
    environmentBytes: doc(4 * 1024, lambda, '2026'),
    requestBytes: doc(6 * MiB, lambda, '2026', 'synchronous invocation'),
    responseBytes: doc(6 * MiB, lambda, '2026', 'buffered; 200 MB when streamed'),
    eventBytes: doc(MiB, 'AWS Compute Blog, asynchronous payload of 1 MB', '2026-01-29'),
    temporaryDiskMinMb: doc(512, lambda, '2026'),
    temporaryDiskMaxMb: doc(10_240, lambda, '2026'),
  }],
  ['azure', {
    timeoutDefaultSeconds: src(300, 'azure-functions-host ScriptJobHostOptionsSetup', '2024-10-24', 'Consumption plan; 1,800 on Flex, Premium and Dedicated'),
    timeoutMaxSeconds: src(600, 'azure-functions-host ScriptJobHostOptionsSetup', '2024-10-24', 'Consumption plan; none on the others'),
    httpTimeoutSeconds: doc(230, 'learn.microsoft.com azure-functions/functions-scale', '2026-09-16'),
    packageBytes: doc(1024 * MiB, 'learn.microsoft.com azure-functions/functions-scale', '2026-09-16', 'Consumption plan'),
    requestBytes: doc(210 * MiB, 'learn.microsoft.com azure-functions/functions-scale', '2026-09-16'),
  }],
  ['google', {
    memoryDefaultMb: doc(256, 'docs.cloud.google.com/functions/docs/configuring/memory', '2026', 'functions of both generations; 512 for other services of Cloud Run'),
    timeoutDefaultSeconds: doc(60, 'docs.cloud.google.com/functions/quotas', '2026'),
    timeoutMaxSeconds: doc(3_600, 'docs.cloud.google.com/functions/quotas', '2026', 'second generation over HTTP; 540 for events and for the first generation'),
    packageBytes: doc(500 * MiB, 'docs.cloud.google.com/functions/quotas-1st-gen', '2026', 'first generation, modules included'),
    archiveBytes: doc(100 * MiB, 'docs.cloud.google.com/functions/quotas-1st-gen', '2026', 'first generation, sources only'),
    responseBytes: doc(32 * MiB, 'docs.cloud.google.com/functions/quotas', '2026', 'second generation; 10 MB in the first'),
    eventBytes: doc(512 * 1024, 'docs.cloud.google.com/functions/quotas', '2026', 'second generation; 10 MB in the first'),
  }],
  ['firebase', {
    memoryDefaultMb: src(256, 'firebase-functions adf304f1', '2026-08-21'),
    timeoutDefaultSeconds: src(60, 'firebase-functions', '2026-08-21'),
    timeoutMaxSeconds: src(3_600, 'firebase-tools', '2026-08-21', 'second generation over HTTP; 540 for events, 1,800 for schedules and tasks'),
    packageBytes: doc(500 * MiB, 'docs.cloud.google.com/functions/quotas-1st-gen', '2026', 'first generation, modules included'),
    archiveBytes: doc(100 * MiB, 'docs.cloud.google.com/functions/quotas-1st-gen', '2026', 'first generation, sources only'),
  }],
  ['cloudflare', {
    memoryMaxMb: doc(128, 'developers.cloudflare.com/workers/platform/limits', '2026'),
    packageBytes: doc(64 * MiB, 'developers.cloudflare.com/workers/platform/limits', '2026', 'earlier copies of the page: 3 MB (free) and 10 MB (paid) after gzip'),
    requestBytes: doc(100 * MiB, 'developers.cloudflare.com/workers/platform/limits', '2026', 'free and Pro zones'),
  }],
  ['vercel', {
    timeoutDefaultSeconds: doc(300, 'vercel.com/docs/functions/configuring-functions/duration', '2026-08-24', 'with Fluid compute'),
    timeoutMaxSeconds: doc(800, 'vercel.com/docs/functions/configuring-functions/duration', '2026-08-24', 'Pro and Enterprise; 300 on Hobby'),
    packageBytes: doc(250 * MiB, 'vercel.com/docs/functions/limitations', '2026-07-01', 'a beta allows 5 GB'),
    requestBytes: doc(4.5 * MiB, 'vercel.com/docs/functions/limitations', '2026-07-01'),
    responseBytes: doc(4.5 * MiB, 'vercel.com/docs/functions/limitations', '2026-07-01'),
    temporaryDiskMaxMb: doc(500, 'vercel.com/docs/functions/limitations', '2026-07-01'),
  }],
  ['netlify', {
    timeoutDefaultSeconds: doc(60, 'docs.netlify.com functions/configuration', '2026', 'synchronous; 30 for schedules, 900 in the background'),
    timeoutMaxSeconds: doc(60, 'docs.netlify.com functions/configuration', '2026', 'synchronous; 30 for schedules, 900 in the background'),
    memoryDefaultMb: doc(1_024, 'docs.netlify.com functions/configuration', '2026'),
    packageBytes: inferred(250 * MiB, 'Netlify runs on AWS Lambda', '2026'),
    archiveBytes: inferred(50 * MiB, 'Netlify runs on AWS Lambda', '2026'),
    responseBytes: doc(6 * MiB, 'docs.netlify.com functions/configuration', '2026'),
    eventBytes: doc(256 * 1024, 'docs.netlify.com functions/background-functions', '2026'),
  }],
  ['openwhisk', {
    timeoutDefaultSeconds: src(60, 'apache/openwhisk 1fae641', '2026-08-05'),
    timeoutMaxSeconds: src(300, 'apache/openwhisk 1fae641', '2026-08-05', 'default configuration'),
    memoryDefaultMb: src(256, 'apache/openwhisk 1fae641', '2026-08-05'),
    memoryMinMb: src(128, 'apache/openwhisk 1fae641', '2026-08-05', 'default configuration'),
    memoryMaxMb: src(512, 'apache/openwhisk 1fae641', '2026-08-05', 'default configuration'),
    archiveBytes: src(48 * MiB, 'apache/openwhisk 1fae641', '2026-08-05', 'default configuration'),
    requestBytes: src(MiB, 'apache/openwhisk 1fae641', '2026-08-05'),
    responseBytes: src(MiB, 'apache/openwhisk 1fae641', '2026-08-05'),
  }],
]);

/** Limits of one platform; an empty record when nothing is known. */
export function limitsOf(platform: Platform): PlatformLimits {
  return platformLimits.get(platform) ?? {};
}

/**
 * Memory that the platform gives a function whose declaration names none; `undefined` where it is not known: a value is set that cannot be
 * told, or the function is known by its own code alone and whatever deploys it may set one.
 */
export function memoryByDefault({ platform, generation, foundBy, memoryUnknown }: Pick<ServerlessFunction, 'platform' | 'generation' | 'foundBy' | 'memoryUnknown'>): Limit | undefined {
  if (memoryUnknown === true || foundBy === 'evidence' || generation === 'run' || generation === 'edge') return undefined;
  // Handlers of the functions framework are deployed by a command elsewhere.
  if (platform === 'google' && foundBy !== 'infrastructure') return undefined;
  return limitsOf(platform).memoryDefaultMb;
}

/**
 * The budget of unpacked bytes that a package should stay below: 20,000,000. Two published tools meet there:
 * serverless-icebreaker's README warns above 20 MB of unpacked code (1.0.0, 2023-07) and puts a cold start at about
 * 700 ms for 19.6 MB; sls-mentor's light-bundle rule (2.4.6) asks for less than 5,000,000 bytes of archive, which is
 * about 20 MB of JavaScript unpacked at the usual ratio of 1:4.
 */
export const packageBudgetBytes = 20_000_000;
