// Content a program reads: each method returns a parsed object. A model whose JSON is not valid costs one call of the premium model;
// if that fails too, the error says what is wrong, and what was paid is on the bill all the same.
import { formatReport } from "langgraph-multimodel";
import { ContentGenerator } from "./clients/content-generator.js";
import { done, ollama, openai, openrouter } from "./support/chat.js";

const free = { input: 0, output: 0 };
const premium = [
  '{ "title": "The Silent Bell", "steps": ["Find the clapper", "Ring it"], "reward": 200 }',
  '{ "name": "Moonblade", "rarity": "legendary" }',
  "A sword!",
];
const content = new ContentGenerator({
  tiers: {
    small: { model: await ollama("llama3.2:3b", "(never asked here)"), price: free },
    medium: { model: await ollama("llama3.1:8b", "A blade of moonlight.", '{ "name": "Stick" }'), price: free },
    large: {
      model: await openrouter(
        "meta-llama/llama-3.3-70b-instruct",
        '```json\n{"name":"Mira","occupation":"smith","secret":"She cannot swim."}\n```',
      ),
      price: { input: 0.8, output: 0.8 },
    },
    premium: { model: await openai("gpt-4o", ...premium) },
  },
});

console.log(await content.generateNpc("somebody in the harbour town"));
console.log(await content.generateQuest("about a bell that does not ring"));
console.log(await content.generateItem("a blade"));
await content.generateItem("a stick").catch((error) => console.log(`${error.name}: ${error.message}`));
console.log(formatReport(content.costs.calls, { latency: false })); // times differ from run to run
await done();

// Output:
// { name: 'Mira', occupation: 'smith', secret: 'She cannot swim.' }
// {
//   title: 'The Silent Bell',
//   steps: [ 'Find the clapper', 'Ring it' ],
//   reward: 200
// }
// { name: 'Moonblade', rarity: 'legendary' }
// InvalidContentError: No model gave a valid item: the answer is not JSON. Reply with JSON only.
// model                              calls    %  failed  tokens in  out  cost USD    %
// meta-llama/llama-3.3-70b-instruct      1   17       0         79   19  0.000078    8
// gpt-4o                                 3   50       0        241   36  0.000962   92
// llama3.1:8b                            2   33       0        144   11  0.000000    0
// total                                  6  100       0        464   66  0.001041  100
