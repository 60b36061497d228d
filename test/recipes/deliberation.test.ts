import { describe, expect, it } from "vitest";
import { council, debate } from "../../examples/support/deliberation.js";
import { normalizeNumber } from "../../src/index.js";
import { failWith } from "../../src/testing/index.js";
import { useLoopback } from "../support/use-loopback.js";

const { server, openai, gemini } = useLoopback();
const asked = () => server.requests.map(({ model }) => model).sort();

describe("a council", () => {
  const members = () => ({ a: openai("a"), b: gemini("b"), c: { model: openai("c"), retry: false as const } });

  it("ends after one round when all agree", async () => {
    server.reply("a", "It is 51");
    server.reply("b", "51");
    server.reply("c", "3 * 17 = 51");
    const { messages, verdict, outputs } = await council(members(), 3, normalizeNumber)
      .compile()
      .invoke({ messages: "3 * 17?" });
    expect([messages.at(-1)!.text, verdict!.pass, outputs.length]).toEqual(["It is 51", true, 1]);
    expect(asked()).toEqual(["a", "b", "c"]);
  });

  it("shows each member what all said, without names, until they agree", async () => {
    server.reply("a", "41", "51");
    server.reply("b", "51", "51");
    server.reply("c", "51", "51");
    const run = await council(members(), 3, normalizeNumber).compile().invoke({ messages: "3 * 17?" });
    expect([run.messages.at(-1)!.text, run.verdict!.pass, run.outputs.length]).toEqual(["51", true, 2]);
    const second = server.requests.slice(3);
    expect(second.map(({ model }) => model).sort()).toEqual(["a", "b", "c"]);
    for (const { messages } of second)
      expect(messages.at(-1)!.text).toBe("Answers of the council so far:\n1. 41\n2. 51\n3. 51");
    expect(run.messages).toHaveLength(2);
  });

  it("takes the answer of the most after the last round, and says that it is not agreed", async () => {
    server.reply("a", "1", "2");
    server.reply("b", "3");
    server.reply("c", "3");
    const run = await council(members(), 2, normalizeNumber).compile().invoke({ messages: "Q" });
    expect([run.messages.at(-1)!.text, run.verdict!.pass, asked().length]).toEqual(["3", false, 6]);
    expect(run.decisions.filter(({ node }) => node === "round").map(({ reason }) => reason)).toEqual([
      "67 % agree in round 1",
      "67 % agree in round 2",
    ]);
  });

  it("does not take the agreement of those that are left for that of all", async () => {
    server.reply("a", "3");
    server.reply("b", "3");
    server.reply("c", failWith.unknownModel());
    const run = await council(members(), 2, normalizeNumber).compile().invoke({ messages: "Q" });
    expect([run.messages.at(-1)!.text, run.verdict!.pass, run.outputs.length]).toEqual(["3", false, 2]);
  });
});

describe("a debate", () => {
  const run = (rounds: number) =>
    debate({ pro: openai("pro"), con: gemini("con"), judge: openai("judge") }, rounds)
      .compile()
      .invoke({ messages: "Q" });

  it("ends as soon as the second agrees, and the judge has read it all", async () => {
    server.reply("pro", "One", "Two");
    server.reply("con", "Wrong: not one", "AGREED");
    server.reply("judge", "Two it is");
    const { messages, outputs } = await run(5);
    expect(outputs.map(({ stage }) => stage)).toEqual(["pro", "con", "pro", "con", "judge"]);
    expect(messages.at(-1)!.text).toBe("Two it is");
    const read = server.requests
      .at(-1)!
      .messages.map(({ text }) => text)
      .join("\n");
    for (const said of ["One", "Wrong: not one", "Two", "AGREED"]) expect(read).toContain(said);
  });

  it("ends after its rounds where they do not agree", async () => {
    server.reply("pro", "One");
    server.reply("con", "Wrong");
    server.reply("judge", "Two");
    const { outputs } = await run(2);
    expect(outputs.map(({ stage }) => stage)).toEqual(["pro", "con", "pro", "con", "judge"]);
  });
});
