import type { Drawing } from "./graph-dot.js";
import { links } from "./links.js";
import { levelOfIds, type Shape, shapeOf, titleOf } from "./shapes.js";

const brackets: Readonly<Record<Shape, readonly [string, string]>> = {
  end: ["([", "])"],
  decision: ["{{", "}}"],
  step: ["(", ")"],
};

/** Writes a graph for Mermaid, with the shapes, edges and order of the SVG: hexagons decide, nested graphs are boxes, dashed edges are choices. */
export function graphMermaid({ nodes, edges }: Drawing): string {
  const ids = Object.keys(nodes);
  const keys = new Map(ids.map((id, index) => [id, `n${index}`])); // Mermaid has reserved words, such as `end`
  const lines = links(edges, () => false).map(
    ({ source, target, conditional }) => `  ${keys.get(source)} ${conditional ? "-.->" : "-->"} ${keys.get(target)}`,
  );
  return [
    "flowchart TD",
    ...level({ ids, edges, keys }, ""),
    ...lines,
    "  classDef decision fill:#fff4e0,color:#1f2933",
    "  classDef point fill:#52606d,stroke:#52606d,color:#52606d",
    ...classLine(
      "decision",
      ids.filter((id) => shapeOf(id, edges) === "decision"),
      keys,
    ),
    ...classLine("point", ids.filter(isPoint), keys),
    "",
  ].join("\n");
}

interface Named {
  readonly ids: readonly string[];
  readonly edges: Drawing["edges"];
  readonly keys: ReadonlyMap<string, string>;
}

function level(named: Named, prefix: string): string[] {
  const { ids, edges, keys } = named;
  const { own, nested } = levelOfIds(ids, prefix);
  const boxes = own.map((id) => {
    const [open, close] = isPoint(id) ? ["((", "))"] : brackets[shapeOf(id, edges)];
    return `  ${keys.get(id)}${open}${quoted(isPoint(id) ? " " : titleOf(id))}${close}`;
  });
  const inner = nested.flatMap((name) => [
    `  subgraph b${prefix.split(":").length}${keys.get(ids.find((id) => id.startsWith(`${prefix}${name}:`))!)} [${quoted(name)}]`,
    ...level(named, `${prefix}${name}:`).map((line) => `  ${line}`),
    "  end",
  ]);
  return [...boxes, ...inner];
}

/** Returns true for the start or end point of a nested graph, which is drawn as a dot. */
const isPoint = (id: string) => /:__(start|end)__$/.test(id);

function classLine(name: string, ids: readonly string[], keys: ReadonlyMap<string, string>): string[] {
  return ids.length === 0 ? [] : [`  class ${ids.map((id) => keys.get(id)).join(",")} ${name}`];
}

const quoted = (text: string) =>
  `"${text.replace(/[\r\n]+/g, " ").replace(/["#;<>&`]/g, (character) => `#${character.codePointAt(0)};`)}"`;
