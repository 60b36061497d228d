import type { BaseChannel, CompiledStateGraph } from "@langchain/langgraph";
import { DirectEdge, DirectNode } from "./direct.js";

/** What of a compiled graph a run without observers needs, read once. */
export interface FastPlan {
  readonly nodes: ReadonlyMap<string, DirectNode>;
  /** Nodes after a node or `__start__`. */
  readonly edges: ReadonlyMap<string, readonly string[]>;
  readonly branches: ReadonlyMap<string, readonly Branch[]>;
  /** Channels of the state, as they are before a run. */
  readonly channels: ReadonlyMap<string, BaseChannel>;
  /** Keys that a node reads and writes. */
  readonly stateKeys: readonly string[];
  readonly inputKeys: ReadonlySet<string>;
  readonly outputKeys: readonly string[];
  /** Keys that a branch reads: also those that no result has, such as the mark of a privacy rule. */
  readonly branchKeys: readonly string[];
}

export interface Branch {
  readonly path: DirectEdge;
  /** Node of each value of the path; without it a value is the name of a node. */
  readonly ends: Readonly<Record<string, string>> | undefined;
}

/** Kinds of channels that change by a write only, and not at the end of a step. */
const plainChannels: ReadonlySet<unknown> = new Set(["LastValue", "BinaryOperatorAggregate", "UntrackedValue"]);
/** Fields of a node that only LangGraph's loop understands. */
const loopFields = [
  "retryPolicy",
  "cachePolicy",
  "timeout",
  "tracePolicy",
  "defer",
  "ends",
  "errorHandlerNode",
  "isErrorHandler",
];
/** The branch that LangGraph adds to each node for a `Command`, which our nodes do not return. */
const commandBranch = "__self__";

type Fields = Readonly<Record<string, unknown>>;

/** Private parts of a compiled graph and of its builder. */
interface Parts {
  readonly builder: {
    readonly nodes: Readonly<Record<string, Fields>>;
    readonly edges: ReadonlySet<readonly [string, string]>;
    readonly waitingEdges: ReadonlySet<unknown>;
    readonly branches: Readonly<
      Record<string, Readonly<Record<string, { readonly path: unknown; readonly ends?: Record<string, string> }>>>
    >;
    readonly _schemaDefinition: object;
    readonly _inputDefinition: object;
    readonly _schemaDefinitions: ReadonlyMap<object, Readonly<Record<string, unknown>>>;
    readonly _schemaRuntimeDefinition: unknown;
  };
  readonly nodes: Readonly<Record<string, Fields>>;
  readonly channels: Readonly<Record<string, BaseChannel>>;
  readonly inputChannels: unknown;
  readonly outputChannels: unknown;
  readonly streamChannels: unknown;
}

/**
 * Reads the plan of a compiled pattern.
 *
 * @returns `undefined` for a graph with anything that only LangGraph's loop understands: a node or an edge of the user, a policy, an
 * edge that waits for several nodes, a channel of another kind, or a part that this version of LangGraph keeps elsewhere
 */
export function fastPlan(graph: CompiledStateGraph<unknown, unknown>): FastPlan | undefined {
  try {
    return planOf(graph as unknown as Parts);
  } catch {
    return undefined; // a part is missing
  }
}

function planOf({ builder, nodes: compiled, channels, ...graph }: Parts): FastPlan | undefined {
  const { _schemaDefinition: schema, _inputDefinition: input, _schemaDefinitions: definitions } = builder;
  const stateKeys = Object.keys(definitions.get(schema)!);
  const names = Object.keys(builder.nodes);
  const isKnown =
    builder.waitingEdges.size === 0 &&
    builder._schemaRuntimeDefinition === undefined &&
    names.length > 0 &&
    names.every((name) => isPlain(builder.nodes[name]!, compiled[name]!, schema)) &&
    Object.keys(compiled).every((name) => name === start || name in builder.nodes) &&
    stateKeys.every((key) => plainChannels.has(channels[key]!.lc_graph_name)) &&
    graph.inputChannels === start &&
    Array.isArray(graph.outputChannels) &&
    Array.isArray(graph.streamChannels);
  if (!isKnown) return undefined;
  const branches = new Map<string, Branch[]>();
  for (const [source, named] of Object.entries(builder.branches)) {
    const own = Object.entries(named).filter(([name]) => name !== commandBranch);
    if (!own.every(([, { path }]) => path instanceof DirectEdge)) return undefined;
    branches.set(
      source,
      own.map(([, { path, ends }]) => ({ path: path as DirectEdge, ends })),
    );
  }
  const edges = new Map<string, string[]>();
  for (const [source, target] of builder.edges) edges.set(source, [...(edges.get(source) ?? []), target]);
  return {
    nodes: new Map(names.map((name) => [name, builder.nodes[name]!.runnable as DirectNode])),
    edges,
    branches,
    channels: new Map(stateKeys.map((key) => [key, channels[key]!])),
    stateKeys,
    inputKeys: new Set(Object.keys(definitions.get(input)!)),
    outputKeys: graph.outputChannels as string[],
    branchKeys: graph.streamChannels as string[],
  };
}

const start = "__start__";

/** True for a node of ours that was compiled as it was added, without a policy of its own or of the graph. */
function isPlain(added: Fields, compiled: Fields, schema: object): boolean {
  const { runnable, input = schema } = added;
  const isOurs = runnable instanceof DirectNode && compiled.bound === runnable && input === schema;
  return isOurs && loopFields.every((field) => added[field] === undefined && compiled[field] === undefined);
}
