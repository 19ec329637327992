import type { Callee } from '../model/project.ts';
import { normalName, wordSet } from './look-up.ts';

/**
 * What makes a cold start slow beyond loading code.
 *
 * Sources (November 2026): Node.js 24 documentation (fs: the synchronous forms block the event loop); AWS Lambda documentation, runtime
 * lifecycle (the init phase ends after 10 seconds and is tried again at the function's expense); READMEs of @tensorflow/tfjs, onnxruntime-node,
 * @huggingface/transformers, face-api.js; Fastify, Nest and middy for what is awaited without a network.
 */
const readers = wordSet('readFileSync readJsonSync readJSONSync');

/** Whether a call reads a whole file and waits for it. */
export function readsFile(callee: Callee): boolean {
  const { module, method, path } = normalName(callee);
  return (module === 'fs' || module === 'fs-extra' || module === 'graceful-fs') && path.length === 1 && readers.has(method);
}

const models: readonly (readonly [RegExp, RegExp])[] = [
  [/^@tensorflow\/tfjs(?:-node(?:-gpu)?|-core)?$/, /^(?:loadLayersModel|loadGraphModel|node\.loadSavedModel)$/],
  [/^@tensorflow-models\/.+$/, /^load$/],
  [/^onnxruntime-(?:node|web|common)$/, /^InferenceSession\.create$/],
  [/^@(?:xenova|huggingface)\/transformers$/, /^(?:pipeline|Auto\w+\.from_pretrained)$/],
  [/^(?:face-api\.js|@vladmandic\/face-api)$/, /(?:loadFromDisk|loadFromUri)$/],
  [/^tesseract\.js$/, /^createWorker$/],
  [/^(?:nsfwjs|coco-ssd|node-llama-cpp)$/, /^(?:load|getLlama)$/],
];

/** Name of what loads a trained model; `undefined` for anything else. */
export function loadsModel(callee: Callee): string | undefined {
  const { module, path } = normalName(callee);
  const name = path.join('.').replaceAll('#', '');
  return models.some(([modules, names]) => modules.test(module) && names.test(name)) ? (name === '' ? module : name) : undefined;
}

/** Packages whose awaited calls stay in the process, or are no matter of the network. */
const inProcess = /^(?:fs|fs\/promises|graceful-fs|fs-extra|os|crypto|util|stream|stream\/promises|events|zlib|readline|readline\/promises|worker_threads|path|url|module|vm|perf_hooks|async_hooks|timers|timers\/promises|child_process|uuid|nanoid|ulid|winston|pino|bunyan|loglevel|debug|log4js|@aws-lambda-powertools\/(?:logger|tracer|metrics|commons)|aws-xray-sdk.*|@sentry\/.*|dotenv|sharp|archiver|tar|middy|@middy\/.*|fastify|@fastify\/.*|koa|express|hono|@hono\/.*|@nestjs\/.*|@apollo\/server|apollo-server.*|graphql|graphql-.*|type-graphql|@graphql-tools\/.*|awilix|inversify|tsyringe|typedi|i18next.*|ajv|zod|yup|joi|jose|jsonwebtoken|esbuild|prettier|handlebars|ejs|mustache|serverless-http|@vendia\/serverless-express|@codegenie\/serverless-express|next|nuxt|h3|nitropack|vite|probot|react.*|wasm.*|@wasmer\/.*|globby|glob|yaml|js-yaml|source-map-support|p-map|p-limit|bluebird|@opentelemetry\/.*|swagger.*|@apidevtools\/.*|openapi.*|marked|shiki|satori|@resvg\/.*|rehype.*|remark.*|unified)$/;

export const staysInProcess = (module: string): boolean => inProcess.test(module);

/** Calls that give up by themselves (READMEs of mysql 2 and mysql2 3, November 2026: `connectTimeout` is 10 seconds by default). */
export function endsByDefault(callee: Callee): boolean {
  const { module, method, path } = normalName(callee);
  return /^mysql2?(?:\/promise)?$/.test(module) && path.length === 1 && method === 'createConnection';
}
