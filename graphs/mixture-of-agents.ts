import { AIMessage } from "@langchain/core/messages";
import { type Aggregate, createEnsemble, createPipeline } from "langgraph-multimodel";
import { cheap, dear, scripted } from "./scripted-model.js";

const agent = (name: string, thing: string) => ({
  model: scripted(name, (request) =>
    request.includes("<output") ? `First ${thing}, then the rest.` : `Only ${thing}.`,
  ),
  price: cheap,
});
const agents = {
  terse: agent("terse", "the roof"),
  bold: agent("bold", "the heating"),
  calm: agent("calm", "the windows"),
};

/** All proposals as one message, without names. */
const quoted: Aggregate = ({ answers }) => ({
  message: new AIMessage(answers.map(({ message }) => `- ${message.text}`).join("\n")),
  confidence: null,
  reason: `${answers.length} proposals`,
});
const writer = scripted("writer", (proposals) => `Written from ${proposals.match(/^- /gm)?.length ?? 0} proposals.`);

/** Three agents propose, the same three improve on all proposals, and a writer makes one answer of them. */
export const graph = createPipeline({
  stages: {
    propose: createEnsemble({ models: agents, aggregate: quoted }),
    refine: createEnsemble({ models: agents, aggregate: quoted }),
    write: { model: writer, price: dear },
  },
});
