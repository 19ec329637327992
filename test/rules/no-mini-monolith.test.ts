import { describe, expect, it } from 'vitest';
import { resourceOf } from '../../src/link/queries/route-names.ts';
import { servedRoutes } from '../../src/link/queries/served-routes.ts';
import { standsAlone } from '../../src/link/queries/stands-alone.ts';
import { triggerRoutes } from '../../src/link/queries/trigger-routes.ts';
import { deployed, project } from '../support/memory.ts';

describe('resource of a route', () => {
  it.each([
    ['GET /orders', 'order'], ['/api/v1/orders/:id', 'order'], ['POST /api/categories', 'category'], ['/{id}/parts', 'part'], ['/', ''], ['GET', ''], ['createOrder', 'order'], ['getOrderById', 'order'],
    ['CREATE_ORDER', 'order'], ['order.created', 'order'], ['user:add', 'user'], ['list', ''], ['Create', ''], ['S3Notification', 'notification'], ['/statuses', 'statuse'], ['/address', 'address'], ['/robots.txt', ''], ['/.well-known/jwks.json', ''], ['PATCH /dev/carts', 'cart'],
  ])('%s is about %s', (label, resource) => { expect(resourceOf(label)).toBe(resource); });
});

const served = (code: string): unknown => servedRoutes(project({ 'a.js': code }).fn).map(({ by, routes, resources }) => [by, routes.map((route) => route.label), resources]);

describe('routes that a function serves', () => {
  it.each<[string, string, unknown]>([
    ['mounted routers', "const express = require('express'); const app = express(); const a = express.Router(); a.get('/x', () => 1); app.use('/orders', a); app.post('/users', () => 2); exports.handler = require('serverless-http')(app);", [['its Express application', ['GET /orders/x', 'POST /users'], ['order', 'user']]]],
    ['one answer for several paths', "const express = require('express'); const app = express(); const page = () => 1; app.get('/a', page); app.get('/b', page); exports.handler = require('serverless-http')(app);", [['its Express application', ['GET /a', 'GET /b'], ['a']]]],
    ['a list of paths', "const express = require('express'); const app = express(); app.get(['/carts', '/bills'], () => 1); exports.handler = require('serverless-http')(app);", [['its Express application', ['GET /carts', 'GET /bills'], ['cart']]]],
    ['nested comparisons', "exports.handler = async (event) => { switch (event.path) { case '/a': if (event.httpMethod === 'GET') return 1; if (event.httpMethod === 'POST') return 2; break; case '/b': return 3; } };", [['its own router', ['/a GET', '/a POST', '/b'], ['a', 'b']]]],
    ['either of two', "exports.handler = async ({ path }) => { if (path === '/a' || path === '/aa') return 1; };", [['its own router', ['/a'], ['a']]]],
    ['a field of a parsed address', "exports.handler = async (event) => { const { pathname } = new URL(event.rawUrl); if (pathname === '/a') return 1; };", [['its own router', ['/a'], ['a']]]],
    ['a field under another name', "exports.handler = async (event) => { const { pathname: at } = new URL(event.rawUrl); if (at === '/a') return 1; };", [['its own router', ['/a'], ['a']]]],
    ['the other way round', "exports.handler = async ({ path }) => { let x; if (path !== '/a') { if (!(path === '/b')) { x = 0; } else { x = 2; } } else { x = 1; } return x; };", [['its own router', ['/a', '/b'], ['a', 'b']]]],
    ['the API beside pages', "exports.handler = async ({ path }) => { if (path.startsWith('/api/')) return 1; if (/^\\/v1\\//.test(path)) return 2; return 0; };", []],
    ['routes below the API', "exports.handler = async ({ path }) => { if (path.startsWith('/api/')) { if (path === '/api/a') return 1; if (path.startsWith('/api/b')) return 2; } return 0; };", [['its own router', ['/api/a', '/api/b'], ['a', 'b']]]],
    ['no input', "exports.handler = async () => { const { action } = await load(); if (action === 'a') return 1; }; const load = async () => (await fetch('https://x.example.com')).json();", []],
    ['not the name of a task', "exports.handler = async (event) => { if (event.colour === 'red') return 1; };", []],
  ])('%s', (_title, code, expected) => { expect(served(code)).toEqual(expected); });

  it('belongs to the functions of a codebase that the web calls', () => {
    const code = "const express = require('express'); const app = express(); app.get('/orders', () => 1); app.get('/users', () => 2); exports.handler = async () => 1;";
    const of = (kind: 'http' | 'document', platform: 'firebase' | 'aws'): number => servedRoutes(project({ 'a.js': code }, [deployed('A', 'a.js', { platform, triggers: [{ kind, source: 'T', filters: [] }] })]).fn).length;
    expect([of('http', 'firebase'), of('document', 'firebase'), of('document', 'aws')]).toEqual([1, 0, 1]);
  });

  it('counts what a declaration starts a function for', () => {
    const route = (method: string, path: string) => ({ kind: 'http' as const, source: 'httpApi', filters: [{ kind: 'route' as const, method, path }] });
    expect(triggerRoutes(deployed('A', 'a.js', { triggers: [route('GET', '/orders'), route('POST', '/orders'), route('OPTIONS', '/users'), route('ANY', '/{proxy+}'), { kind: 'queue', source: 'SQS', filters: [] }, { ...route('GET', '/off'), enabled: false }] })))
      .toEqual({ routes: ['GET /orders', 'POST /orders', 'queue  '], resources: ['/order', 'queue'] });
  });

  it('needs every file: an open one that loads others says nothing', () => {
    const files = { 'a.js': "const { b } = require('./b'); exports.handler = async () => b;", 'b.js': 'exports.b = 1;' };
    expect(standsAlone(project(files).fn)).toBe(true);
    expect(standsAlone(project(files, undefined, [], { whole: false }).fn)).toBe(false);
    expect(standsAlone(project({ 'a.js': "const b = require('b'); exports.handler = async () => b;" }, undefined, [], { whole: false }).fn)).toBe(true);
  });
});
