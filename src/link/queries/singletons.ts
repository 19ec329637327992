import type { ClassValue } from '../../model/value.ts';
import type { Evaluator } from '../evaluate.ts';
import { externalPath } from '../values.ts';

/**
 * Whether an injection container makes one object of a class for the whole process, by the class's decorator. Sources
 * (November 2026): typedi 0.10 README (services are shared unless `transient: true`), tsyringe 4 README (`@singleton()`;
 * `@injectable()` is transient), docs.nestjs.com "Injection scopes" (default scope is one instance for the application).
 */
export function singletonClass(evaluator: Evaluator, cls: ClassValue): boolean {
  const fact = evaluator.modules.facts(cls.file)?.classes[cls.cls];
  const home = evaluator.open(cls.file, fact?.fn ?? 0);
  for (const decorator of fact?.decorators ?? []) {
    const callee = evaluator.value(decorator.kind === 'call' ? decorator.callee : decorator, home);
    if (callee.kind !== 'external') continue;
    const name = externalPath(callee).join('.');
    const first = decorator.kind === 'call' ? decorator.args[0] : undefined;
    const options = first ? evaluator.value(first, home) : undefined;
    const option = (key: string): boolean => options?.kind === 'object' && options.entries.some(([entry, value]) => entry === key && !(value.kind === 'literal' && value.value === false));
    if (callee.module === 'typedi' && name === 'Service') return !option('transient');
    if (callee.module === 'tsyringe' && name === 'singleton') return true;
    if (callee.module === '@nestjs/common' && name === 'Injectable') return !option('scope');
  }
  return false;
}
