import { answerError, type GraphqlAnswer } from '../operation/answer.ts';
import { graphqlErrors } from '../operation/errors.ts';
import { graphqlLimits as limits } from '../operation/limits.ts';

const message = (answer: GraphqlAnswer): string => `event: next\ndata: ${JSON.stringify(answer)}\n\n`;

/** Settles with null when nothing has happened for so long. */
async function within<T>(work: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<null>((settle) => {
    timer = setTimeout(() => settle(null), ms);
  });
  try {
    return await Promise.race([work, silence]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Answers as server-sent events (graphql-sse, distinct connections): `next` for each, `complete` at the end, comments while
 * it is quiet. Ending it ends the answers.
 */
export async function* eventStream(
  answers: AsyncGenerator<GraphqlAnswer, void, void>,
  requestId: string,
): AsyncGenerator<string, void, void> {
  try {
    // The first byte: whoever asked knows now that the stream stands.
    yield ': stream\n\n';
    let next = answers.next();
    for (;;) {
      const result = await within(next, limits.streamKeepAliveMs);
      if (result === null) {
        yield ': quiet\n\n';
        continue;
      }
      if (result.done === true) break;
      const text = message(result.value);
      if (text.length > limits.streamMessageCharacters) {
        yield message({ errors: [answerError(graphqlErrors.GRAPHQL_LIMIT(), requestId)] });
        break;
      }
      yield text;
      next = answers.next();
    }
    yield 'event: complete\ndata:\n\n';
  } finally {
    await answers.return();
  }
}
