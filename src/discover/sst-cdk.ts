import type { Made } from '../link/program-values.ts';
import type { Value } from '../model/value.ts';
import { CdkApp } from './cdk-app.ts';
import { readCdkResource } from './cdk-resources.ts';
import type { CodeUnit } from './code-unit.ts';

/** Methods of the CDK that functions of SST have as well: SST's class extends the CDK's. */
const inherited = /^#?(?:addEventSource|addEventSourceMapping|addFunctionUrl|configureAsyncInvoke|addPermission|addAlias)$/;

/**
 * What an application of SST v1 or v2 makes with the CDK itself: its stacks are stacks of the CDK. Functions of SST are wired by the CDK's
 * tables and stay SST's.
 */
export class SstCdk extends CdkApp {
  private readonly unitOfSst: CodeUnit;

  constructor(unit: CodeUnit) {
    super(unit.program, { entry: unit.unit, cwd: unit.cwd }, unit.context);
    this.unitOfSst = unit;
    // First: functions of SST refer to what the CDK makes.
    for (const made of unit.program.made) {
      const resource = this.owns(made) ? readCdkResource(this, made) : undefined;
      if (resource) { this.known.add(made); this.resources.set(made, resource); }
    }
  }

  override owns(made: Made): boolean {
    if (!/^(?:missing:)?(?:sst(?:\/|$)|@serverless-stack\/)/.test(made.module)) return made.module !== 'global';
    return made.form === 'call' && inherited.test(made.path.at(-1) ?? '');
  }

  override refer(made: Made, path: readonly string[]): Value | undefined {
    return super.refer(made, path) ?? this.unitOfSst.refer(made, path);
  }

  /** What something of the CDK alone refers to. */
  ofCdk(made: Made, path: readonly string[]): Value | undefined {
    return this.resources.has(made) || made.form === 'call' ? super.refer(made, path) : undefined;
  }

  /** Takes over the functions that SST declares, with the lists that their triggers and destinations are kept in. */
  adopt(): void {
    for (const made of this.unitOfSst.things.keys()) {
      const draft = this.unitOfSst.draftOf(made);
      if (!draft || this.drafts.has(made)) continue;
      this.foreign.add(made);
      this.known.add(made);
      this.drafts.set(made, { made, fn: draft.fn, environment: new Map(draft.fn.environment), triggers: draft.triggers, destinations: draft.destinations, late: {} });
    }
  }

  override idOf(made: Made): string {
    const thing = this.unitOfSst.things.get(made);
    return thing === undefined ? super.idOf(made) : thing.id;
  }
}
