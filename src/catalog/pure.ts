import type { Callee } from '../model/project.ts';
import { nameKey, normalName, words, wordSet } from './look-up.ts';

/**
 * Which calls merely compute from their inputs, so that what goes in comes out: event data stays event data. Anything
 * else may leave the process. Values that come from no input (random numbers, clocks, fresh ids) are not listed.
 *
 * Sources (November 2026): ECMAScript 2026 and Node.js 24 documentation; README of each package at its current major.
 */

/** Global functions and classes; every member and method of the classes counts. */
const pureGlobals = wordSet(`
  JSON Object Array String Number Boolean BigInt Symbol RegExp Reflect Intl Map Set WeakMap WeakSet Error TypeError RangeError SyntaxError
  AggregateError EvalError ReferenceError URIError Date Buffer URL URLSearchParams URLPattern Headers FormData Blob TextEncoder TextDecoder
  ArrayBuffer SharedArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array
  Float64Array BigInt64Array BigUint64Array Iterator Promise Math Atomics
  parseInt parseFloat isNaN isFinite encodeURIComponent decodeURIComponent encodeURI decodeURI escape unescape atob btoa structuredClone`);
/** Not so: clocks, chance, and `new Promise`, whose value comes from what its callback calls. */
const impureGlobals = wordSet('Promise Math.random Date.now Atomics.wait Atomics.waitAsync');

/** Modules all of whose calls are pure. */
const pureModules = wordSet(`
  path path/posix path/win32 querystring url string_decoder punycode buffer zlib assert assert/strict
  lodash lodash-es underscore ramda rambda remeda radash just-safe-get dot-prop object-path deepmerge deep-equal fast-deep-equal fast-copy
  rfdc clone clone-deep immer immutable flat  ts-pattern ts-is-present tiny-invariant
  fp-ts io-ts io-ts-types monocle-ts effect/Data neverthrow purify-ts
  zod zod/v3 zod/v4 zod/mini zod-to-json-schema joi @hapi/joi yup ajv ajv-formats superstruct valibot runtypes @sinclair/typebox arktype
  class-validator class-transformer validator jsonschema is-my-json-valid fastest-validator
  qs query-string url-parse url-join path-to-regexp uri-js whatwg-url content-type content-disposition cookie cookie-signature tough-cookie
  set-cookie-parser mime mime-types negotiator accepts http-status http-status-codes http-errors boom @hapi/boom range-parser type-is
  date-fns date-fns-tz dayjs moment moment-timezone luxon ms bytes pretty-bytes humanize-duration iso8601-duration cron-parser chrono-node
  camelcase camelcase-keys snakecase-keys change-case slugify @sindresorhus/slugify pluralize he entities html-entities escape-html
  escape-string-regexp sanitize-html xss striptags marked markdown-it turndown html-to-text cheerio linkedom handlebars mustache nunjucks
  ejs pug js-yaml yaml ini toml @iarna/toml json5 jsonc-parser fast-json-stringify safe-stable-stringify fast-safe-stringify flatted
  json-stringify-safe superjson devalue xml2js xml-js fast-xml-parser xmldom @xmldom/xmldom csv-parse/sync csv-stringify/sync papaparse
  iconv-lite base64-js base64url js-base64 hi-base64 utf8 pako fflate snappyjs
  jwt-decode jsonwebtoken jws bcryptjs md5 sha1 sha.js sha256 js-sha256 hash.js object-hash crypto-js xxhashjs murmurhash crc crc-32
  tweetnacl uuid-by-string fast-sha256 ohash
  semver compare-versions minimatch micromatch picomatch wildcard-match ip ipaddr.js cidr-matcher
  bignumber.js decimal.js decimal.js-light big.js currency.js dinero.js mathjs numeral fraction.js simple-statistics
  libphonenumber-js google-libphonenumber credit-card-type iban i18n-iso-countries country-list geolib ngeohash latlon-geohash haversine
  @turf/turf jmespath jsonpath jsonpath-plus json-logic-js fast-json-patch deep-diff just-diff diff json-diff jsondiffpatch microdiff fuse.js
  @aws-sdk/util-dynamodb @aws-sdk/util-arn-parser @aws-sdk/util-format-url @smithy/util-utf8 @smithy/util-base64 @smithy/util-hex-encoding
  @aws-crypto/sha256-js @middy/util @aws-lambda-powertools/parser @aws-lambda-powertools/jmespath
  lambda-multipart-parser aws-lambda-multipart-parser parse-multipart parse-multipart-data sqlstring pg-format sql-template-strings
  graphql graphql-tag mailparser parse-address user-agent-parser ua-parser-js bowser detect-browser`);
const pureScopes = /^(?:lodash\.[a-z]+|(?:lodash|lodash-es|fp-ts|io-ts|io-ts-types|ramda|date-fns|date-fns-tz|rambda|remeda|validator|dayjs|joi|zod|class-validator|@turf|@aws-lambda-powertools\/jmespath|@aws-lambda-powertools\/parser)\/.+)$/;

/** Single functions of modules that also do other things. */
const pureFunctions: ReadonlySet<string> = new Set([
  ...rows('crypto', `createHash createHmac hash timingSafeEqual pbkdf2 pbkdf2Sync scrypt scryptSync hkdf hkdfSync createCipheriv createDecipheriv
    createSign createVerify sign verify publicEncrypt privateDecrypt privateEncrypt publicDecrypt createPublicKey createPrivateKey createSecretKey`),
  ...rows('util', 'format formatWithOptions inspect isDeep isDeepStrictEqual stripVTControlCharacters parseArgs toUSVString types.isDate types.isPromise isArray'),
  ...rows('uuid', 'v3 v5 parse stringify validate version'),
  ...rows('jose', 'decodeJwt decodeProtectedHeader jwtVerify compactVerify importJWK importPKCS8 importSPKI importX509 base64url.encode base64url.decode createLocalJWKSet calculateJwkThumbprint'),
  ...rows('bcrypt', 'hash hashSync compare compareSync'),
  ...rows('aws-sdk', 'DynamoDB.Converter.marshall DynamoDB.Converter.unmarshall DynamoDB.Converter.input DynamoDB.Converter.output'),
  ...rows('aws-sdk/clients/dynamodb', 'Converter.marshall Converter.unmarshall Converter.input Converter.output'),
  ...rows('aws-lambda-multipart-parser', 'parse'),
  ...rows('global', 'crypto.subtle.digest crypto.subtle.sign crypto.subtle.verify crypto.subtle.importKey Deno.inspect'),
  ...rows('hono/utils/encode hono/utils/cookie hono/cookie', 'parse serialize'),
]);
const pureCryptoClasses = wordSet('Hash Hmac Sign Verify Cipher Decipher Cipheriv Decipheriv createHash createHmac createCipheriv createDecipheriv createSign createVerify');

function rows(modules: string, functions: string): readonly string[] {
  return words(modules).flatMap((module) => words(functions).map((path) => `${module} ${path}`));
}

/** Whether a call's result is computed from its arguments and receiver alone, within the process. Pure. */
export function isPure(callee: Callee): boolean {
  const name = normalName(callee);
  const { module, path } = name;
  if (module === 'global') {
    const key = path.join('.');
    return !impureGlobals.has(key) && (pureGlobals.has(path[0] ?? '') || pureFunctions.has(nameKey(name)));
  }
  if (pureModules.has(module) || pureScopes.test(module)) return true;
  if (module === 'crypto' && path.length === 2 && pureCryptoClasses.has(path[0] ?? '')) return true;
  return pureFunctions.has(nameKey(name));
}
