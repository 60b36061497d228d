import { AIMessage } from "@langchain/core/messages";
import { type Aggregate, createEnsemble, createPipeline } from "langgraph-multimodel";
import { cheap, dear, scripted } from "./scripted-model.js";
import { seats } from "./seats.js";

const agent = (name: string, thing: string) => ({
  model: scripted(name, (request) =>
    request.includes("<output") ? `First ${thing}, then the rest.` : `Only ${thing}.`,
  ),
  price: cheap,
  systemPrompt: "Propose an answer. Where you are given proposals, make a better one of them.",
});
const { writer, ...agents } = seats({
  terse: agent("terse", "the roof"),
  bold: agent("bold", "the heating"),
  calm: agent("calm", "the windows"),
  writer: {
    model: scripted("writer", (proposals) => `Written from ${proposals.match(/^- /gm)?.length ?? 0} proposals.`),
    price: dear,
    systemPrompt: "Write one answer from the proposals. Do not mention them.",
  },
});

/** All proposals as one message, without names. */
const quoted: Aggregate = ({ answers }) => ({
  message: new AIMessage(answers.map(({ message }) => `- ${message.text}`).join("\n")),
  confidence: null,
  reason: `${answers.length} proposals`,
});

/** Three agents propose, the same three improve on all proposals, and a writer makes one answer of them. */
export const graph = createPipeline({
  stages: {
    propose: createEnsemble({ models: agents, aggregate: quoted }),
    refine: createEnsemble({ models: agents, aggregate: quoted }),
    write: writer,
  },
});
