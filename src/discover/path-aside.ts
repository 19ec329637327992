/** Folders of dependencies, and of tests with what they deploy to stand in for something else. */
const aside = /(?:^|\/)(?:node_modules|(?:e2e|tests?)(?:-[\w-]{1,60})?|__tests__|__fixtures__|__mocks__)\//;

/** Whether a declaring file lies where nothing that is deployed lies. */
export function isAside(file: string): boolean {
  return aside.test(file);
}
