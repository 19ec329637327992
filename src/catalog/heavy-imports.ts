/**
 * Packages whose whole costs far more at a cold start than most functions take from it.
 *
 * Sources: installed from the public registry and measured on Node.js 20.20, 2026-11-21, one warm disk, median of a few runs: `du` of the
 * package's own folder, time and files of `require` of the entry. AWS: the SDK v2 migration guide ("require only the clients that you need").
 */
export const heavyImportsDate = '2026-11-21';

export interface HeavyImport {
  readonly package: string;
  /** Specifiers that load the whole; anything else of the package is a subpath that serves. */
  readonly specifiers: readonly string[];
  /** What it costs where it is not installed: megabytes installed, and what loading it takes. */
  readonly megabytes: number;
  readonly loads: string;
  readonly instead: string;
  /** Major version that was measured, where others differ much. */
  readonly measuredMajor?: number;
  /** Bundlers drop what is not used, as long as it is imported by name with `import`. */
  readonly shakes?: true;
  /** Belongs to infrastructure programs, never to function code. */
  readonly program?: true;
}

/** Major version of a written one: `^13.0.2`, `~14`, `13.x`; `undefined` for tags, ranges of several and anything else. */
export function majorOf(written: string | undefined): number | undefined {
  const found = written === undefined ? null : /^(?:npm:(?:@[\w.-]{1,100}\/)?[\w.-]{1,100}@)?[\^~=v]{0,3}(\d{1,4})(?:[.\-+][\w.*+-]{0,60})?$/.exec(written.trim());
  return found?.[1] === undefined ? undefined : Number(found[1]);
}

const row = (name: string, megabytes: number, loads: string, instead: string, more: Partial<HeavyImport> = {}): HeavyImport => ({ package: name, specifiers: [name], megabytes, loads, instead, ...more });

const rows: readonly HeavyImport[] = [
  row('aws-sdk', 96, '550 files, 150 ms', 'Import one client of SDK v3 (`@aws-sdk/client-…`), or with v2 one of `aws-sdk/clients/…`.', { specifiers: ['aws-sdk', 'aws-sdk/clients/all', 'aws-sdk/dist/aws-sdk', 'aws-sdk/index'] }),
  row('googleapis', 211, '1,118 files with 37 MB, 530 ms', 'Import the one API as `@googleapis/…`.', { specifiers: ['googleapis', 'googleapis/build/src/index'] }),
  row('lodash', 1.4, 'one file of 0.5 MB, 27 ms', 'Import `lodash/x`, or use the language.', { specifiers: ['lodash', 'lodash/lodash', 'lodash/fp', 'lodash-es'], shakes: true }),
  row('moment', 4.5, '0.2 MB of code, and locales for 137 languages in the package', 'Use Intl.DateTimeFormat, or a small library such as dayjs.', { specifiers: ['moment', 'moment/moment', 'moment/min/moment-with-locales', 'moment/min/moment-with-locales.min'] }),
  row('moment-timezone', 2.8, 'moment and the table of all time zones, 0.9 MB', 'Use Intl.DateTimeFormat with a `timeZone`.', { specifiers: ['moment-timezone', 'moment-timezone/builds/moment-timezone-with-data'] }),
  row('firebase-admin', 1.6, 'what its services share at once, and each service with its own packages when it is first used', 'Import `firebase-admin/app`, `firebase-admin/firestore`, … : what each service needs is then plain, and loads once, at init.', { specifiers: ['firebase-admin', 'firebase-admin/lib/index'], measuredMajor: 14 }),
  row('date-fns', 11.6, '304 files, 43 ms', 'Import `date-fns/x`.', { specifiers: ['date-fns', 'date-fns/fp', 'date-fns/index'], shakes: true }),
  row('rxjs', 4.8, '223 files, 63 ms', 'Use promises and async iterators; a function answers once.', { specifiers: ['rxjs', 'rxjs/Rx'], shakes: true }),
  row('@faker-js/faker', 2.9, 'made-up data in some seventy languages, 115 ms', 'Keep made-up data in tests, or import one language (`@faker-js/faker/locale/en`).', { specifiers: ['@faker-js/faker'] }),
  row('faker', 8, 'made-up data in some forty languages', 'Keep made-up data in tests.', { specifiers: ['faker'] }),
  row('typescript', 23, 'the whole compiler, 9 MB in one file', 'Compile ahead of deployment.', { specifiers: ['typescript', 'typescript/lib/typescript'] }),
  row('ts-node', 1, 'the compiler at run time', 'Compile ahead of deployment.', { specifiers: ['ts-node', 'ts-node/register', 'ts-node/register/transpile-only'] }),
  row('puppeteer', 200, 'a driver that expects a browser of its own beside it', 'Use `puppeteer-core` with a browser made for functions, or a rendering service.'),
  row('playwright', 200, 'a driver that expects browsers of its own beside it', 'Use `playwright-core` with a browser made for functions, or a rendering service.'),
  row('aws-cdk-lib', 100, 'the construct library of every service', 'Keep infrastructure programs out of function code; move what both need to a file of its own.', { specifiers: ['aws-cdk-lib', '@aws-cdk/core', '@pulumi/pulumi', 'cdktf'], program: true }),
];

const bySpecifier: ReadonlyMap<string, HeavyImport> = new Map(rows.flatMap((one) => one.specifiers.map((name): [string, HeavyImport] => [name, one])));

/** The entry of an import specifier that loads a whole heavy package; `undefined` for subpaths and anything else. */
export function heavyImport(specifier: string): HeavyImport | undefined {
  return bySpecifier.get(specifier.replace(/^npm:/, '').replace(/\.js$/, ''));
}

/** A part of a heavy package, as it is imported alone. */
export interface LighterPart {
  readonly source: string;
  /** Exported under its own name; the module itself otherwise. */
  readonly named?: true;
  /** `source` is a path of a file without its extension: the package has no map of exports that would add it. */
  readonly file?: true;
  /** The default export of an ES module. */
  readonly byDefault?: true;
}

/** Of lodash: what only makes sense on the whole. Of SDK v2: what is no client. */
const wholeOnly = /^(?:chain|tap|thru|mixin|runInContext|noConflict|templateSettings|VERSION|prototype|default|placeholder)$/;
const noClient = /^(?:config|util|events|apiLoader|Config|Service|Endpoint|HttpRequest|HttpResponse|HttpClient|Request|Response|Signers|XML|JSON|Model|MetadataService|CredentialProviderChain|TokenProviderChain|ParamValidator|Token|\w*Credentials)$/;

/**
 * How one name of a heavy package is imported alone; `undefined` where it cannot be told.
 *
 * Sources (November 2026): lodash 4 (one module a method), lodash-es 4, date-fns 2 to 4 (one module a function, which is also its default
 * export), aws-sdk 2 (`clients/` by the client's name in small letters), @faker-js/faker 8 and later (`locale/en` exports `faker`).
 */
export function lighterPart(source: string, name: string): LighterPart | undefined {
  switch (source) {
    case 'lodash': return /^[a-z]\w*$/.test(name) && !wholeOnly.test(name) ? { source: `lodash/${name}`, file: true } : undefined;
    case 'lodash-es': return /^[a-z]\w*$/.test(name) && !wholeOnly.test(name) ? { source: `lodash-es/${name}.js` } : undefined;
    case 'date-fns': return /^[a-z]\w*$/.test(name) && name !== 'default' ? { source: `date-fns/${name}`, byDefault: true } : undefined;
    case 'aws-sdk': return /^[A-Z]\w*$/.test(name) && !noClient.test(name) ? { source: `aws-sdk/clients/${name.toLowerCase()}`, file: true } : undefined;
    case '@faker-js/faker': return name === 'faker' ? { source: '@faker-js/faker/locale/en', named: true } : undefined;
    default: return undefined;
  }
}
