import { describe, expect, test } from 'vitest';
import rule from '../../rules/no-swallowed-error.ts';
import type { TriggerKind } from '../../src/model/function.ts';
import { deployed, project } from '../support/memory.ts';

const head = `import https from 'https';\nimport { DynamoDBClient, PutItemCommand, GetItemCommand, DeleteItemCommand } from '@aws-sdk/client-dynamodb';\nconst client = new DynamoDBClient({});\nconst put = async (item) => { await client.send(new PutItemCommand({ TableName: 't', Item: item })); };\nconst drop = async (id) => { await client.send(new DeleteItemCommand({ TableName: 't', Key: { id } })); };\n`;

/** Message ids that the rule reports of a handler's body, of a function with one trigger. */
function reports(body: string, kind: TriggerKind = 'queue', before = ''): readonly string[] {
  const { fn } = project({ 'handler.js': `${head}${before}export const handler = async (event, context) => {\n${body}\n};\n` }, [deployed('F', 'handler.js', { triggers: [{ kind, source: 'T', filters: [] }] })]);
  return [...rule.check({ view: fn, options: {} })].map((report) => report.message);
}

describe('no-swallowed-error', () => {
  test('of a receipt that is mailed and kept beside what is stored nothing', () => {
    const mail = `import { SESClient, SendEmailCommand } from '@aws-sdk/client-ses';\nconst ses = new SESClient({});\nconst sendMail = async (text) => { await ses.send(new SendEmailCommand({ Source: 'a', Message: text })); };\n`;
    expect(reports('await put(event); try { await sendMail("thanks"); await put({ mail: event.id }); } catch (error) { console.log("no receipt", error); } return { statusCode: 200 };', 'http', mail)).toEqual([]);
    expect(reports('try { await sendMail(event.body); } catch (error) { console.log("no mail", error); } return { statusCode: 200 };', 'http', mail)).toEqual(['answered']);
  });
  test('of work that is let go beside an answer nothing, as the answer is not about it', () => {
    const ok = 'return { statusCode: 200 };';
    expect(reports(`put(event).catch(console.error); ${ok}`, 'http')).toEqual([]);
    expect(reports(`await put(event).catch(console.error); ${ok}`, 'http')).toEqual(['answered']);
    expect(reports(`const saved = put(event).catch(console.error); await saved; ${ok}`, 'http')).toEqual(['answered']);
    expect(reports('put(event).catch(console.error);')).toEqual(['caught']);
  });
  test('of a record that stays in the list of failures nothing', () => {
    const batch = (done: string, answer: string): string => `const open = event.Records.map((r) => r.messageId);\nfor (const r of event.Records) { try { await put(r); ${done} } catch (error) { console.error(error); } }\nreturn { ${answer} };`;
    const listed = 'batchItemFailures: open.map((id) => ({ itemIdentifier: id }))';
    expect([batch('open.shift();', listed), batch('', 'batchItemFailures: [], count: open.length'), batch('open.shift();', 'count: open.length')].map((code) => reports(code))).toEqual([[], ['caught'], ['caught']]);
  });
  test.each(['mcpToolTrigger', 'mcpResourceTrigger', 'mcpPromptTrigger', 'webPubSubTrigger', 'mcpToolTriggers'])('of %s only what nobody is given an answer to', (source) => {
    const code = `${head}export const handler = async (event) => { try { await put(event); } catch (error) { console.error(error); return { error: String(error) }; } };`;
    const { fn } = project({ 'handler.js': code }, [deployed('F', 'handler.js', { platform: 'azure', triggers: [{ kind: 'custom', source, filters: [] }] })]);
    expect([...rule.check({ view: fn, options: {} })]).toHaveLength(/^mcp.*Trigger$/.test(source) ? 0 : 1);
  });
  test.each<[string, readonly string[]]>([
    ['try { await put(event); } catch (error) { console.error(error); }', ['caught']],
    ['try { await put(event); } catch {}', ['caught']],
    ['try { context.waitUntil(put(event)); } catch (error) { console.error(error); }', []],
    ['try { context.waitUntil(drop(event.id)); await put(event); } catch (error) { console.error(error); }', ['caught']],
    ['try { await put(event); } catch (error) { console.error(JSON.stringify({ error: String(error) })); return { statusCode: 500 }; }', ['caught']],
    ['await put(event).catch(console.error);', ['caught']],
    ['const { logger } = context; await put(event).catch(logger.error);', ['caught']],
    ['const { alarms } = context; await put(event).catch(alarms.error);', []],
    ['const { logger } = context; await put(event).catch(logger.flush);', []],
    ['await put(event).then(() => 1, (error) => { console.error(error); });', ['caught']],
    ['client.send(new PutItemCommand({ TableName: "t", Item: event }), (error, data) => { if (error) console.error(error); });', ['caught']],
    ['await Promise.allSettled(event.Records.map((record) => put(record)));', ['settled']],
    ['for (const record of event.Records) { try { await put(record); } catch (error) { console.error(error); return; } }', ['caught']],
    ['let failed = 0; for (const record of event.Records) { try { await put(record); } catch (error) { failed++; } } console.log(failed);', ['caught']],
    ['const pool = context.pool; try { await put(event); } catch (error) { console.error(error); await pool.end(); }', ['caught']],
    ['const { client } = context; try { await put(event); } catch (error) { console.error(error); await client.close(); }', ['caught']],
    ['const { res } = context; try { await put(event); } catch (error) { console.error(error); res.end(); }', []],
    ['try { await put(event); } catch (error) { console.error(error); throw error; }', []],
    ['try { await put(event); } catch (error) { if (error.name !== "ConditionalCheckFailedException") throw error; }', []],
    ['try { await put(event); } catch (error) { await put({ failed: String(error) }); }', []],
    ['let failed = 0; for (const record of event.Records) { try { await put(record); } catch (error) { failed++; } } if (failed > 0) throw new Error("failed");', []],
    // Told only when nothing at all was done: what failed beside something that was done is gone.
    ['let done = 0; let failed = 0; for (const record of event.Records) { try { await put(record); done++; } catch (error) { failed++; console.error(error); } } if (done === 0 && failed > 0) throw new Error(`all ${failed} failed`); return { done, failed };', ['caught']],
    ['let done = 0; let failed = 0; for (const record of event.Records) { try { await put(record); done++; } catch (error) { failed++; console.error(error); } } if (failed > 0 && !done) throw new Error("failed");', ['caught']],
    ['let done = 0; let failed = 0; for (const record of event.Records) { try { await put(record); done++; } catch (error) { failed++; console.error(error); } } if (done === 0 && failed > 0) throw new Error("all failed"); else await report(context, failed);', []],
    ['let done = 0; let failed = 0; for (const record of event.Records) { try { await put(record); done++; } catch (error) { failed++; console.error(error); } } if (event.strict === 0 && failed > 0) throw new Error("failed");', []],
    ['let done = 0; let failed = 0; for (const record of event.Records) { try { await put(record); done++; } catch (error) { failed++; console.error(error); } } if (done === 0 || failed > 0) throw new Error("failed");', []],
    // What `catch` has set is there for `finally`.
    ['let status = "SUCCESS"; try { await put(event); } catch (error) { console.error(error); status = "FAILED"; } finally { await report(context, status); }', []],
    ['let status = "SUCCESS"; try { await put(event); } catch (error) { console.error(error); status = "FAILED"; } finally { console.log(status); }', ['caught']],
    ['let status = "SUCCESS"; try { await put(event); await report(context, status); } catch (error) { console.error(error); status = "FAILED"; } finally { console.log("done"); }', ['caught']],
    ['try { await put(event); return { batchItemFailures: [] }; } catch (error) { console.error(error); return { batchItemFailures: [] }; }', ['caught']],
    ['try { await put(event); return { batchItemFailures: [] }; } catch (error) { return { batchItemFailures: [{ itemIdentifier: event.Records[0].messageId }] }; }', []],
    ['const batchItemFailures = []; for (const record of event.Records) { try { await put(record); } catch (error) { batchItemFailures.push({ itemIdentifier: record.messageId }); } } return { batchItemFailures };', []],
    ['const results = await Promise.allSettled(event.Records.map((record) => put(record))); if (results.some((one) => one.status === "rejected")) throw new Error("failed");', []],
    ['await Promise.allSettled(event.Records.map(async (record) => { try { await put(record); } catch (error) { throw error; } }));', ['settled']],
    ['await Promise.allSettled(event.Records.map(async (record) => { try { await put(record); } catch (error) { await put({ failed: record }); } }));', []],
    ['const result = {}; try { result.row = await put(event); } catch (error) { console.error(error); } await drop(result.row);', []],
    ['const result = {}; try { result.row = await put(event); } catch (error) { console.error(error); }', ['caught']],
    ['let options = {}; try { options = JSON.parse(event.text); } catch (error) { console.warn(error); } await put(options);', []],
    ['await put(event); try { await drop(event.id); } catch (error) { console.warn(error); }', []],
    ['let row; try { row = await put(event); } catch (error) { console.error(error); } return row.id;', []],
    // CloudFormation is told: through a helper that sends in a promise, with a constant, with one of a package.
    ['const tell = (status) => new Promise((resolve, reject) => { const out = https.request({ host: event.host }, resolve); out.on("error", reject); out.end(status); }); try { await put(event); } catch (error) { console.error(error); await tell("x"); }', []],
    ['const said = (status) => new Promise((resolve) => { console.log(status); resolve(); }); try { await put(event); } catch (error) { console.error(error); await said("x"); }', ['caught']],
    ['const failed = "FAILED"; try { await put(event); } catch (error) { console.error(error); context.tell(event, failed); }', []],
    // What only the answer says is said to nobody.
    ['let said = "nothing"; try { await put(event); said = "done"; } catch (error) { console.error(error); said = error; } return { code: 200, payload: said };', ['caught']],
    ['let said = "nothing"; try { await put(event); said = "done"; } catch (error) { console.error(error); said = error; } return { error: said };', []],
    ['let said = "nothing"; try { await put(event); said = "done"; } catch (error) { console.error(error); said = error; } await put({ said }); return { code: 200 };', []],
    ['let row; try { row = await client.send(new GetItemCommand({ TableName: "t" })); } catch (error) { console.error(error); return; } await put(row);', ['caught']],
    ['let row; try { row = await client.send(new GetItemCommand({ TableName: "t" })); } catch (error) { console.error(error); return; } console.log(row);', []],
    ['let row; try { row = JSON.parse(event.text); } catch (error) { console.error(error); return; } await put(row);', []],
    ['let row; try { row = await client.send(new GetItemCommand({ TableName: "t" })); } catch (error) { console.error(error); } await put(row);', []],
    ['if (true) { client.send(new PutItemCommand({ TableName: "t", Item: event }), (error, data) => { if (error) throw error; }); }', []],
    ['client.send(new PutItemCommand({ TableName: "t", Item: event }), (fault, data) => { if (fault) console.error(fault); });', ['caught']],
    ['event.items.each(put(event), (item) => { if (item) console.error(item); });', []],
    // The rest of the function in `then` instead of behind `await`.
    ['return put(event).catch((error) => { console.error(error); return null; }).then(async () => {});', ['caught']],
    ['return put(event).catch((error) => { console.error(error); return null; }).then(async (row) => { if (row === null) throw new Error("not kept"); });', []],
    ['return Promise.allSettled(event.Records.map((record) => put(record))).then(async () => {});', ['settled']],
    ['return Promise.allSettled(event.Records.map((record) => put(record))).then(async (results) => { const failed = results.filter((one) => one.status === "rejected"); if (failed.length > 0) console.error(failed.length); });', ['counted']],
    ['return Promise.allSettled(event.Records.map((record) => put(record))).then(async (results) => { if (results.some((one) => one.status === "rejected")) throw new Error("failed"); });', []],
    ['return put(event).then(async () => { try { await drop(event.id); } catch (error) { console.warn(error); } });', []],
  ])('%s', (body, expected) => {
    expect(reports(body)).toEqual(expected);
  });

  // What becomes of what `Promise.allSettled` gives: `results`.
  test.each<[string, readonly string[]]>([
    ['', ['settled']],
    ['return results;', ['settled']],
    ['await put({ sent: results.length });', ['settled']],
    ['for (const one of results) { if (one.status === "fulfilled") await put(one.value); }', ['settled']],
    ['await put(results.filter((one) => one.status === "fulfilled").map((one) => one.value));', ['settled']],
    ['await put(results.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])));', ['settled']],
    ['const kept = []; results.forEach(({ status, value }) => { if (status !== "rejected") kept.push(value); }); await put(kept);', ['settled']],
    ['const isDone = (one) => one.status === "fulfilled"; await put(results.filter(isDone));', ['settled']],
    ['for (const one of results) { if (one.status === "rejected") { console.error(one.reason); continue; } await put(one.value); }', ['counted']],
    ['let failed = 0; for (const one of results) { if (one.status === "fulfilled") continue; failed += 1; } console.log(`${failed} failed`);', ['counted']],
    ['const [first, second] = results; console.log(first.status, second.status);', ['counted']],
    ['const reasons = []; for (const one of results) { if (one.status === "rejected") reasons.push(one.reason); } console.error(reasons.join());', ['counted']],
    // Somebody looks, in one way or another.
    ['let failed = 0; for (const one of results) { if (one.status === "fulfilled") continue; failed += 1; } if (failed > 0) throw new Error("failed");', []],
    ['const reasons = []; for (const one of results) { if (one.status === "rejected") reasons.push(one.reason); } if (reasons.length > 0) throw new AggregateError(reasons);', []],
    ['const done = results.filter((one) => one.status === "fulfilled"); if (done.length < results.length) throw new Error("failed");', []],
    ['const done = results.filter((one) => one.status === "fulfilled"); if (done.length === 0) throw new Error("failed");', []],
    ['const isDone = results.every((one) => one.status === "fulfilled"); if (!isDone) throw new Error("failed");', []],
    ['for (const [index, one] of results.entries()) { if (one.status === "rejected") await put({ failed: event.Records[index] }); }', []],
    ['const [first] = results; if (first.status === "rejected") throw first.reason;', []],
    ['results.filter((one) => one.status === "rejected").map((one) => put(one.reason));', []],
    ['const check = (all) => { for (const one of all) if (one.status === "rejected") throw one.reason; }; check(results);', []],
    ['const batchItemFailures = results.flatMap((one, index) => (one.status === "rejected" ? [{ itemIdentifier: event.Records[index].messageId }] : [])); return { batchItemFailures };', []],
    ['for (const one of results) { one.status === "rejected" && context.report(one.reason); }', []],
  ])('the results of Promise.allSettled: %s', (after, expected) => {
    expect(reports(`const results = await Promise.allSettled(event.Records.map((record) => put(record))); ${after}`)).toEqual(expected);
  });

  test('what is only gathered may do without those that fail', () => {
    const read = 'const get = async (id) => client.send(new GetItemCommand({ TableName: "t", Key: { id } })); const results = await Promise.allSettled(event.ids.map((id) => get(id)));';
    expect(reports(`${read} await put(results.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])));`)).toEqual([]);
    expect(reports(`${read} await put(event);`)).toEqual(['settled']);
  });

  test('promises that were collected before, and those that deal with their own failure', () => {
    const collected = 'const jobs = []; for (const item of event.items) jobs.push(client.send(new PutItemCommand({ TableName: "t", Item: item })));';
    expect(reports(`${collected} await Promise.allSettled(jobs);`)).toEqual(['settled']);
    expect(reports(`${collected} const all = await Promise.allSettled(jobs); if (all.some((one) => one.status === "rejected")) throw new Error("failed");`)).toEqual([]);
    // The one that is caught says it, where it is caught.
    expect(reports('await Promise.allSettled(event.items.map((item) => put(item).catch((error) => { console.error(error); })));')).toEqual(['caught']);
    expect(reports('await Promise.allSettled(event.items.map((item) => put(item).catch((error) => { throw error; })));')).toEqual(['settled']);
  });

  test('a helper whose results its caller throws away, and one whose caller looks', () => {
    const helper = 'const all = (items) => Promise.allSettled(items.map((item) => put(item)));\n';
    expect(reports('await all(event.items);', 'queue', helper)).toEqual(['settled']);
    expect(reports('const results = await all(event.items); if (results.some((one) => one.status === "rejected")) throw new Error("failed");', 'queue', helper)).toEqual([]);
  });

  // A record that does not parse: `message` of `record`, in a round over the records.
  test.each<[string, readonly (readonly [string, string | undefined])[]]>([
    ['let message; try { message = JSON.parse(record.body); } catch { continue; } await put(message);', [['skipped', undefined]]],
    ['let message; try { message = JSON.parse(record.body); } catch (error) { console.error(error); continue; } await put(message);', [['skipped', 'info']]],
    ['const message = parse(record.body); if (!message) continue; await put(message);', [['skipped', undefined]]],
    ['const message = parse(record.body); if (message === null) { console.warn("left out", record.messageId); continue; } await put(message);', [['skipped', 'info']]],
    ['let message; try { message = JSON.parse(record.body); } catch { await put({ failed: record.body }); continue; } await put(message);', []],
    ['let message; try { message = JSON.parse(record.body); } catch { message = { text: record.body }; } await put(message);', []],
    ['const message = parse(record.body); if (!message) throw new Error("no JSON"); await put(message);', []],
    ['const message = parse(record.body) ?? { text: record.body }; if (!message.text) continue; await put(message);', []],
    // What stands beside the message.
    ['const extra = {}; try { Object.assign(extra, JSON.parse(record.messageAttributes.extra.stringValue)); } catch (error) { console.warn(error); } await put(extra);', []],
    ['let message; try { message = JSON.parse(record.body); } catch { continue; } console.log(message);', []],
  ])('a record that does not parse: %s', (round, expected) => {
    const parse = 'const parse = (text) => { try { return JSON.parse(text); } catch { return null; } };\n';
    const { fn } = project({ 'handler.js': `${head}${parse}export const handler = async (event) => {\nfor (const record of event.Records) { ${round} }\n};\n` }, [deployed('F', 'handler.js', { triggers: [{ kind: 'queue', source: 'SQS', filters: [] }] })]);
    expect([...rule.check({ view: fn, options: {} })].map(({ message, severity }) => [message, severity])).toEqual(expected);
  });

  test('records that are left out of a list because they do not parse', () => {
    const found = (list: string): readonly string[] => reports(`const messages = ${list}; for (const message of messages) await put(message);`);
    const map = 'event.Records.map((record) => { try { return JSON.parse(record.body); } catch { return null; } })';
    expect(found(`${map}.filter(Boolean)`)).toEqual(['skipped']);
    expect(found('event.Records.flatMap((record) => { try { return [JSON.parse(record.body)]; } catch { return []; } })')).toEqual(['skipped']);
    // Who reads the list meets what is missing.
    expect(found(map)).toEqual([]);
    expect(reports('await Promise.all(event.Records.map(async (record) => { let message; try { message = JSON.parse(record.body); } catch { return; } await put(message); }));')).toEqual(['skipped']);
    expect(reports('await Promise.all(event.Records.map(async (record) => { let message; try { message = JSON.parse(record.body); } catch (error) { throw error; } await put(message); }));')).toEqual([]);
    // Somebody waits for the answer.
    expect(reports('for (const record of event.Records) { let message; try { message = JSON.parse(record.body); } catch { continue; } await put(message); }', 'http')).toEqual([]);
  });

  test('a return in the catch of a round leaves the rest of the batch', () => {
    const sqs = (body: string, batchSize?: number): readonly string[] => {
      const { fn } = project({ 'handler.js': `${head}export const handler = async (event) => {\n${body}\n};\n` }, [deployed('F', 'handler.js', { triggers: [{ kind: 'queue', source: 'SQS', filters: [], ...(batchSize ? { batchSize } : {}) }] })]);
      return [...rule.check({ view: fn, options: {} })].map((report) => report.message);
    };
    const round = (inCatch: string): string => `for (const record of event.Records) { try { await put(record); } catch (error) { ${inCatch} } }`;
    expect(sqs(round('if (error.name === "Gone") return; throw error;'))).toEqual(['leaves']);
    expect(sqs(round('await put({ failed: record.messageId }); return;'))).toEqual(['leaves']);
    // Once for the whole catch.
    expect(sqs(round('console.error(error); return;'))).toEqual(['caught']);
    expect(sqs(round('if (error.name === "Gone") continue; throw error;'))).toEqual([]);
    expect(sqs(round('if (error.name === "Gone") return; throw error;'), 1)).toEqual([]);
    expect(sqs(round('return { batchItemFailures: [{ itemIdentifier: record.messageId }] };'))).toEqual([]);
  });

  test.each<[string, readonly string[]]>([
    ['const answer = await fetch("https://a.example", { method: "POST", body: event.text }); if (!answer.ok) { console.error(answer.status); }', ['refused']],
    ['const answer = await fetch("https://a.example"); if (answer.status !== 200) { console.error(answer.status); return; } await put(await answer.json());', ['refused']],
    ['const answer = await fetch("https://a.example", { method: "POST", body: event.text }); if (answer.ok) { console.log("sent"); } else { console.error(await answer.text()); }', ['refused']],
    ['const answer = await fetch("https://a.example", { method: "POST", body: event.text }); if (!answer.ok) { throw new Error("refused"); }', []],
    ['const answer = await fetch("https://a.example", { method: "POST", body: event.text }); if (!answer.ok) { await put({ failed: event.id }); }', []],
    // Nobody says that it failed, and nothing was asked.
    ['const answer = await fetch("https://a.example", { method: "POST", body: event.text }); if (answer.ok) { console.log("sent"); }', []],
    ['const answer = { ok: event.ok }; if (!answer.ok) { console.error("no"); }', []],
    // Optional beside what comes after it.
    ['const answer = await fetch("https://a.example/metrics", { method: "POST" }); if (!answer.ok) { console.error(answer.status); } await put(event);', []],
  ])('a request that was refused: %s', (body, expected) => {
    expect(reports(body)).toEqual(expected);
    // Where somebody waits for the answer, it is the answer's matter.
    expect(reports(body, 'http')).toEqual([]);
  });

  // A state machine goes on with what its task gives.
  test.each<[string, readonly string[], readonly string[]]>([
    ['try { await put(event); return { success: true }; } catch (error) { console.error(error); return { success: false }; }', [], ['caught']],
    ['try { await put(event); return { done: 1 }; } catch (error) { console.error(error); return { failures: [error.message] }; }', [], ['caught']],
    ['const run = async () => { try { await put(event); return { done: 1 }; } catch (error) { console.error(error); return { done: 0, why: error.name }; } }; const answer = await run(); return answer;', [], ['caught']],
    ['const run = async () => { try { await put(event); return { done: 1 }; } catch (error) { console.error(error); return { done: 0, why: error.name }; } }; await run(); return { all: "well" };', ['caught'], ['caught']],
    ['const run = async () => { try { await put(event); return { done: 1 }; } catch (error) { console.error(error); return { statusCode: 500, body: "An error has occurred" }; } }; return run();', ['caught'], ['caught']],
    ['try { await put(event); } catch (error) { console.error(error); } return { success: true };', ['caught'], ['caught']],
    ['const run = async () => { try { await put(event); return { success: true }; } catch (error) { console.error(error); return { success: true }; } }; return run();', ['caught'], ['caught']],
    ['try { await put(event); return { success: true }; } catch (error) { console.error(error); }', ['caught'], ['caught']],
  ])('a task of a state machine, and a queue: %s', (body, ofMachine, ofQueue) => expect([reports(body, 'stateMachine'), reports(body)]).toEqual([ofMachine, ofQueue]));

  test('figures among texts that are taken apart', () => {
    const before = "const sendMetric = async (data) => { await fetch('https://figures.example', { method: 'POST', body: JSON.stringify(data) }); };\nconst taken = (event) => event.end - event.start;\n";
    const body = (work: string): string => `await put(event); if (process.env.FIGURES) { try { const time = taken(event); ${work} } catch (error) { console.error(error); } }`;
    expect(reports(body("await sendMetric({ time, name: event.name.split('-')[0] });"), 'queue', before)).toEqual([]);
    expect(reports(body("await put({ time, name: event.name.split('-')[0] });"), 'queue', before)).toEqual(['caught']);
  });

  // An answer that was prepared before the work, over HTTP.
  const ok = 'let response = { statusCode: 200, body: "" };';
  test.each<[string, readonly string[]]>([
    [`${ok} try { await put(event); response = { statusCode: 201, body: "sent" }; } catch (error) { console.error(error); } return response;`, ['answered']],
    [`${ok} if (event.body) { try { await put(event); response = { statusCode: 201, body: "sent" }; return response; } catch (error) { console.error(error); } } return response;`, ['answered']],
    [`${ok} try { await put(event); response.body = "sent"; } catch (error) { console.error(error); } return response;`, ['answered']],
    // The failure is what was prepared, or what is set.
    [`${ok.replace('200', '500')} try { await put(event); response = { statusCode: 200, body: "sent" }; } catch (error) { console.error(error); } return response;`, []],
    [`${ok} try { await put(event); response = { statusCode: 201, body: "sent" }; } catch (error) { response = { statusCode: 500, body: "" }; } return response;`, []],
    [`${ok} try { await put(event); response.body = "sent"; } catch (error) { response.statusCode = 500; } return response;`, []],
    [`${ok} try { await put(event); response.body = "sent"; } catch (error) { console.error(error); } if (!response.body) response.statusCode = 502; return response;`, []],
    [`${ok} try { await put(event); response = { statusCode: 201, body: "sent" }; } catch (error) { console.error(error); throw error; } return response;`, []],
  ])('an answer that was prepared: %s', (body, expected) => expect(reports(body, 'http')).toEqual(expected));

  // A refused change that somebody waits for: `answer` of a POST, and what comes after.
  test.each<[string, readonly string[]]>([
    ['if (!answer.ok) console.error(answer.status); return { statusCode: 200, body: "done" };', ['answered']],
    ['if (answer.status !== 200) { console.error("refused", answer.status); } return Response.json({ sent: true });', ['answered']],
    ['if (!answer.ok) console.error(answer.status); return { statusCode: answer.status };', []],
    ['if (!answer.ok) console.error(answer.status); return { statusCode: 202, body: await answer.text() };', []],
    ['if (!answer.ok) console.error(answer.status); return { statusCode: 200, body: JSON.stringify({ error: "not sent" }) };', []],
    ['if (!answer.ok) console.error(answer.status); return { statusCode: 502, body: "refused" };', []],
    ['if (!answer.ok) { console.error(answer.status); return { statusCode: 502 }; } return { statusCode: 200 };', []],
    ['if (!answer.ok) console.error(answer.status); return event;', []],
  ])('a refused change, over HTTP: %s', (after, expected) => {
    const ask = (method: string): string => `const answer = await fetch("https://a.example", { method: "${method}", body: event.text }); ${after}`;
    expect(reports(ask('POST'), 'http')).toEqual(expected);
    // What is only read may be missing.
    expect(reports(ask('GET'), 'http')).toEqual([]);
  });

  test('a refused change, answered by a route of Express or Hono', () => {
    const route = (param: string, answer: string): readonly string[] => reports('return app.handle(event);', 'http', `import { Hono } from 'hono';\nconst app = new Hono();\napp.post('/orders', async (${param}) => { const answer = await fetch("https://a.example", { method: "POST", body: "1" }); if (!answer.ok) { console.error(answer.status); } ${answer} });\n`);
    expect(route('c', 'return c.json({ sent: true });')).toEqual(['answered']);
    expect(route('c', 'return c.text("done", 201);')).toEqual(['answered']);
    expect(route('req, res', 'res.status(201).json({ sent: true });')).toEqual(['answered']);
    expect(route('c', 'return c.json({ sent: true }, 502);')).toEqual([]);
    expect(route('c', 'return c.json({ sent: answer.ok });')).toEqual([]);
    expect(route('req, res', 'res.status(502).json({ sent: false });')).toEqual([]);
    expect(route('c', 'return c.redirect("/");')).toEqual([]);
  });

  test('a helper that fills a list of its own keeps no failure in it', () => {
    const of = (after: string, before = ''): readonly string[] => reports('try { await put(event); } catch (error) { told(error); }', 'queue', `${before}const told = (error) => { const figures = [1]; ${after} console.error(error, figures); };\n`);
    expect(of('figures.push(2);')).toEqual(['caught']);
    expect(of('kept.push(error);', 'const kept = [];\n')).toEqual([]);
    expect(of('figures.push(error); return figures;')).toEqual([]);
    expect(of('figures.push(error); save(figures);', "import { save } from 'elsewhere';\n")).toEqual([]);
  });

  test('a failure of fp-ts that is only reported', () => {
    const before = 'import * as TE from "fp-ts/TaskEither";\nimport { pipe } from "fp-ts/function";\nimport { telemetry } from "telemetry";\nconst work = (item) => TE.tryCatch(() => put(item), (error) => error);\n';
    expect(reports('await pipe(work(event), TE.mapLeft((error) => { telemetry.trackException({ exception: error }); }))();', 'queue', before)).toEqual(['reported']);
    expect(reports('await pipe(work(event), TE.mapLeft((error) => { console.error(error); }))();', 'queue', before)).toEqual(['caught']);
    expect(reports('await pipe(work(event), TE.mapLeft((error) => { telemetry.trackException({ exception: error }); throw error; }))();', 'queue', before)).toEqual([]);
    expect(reports('return pipe(work(event), TE.mapLeft((error) => { telemetry.trackException({ exception: error }); return error; }))();', 'queue', before)).toEqual([]);
  });

  test.each<[string, readonly string[]]>([
    ["app.on('issues.opened', async (context) => { let options; try { options = await client.send(new GetItemCommand({ TableName: 't' })); } catch (e) { const error = e; error.message = `no options: ${error.message}`; console.error(error); return; } await put(options); });", ['answered']],
    ["app.on(['issues.opened', 'issues.edited'], async (context) => { let options; try { options = await client.send(new GetItemCommand({ TableName: 't' })); } catch (error) { console.error(error); return; } await put(options); });", ['answered']],
    // What is read from a stream, what the rest does not need, and what is thrown.
    ["app.on('data', async (context) => { let options; try { options = await client.send(new GetItemCommand({ TableName: 't' })); } catch (error) { console.error(error); return; } await put(options); });", []],
    ["app.on('issues.opened', async (context) => { let options; try { options = await client.send(new GetItemCommand({ TableName: 't' })); } catch (error) { console.error(error); return; } console.log(options); });", []],
    ["app.on('issues.opened', async (context) => { let options; try { options = await client.send(new GetItemCommand({ TableName: 't' })); } catch (e) { const error = e; error.message = 'no options'; throw error; } await put(options); });", []],
  ])('a listener of a web hook: %s', (body, expected) => {
    expect(reports('return app.receive(event);', 'http', `import { App } from 'webhooks-kit';\nconst app = new App();\n${body}\n`)).toEqual(expected);
  });

  test('what only keeps figures, by the name of its file, is optional beside other work', () => {
    const found = (file: string): readonly string[] => {
      const helper = 'export const send = async (data) => { try { await fetch("https://a.example", { method: "POST", body: data }); } catch (error) { console.error(error); } };\n';
      const code = `${head}import { send } from './${file}';\nexport const handler = async (event) => { await send(event.id); await put(event); };\n`;
      const { fn } = project({ 'handler.js': code, [file]: helper }, [deployed('F', 'handler.js', { triggers: [{ kind: 'queue', source: 'T', filters: [] }] })]);
      return [...rule.check({ view: fn, options: {} })].map((report) => report.message);
    };
    expect(found('lib/metrics/index.js')).toEqual([]);
    expect(found('lib/telemetry.js')).toEqual([]);
    expect(found('lib/metricsystem.js')).toEqual(['caught']);
    expect(found('lib/orders/index.js')).toEqual(['caught']);
  });

  test('what is given up with an answer that nobody reads', () => {
    const body = 'let key; try { try { key = await client.send(new GetItemCommand({ TableName: "t" })); } catch (error) { console.error(error); return { statusCode: 500 }; } await put(key); } catch (error) { console.error(error); throw error; }';
    expect(reports(body)).toEqual(['caught']);
    expect(reports(body, 'http')).toEqual([]);
    expect(reports(body, 'stateMachine')).toEqual([]);
    // What came in is no better the next time.
    expect(reports('let sent; try { sent = await event.json(); } catch (error) { console.error(error); return { statusCode: 400 }; } await put(sent);')).toEqual([]);
  });

  test('a function in the background of Netlify is run again when it throws', () => {
    const code = `${head}export default async (request) => { try { await put(await request.json()); } catch (error) { console.error(error); return new Response('no', { status: 500 }); } };\n`;
    const found = (source: string): readonly string[] => {
      const { fn } = project({ 'work-background.js': code }, [deployed('work-background', 'work-background.js', { platform: 'netlify', handlers: [{ file: 'work-background.js', export: 'default', kind: 'handler' }], triggers: [{ kind: 'http', source, filters: [] }] })]);
      return [...rule.check({ view: fn, options: {} })].map((report) => report.message);
    };
    expect(found('background')).toEqual(['caught']);
    expect(found('function')).toEqual([]);
  });

  test.each<[string, readonly string[]]>([
    ['async.each(event.Records, (item, done) => { put(item).then(() => done(), done); }, (error) => { if (error) console.error(error); });', ['caught']],
    ['async.each(event.Records, (item, done) => { put(item).then(() => done()); }, (error) => { if (error) console.error(error); });', []],
    ['async.each(event.Records, (item, done) => { put(item).then(() => done(null)); }, (error) => { if (error) console.error(error); });', []],
    ['async.each(event.Records, (item, done) => { put(item).then(() => done()).catch((error) => done(error)); }, (error) => { if (error) console.error(error); });', ['caught']],
    ['async.each(event.Records, async (item) => { await put(item); }, (error) => { if (error) console.error(error); });', ['caught']],
  ])('the error of a last callback that nobody sets: %s', (body, expected) => {
    expect(reports(body, 'queue', "import async from 'async';\n")).toEqual(expected);
  });

  test('a cookie that cannot be renewed is no lost work; other work of such a callback is', () => {
    const before = "import { createServerClient } from '@supabase/ssr';\nimport { cookies } from 'next/headers';\nimport { store } from './store.js';\n";
    const session = (work: string): string => `const jar = cookies(); const auth = createServerClient('u', 'k', { cookies: { get: (name) => jar.get(name), set(name, value, options) { try { ${work} } catch (error) {} } } }); await auth.auth.getUser(); return { statusCode: 200 };`;
    expect(reports(session('jar.set({ name, value, ...options });').replaceAll('jar', 'cookieStore'), 'http', before)).toEqual([]);
    expect(reports(session('store(name, value);'), 'http', before)).toEqual(['answered']);
  });

  test('what an interval runs is tried again by the next round', () => {
    const beat = 'const beat = async () => { try { await put({ at: 1 }); } catch (error) { console.error(error); } };\n';
    expect(reports('setInterval(beat, 1000); return { statusCode: 200 };', 'http', beat)).toEqual([]);
    expect(reports('setInterval(async () => { try { await put(event); } catch (error) { console.error(error); } }, 1000);')).toEqual([]);
    expect(reports('setInterval(() => beat(), 1000); await beat(); return { statusCode: 200 };', 'http', beat)).toEqual(['answered']);
    expect(reports('await beat(); return { statusCode: 200 };', 'http', beat)).toEqual(['answered']);
  });

  test.each<[string, readonly string[]]>([
    ['sendAnonymizedMetric', []], ['sendAnonymousData', []], ['anonymizeUserData', ['caught']], ['sendAnonymousLetter', ['caught']], ['sendData', ['caught']],
  ])('figures for the maker of the software, which nothing depends on: %s', (name, expected) => {
    expect(reports(`await ${name}({ at: event.time });`, 'custom', `const ${name} = async (body) => { try { await fetch('https://a.example', { method: 'POST', body: JSON.stringify(body) }); } catch (error) { console.error(error); } };\n`)).toEqual(expected);
  });

  describe('an addition after the main work has succeeded', () => {
    const client = 'const cancelOrder = async (api, id) => { await api.send(new PutItemCommand({ TableName: "orders", Item: { id } })); };\nconst updateOrder = async (api, id, reason) => { await api.send(new PutItemCommand({ TableName: "orders", Item: { id, reason } })); };\nconst updateInvoice = async (api, id) => { await api.send(new PutItemCommand({ TableName: "invoices", Item: { id } })); };\nconst chargeOrder = async (api, id) => { await api.send(new PutItemCommand({ TableName: "charges", Item: { id } })); };\nconst orders = { cancel: (id) => cancelOrder(client, id), update: (id, reason) => updateOrder(client, id, reason), charge: (id) => chargeOrder(client, id) };\n';
    const after = 'await put({ id: event.id });';
    test.each<[string, readonly string[]]>([
      ['await cancelOrder(client, event.order.id); try { await updateOrder(client, event.order.id, "late"); } catch (error) { console.error(error); }', []],
      ['await orders.cancel(event.order.id); try { await orders.update(event.order.id, "late"); } catch (error) { console.error(error); }', []],
      ['if (event.open) { await cancelOrder(client, event.order.id); } try { await updateOrder(client, event.order.id, "late"); } catch (error) { console.error(error); }', ['caught']],
      // The first write may have failed as well.
      ['try { await cancelOrder(client, event.order.id); } catch (error) { console.error(error); } try { await updateOrder(client, event.order.id, "late"); } catch (error) { console.error(error); }', ['caught', 'caught']],
      // Nothing went before it.
      ['try { await updateOrder(client, event.order.id, "late"); } catch (error) { console.error(error); }', ['caught']],
      // Another thing, another order, other work.
      ['await cancelOrder(client, event.order.id); try { await updateInvoice(client, event.order.id); } catch (error) { console.error(error); }', ['caught']],
      ['await cancelOrder(client, event.order.id); try { await updateOrder(client, event.next.id, "late"); } catch (error) { console.error(error); }', ['caught']],
      ['await cancelOrder(client, event.order.id); try { await chargeOrder(client, event.order.id); } catch (error) { console.error(error); }', ['caught']],
      // Somebody reads what came of it.
      ['let row; await cancelOrder(client, event.order.id); try { row = await updateOrder(client, event.order.id, "late"); } catch (error) { console.error(error); } await put({ id: event.id, row });', []],
    ])('%s', (body, expected) => {
      expect(reports(`${body} ${after}`, 'queue', client)).toEqual(expected);
    });

    test('where others follow that may fail in the same way', () => {
      const note = 'try { await updateOrder(client, event.id); } catch (error) { console.error(error); }';
      const last = 'try { await updateInvoice(client, event.id); } catch (error) { console.error(error); }';
      expect(reports(`await put(event); ${note} ${last}`, 'queue', client)).toEqual([]);
      expect(reports(`try { await put(event); } catch (error) { console.error(error); } ${note} ${last}`, 'queue', client)).toEqual(['caught', 'caught', 'caught']);
      expect(reports(`await put(event); ${note} await updateInvoice(client, event.id);`, 'queue', client)).toEqual(['caught']);
    });
  });

  test('a promise that is handed out unsettled takes its failure along', () => {
    expect(reports('try { return put(event); } catch (error) { console.error(error); } return false;')).toEqual([]);
    expect(reports('try { console.log("begin"); return event.id ? put(event) : put({}); } catch (error) { console.error(error); }')).toEqual([]);
    expect(reports('try { return await put(event); } catch (error) { console.error(error); } return false;')).toEqual(['caught']);
    // What is put together on the way is no work that fails.
    expect(reports('try { const item = JSON.parse(event.text); return put(item); } catch (error) { console.error(error); }')).toEqual(['caught']);
    expect(reports('try { const id = event.id.trim(); return put({ id }); } catch (error) { console.error(error); }')).toEqual([]);
    expect(reports('try { const command = new PutItemCommand({ TableName: "t", Item: event }); return client.send(command); } catch (error) { console.error(error); }')).toEqual([]);
    expect(reports('try { const command = new PutItemCommand({ TableName: "t", Item: event }); return await client.send(command); } catch (error) { console.error(error); }')).toEqual(['caught']);
    expect(reports('try { return Promise.all(event.items.map((item) => put(item))); } catch (error) { console.error(error); }')).toEqual([]);
    expect(reports('try { const job = put(event); return job; } catch (error) { console.error(error); }')).toEqual([]);
    expect(reports('try { const job = put(event); await job; return job; } catch (error) { console.error(error); }')).toEqual(['caught']);
    expect(reports('try { const [row] = await Promise.all([put(event)]); return row; } catch (error) { console.error(error); }')).toEqual(['caught']);
    expect(reports('try { await put({ id: 1 }); return put(event); } catch (error) { console.error(error); }')).toEqual(['caught']);
    expect(reports('try { const item = check(event); return put(item); } catch (error) { console.error(error); }', 'queue', 'const check = (item) => { if (!item.id) throw new Error("no id"); return item; };\n')).toEqual(['caught']);
  });

  test('tidying up is what a function is there for that does nothing else', () => {
    const cleanup = 'const cleanupOrders = async (id) => { await drop(id); await put({ id, open: false }); };\n';
    expect(reports('try { await cleanupOrders(event.id); } catch (error) { console.error(error); }', 'schedule', cleanup)).toEqual(['caught']);
    expect(reports('await put(event); try { await cleanupOrders(event.id); } catch (error) { console.error(error); } await put({ id: 2 });', 'schedule', cleanup)).toEqual([]);
  });

  test('a statement of SQL that only selects changes nothing', () => {
    const db = "import { Client } from 'pg';\nconst db = new Client();\n";
    const work = (statement: string): string => `await put(event); let rows; try { rows = await db.query("${statement}"); } catch (error) { console.error(error); } await put({ id: 1 });`;
    expect(reports(work('SELECT * FROM orders'), 'queue', db)).toEqual([]);
    expect(reports(work('UPDATE orders SET seen = true'), 'queue', db)).toEqual(['caught']);
  });

  test('a function that answers its caller is judged by its answer', () => {
    expect(reports('try { await put(event); return { statusCode: 200 }; } catch (error) { console.error(error); return { statusCode: 500 }; }', 'http')).toEqual([]);
    expect(reports('try { await put(event); return { statusCode: 200 }; } catch (error) { console.error(error); return { statusCode: 200 }; }', 'http')).toEqual(['answered']);
    expect(reports('try { await put(event); } catch (error) { console.error(error); } return { statusCode: 200 };', 'http')).toEqual(['answered']);
    expect(reports('try { await put(event); } catch (error) { console.error(error); }', 'http')).toEqual([]);
  });

  test('nothing is known of a function without triggers', () => {
    expect(reports('try { await put(event); } catch (error) { console.error(error); }', 'invoke')).toEqual([]);
    expect(reports('try { await put(event); } catch (error) { console.error(error); }', 'auth')).toEqual([]);
  });

  test('a helper is judged by what its callers do with what it gives', () => {
    const helper = 'const save = async (item) => { try { await put(item); return true; } catch (error) { console.error(error); return false; } };\n';
    expect(reports('await save(event);', 'queue', helper)).toEqual(['caught']);
    expect(reports('if (!(await save(event))) throw new Error("not saved");', 'queue', helper)).toEqual([]);
  });

  test('what could not be opened is told apart where it is used', () => {
    const store = (mark: string, use: string): string => [
      'let ready = false;', 'class Store {', '  async open() {', '    try {', '      this.rows = await put("open");', `      ${mark}`, '    } catch (error) { console.error(error); }', '  }',
      `  async save(item) { ${use} }`, '}', 'const store = new Store();', '',
    ].join('\n');
    const run = 'await store.open(); await store.save(event);';
    expect(reports(run, 'queue', store('', 'this.local = item;'))).toEqual(['caught']);
    expect(reports(run, 'queue', store('this.isReady = true;', 'if (!this.isReady) this.local = item; else await this.rows.add(item);'))).toEqual([]);
    expect(reports(run, 'queue', store('ready = true;', 'return ready ? this.rows.add(item) : undefined;'))).toEqual([]);
    expect(reports(run, 'queue', store('this.isReady = true;', 'if (item.id) this.local = this.isReady;'))).toEqual(['caught']);
  });

  test('a helper that another is given and calls', () => {
    const helper = 'const save = async (item) => put(item).catch((error) => { console.error(error); });\n';
    const each = (use: string): string => `${helper}const each = async (fn, list) => { ${use} };\n`;
    expect(reports('await each(save, event.items);', 'queue', each('for (const one of list) await fn(one);'))).toEqual(['caught']);
    expect(reports('await each(save, event.items);', 'queue', each('for (const one of list) if (!(await fn(one))) throw new Error("not saved");'))).toEqual([]);
    expect(reports('const all = await each(save, event.items); if (all.length === 0) throw new Error("none");', 'queue', each('return Promise.all(list.map((one) => fn(one)));'))).toEqual([]);
  });

  test('a tracker is told, and the event is lost all the same', () => {
    expect(reports('try { await put(event); } catch (error) { Sentry.captureException(error); }', 'queue', "import * as Sentry from '@sentry/node';\n")).toEqual(['reported']);
  });
});
