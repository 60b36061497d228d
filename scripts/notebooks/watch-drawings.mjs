// Counts the calls of each drawn step apart from the drawing: by the ids of calls that LangGraph reports for the step and that no
// earlier step of the notebook has reported, before a pause or after it.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** Returns the function that hands over what was drawn since it was called last: calls made and calls drawn, step by step. */
export function watchDrawings() {
  const entry = require.resolve("../../dist/cjs/notebook/index.js");
  const { step, drawSteps } = require(entry);
  const watched = {};
  const seen = new Set();
  const made = new WeakMap();
  let drawings = [];

  watched.step = async function* (...given) {
    for await (const done of step(...given)) {
      const written = done.update.calls;
      const ids = (Array.isArray(written) ? written : (written?.value ?? [])).map(({ id }) => id);
      made.set(done, ids.filter((id) => !seen.has(id)).length);
      for (const id of ids) seen.add(id);
      yield done;
    }
  };
  watched.drawSteps = async (graph, steps, options) => {
    const svg = await drawSteps(graph, steps, options);
    const drawn = [...svg.matchAll(/<g class="step" data-node="[^"]*" data-calls="(\d+)"/g)].map(([, calls]) =>
      Number(calls),
    );
    drawings.push({ made: steps.map((done) => made.get(done) ?? null), drawn });
    return svg;
  };
  require.cache[entry].exports = { ...require(entry), ...watched };
  return () => {
    const taken = drawings;
    drawings = [];
    return taken;
  };
}
