import type { Exposure, RisksPage } from '../model/risks.ts';
import { plural } from './context.ts';

/** The words of the page, the same in every format for people; each line is plain text that the format escapes. */
export interface RisksWords {
  readonly summary: string;
  readonly exposed: readonly { readonly exposure: Exposure; readonly heading: string; readonly ways: readonly { readonly head: string; readonly worst: string }[] }[];
  readonly tables: readonly RisksTable[];
  /** One sentence each. */
  readonly last: readonly string[];
}

export interface RisksTable {
  readonly title: string;
  /** What stands before the table. */
  readonly lines: readonly string[];
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Rows that are left out. */
  readonly more: number;
}

/** The source documents: published articles, which the page names by number. */
const articles = '000 Serverless Scales, 001 Serverless Architecture explained, 002 What is serverless and when should you use it, 003 What is Serverless Architecture, 004 Serverless Architecture Overview';
const NAMES = 3;
const ROWS = 8;
const WARM = 'A cold start takes from under 100 ms to over 1 s (AWS, under 1 % of invocations)';

export const names = (list: readonly string[], most = NAMES): string => (list.length > most + 1 ? `${list.slice(0, most).join(', ')} and ${list.length - most} more` : list.join(', '));
const percent = (share: number): string => `${Math.round(share * 100)} %`;
const documents = (list: readonly string[]): string => list.join(', ');
const shownBytes = (bytes: number): string => (bytes < 1_000 ? `${bytes} B` : bytes < 999_500 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
const dollars = (value: number): string => `$${value.toFixed(2)}`;

export function wordsOf(page: RisksPage): RisksWords {
  const counts = (['error', 'warning', 'info'] as const).map((severity) => [severity, page.exposed.filter((one) => one.severity === severity).length] as const).filter(([, count]) => count > 0);
  const asked = page.exposed.length + page.clear.length;
  const { measured, notMeasured } = page.packages;
  // Nothing that was asked, nothing found: a blind run is no clean one.
  if (page.functions === 0 && page.exposed.length === 0) return { summary: `No function was found: nothing could be asked. Judged on ${page.date}.`, exposed: [], tables: [], last: [] };
  return {
    summary: `${plural(page.functions, 'function')} in ${plural(page.units, 'deployment unit')}, judged on ${page.date}. ${page.exposed.length} of ${asked} warnings apply${counts.length > 0 ? `: ${counts.map(([severity, count]) => (severity === 'info' ? `${count} as a note` : plural(count, severity))).join(', ')}` : ''}.`,
    exposed: page.exposed.map((exposure) => ({
      exposure, heading: `${exposure.warning.title} (${documents(exposure.warning.documents)}): ${exposure.concerned} of ${plural(page.functions, 'function')}`,
      ways: exposure.ways.map(({ rule, count, functions, worst }) => ({
        head: `${rule}  ${plural(count, 'finding')}${functions.length > 0 ? ` in ${names(functions)}` : ''}`,
        worst: `${count > 1 ? 'such as ' : ''}${worst.file}:${worst.line}  ${worst.message}`,
      })),
    })),
    tables: [portability(page), granularity(page), cost(page), latency(page)].filter((table) => table !== undefined),
    last: [
      ...(page.clear.length > 0 ? [`Nothing found: ${page.clear.map((warning) => `${lower(warning.title)} (${documents(warning.documents)})`).join('; ')}.`] : []),
      ...(page.unasked?.length ? [`Switched off by the configuration, in part at least: ${page.unasked.map((warning) => `${lower(warning.title)} (${documents(warning.documents)})`).join('; ')}.`] : []),
      ...(notMeasured > 0 ? [`Not measured: the size of ${measured === 0 ? 'any package' : `${notMeasured} of ${plural(measured + notMeasured, 'package')}`} (002), since dependencies are not installed or the build is not known.`] : []),
      ...(page.beyond.length > 0 ? [`No repository shows: ${page.beyond.map((warning) => `${lower(warning.title)} (${documents(warning.documents)}; ${warning.beyond ?? ''})`).join('; ')}.`] : []),
      `Numbers stand for the articles that warn of it: ${articles}.`,
    ],
  };
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
const cut = <T>(list: readonly T[], rows: number = ROWS): { readonly shown: readonly T[]; readonly more: number } => ({ shown: list.slice(0, rows), more: Math.max(0, list.length - rows) });

function portability({ portability: own }: RisksPage): RisksTable | undefined {
  if (own.functions.length === 0) return undefined;
  const { shown, more } = cut(own.modules);
  const tiedWhole = own.functions.filter((fn) => fn.portableShare === 0).length;
  const partly = own.functions.filter((fn) => fn.portableShare > 0 && fn.portableShare < 1).slice(0, NAMES);
  const most = [...(tiedWhole > 0 ? [`${plural(tiedWhole, 'function')} as a whole`] : []), ...partly.map((fn) => `${fn.name} ${percent(1 - fn.portableShare)}`)];
  return {
    title: 'Portability (002, 003, 004)', more,
    lines: [
      own.providers.length === 0 ? 'No module speaks a provider\'s API.' : `${percent(1 - own.portableShare)} of the code stands in modules that speak a provider's API (${own.providers.join(', ')}); ${plural(own.modules.length, 'module')} would have to change.`,
      ...(most.length > 0 ? [`Tied: ${most.join(', ')}.`] : []),
    ],
    head: ['module to change', 'functions', 'speaks'], rows: shown.map(({ file, functions, packages }) => [file, String(functions), names(packages, 2)]),
  };
}

function granularity({ granularity: all }: RisksPage): RisksTable | undefined {
  if (all.length === 0) return undefined;
  const { shown, more } = cut(all.filter((row) => row.routes > 1 || row.resources > 0));
  const sizes = all.map((row) => row.codeBytes).sort((a, b) => a - b);
  const median = sizes[Math.floor(sizes.length / 2)] ?? 0;
  const measured = shown.some((row) => row.packageBytes !== undefined);
  return {
    title: 'Granularity (001)', more,
    lines: [sizes.length === 1 ? `The function has ${shownBytes(median)} of code of its own.` : `The median function has ${shownBytes(median)} of code of its own, the largest ${shownBytes(sizes.at(-1) ?? 0)}.`],
    head: ['function', 'routes and triggers', 'resources', 'code', ...(measured ? ['package'] : [])],
    rows: shown.map((row) => [row.name, String(row.routes), String(row.resources), shownBytes(row.codeBytes), ...(measured ? [row.packageBytes === undefined ? 'not measured' : shownBytes(row.packageBytes)] : [])]),
  };
}

function cost({ cost: own }: RisksPage): RisksTable | undefined {
  if (own.functions.length === 0) return undefined;
  const { shown, more } = cut(own.functions, 5);
  const { internet, region, zone } = own.dollarsPerGigabyte;
  return {
    title: 'Cost of calls, polling and transfers (003)', more,
    lines: [
      `A million invocations of ${own.sampleSeconds * 1_000} ms, each call in the code once, us-east-1, prices of ${own.pricesRead}, logs and storage left out; + stands for calls in a loop.`,
      ...(own.queueMappings > 0 ? [`Polling: ${plural(own.queueMappings, 'queue mapping')}, ${dollars(own.idleDollarsPerMonth)} a month while the queues are empty.`] : []),
      own.outside.length === 0 ? 'Transfers: no function asks addresses outside.'
        : `Transfers: ${plural(own.outside.length, 'function')} ${own.outside.length === 1 ? 'asks' : 'ask'} addresses outside (${names(own.outside)}); what leaves costs ${dollars(internet)} a gigabyte, ${dollars(region)} to another region, ${dollars(zone)} each way between zones.`,
    ],
    head: ['function', 'a million', 'paid calls', 'largest part'],
    rows: shown.map((row) => [row.name, `${dollars(row.dollarsPerMillion)}${row.repeated ? ' +' : ''}`, String(row.requests), row.largest]),
  };
}

function latency({ latency: own }: RisksPage): RisksTable | undefined {
  if (own.answering === 0) return undefined;
  const { shown, more } = cut(own.functions.filter((row) => row.calls > 0), 5);
  const measured = shown.some((row) => row.packageBytes !== undefined);
  return {
    title: 'Answers within 50 ms (002)', more,
    lines: [`${plural(own.answering, 'function')} ${own.answering === 1 ? 'answers' : 'answer'} callers, ${own.keptWarm} of them kept warm. ${WARM}; each call out adds its own time.`],
    head: ['function', 'calls out', ...(measured ? ['package'] : [])],
    rows: shown.map((row) => [row.name, `${row.calls}${row.repeated ? ' +' : ''}`, ...(measured ? [row.packageBytes === undefined ? 'not measured' : shownBytes(row.packageBytes)] : [])]),
  };
}
