import type { AwaitExpr, BinaryExpr, FunctionFact, IfStmt, LoopStmt, TryStmt } from '../model/facts.ts';
import { walk } from './walk.ts';

/**
 * What a function's own body holds, in source order; bodies of nested functions are other functions. It is the same in every activation and
 * for every deployed function that runs the body, and is found in one walk for all who ask.
 */
export interface Census {
  readonly loops: readonly LoopStmt[];
  readonly tries: readonly TryStmt[];
  readonly tests: readonly IfStmt[];
  readonly binaries: readonly BinaryExpr[];
  /** `await` and `for await`. */
  readonly waits: readonly (AwaitExpr | LoopStmt)[];
  /** Names of properties that are assigned to: `x` of `o.x = 1`. */
  readonly assigned: ReadonlySet<string>;
  /** Names of properties that are read, called or written, and keys of objects that are written out. */
  readonly names: ReadonlySet<string>;
}

const known = new WeakMap<FunctionFact, Census>();

export function censusOf(fn: FunctionFact): Census {
  let census = known.get(fn);
  if (!census) {
    census = taken(fn);
    known.set(fn, census);
  }
  return census;
}

function taken(fn: FunctionFact): Census {
  const loops: LoopStmt[] = [];
  const tries: TryStmt[] = [];
  const tests: IfStmt[] = [];
  const binaries: BinaryExpr[] = [];
  const waits: (AwaitExpr | LoopStmt)[] = [];
  const assigned = new Set<string>();
  const names = new Set<string>();
  walk(fn.body, (item) => {
    switch (item.kind) {
      case 'loop':
        loops.push(item);
        if (item.form === 'awaitOf') waits.push(item);
        break;
      case 'try': tries.push(item); break;
      case 'if': tests.push(item); break;
      case 'binary': binaries.push(item); break;
      case 'await': waits.push(item); break;
      case 'assign': if (item.target.kind === 'member' && typeof item.target.property === 'string') assigned.add(item.target.property); break;
      case 'member': if (typeof item.property === 'string') names.add(item.property); break;
      case 'object': for (const { key } of item.properties) if (typeof key === 'string') names.add(key); break;
      default: break;
    }
  });
  return { loops, tries, tests, binaries, waits, assigned, names };
}
