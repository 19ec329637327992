/** Something that outlives one invocation: a variable of the process, or a part of what it holds. */
export interface Place {
  /** Equal for the same variable, whatever alias leads to it. */
  readonly key: string;
  /** The name people know it by. */
  readonly label: string;
  readonly kind: 'module' | 'closure' | 'global' | 'env' | 'static' | 'instance' | 'package';
  /** Properties below the variable; '*' where the name is not known. */
  readonly path: readonly string[];
  /** The file that declares it, where one does. */
  readonly file?: string;
  readonly binding?: number;
  /** Of an object of a class: the name and the file of one of its fields. */
  readonly field?: (name: string) => { readonly label: string; readonly file: string };
}

/** Where the object that an expression gives lives: in a place of the process, or made anew with parts that may not be. */
export interface Origin {
  readonly place?: Place;
  /** Set where each property is a variable of its own: the global object, the environment, static fields. */
  readonly holder?: true;
  member(name: string): readonly Origin[];
}

/** Where the place is a whole exported object, the place of one property: each is a variable of its own, as each named export is. */
export const exportedProperty = (place: Place, name: string): Place => (place.key.startsWith('e:') && place.path.length === 0 ? { ...place, key: `${place.key}.${name}`, label: name, path: [name] } : { ...place, path: [...place.path, name] });

/** The parts of objects below a path of names. */
export const follow = (origins: readonly Origin[], path: readonly string[]): readonly Origin[] => path.reduce((list, name) => (name === '...' ? list : list.flatMap((origin) => origin.member(name))), origins);

/** A variable of the process, with everything below it. */
export function stateOrigin(place: Place): Origin {
  return { place, member: (name) => (place.path.length > 6 ? [] : [stateOrigin({ ...place, path: [...place.path, name] })]) };
}

/** A property of the global object. */
export const globalOrigin = (name: string): Origin => (name === 'process' ? { member: (member) => (member === 'env' ? [environment] : []) } : stateOrigin({ key: `g:${name}`, label: `globalThis.${name}`, kind: 'global', path: [] }));

/** `process.env`. */
export const environment: Origin = { holder: true, member: (name) => [stateOrigin({ key: `env:${name}`, label: `process.env.${name}`, kind: 'env', path: [] })] };
