import { createExperiment } from "langgraph-multimodel";
import { cheap, dear, scripted } from "./scripted-model.js";
import { seats } from "./seats.js";

/** A new model gets a third of the questions, and the same question always goes to the same one. */
export const graph = createExperiment({
  models: seats({
    control: { model: scripted("control", (question) => `The usual answer to "${question}".`), price: dear },
    candidate: { model: scripted("candidate", (question) => `A new answer to "${question}".`), price: cheap },
  }),
  weights: { control: 2, candidate: 1 },
  stickyBy: ({ messages }) => messages.at(-1)?.text,
});
