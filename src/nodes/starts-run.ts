import type { BaseMessage } from "@langchain/core/messages";
import { type LangGraphRunnableConfig, Overwrite } from "@langchain/langgraph";
import { checkVariables } from "../calls/fill-prompt.js";
import { outerTurn } from "../calls/scope.js";
import { InvalidInputError, InvalidOptionError } from "../errors/index.js";
import { noteStep, stepLimit, stepsLeft } from "../langgraph/step-limit.js";
import { checkContext } from "../state/check-context.js";
import { emptyLists, runLists, unsetKeys } from "../state/empty-state.js";
import type { GraphSettings } from "../state/graph-settings.js";
import type { OrchestrationState, OrchestrationUpdate } from "../state/orchestration-state.js";
import type { OwnState } from "../state/own-keys.js";
import { contentText } from "../text/content-text.js";
import type { OrchestrationNode } from "./node.js";

/**
 * Makes a node the first of a run: it resets per-run state, so that nothing of the previous turn on a thread is visible. A second
 * visit within the run resets nothing.
 *
 * @param least number of steps of the shortest run
 * @throws {InvalidInputError} when there is no message, a message holds a lone surrogate, or a prompt cannot be filled
 * @throws {InvalidOptionError} when `recursionLimit` is too low for any answer, or `context` has a key that does not work yet
 */
export function startsRun(name: string, node: OrchestrationNode, least = 1): OrchestrationNode {
  return async (state, config, settings) => {
    const outer = outerTurn(config);
    const answers = `${state.messages.at(-1)?.id}#`;
    const again = outer === undefined ? state.turnId?.startsWith(answers) : state.turnId === outer;
    if (state.next === name && again) return node(state, config, settings);
    checkContext(config.context);
    checkSteps(config, least);
    checkMessages(state.messages);
    checkPrompts(state, config, settings);
    const turnId = outer ?? `${answers}${crypto.randomUUID().slice(0, 8)}`;
    const update = await node({ ...state, ...unsetKeys, ...emptyLists(), turnId }, config, settings);
    const fresh: Record<string, unknown> = { turnId, ...update };
    for (const [key, value] of Object.entries(unsetKeys)) {
      if (!(key in update) && state[key as keyof typeof unsetKeys] !== value) fresh[key] = value;
    }
    for (const key of runLists) {
      if (state[key]?.length !== 0) fresh[key] = new Overwrite(update[key] ?? []);
    }
    return fresh as OrchestrationUpdate;
  };
}

function checkSteps(config: LangGraphRunnableConfig, least: number): void {
  noteStep(config);
  const limit = stepLimit(config);
  const isNumber = limit === undefined || (typeof limit === "number" && !Number.isNaN(limit));
  if (isNumber && stepsLeft(config) + 1 >= least) return;
  throw new InvalidOptionError("recursionLimit", limit, `give at least ${least + 1}, or leave it out`);
}

/** Refuses a prompt that cannot be filled before a call is paid, unless a node may write what it lacks. */
function checkPrompts(state: object, { context }: LangGraphRunnableConfig, settings?: GraphSettings): void {
  if (settings === undefined || settings.prompts.length === 0) return;
  const keys = Object.keys(settings.own);
  const written = settings.written();
  for (const { within, ...given } of settings.prompts) {
    const { own = keys, context: bound } = within ?? {};
    const source = {
      state: pick(
        state,
        keys.filter((key) => own.includes(key)),
      ),
      config: { context: { ...bound, ...context } },
    };
    const option = given.option.startsWith(settings.owner) ? given.option : `${settings.owner}: ${given.option}`;
    checkVariables({ ...given, option }, source, within === undefined ? written : own);
  }
}

function pick(state: object, keys: readonly string[]): OwnState {
  return Object.fromEntries(keys.map((key) => [key, (state as OwnState)[key]]));
}

function checkMessages(messages: OrchestrationState["messages"]): void {
  if (messages.length === 0) {
    throw new InvalidInputError('There is no message to answer; invoke the graph with { messages: "a question" }');
  }
  messages.forEach((message: BaseMessage, index) => {
    const text = contentText(message);
    if (text.isWellFormed()) return;
    const at = text.length - text.toWellFormed().length || [...text].findIndex((char) => !char.isWellFormed());
    throw new InvalidInputError(
      `messages[${index}] holds half a character (a lone surrogate) near position ${at}, which no provider accepts; pass text.toWellFormed()`,
    );
  });
}
