import type { StateSchema } from "@langchain/langgraph";
import type { Budget } from "../ledger/purse.js";
import type { SharedFields } from "../state/own-keys.js";
import type { Privacy } from "../state/privacy.js";
import type { Prompt } from "../state/prompt.js";

/** Options every factory has, of the graph as a whole. */
export interface GraphOptions<Fields extends SharedFields = SharedFields> {
  /**
   * A `StateSchema` that spreads `OrchestrationState.fields`: its own keys are input and output, kept over the turns of a thread, and
   * `turn.state` of every strategy. Graphs that run as models share those of the same name.
   *
   * @default no own keys
   */
  readonly state?: StateSchema<Fields>;
  /**
   * System prompt of all models that answer, those of patterns within too, before the `systemPrompt` of each; judges, routers and
   * summaries do not see it. A template of LangChain is filled from own keys of the state and the run context.
   *
   * @default none
   */
  readonly system?: Prompt;
  /**
   * Window budget of all calls of the graph, those of judges, routers and patterns within too: `budget({ usd: 20, per: "day" })`.
   *
   * @default none
   */
  readonly budget?: Budget;
  /**
   * Rule about what must not leave: `keepLocal({ detect, allow })`. It holds for every call of the graph, and in patterns within.
   *
   * @default none
   */
  readonly privacy?: Privacy;
}

/** Names of the options that every factory has. */
export const graphOptionKeys = [
  "state",
  "system",
  "budget",
  "privacy",
] as const satisfies readonly (keyof GraphOptions)[];
