import { byTask, createRouter, type Price } from "langgraph-multimodel";
import { cheap, dear, scripted } from "./scripted-model.js";
import { seats } from "./seats.js";

const free = { input: 0, output: 0 };
const tier = (name: string, price: Price) => ({
  model: scripted(name, (question) => `The ${name} model: "${question}".`),
  price,
});

/**
 * The first word names the task (parse, describe, narrate, ...), the request shows how hard it is; both can be given in the context
 * instead. What the table does not have goes to the medium tier.
 */
export const graph = createRouter({
  models: seats({
    small: tier("small", free),
    medium: tier("medium", free),
    large: tier("large", cheap),
    premium: tier("premium", dear),
  }),
  route: byTask({
    task: ({ messages, config }) => config.context?.task ?? messages.at(-1)!.text.split(/\W/)[0]!.toLowerCase(),
    table: {
      parse: { simple: "small", moderate: "small" },
      describe: { simple: "small", moderate: "medium", complex: "large" },
      narrate: { simple: "small", moderate: "medium", complex: "large" },
      say: { simple: "medium", moderate: "medium", complex: "large" },
      generate: { moderate: "medium", complex: "large", critical: "premium" },
      decide: { critical: "premium" },
    },
    default: "medium",
  }),
});
