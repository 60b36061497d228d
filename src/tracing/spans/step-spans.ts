import type { Serialized } from "@langchain/core/load/serializable";
import { isGraphBubbleUp } from "@langchain/langgraph";
import type { Attributes } from "@opentelemetry/api";
import { givenTags, isPlumbing, tracedRun } from "../../langgraph/trace-marks.js";
import { shownName } from "../../secrets/redact.js";
import { conversationIn, inputValue, outputValue, toolAttributes } from "./content-attributes.js";
import { conventions as genAi, openInference, operations, type SpanRole } from "./names.js";

import type { RunSpans } from "./run-spans.js";

/** A step as LangChain's callbacks report it. */
interface BeginningStep {
  readonly chain: Serialized;
  readonly inputs: unknown;
  readonly id: string;
  readonly parentId?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly metadata?: Record<string, unknown> | undefined;
  readonly name?: string | undefined;
  /** Id of the call of a tool in the message that calls it. */
  readonly callId?: string | undefined;
}

/** Spans of graphs, nodes, agents, tools and retrievers. */
export class StepSpans {
  constructor(
    private readonly spans: RunSpans,
    private readonly content: boolean,
  ) {}

  /** Opens the span of a graph, an agent, a node or a chain. */
  begin(step: BeginningStep): void {
    const { inputs, id, parentId, tags = [], metadata = {} } = step;
    const name = nameOf(step);
    const { node, agent, thread } = tracedRun(metadata);
    const isGraph = /^Compiled(?:Pattern|StateGraph)$/.test(String(step.chain?.id?.at(-1)));
    const operation = !isGraph ? undefined : agent === name ? operations.INVOKE_AGENT : operations.INVOKE_WORKFLOW;
    const run = this.spans.begin({
      ...{ id, parentId, thread, isResumed: isResume(inputs), isVisible: !isPlumbing(name, tags) },
      name: operation === undefined ? name : `${operation} ${name}`,
      attributes: () => ({
        ...commonAttributes(operation === operations.INVOKE_AGENT ? "AGENT" : "CHAIN", metadata),
        [genAi.GEN_AI_OPERATION_NAME]: operation,
        [genAi.GEN_AI_WORKFLOW_NAME]: operation === operations.INVOKE_WORKFLOW ? name : undefined,
        ...(operation === operations.INVOKE_AGENT && {
          [genAi.GEN_AI_AGENT_NAME]: name,
          [openInference.AGENT_NAME]: name,
        }),
        [openInference.GRAPH_NODE_ID]: !isGraph && node === name ? name : undefined,
        [openInference.TAG_TAGS]: tagsOf(tags),
        ...(this.content && inputValue(conversationIn(inputs))),
      }),
    });
    const call = this.spans.claim(id, undefined);
    if (call !== undefined) run.call = call; // a chain that is called as a chat model
  }

  end(id: string, outputs: unknown): void {
    const run = this.spans.find(id);
    if (run !== undefined)
      this.spans.end(run, () => (this.content && run.isVisible ? outputValue(conversationIn(outputs)) : {}));
  }

  /** Ends a step with its error; an interrupt ends it without one. */
  fail(id: string, error: unknown): void {
    const run = this.spans.find(id);
    if (run === undefined) return;
    if (isGraphBubbleUp(error)) this.spans.pause(run);
    else this.spans.fail(run, error);
  }

  beginTool(step: BeginningStep): void {
    const { id, parentId, callId, inputs, metadata = {} } = step;
    const name = nameOf(step);
    this.spans.begin({
      ...{ id, parentId, name: `${operations.EXECUTE_TOOL} ${name}` },
      attributes: () => ({
        ...commonAttributes("TOOL", metadata),
        [genAi.GEN_AI_OPERATION_NAME]: operations.EXECUTE_TOOL,
        [genAi.GEN_AI_TOOL_NAME]: name,
        [genAi.GEN_AI_TOOL_CALL_ID]: callId,
        [openInference.TOOL_NAME]: name,
        ...(this.content && toolAttributes({ input: inputs })),
      }),
    });
  }

  endTool(id: string, output: unknown): void {
    const run = this.spans.find(id);
    if (run !== undefined) this.spans.end(run, () => (this.content ? toolAttributes({ output }) : {}));
  }

  beginRetriever(step: BeginningStep): void {
    const { id, parentId, inputs, metadata = {} } = step;
    this.spans.begin({
      ...{ id, parentId, name: `${operations.RETRIEVAL} ${nameOf(step)}` },
      attributes: () => ({
        ...commonAttributes("RETRIEVER", metadata),
        [genAi.GEN_AI_OPERATION_NAME]: operations.RETRIEVAL,
        ...(this.content && inputValue(inputs)),
      }),
    });
  }
}

/** Returns what a span says of its run and its conversation. */
export function commonAttributes(role: SpanRole, metadata: Record<string, unknown>): Attributes {
  const { thread, session = thread } = tracedRun(metadata);
  return {
    [openInference.OPENINFERENCE_SPAN_KIND]: role,
    [genAi.SESSION_ID]: session,
    [genAi.GEN_AI_CONVERSATION_ID]: thread ?? session,
  };
}

/** Returns the tags of a run; `undefined` without any. */
export function tagsOf(tags: readonly string[]): string[] | undefined {
  const given = givenTags(tags);
  return given.length === 0 ? undefined : given;
}

function nameOf({ name, chain }: BeginningStep): string {
  return shownName(name ?? chain?.id?.at(-1) ?? "run");
}

/** Returns true for the input of a run that goes on where it was paused. */
function isResume(inputs: unknown): boolean {
  const { input, lg_name: name } = Object(inputs) as { readonly input?: unknown; readonly lg_name?: unknown };
  return input === null || name === "Command"; // LangGraph reports an input of `null` so
}
