/**
 * Handlers that libraries make and that answer through the callback of AWS Lambda, which waits until the event loop is empty.
 *
 * Sources (November 2026): graphql-yoga 1 (`GraphQLServerLambda`: its handlers call the callback that they are given);
 * ask-sdk and ask-sdk-core 2 (`BaseSkillBuilder.lambda`: `callback(null, response)`).
 */
export function answersThroughCallback(module: string, names: readonly string[]): boolean {
  const last = names.at(-1);
  switch (module) {
    case 'graphql-yoga': return last === 'graphqlHandler' || last === 'playgroundHandler' || last === 'handler';
    case 'ask-sdk': case 'ask-sdk-core': return last === 'lambda';
    default: return false;
  }
}
