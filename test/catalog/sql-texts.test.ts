import { describe, expect, it } from 'vitest';
import { sqlRead } from '../../src/catalog/sql-texts.ts';

describe('what a statement reads', () => {
  it.each<[string, ReturnType<typeof sqlRead>]>([
    ['SELECT a FROM b', 'rows'],
    ['SELECT now()', 'server'],
    ['SELECT a FROM b; SELECT c FROM d;', 'rows'],
    ['SELECT a FROM b; DELETE FROM d', undefined],
    ["SELECT a FROM b WHERE c = ';'", 'rows'],
    ['SELECT a FROM b FOR UPDATE', undefined],
    ['CREATE TEMP TABLE ids(id) AS VALUES (1), (2); SELECT a FROM b JOIN ids ON ids.id = b.id', 'rows'],
    ['CREATE TEMPORARY TABLE `kept` (id int) ENGINE = MEMORY', 'server'],
    ['CREATE TEMP TABLE ids(id int); INSERT INTO ids SELECT id FROM b; SELECT id FROM ids; DROP TABLE ids', 'rows'],
    ['CREATE TEMP TABLE ids(id int); INSERT INTO others SELECT id FROM ids', undefined],
    ['CREATE TEMP TABLE ids AS SELECT id FROM take_all(1)', undefined],
    ['CREATE TEMP TABLE ids(id int); SELECT * FROM take_all(1)', undefined],
    ['CREATE TABLE ids(id int)', undefined],
    ['INSERT INTO ids VALUES (1)', undefined],
    [' ; ', undefined],
  ])('%s: %s', (text, expected) => { expect(sqlRead(text)).toBe(expected); });
});
