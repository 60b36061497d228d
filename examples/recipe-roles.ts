// Jobs share three roles (main, reasoning, utility); each job has its temperature and token limit. One switch, PROVIDER, says who
// serves all of them.
import { createRouter, defineModels } from "langgraph-multimodel";
import { done, google, ollama, openrouter } from "./support/chat.js";

const providers = {
  openrouter: {
    connect: openrouter,
    main: "anthropic/claude-sonnet-4",
    reasoning: "deepseek/deepseek-r1",
    utility: "mistralai/mistral-small",
  },
  google: { connect: google, main: "gemini-2.5-pro", reasoning: "gemini-2.5-flash", utility: "gemini-2.0-flash" },
  local: { connect: ollama, main: "llama3.1:8b", reasoning: "qwen3:8b", utility: "llama3.2:3b" },
};
type Provider = keyof typeof providers;

async function jobsOf(provider: Provider) {
  const { connect, ...ids } = providers[provider];
  const [main, reasoning, utility] = await Promise.all(
    [ids.main, ids.reasoning, ids.utility].map((id) => connect(id, `I am ${id}.`)),
  );
  return defineModels({
    characters: { model: main!, parameters: { temperature: 0.3, maxTokens: 2_048 } },
    narration: { model: main!, parameters: { temperature: 0.7, maxTokens: 2_048 } },
    rules: { model: reasoning!, parameters: { temperature: 0.1, maxTokens: 512 } },
    summaries: { model: utility!, parameters: { temperature: 0.3, maxTokens: 1_536 } },
    intent: { model: utility!, parameters: { temperature: 0.1, maxTokens: 256 } },
    generation: { model: utility!, parameters: { temperature: 0.7, maxTokens: 512 } },
  });
}

const switches = process.env.PROVIDER ? [process.env.PROVIDER] : Object.keys(providers);
for (const provider of switches as Provider[]) {
  const graph = createRouter({
    models: await jobsOf(provider),
    route: ({ models, config }) => models.find(({ name }) => name === config.context?.task)?.name,
  }).compile();
  for (const task of ["narration", "rules", "intent"]) {
    const { messages } = await graph.invoke({ messages: "Who are you?" }, { context: { task } });
    console.log(`${provider}, ${task}: ${messages.at(-1)!.text}`);
  }
}
await done();

// Output:
// openrouter, narration: I am anthropic/claude-sonnet-4.
// openrouter, rules: I am deepseek/deepseek-r1.
// openrouter, intent: I am mistralai/mistral-small.
// google, narration: I am gemini-2.5-pro.
// google, rules: I am gemini-2.5-flash.
// google, intent: I am gemini-2.0-flash.
// local, narration: I am llama3.1:8b.
// local, rules: I am qwen3:8b.
// local, intent: I am llama3.2:3b.
