import type { Made, Sym } from '../link/program-values.ts';

/** A name of the AWS CDK, whichever of its packages it was imported from. */
export interface CdkName {
  /** Module without `aws-cdk-lib/`, `@aws-cdk/` and `-alpha`: `aws-lambda`, `core`, `custom-resources`. */
  readonly service: string;
  /** Path inside it: `Function`, `Code.fromAsset`, `Function.#addEventSource`. */
  readonly name: string;
}

const submodule = /^(?:aws_|alexa_ask$|assertions$|custom_resources$|pipelines$|triggers$|region_info$|cx_api$|lambda_layer_|cloudformation_include$)/;

/** Names a path of a module of the CDK (v1, v2, alpha modules, monocdk); `undefined` for anything else. */
function cdkName(module: string, given: readonly string[]): CdkName | undefined {
  const path = given[0] === 'default' ? given.slice(1) : given;
  const [first = '', ...rest] = path;
  if (module === 'aws-cdk-lib' || module === 'monocdk' || module === 'aws-cdk-lib/core') {
    return submodule.test(first) ? { service: first.replaceAll('_', '-'), name: rest.join('.') } : { service: 'core', name: path.join('.') };
  }
  const inner = /^(?:aws-cdk-lib|monocdk|@aws-cdk)\/([a-z0-9-]+)(?:\/|$)/.exec(module)?.[1];
  if (inner !== undefined) return { service: inner.replace(/-alpha$/, ''), name: path.join('.') };
  return module === 'constructs' ? { service: 'constructs', name: path.join('.') } : undefined;
}

const names = new WeakMap<Made, CdkName | null>();

export function nameOf(made: Made): CdkName | undefined {
  let name = names.get(made);
  if (name === undefined) {
    name = cdkName(made.module, made.path) ?? null;
    names.set(made, name);
  }
  return name ?? undefined;
}

/** `service.Name` of something made by the CDK, '' for anything else. */
export function fullName(made: Made | undefined): string {
  const name = made && nameOf(made);
  return name ? `${name.service}.${name.name}` : '';
}

/** Last step of what was called: the method's name without its mark, or the class. */
export const lastStep = (made: Made): string => (made.path[made.path.length - 1] ?? '').replace(/^#/, '');

/** The member of an enumeration-like class of the CDK: `Runtime.NODEJS_20_X` → `NODEJS_20_X`. */
export function memberName(sym: Sym | undefined, holder: string): string | undefined {
  if (sym?.kind !== 'external') return undefined;
  const name = cdkName(sym.module, sym.path)?.name ?? sym.path.join('.');
  const steps = name.split('.');
  return steps.length >= 2 && steps[steps.length - 2] === holder ? steps[steps.length - 1] : undefined;
}
