// `npx tsx bench/drawing.ts`: how long a picture of a graph takes, the first (which loads the layout engine) and those after it.
import { RunnableLambda } from "@langchain/core/runnables";
import {
  check,
  createCascade,
  createEnsemble,
  createFallback,
  createRouter,
  majorityVote,
  type PatternGraph,
} from "../src/index.js";
import { drawGraph } from "../src/notebook/index.js";

const model = RunnableLambda.from(() => "An answer.");
const models = (count: number, name: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${name}_${index + 1}`, model]));

/** A router to cascades whose last tier is a panel: about fifty nodes with those inside. */
function hybrid(): PatternGraph {
  const panel = createEnsemble({ models: models(4, "voter"), aggregate: majorityVote() });
  const ladder = () =>
    createCascade({ models: { ...models(4, "tier"), panel }, verify: check(({ answer }) => answer.text !== "") });
  return createRouter({
    models: { code: ladder(), chat: ladder(), math: ladder(), law: ladder() },
    route: () => "chat",
  });
}

/** A router to fallback chains, in which each model may hand over to any later one: about fifty nodes. */
function chains(): PatternGraph {
  const chain = (name: string) => createFallback({ models: models(10, name), defaultResponse: "Later, please." });
  return createRouter({
    models: { code: chain("code"), chat: chain("chat"), math: chain("math"), law: chain("law") },
    route: () => "chat",
  });
}

const graphs = {
  hybrid: hybrid(),
  "fallback chains": chains(),
  "one chain": createFallback({ models: models(50, "model") }),
};
for (const [name, graph] of Object.entries(graphs)) {
  const compiled = graph.compile();
  const { nodes } = await compiled.getGraphAsync({ xray: true });
  const times: number[] = [];
  for (let round = 0; round < 21; round++) {
    const startedAt = performance.now();
    await drawGraph(compiled);
    times.push(performance.now() - startedAt);
  }
  const [first = 0, ...later] = times;
  later.sort((one, other) => one - other);
  process.stdout.write(
    `${name}, ${Object.keys(nodes).length} nodes: first picture ${first.toFixed(0)} ms, then ${later[10]!.toFixed(0)} ms (median of ${later.length}), at most ${later.at(-1)!.toFixed(0)} ms\n`,
  );
}
