import { type Config, parseConfig } from "../../../src/config/index.js";
import { ConfigError, type ConfigProblem } from "../../../src/errors/index.js";

/** An environment with a key for every provider. */
export const keys = {
  OPENAI_API_KEY: "sk-openai-0123456789",
  AZURE_OPENAI_API_KEY: "azure-0123456789",
  GOOGLE_API_KEY: "AIza-0123456789",
  ANTHROPIC_API_KEY: "sk-ant-0123456789",
  OPENROUTER_API_KEY: "sk-or-0123456789",
};

/** Loads a text with every key there. */
export const load = (text: string, env: Readonly<Record<string, string>> = {}): Promise<Config> =>
  parseConfig("models.yaml", text, { ...keys, ...env });

/** Problems of a text; of one without problems, what its models lack here. */
export async function problemsOf(
  text: string,
  env: Readonly<Record<string, string | undefined>> = keys,
): Promise<readonly ConfigProblem[]> {
  try {
    const { unavailable } = await parseConfig("models.yaml", text, env);
    return Object.values(unavailable).flat();
  } catch (error) {
    if (ConfigError.isInstance(error)) return error.problems;
    throw error;
  }
}
