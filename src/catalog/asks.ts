import type { Callee } from '../model/project.ts';
import type { Value } from '../model/value.ts';
import { awsOperationsOf, mayOperate } from './effects.ts';
import { byName, isMethod, nameKey, normalName, property, words, wordSet } from './look-up.ts';

/**
 * Calls that loops make: asking for the state of something started earlier, asking for the next page or item, and looking
 * at the clock or the time that is left.
 *
 * Sources (November 2026): AWS API references of the services named; Azure SDK pagers (`byPage`, `fetchNext`), Google Cloud
 * client libraries, Stripe, Octokit (`paginate`), Slack and openai documentation; AWS Lambda context object (Node.js).
 */
export interface Ask {
  /** `status`: of a job, execution, task. `page`: of a list. `item`: the next message of a remote queue. */
  readonly kind: 'status' | 'page' | 'item';
  /** Several rounds in one call (a paginator that is iterated). */
  readonly iterates: boolean;
  readonly detail: string;
}

/** AWS operations that tell how far something is. */
const statusOperations = wordSet(`
  DescribeExecution DescribeMapRun GetQueryExecution GetQueryResults DescribeStatement GetJobRun GetJob GetJobRuns GetCrawler DescribeJobs DescribeTasks
  DescribeServices BatchGetBuilds GetPipelineExecution GetTranscriptionJob GetMedicalTranscriptionJob GetDocumentAnalysis GetDocumentTextDetection
  GetExpenseAnalysis GetLabelDetection GetTextDetection GetFaceDetection GetContentModeration GetPersonTracking GetSegmentDetection
  DescribeStacks DescribeStackEvents DescribeChangeSet DescribeStackSetOperation GetCommandInvocation GetAutomationExecution DescribeAutomationExecutions
  DescribeInstances DescribeInstanceStatus DescribeDBInstances DescribeDBClusters DescribeDBSnapshots DescribeTable DescribeExport DescribeImport
  DescribeTrainingJob DescribeProcessingJob DescribeTransformJob DescribeEndpoint GetModelInvocationJob GetAsyncInvoke GetIngestionJob
  DescribeEntitiesDetectionJob DescribeSentimentDetectionJob DescribeTextTranslationJob DescribeDatasetImportJob DescribeCluster DescribeStep
  GetFunction GetFunctionConfiguration DescribeCertificate GetInvalidation GetDistribution DescribeReplicationTasks DescribeExportTasks
  GetDeployment GetChange GetSpeechSynthesisTask DescribeJobExecution GetBulkImportStatus GetDataset DescribeStream DescribeStreamSummary GetDurableExecution
  HeadObject GetItem`);
/** Those of them that are asked for data as well: a status only when the answer is looked at for it. */
const weakStatus = wordSet('HeadObject GetItem GetFunction GetFunctionConfiguration DescribeTable GetDataset');
/** AWS operations with a page token in their answer. */
const pageOperation = /^(?:List[A-Z]\w*|Scan|Query|Search\w*|FilterLogEvents|GetLogEvents|GetQueryResults|GetParametersByPath|BatchGetItem|DescribeLogGroups|DescribeLogStreams|DescribeAlarms|GetMetricData|GetResources|GetRecords|AdminListGroupsForUser|DescribeInstances|DescribeStacks|DescribeStackEvents|ExecuteStatement|SelectResourceConfig|GetUsagePlans|GetRestApis|GetApiKeys|GetTraceSummaries|GetFindings)$/;
const itemOperations = wordSet('ReceiveMessage GetRecords PollForJobs GetActivityTask');

/** Package → methods that fetch one page; a `*` row iterates over all of them. */
const pages: readonly (readonly [packages: RegExp, methods: ReadonlySet<string>, iterates: boolean])[] = [
  [/^(?:@octokit\/.+|octokit|probot)$/, wordSet('paginate iterator'), true],
  [/^stripe$/, wordSet('autoPagingEach autoPagingToArray autoPagingIterator'), true],
  [/^stripe$/, wordSet('list search'), false],
  [/^@azure\/.+$/, wordSet('byPage fetchAll'), true],
  [/^@azure\/.+$/, wordSet(`fetchNext listBlobsFlat listBlobsByHierarchy findBlobsByTags listContainers listEntities listQueues listTables
    listFilesAndDirectories listShares listPropertiesOfSecrets listPropertiesOfSecretVersions listPropertiesOfKeys listPropertiesOfCertificates`), true],
  [/^azure-storage$/, wordSet('queryEntities listBlobsSegmented listBlobsSegmentedWithPrefix listTablesSegmented'), false],
  [/^googleapis$/, wordSet('list'), false],
  [/^firebase-admin(?:\/auth)?$/, wordSet('listUsers'), false],
  [/^@slack\/(?:web-api|bolt)$/, wordSet('paginate'), true],
  [/^(?:@google-cloud\/.+)$/, wordSet('getFilesStream listTasksAsync listTopicsAsync'), true],
  [/^@notionhq\/client$/, wordSet('iteratePaginatedAPI collectPaginatedAPI'), true],
  [/^openwhisk$/, wordSet('list'), false],
];
const items: readonly (readonly [packages: RegExp, methods: ReadonlySet<string>])[] = [
  [/^@azure\/service-bus$/, wordSet('receiveMessages peekMessages')],
  [/^@azure\/storage-queue$/, wordSet('receiveMessages peekMessages')],
  [/^(?:ioredis|redis)$/, wordSet('lpop rpop blpop brpop lPop rPop blPop brPop xread xReadGroup xreadgroup spop sPop')],
  [/^(?:imapflow|node-imap|imap)$/, wordSet('fetch fetchOne search')],
  [/^@google-cloud\/pubsub$/, wordSet('pull')],
];

/** Whether a call can ask for something that a loop waits for, by its name. Pure. */
export const mayAsk = (callee: Callee): boolean => mayOperate(callee) || namesAsk(callee);
const namesAsk = byName(({ module, method }) => [...pages, ...items].some(([packages, methods]) => packages.test(module) && methods.has(method)));

/** What a call asks for; `undefined` when it asks for nothing that a loop waits for. Pure. */
export function askOf(callee: Callee, args: readonly Value[]): Ask | undefined {
  for (const { operation, form } of awsOperationsOf(callee, args)) {
    if (form === 'waiter' || form === 'presigned') continue;
    if (form === 'paginator') return { kind: 'page', iterates: true, detail: operation };
    if (itemOperations.has(operation)) return { kind: 'item', iterates: false, detail: operation };
    if (statusOperations.has(operation) && !weakStatus.has(operation)) return { kind: 'status', iterates: false, detail: operation };
    if (pageOperation.test(operation)) return { kind: 'page', iterates: false, detail: operation };
  }
  const { module, method } = normalName(callee);
  const page = pages.find(([packages, methods]) => packages.test(module) && methods.has(method));
  if (page) return { kind: 'page', iterates: page[2], detail: method };
  return items.some(([packages, methods]) => packages.test(module) && methods.has(method)) ? { kind: 'item', iterates: false, detail: method } : undefined;
}

/** A look at the clock (`clock`), at the time that the platform leaves (`remaining`), or a signal that ends work (`signal`). */
export type DeadlineCheck = 'clock' | 'remaining' | 'signal';

const clocks = new Set(words('Date.now performance.now process.hrtime process.hrtime.bigint process.uptime globalThis.performance.now').map((path) => `global ${path}`));
const signals = new Set(words('AbortSignal.timeout AbortSignal.any').map((path) => `global ${path}`));

/** Whether a call looks at the time; a loop that compares it has a deadline. Pure. */
export function deadlineCheckOf(callee: Callee, args: readonly Value[]): DeadlineCheck | undefined {
  const name = normalName(callee);
  if (name.method === 'getRemainingTimeInMillis' || (callee.receiver?.kind === 'context' && name.method === 'getRemainingTime')) return 'remaining';
  const key = nameKey(name);
  if (clocks.has(key) || key === 'perf_hooks performance.now' || key === 'process hrtime' || key === 'process hrtime.bigint') return 'clock';
  if (signals.has(key)) return 'signal';
  if (name.module === 'global' && name.path[0] === 'Date' && !isMethod(name) && name.path.length === 1 && args.length === 0) return 'clock';
  const isNow = args.length === 0 && ['moment', 'dayjs', 'moment-timezone'].includes(name.module) && ['', 'utc'].includes(name.method);
  return isNow || key === 'luxon DateTime.now' || key === 'luxon DateTime.utc' ? 'clock' : undefined;
}

/** The call's time limit in milliseconds where a signal with a limit is among its options (`signal: AbortSignal.timeout(ms)`). Pure. */
export function signalLimit(options: Value | undefined): Value | undefined {
  const signal = property(options, 'signal');
  if (!signal) return undefined;
  return signal.kind === 'derived' && /AbortSignal\.timeout$/.test(signal.what) ? signal.from[0] : signal;
}
