import { describe, expect, it } from 'vitest';
import { runsBefore } from '../../../src/link/queries/middleware-routes.ts';
import type { ServerlessFunction } from '../../../src/model/function.ts';
import { deployed } from '../../support/memory.ts';

const at = (...paths: readonly string[]): ServerlessFunction => deployed('F', 'a.js', {
  triggers: [{ kind: 'http', source: 'route', filters: paths.map((path) => ({ kind: 'route', method: '*', path })), location: { file: 'a.js', line: 1, column: 1, endLine: 1, endColumn: 1 } }],
});

describe('middleware', () => {
  it.each([
    ['/((?!api|_next/static|favicon.ico).*)', '/api/webhooks/orders', false],
    ['/((?!api|_next/static|favicon.ico).*)', '/api', false],
    ['/((?!api|_next/static|_next/image|favicon\\.ico|.*\\.(?:svg|png)$).*)', '/api/orders', false],
    ['/((?!_next/static|_next/image|favicon.ico).*)', '/api/orders', true],
    ['/((?!.*\\.).*)', '/api/orders', true],
    ['/((?!api/auth).*)', '/api/orders', true],
    ['/((?!api/auth).*)', '/api/auth/login', false],
    ['/dashboard/:path*', '/api/orders', false],
    ['/api/:path*', '/api/orders/{id}', true],
    ['/api/:path*', '/api', true],
    ['/api/admin/:path*', '/api/orders', false],
    ['/api/admin/:path*', '/api/{name}', true],
    ['/(api|trpc)(.*)', '/api/orders', true],
    ['/*', '/api/orders', true],
    ['/about', '/api/orders', false],
    ['/about', '/about', true],
    ['/api/*', '/other', false],
  ])('of %s runs for %s: %s', (pattern, path, expected) => expect(runsBefore(at(pattern), at(path))).toBe(expected));

  it('runs where nothing is declared, and before all routes only where each is matched by some pattern', () => {
    expect(runsBefore(at(), at('/api/a'))).toBe(true);
    expect(runsBefore(at('/api/:path*', '/app/:path*'), at('/api/a', '/app/b'))).toBe(true);
    expect(runsBefore(at('/api/:path*'), at('/api/a', '/app/b'))).toBe(false);
  });
});
