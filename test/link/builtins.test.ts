import { expect, it } from 'vitest';
import { project } from '../support/memory.ts';

it.each<[string, string, string]>([
  ["Nest's factory gives the application, not the root module", `import { NestFactory } from '@nestjs/core'; class Root {}\nexport const handler = async () => { const app = await NestFactory.create(Root); app.listen(1); };\n`, '@nestjs/core'],
  ['a container gives an object of the class', `import { Container } from 'inversify'; class Root { listen() {} } const container = new Container();\nexport const handler = async () => { container.get(Root).listen(1); };\n`, 'own'],
])('%s', (_name, code, expected) => {
  const { fn } = project({ 'a.ts': code });
  const listens = fn.calls('invoke').find((call) => call.callee.path.at(-1)?.endsWith('listen'));
  expect(listens === undefined ? 'own' : JSON.stringify(listens.callee.receiver)).toContain(expected);
});
