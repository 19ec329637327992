import type { Machine } from '../link/program.ts';
import { derived, joinText, type Made, type Sym } from '../link/program-values.ts';
import { literal, unknown } from '../model/value.ts';
import { thingOf } from './code-unit.ts';

/**
 * What Pulumi's functions on outputs give (Pulumi documentation, "Inputs and outputs", read 2026-11). SST v3 has the same under
 * global names (SST documentation, "Global"). `undefined`: none of them.
 */
export function outputCall(made: Made, machine: Machine, params: ReadonlyMap<string, string>, stage: string | undefined): Sym | undefined {
  if (made.form !== 'call') return undefined;
  const [first] = made.args;
  const step = (made.path.at(-1) ?? '').replace(/^#/, '');
  if (made.receiver !== undefined && step === 'apply' && made.path.at(-1)?.startsWith('#') === true) {
    return first?.kind === 'closure' ? settled(machine.invoke(first, [made.receiver], made.place)) : undefined;
  }
  const name = made.module === 'global' && made.path.length === 1 && step.startsWith('$') ? step.slice(1) : made.module === '@pulumi/pulumi' && !made.path.some((part) => part.startsWith('#')) ? step : undefined;
  if (made.module === '@pulumi/pulumi' && made.receiver !== undefined && made.path.includes('Config')) return setting(step, first, params);
  switch (name) {
    case undefined: return undefined;
    case 'interpolate': return first ?? literal('');
    case 'concat': return joinText(made.args);
    case 'output': case 'all': case 'resolve': case 'secret': case 'unsecret': return first === undefined ? undefined : settled(first);
    case 'jsonStringify': return derived('json', first === undefined ? [] : [first]);
    case 'jsonParse': return first?.kind === 'derived' && first.what === 'json' ? first.from[0] : undefined;
    case 'getStack': return stage === undefined ? { kind: 'env', name: 'pulumi:stack' } : literal(stage);
    case 'getProject': return { kind: 'env', name: 'pulumi:project' };
    default: return undefined;
  }
}

/** A thing that is handed on is no new one: an attribute of nothing more says so. */
function settled(sym: Sym): Sym {
  const made = sym.kind === 'made' ? thingOf(sym) : undefined;
  return made === undefined ? sym : { kind: 'attribute', of: made, path: [] };
}

/** `config.require('name')`: what is given on the command line, else a parameter of the unit. */
function setting(step: string, key: Sym | undefined, params: ReadonlyMap<string, string>): Sym | undefined {
  if (!/^(?:get|require)(?:Secret)?(?:Number|Boolean|Object)?$/.test(step) || key?.kind !== 'literal' || typeof key.value !== 'string') return undefined;
  const given = params.get(key.value);
  if (/Object$/.test(step)) return unknown('a setting of the stack');
  if (given === undefined) return { kind: 'env', name: `param:${key.value}` };
  return literal(/Number$/.test(step) ? Number(given) : /Boolean$/.test(step) ? given === 'true' : given);
}
