import type { Rewrite } from './kit.ts';
import { moduleSystem, reexport } from './modules.ts';
import { destructure, extractConstant, inlineConstant, renameLocals } from './names.ts';
import { arrowFunction, awaitThen, blockBody, braces, invertIf, reorder } from './shapes.ts';
import { format, parentheses, templates } from './texts.ts';
import { stripTypes } from './types.ts';

/** Changes of words that must not change what is found. */
export const rewrites: readonly Rewrite[] = [renameLocals, extractConstant, inlineConstant, arrowFunction, destructure, awaitThen, moduleSystem, stripTypes, reorder, parentheses, blockBody, templates, invertIf, braces, format, reexport];
