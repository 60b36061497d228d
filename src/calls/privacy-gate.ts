import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { Serialized } from "@langchain/core/load/serializable";
import { type BaseMessage, HumanMessage } from "@langchain/core/messages";
import { NotAllowedError } from "../errors/index.js";
import type { ResolvedModel } from "../models/resolve.js";
import type { OrchestrationState } from "../state/orchestration-state.js";
import { stepsOf } from "../state/steps.js";
import { stringsOf } from "../text/strings-of.js";
import { decide, type Scope } from "./scope.js";

/** Looks at everything a node of a pattern knows: also what earlier models, workers and tools have added. */
export async function lookAtState(scope: Scope, state: OrchestrationState): Promise<void> {
  if (scope.privacy === undefined) return;
  const { messages, candidates, outputs, items, verdict } = state;
  const drafts = [...candidates, ...outputs].map(({ message }) => message);
  const system = scope.system.map(({ prompt }) => (typeof prompt === "string" ? prompt : undefined));
  const others = [system, scope.state, scope.config.context, items, verdict, outputs.map(({ item }) => item)];
  await lookAt(scope, [...messages, ...stepsOf(state), ...drafts], others);
}

/** Looks at messages and at other values of a run, and marks it if one of its rules finds something. */
export async function lookAt(
  scope: Scope,
  messages: readonly BaseMessage[],
  others: readonly unknown[] = [],
): Promise<void> {
  const { privacy, node } = scope;
  if (privacy === undefined) return;
  const text = [...messages.map(messageText), ...others.flatMap(stringsOf)].filter((each) => each !== "").join("\n");
  const failure = await privacy.look(text, messages);
  if (failure !== undefined) decide(scope, { kind: "skip", chosen: node, reason: failure });
}

/**
 * Keeps a prompt from a model that may not see it: the last gate before every call.
 *
 * @throws {NotAllowedError} when the run is sensitive, by this prompt or by something before, and the model is not allowed
 */
export async function passGate(scope: Scope, model: ResolvedModel, prompt: readonly BaseMessage[]): Promise<void> {
  const { privacy, path } = scope;
  if (privacy === undefined || model.kind === "pattern") return; // a pattern looks itself, and inherits the mark
  await lookAt(scope, prompt);
  const reason = privacy.barred(model);
  if (reason !== undefined) throw new NotAllowedError({ path, reason });
}

/** Collects everything of a message that a model is sent, as text. */
function messageText(message: BaseMessage): string {
  const { content, name, additional_kwargs } = message;
  const { tool_calls, invalid_tool_calls, tool_call_id, role } = message as object as Record<string, unknown>;
  const parts = typeof content === "string" ? [content] : [message.text, ...stringsOf(content)]; // an item may be cut into blocks
  return [...parts, ...stringsOf([name, role, tool_calls, invalid_tool_calls, tool_call_id, additional_kwargs])].join(
    "\n",
  );
}

/** Gate of the calls that an agent or a graph makes by itself: what its tools found has passed no other one. */
class GateWithin extends BaseCallbackHandler {
  override readonly name = "multimodel_gate";

  constructor(
    private readonly scope: Scope,
    private readonly model: ResolvedModel,
  ) {
    super();
    this.raiseError = true; // LangChain then ends the call before its request
    this.awaitHandlers = true;
  }

  override async handleChatModelStart(_llm: Serialized, messages: BaseMessage[][]): Promise<void> {
    await passGate(this.scope, this.model, messages.flat());
  }

  override async handleLLMStart(_llm: Serialized, prompts: string[]): Promise<void> {
    await passGate(
      this.scope,
      this.model,
      prompts.map((prompt) => new HumanMessage(prompt)),
    );
  }
}

/** Returns the gate for an agent or graph that runs as a model; none without a rule. */
export function gateWithin(scope: Scope, model: ResolvedModel): readonly BaseCallbackHandler[] {
  return scope.privacy === undefined ? [] : [new GateWithin(scope, model)];
}
