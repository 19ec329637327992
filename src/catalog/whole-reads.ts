import type { Callee } from '../model/project.ts';
import { normalName, wordSet } from './look-up.ts';

/**
 * Calls that take all of a stream or of an answer into memory.
 *
 * Sources (November 2026): AWS SDK for JavaScript v3, `sdkStreamMixin` (transformToString, transformToByteArray); @google-cloud/storage,
 * `File.download` (a Buffer unless `destination` is given); @azure/storage-blob, `downloadToBuffer`; azure-storage, `getBlobToText`; Fetch
 * standard, body mixin; Cloudflare R2, Workers API (`R2ObjectBody`); Node.js 24, `stream/consumers`; READMEs of get-stream, raw-body,
 * concat-stream, stream-to-string, stream-to-promise, stream-to-buffer, bl.
 */
export const bodyMethods: ReadonlySet<string> = wordSet('transformToString transformToByteArray');
/** Methods of an answer to `fetch` that hold raw data: text and JSON of an API are ordinary answers. */
export const rawMethods: ReadonlySet<string> = wordSet('arrayBuffer blob bytes buffer');
/** Methods of an object of R2, or of a `Response` over a stream. */
export const objectMethods: ReadonlySet<string> = wordSet('arrayBuffer blob bytes text json');

const collectors: readonly (readonly [RegExp, RegExp])[] = [
  [/^stream\/consumers$/, /^(?:arrayBuffer|blob|buffer|bytes|json|text)$/],
  [/^get-stream$/, /^(?:|default|buffer|array|getStream|getStreamAsBuffer|getStreamAsArrayBuffer|getStreamAsString|getStreamAsArray)$/],
  [/^(?:raw-body|concat-stream|stream-to-string|stream-to-array|stream-to-promise|stream-to-buffer|@jorgeferrero\/stream-to-buffer|streamtobuffer|stream2buffer|buffer-from-stream)$/, /^(?:|default|streamToString|streamToBuffer)$/],
  [/^@(?:smithy|aws-sdk)\/(?:node-http-handler|stream-collector-node|fetch-http-handler|util-stream-node)$/, /^streamCollector$/],
];

/** Whether a call collects the stream that it is given; `raw-body` with a limit does not take everything. */
export function collectsStream(callee: Callee): boolean {
  const { module, path } = normalName(callee);
  const name = path.join('.');
  return collectors.some(([modules, names]) => modules.test(module) && names.test(name));
}

/** Names of what says how large something is. */
export const sizeNames = /^(?:content-?length|content_length|(?:object|file|blob|body|total|max)?_?(?:size|bytes|byteLength|byte_length)(?:in)?(?:bytes|kb|mb)?|total|totalLength|received|limit)$/i;
/** Those that nothing else is called. */
export const surelySizeNames = /^(?:content-?length|content_length|(?:object|file|blob|body)_?size)$/i;
