import { AIMessage, HumanMessage, SystemMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { latestOnly } from "../../src/index.js";
import { calling, contextTurn, image, lines, result } from "./turn.js";

const chat = [
  new SystemMessage("Be brief."),
  new HumanMessage("first"),
  new AIMessage("one"),
  new HumanMessage("second"),
];

describe("latestOnly", () => {
  it("shows the user's last message where no stage gave anything yet", async () => {
    expect(lines(await latestOnly()(contextTurn(chat).turn))).toEqual(["system: Be brief.", "human: second"]);
    const answered = [...chat, new AIMessage("two")];
    expect(lines(await latestOnly()(contextTurn(answered).turn))).toEqual(["system: Be brief.", "human: second"]);
  });

  it("shows only the last output where there is one", async () => {
    const { turn } = contextTurn(chat, { draft: "Draft", edit: "Edited" });
    expect(lines(await latestOnly()(turn))).toEqual([
      "system: Be brief.",
      'human: <output stage="edit">\nEdited\n</output>',
    ]);
  });

  it("keeps an image beside the user's text", async () => {
    const looking = new HumanMessage({ content: [{ type: "text", text: "What is it?" }, image] });
    expect(await latestOnly()(contextTurn([looking]).turn)).toEqual([looking]);
  });

  it("shows the tool calls made for the question, and the question before them", async () => {
    const work = [calling("a"), result("a"), calling("b"), result("b")];
    expect(await latestOnly()(contextTurn([...chat, ...work]).turn)).toEqual([chat[0], chat[3], ...work]);
    const { turn } = contextTurn([...chat, ...work], { draft: "Draft", edit: "Edited" });
    expect((await latestOnly()(turn)).map(({ type }) => type)).toEqual([
      "system",
      "human",
      "ai",
      "tool",
      "ai",
      "tool",
      "human",
    ]);
    const later = [...chat.slice(0, 2), ...work, ...chat.slice(2)];
    expect(await latestOnly()(contextTurn(later).turn)).toEqual([chat[0], chat[3]]);
  });

  it("shows no half of a tool exchange where nobody asked anything", async () => {
    const messages = [calling("a"), result("a")];
    expect(await latestOnly()(contextTurn(messages).turn)).toEqual(messages);
    expect(await latestOnly()(contextTurn([]).turn)).toEqual([]);
  });
});
