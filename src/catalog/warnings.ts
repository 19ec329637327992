import type { Warning } from '../model/risks.ts';

const warning = (id: string, documents: string, title: string, rules: string, extra: Pick<Warning, 'figures' | 'beyond'> = {}): Warning =>
  ({ id, title, documents: documents.split(' '), rules: rules === '' ? [] : rules.split(' '), ...extra });

/**
 * What the five source documents warn of, each warning once, with the documents that have it and the rules that look for it. Order: as a
 * reader asks (what breaks, what it costs, what it ties down).
 */
export const warnings: readonly Warning[] = [
  warning('self-denial', '004', 'A function makes itself run without end', 'no-self-invocation no-invocation-cycle'),
  warning('concurrency', '004', 'More runs at a time than what stands behind it takes', 'no-unbounded-concurrency'),
  warning('state', '003 004', 'Nothing lasts in memory between invocations', 'no-global-mutable-state no-in-memory-session'),
  warning('disk', '003', 'The disk is no store', 'no-disk-writes'),
  warning('duration', '002 003 004', 'How long a function may run is limited', 'no-long-running-loop no-background-work no-server-listen'),
  warning('delays', '003', 'The other side answers late or never', 'no-timeout-overrun'),
  warning('computing', '001', 'It is not made for heavy computing', 'no-cpu-bound-work'),
  warning('cold-start', '001 002 003 004', 'A cold start delays the answer', 'no-slow-init no-heavy-import no-client-in-handler'),
  warning('package', '002', 'The size of a package is limited', 'no-oversized-bundle'),
  warning('system', '003', 'Libraries meet a system that is not theirs', 'no-native-dependency no-unpackaged-dependency'),
  warning('memory', '002', 'Memory is limited', 'no-memory-overrun'),
  warning('limits', '004', 'The platform has unexpected limits', 'no-limit-overrun'),
  warning('granularity', '001', 'Functions are too large, or too small', 'no-mini-monolith no-pass-through-function', { figures: 'granularity' }),
  warning('chains', '003', 'One request goes through a dozen functions', 'no-sync-invoke no-long-call-chain'),
  warning('transactions', '003 004', 'An error in the middle leaves half of the work', 'no-swallowed-error no-dropped-records require-partial-batch-response require-idempotency no-uncompensated-writes'),
  warning('exposure', '000', 'The front door checks nobody', 'no-unauthenticated-endpoint'),
  warning('leaks', '000', 'The application leaks data', 'no-event-dump'),
  warning('observability', '001 002 003 004', 'It is hard to see what happens', 'require-observability'),
  warning('testing', '004', 'It is hard to try out', 'require-handler-test'),
  warning('discovery', '004', 'A service must find the right version of another', 'no-hardcoded-endpoint'),
  warning('upgrades', '004', 'The provider forces upgrades', 'no-deprecated-runtime no-deprecated-api'),
  warning('lock-in', '002 003 004', 'The code is tied to one provider', 'no-vendor-lock-in', { figures: 'portability' }),
  warning('fees', '003', 'Calls, polling and transfers are charged', 'no-chatty-io', { figures: 'cost' }),
  warning('latency', '002', 'No answer within 50 ms can be relied on', '', { figures: 'latency' }),
  warning('terms', '004', 'The provider changes prices and service levels', '', { beyond: 'contracts' }),
  warning('provider', '000', 'The provider’s own systems have holes', '', { beyond: 'the provider’s matter' }),
];
