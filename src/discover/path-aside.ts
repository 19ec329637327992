/** Folders of dependencies, and of tests with what they deploy to stand in for something else. */
const aside = /(?:^|\/)(?:node_modules|(?:e2e|tests?)(?:-[\w-]{1,60})?|__tests__|__fixtures__|__mocks__)\//;

/** Whether a declaring file lies where nothing that is deployed lies. */
export function isAside(file: string): boolean {
  return aside.test(file);
}

/** What tests feed to the code under test: whole small projects, deployed by nobody but a test. */
const fixture = /(?:^|\/)(?:__tests__|tests?|e2e)\/(?:[^/]{1,100}\/){0,4}(?:__fixtures__|fixtures?)\/|(?:^|\/)__fixtures__\/|(?:^|\/)tests?\/integ\//;

/** Whether a file is part of a project that tests feed to the code under test. */
export function isFixture(file: string): boolean {
  return fixture.test(file);
}
