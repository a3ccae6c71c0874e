/*
 * How hard a password is to guess, by zxcvbn: patterns that people make and the words that they use, not classes of
 * characters. The library and its dictionaries take some 35 MB and 150 ms, so they are loaded when the first password is set.
 */

/** The estimate looks at this many characters: it takes quadratic time, and what is longer is strong by then. */
const estimatedMax = 64;

interface Estimator {
  score(password: string, about: readonly string[]): { readonly score: number; readonly warning: string | null };
  readonly common: ReadonlySet<string>;
}

async function load(): Promise<Estimator> {
  const [{ ZxcvbnFactory }, common, english] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
  ]);
  const estimator = new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    translations: english.translations,
    maxLength: estimatedMax,
  });
  return {
    score: (password, about) => {
      const { score, feedback } = estimator.check(password.slice(0, estimatedMax), [...about]);
      return { score, warning: feedback.warning };
    },
    common: new Set(common.dictionary['passwords-common']),
  };
}

let loading: Promise<Estimator> | null = null;

/** Loaded once in a process. */
export function passwordEstimator(): Promise<Estimator> {
  loading ??= load();
  return loading;
}
