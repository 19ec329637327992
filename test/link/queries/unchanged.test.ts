import { describe, expect, it } from 'vitest';
import type { Trigger } from '../../../src/model/function.ts';
import { literal } from '../../../src/model/value.ts';
import { guardIn } from '../../../src/link/graph/graph.ts';
import { outgoing } from '../../../src/link/graph/hops.ts';
import { deployed, project } from '../../support/memory.ts';

const users: Trigger = { kind: 'document', source: 'onDocumentWritten', filters: [], resource: literal('users/{id}') };
const refused = 'ends: the check wants a change that this write does not make';

/** The guard of the only hop of a function that writes the document of its own event. */
function guard(body: string): string {
  const source = `import isEqual from 'fast-deep-equal'; import { difference, omit, pick } from 'lodash'; import { FieldValue, Timestamp } from 'firebase-admin/firestore';
function arraysEqual(a, b) { return a.length === b.length && a.every((one, at) => one === b[at]); }
function hasNews(a, b = a.after) { return Object.entries(a).some(([name, one]) => b[name] !== one && name !== 'at'); }
function told(a, b) { const added = []; for (const name of Object.keys(b)) if (!(name in a)) added.push(name); return { added }; }
function stamp(one) { one.at = Date.now(); }
function named(user) { const changes = {}; const slug = String(user.name).trim(); if (slug) { if (user.slug !== slug) changes.slug = slug; } else { if (user.slug !== undefined) changes.slug = FieldValue.delete(); } return changes; }
function rename(changes, user, was) { if (was.name !== user.name) changes.title = user.name; }
const card = (user) => ({ name: user.name, tags: user.tags || [] });
export const handler = async (event) => { const before = event.data.before.data(); const after = event.data.after.data(); const own = event.data.after.ref; ${body} };`;
  const { fn } = project({ 'a.mjs': source }, [deployed('F', 'a.mjs', { platform: 'firebase', triggers: [users] })]);
  const hops = outgoing(fn).hops.map((hop) => guardIn(fn, hop));
  expect(hops).toHaveLength(1);
  const [found] = hops;
  return found ? `${found.strength}: ${found.why}` : 'none';
}

const write = 'await own.update({ seen: Date.now() });';

describe('checks of what changed, before a write that leaves it as it is', () => {
  it.each<[string, string]>([
    ['two fields', `if (before.name === after.name) return; ${write}`],
    ['with a default', `const was = before.name || ''; const is = after.name || ''; if (was === is) return; ${write}`],
    ['with ??', `if ((before.tags ?? []).length === (after.tags ?? []).length) return; ${write}`],
    ['a longer list', `if ((after.tags?.length || 0) > (before.tags?.length || 0)) ${write}`],
    ['from one literal to another', `if (before.state === 'open' && after.state === 'paid') ${write}`],
    ['to a literal', `if (before.state !== 'paid' && after.state === 'paid') ${write}`],
    ['left early', `if (before.state === 'paid') return; if (after.state !== 'paid') return; ${write}`],
    ['from nothing to something', `if (!before.done && after.done) ${write}`],
    ['a list of states', `const ends = ['paid', 'lost']; if (ends.includes(after.state) && !ends.includes(before.state)) ${write}`],
    ['a projection of both', `if (JSON.stringify(card(before)) === JSON.stringify(card(after))) return; ${write}`],
    ['a method of both', `if (before.at?.toMillis() === after.at?.toMillis()) return; ${write}`],
    ['a package that compares', `if (isEqual(before.tags, after.tags)) return; ${write}`],
    ['a function that compares', `const changed = !arraysEqual(before.tags ?? [], after.tags ?? []); if (!changed) return; ${write}`],
    ['a difference of lists', `const added = difference(after.tags ?? [], before.tags ?? []); if (added.length === 0) return; ${write}`],
    ['one of some names', `if (['name', 'mail'].some((key) => before[key] !== after[key])) ${write}`],
    ['every one of some names', `if (['name', 'mail'].every((key) => before[key] === after[key])) return; ${write}`],
    ['one of two flags', `const named = before.name !== after.name; const tagged = before.mail !== after.mail; if (!named && !tagged) return; ${write}`],
    ['a flag that is set', `let changed = false; if (before.name !== after.name) changed = true; if (changed) ${write}`],
    ['a list that is filled', `const changes = []; if (before.name !== after.name) changes.push('name'); if (changes.length > 0) ${write}`],
    ['a list that is filled anew', `let changes = []; if (!before || before.name !== after.name) { changes = [after.name, after.mail]; } if (changes.length > 0) ${write}`],
    ['an object that is filled', `const changes = {}; if (before.name !== after.name) changes.name = after.name; if (Object.keys(changes).length === 0) return; ${write}`],
    ['another field of the same part', `if (Number(after.start?.attempt || 0) > Number(before?.start?.attempt || 0)) await own.update({ 'start.at': Date.now() });`],
    ['a document that is new', `if (!before) ${write}`],
    ['a document that is new, by its snapshot', `if (event.data.before.exists) return; ${write}`],
    ['a document that is gone', `if (after) return; ${write}`],
  ])('%s', (_name, body) => expect(guard(body)).toBe(refused));

  it.each<[string, string]>([
    ['the field that is written', `if (before.seen === after.seen) return; ${write}`],
    ['a part of what is written', `if (before.start?.attempt === after.start?.attempt) return; await own.update({ start: { attempt: Date.now() } });`],
    ['the whole of what is written', `if (JSON.stringify(before.start) === JSON.stringify(after.start)) return; await own.update({ 'start.at': Date.now() });`],
    ['one of the fields that are written', `if (before.name === after.name && before.seen === after.seen) return; ${write}`],
    ['two fields', `if (before.name === after.mail) return; ${write}`],
    ['other defaults', `if ((before.name || 'a') === (after.name || 'b')) return; ${write}`],
    ['one state only', `if (after.state === 'paid') ${write}`],
    ['the same state twice', `if (before.state === 'paid' && after.state === 'paid') ${write}`],
    ['no change', `if (before.name !== after.name) return; ${write}`],
    ['a list that is not shorter', `if ((after.tags?.length || 0) >= (before.tags?.length || 0)) ${write}`],
    ['a name that is written', `if (['name', 'seen'].some((key) => before[key] !== after[key])) ${write}`],
    ['either a change or something else', `if (before.name !== after.name || after.again) ${write}`],
    ['a list that is filled for another reason as well', `const changes = []; if (before.name !== after.name) changes.push('name'); if (after.again) changes.push('again'); if (changes.length > 0) ${write}`],
    ['an object that somebody else may fill', `const changes = {}; globalThis.fill(changes); Object.assign(changes, after.more); if (before.name !== after.name) changes.name = after.name; if (Object.keys(changes).length === 0) return; ${write}`],
    ['an object that a helper fills', `const changes = {}; stamp(changes); if (before.name !== after.name) changes.name = after.name; if (Object.keys(changes).length === 0) return; ${write}`],
    ['a flag that is set for another reason as well', `let changed = false; if (before.name !== after.name) changed = true; if (after.again) changed = true; if (changed) ${write}`],
    ['a whole state', `if (JSON.stringify(before) === JSON.stringify(after)) return; ${write}`],
    ['a document that is there', `if (!before) return; ${write}`],
    ['fields that are not known', `if (before.name === after.name) return; await own.update(JSON.parse(after.patch));`],
  ])('not %s', (_name, body) => expect(guard(body)).not.toBe(refused));
});

describe('checks of a field that is empty, before a write that fills it', () => {
  const marker = 'ends: the payload sets a marker that this check refuses';
  it.each<[string, string]>([
    ['with the time', `if (after.seen) return; await own.update({ seen: Timestamp.now() });`],
    ['with the time of the store', `if (!after.seen) await own.update({ seen: FieldValue.serverTimestamp() });`],
    ['with what is worked out', `if (!after.slug) await own.update({ slug: after.name.trim().toLowerCase() });`],
    ['with what was never there', `if (after.slug === undefined) await own.update({ slug: card(after).name });`],
    ['of a snapshot', `if (event.data.after.get('seen')) return; await own.update({ seen: Date.now() });`],
  ])('%s', (_name, body) => expect(guard(body)).toBe(marker));

  it.each<[string, string]>([
    ['with nothing', `if (!after.slug) await own.update({ slug: '' });`],
    ['with itself', `if (!after.slug) await own.update({ slug: after.slug ?? null });`],
    ['by taking it away', `if (!after.slug) await own.update({ slug: FieldValue.delete(), at: Date.now() });`],
    ['of another name', `if (!after.slug) await own.update({ seen: Date.now() });`],
    ['that is there', `if (after.seen) await own.update({ seen: Date.now() });`],
  ])('not %s', (_name, body) => expect(guard(body)).not.toBe(marker));
});

describe('checks of a value, before a write of that value', () => {
  const same = 'ends: the payload has the value that this check refuses';
  it.each<[string, string, string]>([
    ['at once', `const slug = after.name.trim(); if (after.slug !== slug) await own.update({ slug });`, same],
    ['left early', `const slug = after.name.trim(); if (slug === after.slug) return; await own.update({ slug, at: Date.now() });`, same],
    ['collected', `const changes = {}; const slug = after.name.trim(); if (after.slug !== slug) changes.slug = slug; if (Object.keys(changes).length) { changes.at = Date.now(); await own.set(changes, { merge: true }); }`, same],
    ['either that or something that did not change', `const slug = after.name.trim(); const renamed = before.name !== after.name || before.mail !== after.mail; if (renamed || after.slug !== slug) await own.update({ slug });`, 'ends: the check wants a change that this write does not make'],
    ['either a change or a field that is filled', `const renamed = before.name !== after.name || before.mail !== after.mail; if (renamed || !after.mails) await own.update({ mails: [after.mail] });`, 'ends: the check wants a change that this write does not make'],
    ['that is too near to the old one, and of other fields', `const score = after.views + after.likes * 3; if (before && Math.abs((before.score || 0) - score) < 0.01) return; await own.update({ score });`, 'weak: whether this check lets the next round through is not known'],
    ['of the time', `const slug = Date.now(); if (after.slug !== slug) await own.update({ slug });`, 'weak: whether this check lets the next round through is not known'],
    ['of another value', `const slug = after.name.trim(); if (after.slug !== slug) await own.update({ slug: after.mail.trim() });`, 'weak: the check asks for what the write changes, and may let it through'],
    ['that is worked out', `if (after.kind === 'open') await own.update({ kind: card(after).name });`, 'weak: the check asks for what the write changes, and may let it through'],
    ['that a helper looks for in both', `if (!hasNews(event.data)) return; await own.update({ at: Date.now() });`, 'ends: the check compares what was there before with what is there now'],
    ['that a helper looks for in both, by a name', `const news = hasNews(before, after); if (after.kind === 'open' && news) await own.update({ at: Date.now() });`, 'ends: the check compares what was there before with what is there now'],
    ['that a helper tells apart, by a part of its answer', `const { added } = told(before, after); if (added.length > 0) await own.update({ at: Date.now() });`, 'ends: the check compares what was there before with what is there now'],
    ['that a helper looks for in one after the other', `if (!hasNews(after, {}) || hasNews(before, {})) return; await own.update({ at: Date.now() });`, 'ends: the check compares what was there before with what is there now'],
    ['that a helper wants of both', `if (!hasNews(after, {}) || !hasNews(before, {})) return; await own.update({ at: Date.now() });`, 'weak: the check asks for what the write changes, and may let it through'],
    ['beside something else that can fail', `const sent = fetch(after.url); try { if (before.kind === 'open' && after.kind === 'paid') await fetch(after.url); await sent; } catch (error) { await own.update({ error: error.message }); }`, 'none'],
    ['that a helper looks for in one of them', `if (!hasNews(after, {})) return; await own.update({ at: Date.now() });`, 'weak: the check asks for what the write changes, and may let it through'],
    ['in front of all that can fail', `try { if (before.kind === 'open' && after.kind === 'paid') await fetch(after.url); } catch (error) { await own.update({ error: error.message }); }`, 'ends: the check wants a change that this write does not make'],
    ['in front of some of what can fail', `try { await fetch(after.url); if (before.kind === 'open' && after.kind === 'paid') await fetch(after.url); } catch (error) { await own.update({ error: error.message }); }`, 'none'],
    ['of a document that was there, by a flag of its own', `const was = event.data.before.exists ? event.data.before.data() : false; if (was) return; await own.set({ at: Date.now() });`, 'ends: the check wants a change that this write does not make'],
    ['that is read only where there is one', `const was = before ? before.name : undefined; if (after.name === was) return; await own.set({ at: Date.now() }, { merge: true });`, 'ends: the check wants a change that this write does not make'],
    ['of what became of it and of a mark', `const isNew = !before || before.kind !== 'open'; const isOld = !after.at || before.name !== after.name; if (after.kind !== 'open' || (!isNew && !isOld)) return; await own.update({ at: Date.now() });`, 'ends: the check wants a change that this write does not make'],
    ['that it wants', `if (after.kind === 'open') await own.update({ kind: 'open', at: Date.now() });`, 'none'],
  ])('%s', (_name, body, expected) => expect(guard(body)).toBe(expected));
});

describe('functions that hear of new documents', () => {
  const joined: Trigger = { ...users, source: 'onDocumentCreated' };
  it.each<[string, string]>([
    ['data of the document', `const user = event.data.data(); if (!user.name) return; await set(user);`],
    ['a helper that gets the event', `if (!isNamed(event)) return; await set(event.data.data());`],
    ['a helper that gets the document', `const user = event.data.data(); if (!isNamed(user)) return; await set(user);`],
  ])('%s is no change', (_name, body) => {
    const source = `import { getFirestore } from 'firebase-admin/firestore'; const set = (user) => getFirestore().collection('users').add({ ...user, at: Date.now() });
const isNamed = (one) => Boolean(globalThis.names?.includes(one)); export const handler = async (event) => { ${body} };`;
    const { fn } = project({ 'a.mjs': source }, [deployed('F', 'a.mjs', { platform: 'firebase', triggers: [joined] })]);
    const [hop] = outgoing(fn).hops;
    expect(hop).toBeDefined();
    expect(hop && guardIn(fn, hop)?.strength).not.toBe('ends');
  });
});

describe('what is filled on the way, way by way', () => {
  const filled = 'if (Object.keys(changes).length === 0) return; await own.update(changes);';
  it.each<[string, string]>([
    ['under computed names', `const wanted = { slug: String(after.name).trim(), size: after.tags?.length ?? 0 }; const changes = {}; for (const [key, value] of Object.entries(wanted)) { if (JSON.stringify(after[key]) !== JSON.stringify(value)) changes[key] = value; } ${filled}`],
    ['in a callback', `const wanted = { slug: String(after.name).trim() }; const changes = {}; Object.entries(wanted).forEach(([key, value]) => { if (after[key] !== value) changes[key] = value; }); ${filled}`],
    ['by a helper that makes it', `const changes = named(after); ${filled}`],
    ['by a helper that is given it', `const changes = {}; rename(changes, after, before); ${filled}`],
    ['by a helper of equality', `const changes = {}; const tags = after.tags.filter(Boolean); if (!isEqual(after.tags, tags)) changes.tags = tags; ${filled}`],
    ['a mark, and what the mark lets through once', `let changes = {}; if (after.kind !== 'paid') return; if (!after.fee) changes = { fee: after.sum * 2 + 1, kind: 'open' }; if (after.late) changes.kind = 'paying'; if (changes.kind) await own.update(changes);`],
    ['two marks', `const changes = {}; if (!after.slug) changes.slug = after.name.trim(); if (!after.seen) changes.seen = Date.now(); ${filled}`],
    ['a text that says what happened', `let kind; if (!before && after) kind = 'new'; else if (before && after) kind = 'changed'; else kind = 'gone'; if (kind === 'new') await own.update({ at: Date.now() });`],
    ['a text of a conditional', `const kind = before ? 'changed' : 'new'; switch (kind) { case 'new': await own.update({ at: Date.now() }); }`],
    ['a flag of an expression', `let changed = false; if (after.kind) changed = before.name !== after.name; if (changed) await own.update({ at: Date.now() });`],
    ['a flag that is kept', `let changed = before.name !== after.name; changed = changed || before.mail !== after.mail; if (changed) await own.update({ at: Date.now() });`],
    ['the rest of both', `const { at: _a, ...was } = before; const { at: _b, ...is } = after; if (JSON.stringify(was) === JSON.stringify(is)) return; await own.update({ at: Date.now() });`],
    ['all but some names', `if (isEqual(omit(before, ['at']), omit(after, ['at']))) return; await own.update({ at: Date.now() });`],
    ['some names', `if (isEqual(pick(before, ['name', 'mail']), pick(after, ['name', 'mail']))) return; await own.update({ at: Date.now() });`],
    ['beside fields that are written only at times', `if (before.name === after.name) return; await own.update({ at: Date.now(), ...(after.late && { late: false }), ...(after.kind ? { kind: 'open' } : {}) });`],
  ])('%s', (_name, body) => expect(guard(body)).toContain('ends: '));

  it.each<[string, string]>([
    ['under computed names that are compared with the state before', `const changes = {}; for (const [key, value] of Object.entries(after)) { if (JSON.stringify(before[key]) !== JSON.stringify(value)) changes[key] = value; } ${filled}`],
    ['by what is fresh each time', `const wanted = { at: Date.now() }; const changes = {}; if (after.at !== wanted.at) changes.at = wanted.at; ${filled}`],
    ['objects that are never the same', `const card = { name: after.name }; const changes = {}; if (after.card !== card) changes.card = card; ${filled}`],
    ['fields of one another', `const changes = {}; if (after.one !== after.two) changes.one = after.two; if (after.two !== after.one) changes.two = after.one; ${filled}`],
    ['another value than the one that is compared', `const changes = {}; if (after.slug !== after.name) changes.slug = after.mail + '!'; ${filled}`],
    ['one way without an end', `const changes = {}; if (!after.slug) changes.slug = after.name.trim(); changes.at = Date.now(); ${filled}`],
    ['two ways that follow on one another', `const changes = {}; if (after.kind === 'a') changes.kind = 'b'; if (after.kind === 'b') changes.kind = 'a'; ${filled}`],
    ['a text that says something else', `let kind = 'gone'; if (!before && after) kind = 'new'; else if (before && after) kind = 'changed'; if (kind === 'changed') await own.update({ at: Date.now() });`],
    ['the rest with what is written', `const { name: _a, ...was } = before; const { name: _b, ...is } = after; if (JSON.stringify(was) === JSON.stringify(is)) return; await own.update({ at: Date.now() });`],
    ['all but other names', `if (isEqual(omit(before, ['name']), omit(after, ['name']))) return; await own.update({ at: Date.now() });`],
    ['names with what is written', `if (isEqual(pick(before, ['name', 'at']), pick(after, ['name', 'at']))) return; await own.update({ at: Date.now() });`],
    ['beside the field that is asked for', `if (before.kind === after.kind) return; await own.update({ at: Date.now(), ...(after.late ? { kind: after.at } : {}) });`],
  ])('not %s', (_name, body) => expect(guard(body)).not.toContain('ends: '));
});
