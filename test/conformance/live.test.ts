import { describe, expect, it } from "vitest";
import { createCascade, createRouter } from "../../src/index.js";
import { type Provider, providers } from "../support/clients.js";
import { kept, readLive } from "../support/live-stream.js";
import { useOneLoopback } from "../support/use-loopback.js";
import { type ConformanceCase, cases } from "./cases.js";

const { server } = useOneLoopback();
let runs = 0;

/** The case's graph over real clients; every use has models of its own on the server. */
function setUp({ build, says }: ConformanceCase, provider: Provider) {
  const run = ++runs;
  const id = (name: string) => `${name}-${run}`;
  for (const [name, replies] of Object.entries(says)) {
    server.reply(id(name), ...replies.map((text) => ({ text, chunks: 2 })));
  }
  return build((name) => providers[provider](server, id(name)));
}

const matrix = cases.flatMap((each) =>
  (Object.keys(providers) as Provider[]).map((provider) => ({ ...each, provider, each })),
);

describe.each(matrix)("a live run of $title over $provider", ({ each, provider, answer, says, calls }) => {
  const surroundings = {
    alone: (graph: ReturnType<typeof setUp>) => graph.compile(),
    "in a router": (graph: ReturnType<typeof setUp>) =>
      createRouter({ models: { inner: graph as never }, route: () => "inner" }).compile(),
    "as a draft of a cascade": (graph: ReturnType<typeof setUp>) =>
      createCascade({ models: { inner: graph as never }, verify: () => ({ pass: true }) }).compile(),
  };

  it.each(Object.keys(surroundings) as (keyof typeof surroundings)[])(
    "shows the answer once, and takes back every other text it showed: %s",
    async (where) => {
      const seen = await readLive(surroundings[where](setUp(each, provider)) as never);
      expect(seen.answer!.text).toBe(answer);
      expect(kept(seen)).toEqual([[seen.answer!.id, answer]]);
      const dropped = seen.discarded.map(({ messageId }) => seen.texts.get(messageId!));
      expect(dropped.every((text) => text !== undefined)).toBe(true);
      expect(new Set(seen.discarded.map(({ messageId }) => messageId)).size).toBe(dropped.length);
      const plan = calls.includes("plan") ? says.one : []; // a plan is no draft of an answer
      const drafts = Object.values(says)
        .flat()
        .filter((text) => !plan!.includes(text) && text !== answer);
      expect(dropped.filter((text) => text !== answer).sort()).toEqual(drafts.sort());
    },
  );
});
