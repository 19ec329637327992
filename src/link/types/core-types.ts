/**
 * The few global types that inference passes through on its way to a class of the repository: what is awaited, iterated, kept
 * in a collection or mapped by a utility type. Anything else of the standard library is unknown to the type oracle, which
 * costs an answer and never makes a wrong one.
 */
export const coreTypes = `
interface Object {} interface Function {} interface CallableFunction extends Function {} interface NewableFunction extends Function {}
interface IArguments {} interface String {} interface Number {} interface Boolean {} interface RegExp {} interface Symbol {}
interface TemplateStringsArray extends ReadonlyArray<string> {}
interface PromiseLike<T> { then<A = T, B = never>(done?: ((value: T) => A | PromiseLike<A>) | null, failed?: ((reason: any) => B | PromiseLike<B>) | null): PromiseLike<A | B>; }
interface Promise<T> {
  then<A = T, B = never>(done?: ((value: T) => A | PromiseLike<A>) | null, failed?: ((reason: any) => B | PromiseLike<B>) | null): Promise<A | B>;
  catch<B = never>(failed?: ((reason: any) => B | PromiseLike<B>) | null): Promise<T | B>;
  finally(last?: (() => void) | null): Promise<T>;
}
interface PromiseConstructor {
  new <T>(run: (resolve: (value: T | PromiseLike<T>) => void, reject: (reason?: any) => void) => void): Promise<T>;
  resolve<T>(value: T | PromiseLike<T>): Promise<Awaited<T>>;
  all<T extends readonly unknown[] | []>(values: T): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }>;
}
declare var Promise: PromiseConstructor;
type Awaited<T> = T extends null | undefined ? T : T extends object & { then(done: infer F, ...rest: infer _): any } ? (F extends (value: infer V, ...rest: infer _) => any ? Awaited<V> : never) : T;
interface Iterable<T> { [Symbol.iterator](): Iterator<T>; } interface Iterator<T> { next(): { done?: boolean; value: T }; } interface IterableIterator<T> extends Iterator<T> {}
interface SymbolConstructor { readonly iterator: unique symbol; readonly asyncIterator: unique symbol; }
declare var Symbol: SymbolConstructor;
interface ReadonlyArray<T> {
  readonly length: number; readonly [n: number]: T;
  at(index: number): T | undefined; slice(from?: number, to?: number): T[]; concat(...items: (T | readonly T[])[]): T[];
  find(test: (value: T, index: number) => unknown): T | undefined; findLast(test: (value: T, index: number) => unknown): T | undefined; filter(test: (value: T, index: number) => unknown): T[];
  forEach(visit: (value: T, index: number) => void): void; map<U>(to: (value: T, index: number) => U): U[]; flatMap<U>(to: (value: T, index: number) => U | readonly U[]): U[];
  some(test: (value: T, index: number) => unknown): boolean; every(test: (value: T, index: number) => unknown): boolean; reduce<U>(join: (before: U, value: T, index: number) => U, first: U): U;
  [Symbol.iterator](): IterableIterator<T>;
}
interface Array<T> extends ReadonlyArray<T> { [n: number]: T; push(...items: T[]): number; pop(): T | undefined; shift(): T | undefined; unshift(...items: T[]): number; splice(from: number, count?: number, ...items: T[]): T[]; sort(order?: (a: T, b: T) => number): T[]; reverse(): T[]; }
interface ArrayConstructor { new <T>(...items: T[]): T[]; of<T>(...items: T[]): T[]; from<T>(items: Iterable<T> | readonly T[]): T[]; }
declare var Array: ArrayConstructor;
interface ReadonlyMap<K, V> { get(key: K): V | undefined; has(key: K): boolean; forEach(visit: (value: V, key: K) => void): void; values(): IterableIterator<V> & Iterable<V>; keys(): IterableIterator<K> & Iterable<K>; entries(): Iterable<[K, V]>; [Symbol.iterator](): Iterator<[K, V]>; readonly size: number; }
interface Map<K, V> extends ReadonlyMap<K, V> { set(key: K, value: V): this; delete(key: K): boolean; clear(): void; }
interface MapConstructor { new <K = any, V = any>(entries?: Iterable<readonly [K, V]> | readonly (readonly [K, V])[] | null): Map<K, V>; }
declare var Map: MapConstructor;
interface WeakMap<K, V> { get(key: K): V | undefined; has(key: K): boolean; set(key: K, value: V): this; delete(key: K): boolean; }
interface WeakMapConstructor { new <K = any, V = any>(): WeakMap<K, V>; }
declare var WeakMap: WeakMapConstructor;
interface ReadonlySet<T> { has(value: T): boolean; forEach(visit: (value: T) => void): void; values(): Iterable<T>; [Symbol.iterator](): Iterator<T>; readonly size: number; }
interface Set<T> extends ReadonlySet<T> { add(value: T): this; delete(value: T): boolean; clear(): void; }
interface SetConstructor { new <T = any>(items?: Iterable<T> | readonly T[] | null): Set<T>; }
declare var Set: SetConstructor;
interface ObjectConstructor { values<T>(of: { [key: string]: T }): T[]; freeze<T>(value: T): Readonly<T>; assign<T, U>(to: T, from: U): T & U; entries<T>(of: { [key: string]: T }): [string, T][]; }
declare var Object: ObjectConstructor;
type Partial<T> = { [P in keyof T]?: T[P] }; type Required<T> = { [P in keyof T]-?: T[P] }; type Readonly<T> = { readonly [P in keyof T]: T[P] };
type Pick<T, K extends keyof T> = { [P in K]: T[P] }; type Record<K extends keyof any, T> = { [P in K]: T };
type Exclude<T, U> = T extends U ? never : T; type Extract<T, U> = T extends U ? T : never; type Omit<T, K extends keyof any> = Pick<T, Exclude<keyof T, K>>;
type NonNullable<T> = T & {};
type Parameters<T extends (...args: any) => any> = T extends (...args: infer P) => any ? P : never; type ReturnType<T extends (...args: any) => any> = T extends (...args: any) => infer R ? R : any;
type ConstructorParameters<T extends abstract new (...args: any) => any> = T extends abstract new (...args: infer P) => any ? P : never;
type InstanceType<T extends abstract new (...args: any) => any> = T extends abstract new (...args: any) => infer R ? R : any;
`;
