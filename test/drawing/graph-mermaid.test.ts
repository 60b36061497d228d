import { describe, expect, it } from "vitest";
import type { Drawing } from "../../src/drawing/graph-dot.js";
import { graphMermaid } from "../../src/drawing/graph-mermaid.js";
import {
  check,
  createCascade,
  createEnsemble,
  createExperiment,
  createFallback,
  createMapReduce,
  createPipeline,
  createQualityGate,
  createRouter,
  longest,
} from "../../src/index.js";
import { type Drawable, drawGraph } from "../../src/notebook/index.js";
import { saying } from "../support/fakes.js";

const [a, b, c] = ["a", "b", "c"].map((text) => saying(text)) as [
  ReturnType<typeof saying>,
  ReturnType<typeof saying>,
  ReturnType<typeof saying>,
];
const verify = check(() => true);
const panel = () => createEnsemble({ models: { a, b }, aggregate: longest() });
const graphs: Readonly<Record<string, () => Drawable>> = {
  router: () => createRouter({ models: { a, b }, route: () => "a", verify, fallback: c }),
  cascade: () => createCascade({ models: { a, b }, verify }),
  fallback: () => createFallback({ models: { a, b, c, d: a }, defaultResponse: "Later." }),
  ensemble: panel,
  "quality gate": () => createQualityGate({ model: a, verify, fallback: b }),
  pipeline: () => createPipeline({ stages: { plan: { model: a }, write: { model: b } } }),
  "map-reduce": () => createMapReduce({ plan: a, worker: b, reduce: c }),
  experiment: () => createExperiment({ models: { a, b }, weights: { a: 1, b: 1 } }),
  nested: () =>
    createRouter({
      models: { panel: panel(), deep: createRouter({ models: { panel: panel(), c }, route: () => "c" }) },
      route: () => "deep",
    }),
};

async function drawingOf(graph: Drawable): Promise<Drawing> {
  const compiled = graph.compile!() as Drawable;
  return (await compiled.getGraphAsync!({ xray: true })) as Drawing;
}

const unescaped = (text: string) =>
  text
    .replace(/&#45;/g, "-")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"');

describe("graphMermaid", () => {
  it.each(Object.keys(graphs))("has the nodes, shapes, boxes and edges of the SVG: %s", async (name) => {
    const graph = graphs[name]!();
    const drawing = await drawingOf(graph);
    const ids = Object.keys(drawing.nodes);
    const text = graphMermaid(drawing);
    const svg = await drawGraph(graph);

    const idOf = (key: string) => ids[Number(key.slice(1))]!;
    const edges = [...text.matchAll(/^ +(n\d+) (-->|-\.->) (n\d+)$/gm)].map(
      ([, from, arrow, to]) => `${idOf(from!)}->${idOf(to!)} ${arrow === "-.->" ? "dashed" : "solid"}`,
    );
    const drawn = [...svg.matchAll(/class="edge">\n<title>(.*)<\/title>\n<path ([^>]*)/g)].map(
      ([, title, path]) => `${unescaped(title!)} ${path!.includes("stroke-dasharray") ? "dashed" : "solid"}`,
    );
    expect(edges.sort()).toEqual(drawn.sort());

    const hexagons = [...text.matchAll(/^ +(n\d+)\{\{/gm)].map(([, key]) => idOf(key!));
    const polygons = [...svg.matchAll(/class="node">\n<title>(.*)<\/title>\n<polygon/g)].map(([, title]) => title!);
    expect(hexagons.sort()).toEqual(polygons.sort());

    const boxes = [...text.matchAll(/subgraph \w+ \["(.*)"\]/g)].map(([, title]) => title);
    const clusters = [...svg.matchAll(/<title>cluster_(.*)<\/title>/g)].map(([, path]) => path!.split(":").at(-1));
    expect(boxes.sort()).toEqual(clusters.sort());
    expect(text.match(/^ +end$/gm)?.length ?? 0).toBe(boxes.length);
    expect(text.match(/^ +n\d+\W/gm)).toHaveLength(ids.length + edges.length);
  });

  it("writes names as text, whatever is in them, and none as a word of Mermaid", () => {
    const nodes = { __start__: {}, end: {}, 'a "b" <i>`;#': {} };
    const text = graphMermaid({ nodes, edges: [{ source: "__start__", target: "end" }] });
    expect(text).toContain('n1("end")');
    expect(text).toContain('n2("a #34;b#34; #60;i#62;#96;#59;#35;")');
    expect(text).toContain("n0 --> n1");
  });
});
