// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how a file names a variable
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadConfig, loadModels, parseConfig } from "../../../src/config/index.js";
import { ConfigError } from "../../../src/errors/index.js";
import { keys, problemsOf } from "../support/parse.js";

/** One thing that is wrong: the text, and what is said about it as `line path: message`. */
type Row = readonly [what: string, text: string, said: string | RegExp];

const fast = "models:\n  fast: { provider: openai, model: gpt-4o-mini }\n";
const provided = "fast: { provider: ollama, model: x }\n";
const both = `${fast}  strong: { provider: openai, model: gpt-4o }\n`;

const ours: readonly Row[] = [
  ["an empty file", "", "1 : is empty; write models: and below it the models by name"],
  ["a file of comments", "# nothing\n", "1 : is empty; write models: and below it the models by name"],
  ["a list", "- a\n- b", "1 : has no fields; write models: and below it the models by name"],
  ["a word", "models", "1 : has no fields; write models: and below it the models by name"],
  ["no models", "models: {}", /^1 models: there is no model; write one: fast: \{ provider: openai/],
  ["no section models", "prompts: {}", "1 models: is missing; write entries by name"],
  ["a list of models", "models:\n  - fast", "1 models: is a list; write entries by name"],
  ["a tab", "models:\n\tfast: {}", "2 : is indented with a tab; use spaces"],
  ["a bracket that is open", "models: { fast: {", /^1 : a \[ or \{ is not closed/],
  ["two documents", `${fast}---\nmodels: {}`, "3 : a second document begins here; remove the line ---"],
  [
    "a missing variable",
    "models:\n  fast:\n    provider: openai\n    model: ${NOBODY}",
    "4 models.fast.model: the variable NOBODY is not set; set it, or write ${NOBODY:-default}",
  ],
  [
    "a missing variable of the other spelling",
    "models:\n  fast: { provider: openai, model: x, apiKey: '${env:NOBODY}' }",
    /^2 models\.fast\.apiKey: the variable NOBODY is not set/,
  ],
  [
    "a missing variable for a number",
    `${fast.replace(" }", ", timeout: '${NOBODY}' }")}`,
    /^2 models\.fast\.timeout: the variable NOBODY is not set/,
  ],
  [
    "a variable that is no number",
    `${fast.replace(" }", ", timeout: '${OPENAI_API_KEY}' }")}`,
    "2 models.fast.timeout: is a text; write a number",
  ],
  [
    "an unknown provider",
    "models:\n  fast: { provider: openia, model: x }",
    /^2 models\.fast\.provider: is not known; write one of openai, azure, .*; did you mean openai\?$/,
  ],
  ["no provider", "models:\n  fast: { model: x }", /^2 models\.fast\.provider: is missing; write one of openai/],
  ["no model id", "models:\n  fast: { provider: openai }", "2 models.fast.model: is missing; openai needs it"],
  [
    "no address",
    "models:\n  fast: { provider: openai-compatible, model: x }",
    "2 models.fast.baseUrl: is missing; openai-compatible needs it",
  ],
  [
    "no deployment",
    "models:\n  fast: { provider: azure, baseUrl: 'https://x' }",
    "2 models.fast.deployment: is missing; azure needs it",
  ],
  [
    "an unknown field",
    "models:\n  fast:\n    provider: openai\n    model: x\n    base_url: http://x",
    "5 models.fast.base_url: is an unknown field; did you mean baseUrl?",
  ],
  ["a field nobody has", `${fast}wat: 1`, /^3 wat: is an unknown field; write one of \$schema, default, models/],
  [
    "a parameter among the fields of a model",
    "models:\n  fast: { provider: openai, model: x, temperature: 1 }",
    "2 models.fast.temperature: is an unknown field; it is a parameter: write parameters: { temperature: … }",
  ],
  [
    "a parameter of an API among the fields of a model",
    "models:\n  fast: { provider: openai, model: x, max_tokens: 1 }",
    "2 models.fast.max_tokens: is an unknown field; it is a parameter: write parameters: { maxTokens: … }",
  ],
  [
    "a model id that is a number",
    "models:\n  fast: { provider: openai, model: 4 }",
    "2 models.fast.model: is a number; write a text (in quotes)",
  ],
  [
    "an address that is none",
    "models:\n  fast: { provider: openai, model: x, baseUrl: localhost:8000 }",
    "2 models.fast.baseUrl: is not a URL; write one that begins with http:// or https://",
  ],
  [
    "an empty text",
    "models:\n  fast: { provider: openai, model: '' }",
    "2 models.fast.model: is empty; write something, or remove it",
  ],
  [
    "a number below its range",
    fast.replace(" }", ", timeout: 0 }"),
    "2 models.fast.timeout: is too small; write more than 0",
  ],
  [
    "retry that is a number",
    fast.replace(" }", ", retry: 3 }"),
    /^2 models\.fast\.retry: is unknown here; write false, or \{ maxRetries/,
  ],
  [
    "retry with a word that is wrong",
    fast.replace(" }", ", retry: { maxRetrys: 3 } }"),
    "2 models.fast.retry.maxRetrys: is an unknown field; did you mean maxRetries?",
  ],
  [
    "an unknown parameter",
    fast.replace(" }", ", parameters: { top_p: 1 } }"),
    "2 models.fast.parameters.top_p: is an unknown field; did you mean topP?",
  ],
  [
    "a parameter out of range",
    fast.replace(" }", ", parameters: { temperature: 3 } }"),
    "2 models.fast.parameters.temperature: is too large; write at most 2",
  ],
  [
    "a parameter that is a word",
    fast.replace(" }", ", parameters: { temperature: hot } }"),
    "2 models.fast.parameters.temperature: is a text; write a number",
  ],
  [
    "a parameter of other providers",
    "models:\n  it:\n    provider: anthropic\n    model: claude\n    parameters:\n      seed: 1",
    /^6 models\.it\.parameters\.seed: anthropic does not accept this; write one of temperature, maxTokens, topP, topK, stop, thinking$/,
  ],
  [
    "a parameter of other providers in a role",
    `${fast}roles:\n  main:\n    model: fast\n    parameters: { numCtx: 4 }`,
    /^6 roles\.main\.parameters\.numCtx: openai does not accept this/,
  ],
  [
    "a parameter of other providers in a stage",
    `${fast}graphs:\n  g:\n    pattern: pipeline\n    stages:\n      one:\n        model: fast\n        parameters: { numCtx: 4 }`,
    /^9 graphs\.g\.stages\.one\.parameters\.numCtx: openai does not accept this/,
  ],
  [
    "a capability nobody has",
    fast.replace(" }", ", capabilities: [visoin] }"),
    /^2 models\.fast\.capabilities\[0\]: .*did you mean vision\?$/,
  ],
  [
    "a body where there is none",
    "models:\n  g: { provider: ollama, model: x, body: { a: 1 } }",
    "2 models.g.body: ollama has no such field; write only baseUrl, apiKey, headers and parameters",
  ],
  [
    "a package that is not installed",
    "models:\n  v:\n    provider: google-vertexai\n    model: gemini-2.0-flash\n    project: my-project",
    /^3 models\.v\.provider: .*npm install @langchain\/google-vertexai$/,
  ],
  [
    "a name that is there twice",
    `${fast}  fast: { provider: openai, model: gpt-4o }`,
    "3 models.fast: is defined twice, first in line 2; rename or remove one of them",
  ],
  [
    "a field that is there twice",
    "models:\n  fast:\n    provider: openai\n    model: a\n    model: b",
    "5 models.fast.model: is defined twice, first in line 4; rename or remove one of them",
  ],
  [
    "a graph called as a model",
    `${fast}graphs:\n  fast: { pattern: fallback, models: [fast] }`,
    /^4 graphs\.fast: a model is also called "fast"/,
  ],
  [
    "a graph called as the implied one",
    `${both}fallback: [fast, strong]\ngraphs:\n  fallback: { pattern: fallback, models: [fast] }`,
    /^4 fallback: becomes the graph "fallback"/,
  ],
  ["a key __proto__", `${fast}__proto__: { a: 1 }`, "3 __proto__: cannot be a name"],
  ["a key that is a list", `${fast}? [a, b]\n: 1`, /^3 .*: a key must be one value/],
  [
    "a name of every object",
    `${fast}default: constructor`,
    '3 default: there is no model or graph "constructor"; there are fast',
  ],
  ["an unknown default", `${fast}default: fsat`, '3 default: there is no model or graph "fsat"; did you mean fast?'],
  [
    "two defaults",
    both.replaceAll(" }", ", default: true }"),
    "3 models.strong.default: fast is already the default; remove one of them",
  ],
  ["an unknown tier", `${fast}tiers:\n  small: tiny`, '4 tiers.small: there is no model "tiny"; there are fast'],
  [
    "an unknown role",
    `${fast}roles:\n  main: { model: tiny }`,
    '4 roles.main.model: there is no model "tiny"; there are fast',
  ],
  [
    "a role of a name every object has",
    `${fast}roles:\n  main: { model: constructor, parameters: { temperature: 1 } }`,
    '4 roles.main.model: there is no model "constructor"; there are fast',
  ],
  [
    "an unknown prompt",
    fast.replace(" }", ", prompt: kind }"),
    '2 models.fast.prompt: there is no prompt "kind"; define one',
  ],
  [
    "two prompts",
    `${fast.replace(" }", ", prompt: kind, systemPrompt: x }")}prompts: { kind: Be kind. }`,
    "2 models.fast.systemPrompt: cannot stand beside prompt; write only one of them",
  ],
  [
    "an unknown server",
    fast.replace(" }", ", mcpServers: [files] }"),
    '2 models.fast.mcpServers[0]: there is no MCP server "files"; define one',
  ],
  [
    "a server that is nothing",
    `${fast}mcpServers:\n  files: { cmd: x }`,
    /^4 mcpServers\.files: is unknown here; write \{ command, args \}/,
  ],
  [
    "a fallback that is there twice",
    `${fast}fallback:\n  - fast\n  - fast`,
    "5 fallback[1]: fast is listed twice; remove one of them",
  ],
  [
    "an unknown cell",
    `${fast}routing:\n  default: fast\n  table:\n    parsing: { simple: tiny }`,
    '6 routing.table.parsing.simple: there is no tier or model "tiny"; there are fast',
  ],
  [
    "a task of no complexity",
    `${fast}tasks:\n  story: { complexity: hard }`,
    /^4 tasks\.story\.complexity: is not known; write one of simple, moderate/,
  ],
  [
    "an unknown pattern",
    `${fast}graphs:\n  g: { pattern: cascde, models: [fast] }`,
    /^4 graphs\.g\.pattern: is not known; .*did you mean cascade\?$/,
  ],
  ["no pattern", `${fast}graphs:\n  g: { models: [fast] }`, /^4 graphs\.g\.pattern: is missing; write one of router/],
  [
    "a model nobody has in a graph",
    `${fast}graphs:\n  g:\n    pattern: fallback\n    models:\n      - fast\n      - slow`,
    '8 graphs.g.models[1]: there is no model or graph "slow"; there are fast, g',
  ],
  [
    "a judge nobody has",
    `${both}graphs:\n  g:\n    pattern: cascade\n    models: [fast, strong]\n    verify:\n      allOf: [logprobs, { judge: strnog }]`,
    '9 graphs.g.verify.allOf[1].judge: there is no model or graph "strnog"; did you mean strong?',
  ],
  [
    "a field of a strategy that is wrong",
    `${both}graphs:\n  g:\n    pattern: cascade\n    models: [fast]\n    verify: { judge: strong, treshold: 7 }`,
    "8 graphs.g.verify.treshold: is an unknown field; did you mean threshold?",
  ],
  [
    "a strategy that is none",
    `${both}graphs:\n  g:\n    pattern: cascade\n    models: [fast]\n    verify: { jugde: strong }`,
    /^8 graphs\.g\.verify: is unknown here; write selfReported, .*; did you mean judge\?$/,
  ],
  [
    "a route to no node",
    `${both}graphs:\n  g: { pattern: router, models: [fast], route: { keywords: { strong: [x] } } }`,
    '5 graphs.g.route.keywords.strong: there is no node "strong"; there are fast',
  ],
  [
    "a name that cannot be a node",
    `${fast}graphs:\n  g: { pattern: router, models: { router: fast }, route: { always: router } }`,
    /^4 graphs\.g\.models\.router: "router" cannot be the name of a model: .*models: \{ other_name: router \}$/,
  ],
  [
    "a name with a colon in a graph",
    `models:\n  "a:b": { provider: openai, model: x }\ngraphs:\n  g: { pattern: fallback, models: ["a:b"] }`,
    /^4 graphs\.g\.models\[0\]: "a:b" cannot be the name of a model/,
  ],
  [
    "an option out of range",
    `${both}graphs:\n  g:\n    pattern: ensemble\n    models: [fast, strong]\n    aggregate: longest\n    minimum: 5`,
    "9 graphs.g.minimum: is 5; give a whole number from 1 to 2",
  ],
  [
    "a weight that is missing",
    `${both}graphs:\n  g:\n    pattern: experiment\n    models: [fast, strong]\n    weights: { fast: 1 }`,
    /^8 graphs\.g\.weights\.strong: .*every model a weight/,
  ],
  [
    "a graph that holds itself",
    `${fast}graphs:\n  a:\n    pattern: fallback\n    models: [fast, a]`,
    "6 graphs.a.models[1]: a graph cannot contain itself: a → a",
  ],
  [
    "a cycle",
    `${fast}graphs:\n  a: { pattern: fallback, models: [fast, b] }\n  b: { pattern: qualityGate, model: fast, verify: { judge: a } }`,
    "5 graphs.b.verify.judge: a graph cannot contain itself: a → b → a",
  ],
  [
    "a stage nobody has",
    `${fast}graphs:\n  g:\n    pattern: pipeline\n    stages:\n      plan: fast\n      review: { model: fast, untilApproved: code }`,
    /^8 graphs\.g.*: .*a stage before this one: plan$/,
  ],
  [
    "parameters on a graph in a stage",
    `${fast}graphs:\n  a: { pattern: fallback, models: [fast] }\n  g:\n    pattern: pipeline\n    stages: { one: { model: a, parameters: { temperature: 1 } } }`,
    /graphs\.g.*parameters cannot be set on a graph/,
  ],
  [
    "a merge of a word",
    "models:\n  a: { <<: hello, provider: openai, model: x }",
    '2 models.a."<<": write fields after <<, or an alias of a map: *name',
  ],
  [
    "what begins as a variable and is none",
    "models:\n  a: { provider: openai, model: 'x${MY-VAR}' }",
    /^2 models\.a\.model: has \$\{ without a variable; write \$\{NAME\}/,
  ],
  [
    "a variable that is not closed",
    "models:\n  a: { provider: openai, model: 'x${KEY' }",
    /^2 models\.a\.model: has \$\{/,
  ],
  [
    "a variable in a default",
    "models:\n  a: { provider: openai, model: '${A:-${B}}' }",
    /^2 models\.a\.model: has \$\{/,
  ],
  [
    "a default without its sign",
    "models:\n  a: { provider: openai, model: '${A:gpt}' }",
    /^2 models\.a\.model: has \$\{/,
  ],
  [
    "a missing variable for a key, which has no default",
    "models:\n  a: { provider: openai, model: x, apiKey: '${NOBODY}' }",
    "2 models.a.apiKey: the variable NOBODY is not set; set it",
  ],
  [
    "a provider under the name of another system",
    "models:\n  a: { provider: vLLM, model: x }",
    "2 models.a.provider: is not known; write openai-compatible",
  ],
  [
    "a field that is another provider's",
    "models:\n  a: { provider: google-genai, model: gemini-2.0-flash, project: mine }",
    "2 models.a.project: google-genai has no such field; write only baseUrl, apiKey, headers and parameters",
  ],
  [
    "a body that asks for another model",
    "models:\n  a: { provider: openai, model: x, body: { model: dear } }",
    /^2 models\.a\.body\.model: cannot be in body/,
  ],
  [
    "OpenAI's own address without a key",
    "models:\n  a: { provider: openai, model: x, baseUrl: 'https://eu.api.openai.com/v1', apiKey: '${EMPTY:-}' }",
    /^2 models\.a\.apiKey: /,
  ],
  [
    "a timeout no timer has",
    fast.replace(" }", ", retry: { backoff: [3000000000] } }"),
    "2 models.fast.retry.backoff[0]: is too large; write at most 2147483647",
  ],
  [
    "a price that is no number",
    fast.replace(" }", ", price: { input: .nan, output: 1 } }"),
    "2 models.fast.price.input: is not a finite number; write a number",
  ],
  [
    "a tier called as another model",
    `${both}tiers:\n  fast: strong`,
    '5 tiers.fast: a model is also called "fast", but routing would use the tier; rename the tier',
  ],
  [
    "a tier of a graph",
    `${fast}tiers: { small: g }\ngraphs: { g: { pattern: fallback, models: [fast] } }`,
    '3 tiers.small: "g" is a graph; write a model here',
  ],
  [
    "a default beside another",
    `${both.replace("mini }", "mini, default: true }")}default: strong`,
    "2 models.fast.default: strong is already the default; remove one of them",
  ],
  [
    "a complexity nobody has",
    `${fast}routing: { default: fast, table: { parsing: { smple: fast } } }`,
    '3 routing.table.parsing.smple: there is no complexity "smple"; did you mean simple?',
  ],
  [
    "an empty routing table",
    `${fast}routing: { default: fast, table: {} }`,
    "3 routing.table: is empty; write a task, and for it a tier or model",
  ],
  [
    "a model that is twice in a graph",
    `${both}graphs:\n  g: { pattern: ensemble, models: [fast, fast, strong], aggregate: longest }`,
    "5 graphs.g.models[1]: fast is listed twice; to call it twice, name the nodes: { first: fast, second: fast }",
  ],
  [
    "a weight of a node there is not",
    `${both}graphs:\n  g: { pattern: ensemble, models: [fast, strong], aggregate: { weightedVote: { fats: 2 } } }`,
    '5 graphs.g.aggregate.weightedVote.fats: there is no node "fats"; did you mean fast?',
  ],
  [
    "a label of an example that no node has",
    `${both}graphs:\n  g: { pattern: router, models: [fast, strong], route: { classify: fast, examples: [{ question: Hi, label: strnog }] } }`,
    '5 graphs.g.route.examples[0].label: there is no node "strnog"; did you mean strong?',
  ],
  [
    "an agreement that can never be",
    `${both}graphs:\n  g: { pattern: cascade, models: [fast, strong], verify: { agreement: 5 } }`,
    "5 graphs.g.verify.agreement: is more than the 2 models; write at most 2",
  ],
  [
    "a graph of no models",
    `${fast}graphs:\n  g: { pattern: fallback, models: {} }`,
    "4 graphs.g.models: is empty; write at least one",
  ],
  [
    "an option of a strategy, where it stands",
    `${both}graphs:\n  g:\n    pattern: cascade\n    models: [fast, strong]\n    verify:\n      judge: strong\n      threshold: 70`,
    "10 graphs.g.verify.threshold: is 70; give a number from 1 to 10",
  ],
  [
    "keywords that are none",
    `${both}graphs:\n  g:\n    pattern: router\n    models: [fast]\n    route:\n      keywords:\n        fast: []`,
    /^10 graphs\.g\.route\.keywords\.fast: is an array of 0/,
  ],
  [
    "a schema that is none",
    `${both}graphs:\n  g:\n    pattern: cascade\n    models: [fast]\n    verify:\n      schema: { type: nope }`,
    /^9 graphs\.g\.verify\.schema: is an object with type; write a JSON schema/,
  ],
  [
    "a scale of three",
    `${both}graphs:\n  g: { pattern: cascade, models: [fast], verify: { judge: strong, scale: [1, 2, 3] } }`,
    "5 graphs.g.verify.scale: has too many entries; write at most 2",
  ],
  ["an alias to nothing", "models: *none", /^1 models: the anchor &none is not defined above$/],
  ["an alias to itself", `${fast}prompts: &p { a: *p }`, "3 prompts.a: *p contains itself; write its value instead"],
];

const registry: readonly Row[] = [
  [
    "a class nobody has",
    "llm:fast:\n  _class: OpenAiConfig\n  model: x",
    /^2 llm:fast\._class: is an unknown class; write one of OpenAIConfig, .*did you mean OpenAIConfig\?$/,
  ],
  ["no class", "llm:fast:\n  model: x", /^1 llm:fast\._class: is missing; write one of OpenAIConfig/],
  [
    "a missing variable",
    "llm:fast:\n  _class: OpenAIConfig\n  model: x\n  api_key: ${NOBODY}",
    /^4 llm:fast\.api_key: the variable NOBODY is not set/,
  ],
  [
    "a parameter out of range",
    "llm:fast:\n  _class: OpenAIConfig\n  model: x\n  temperature: 9",
    "4 llm:fast.temperature: is too large; write at most 2",
  ],
  [
    "an address that is none",
    "llm:fast:\n  _class: AzureConfig\n  model: x\n  azure_endpoint: nowhere",
    /^4 llm:fast\.azure_endpoint: is not a URL/,
  ],
  ["a resource that is no set of fields", "llm:fast: gpt-4o", "1 llm:fast: is a text; write fields, one per line"],
  [
    "a resource that is there twice",
    "llm:fast:\n  _class: OpenAIConfig\n  model: x\nllm:fast:\n  _class: OpenAIConfig\n  model: y",
    /^4 llm:fast: is defined twice, first in line 1/,
  ],
];

const runtime: readonly Row[] = [
  [
    "an unknown provider",
    "runtime:\n  models:\n    - name: fast\n      provider: opnai\n      model: x",
    /^4 runtime\.models\[0\]\.provider: is not known; .*did you mean openai\?$/,
  ],
  [
    "no name",
    "runtime:\n  models:\n    - provider: ollama\n      model: x",
    /^3 runtime\.models\[0\]: has no name; write name:/,
  ],
  [
    "a name that is there twice",
    "runtime:\n  models:\n    - { name: a, provider: ollama, model: x }\n    - { name: a, provider: ollama, model: y }",
    '4 runtime.models[1].name: another entry is called "a"; rename one of them',
  ],
  [
    "an unknown default",
    "runtime:\n  default_model: fsat\n  models:\n    - { name: fast, provider: ollama, model: x }",
    '2 runtime.default_model: there is no model or graph "fsat"; did you mean fast?',
  ],
  [
    "a missing variable",
    "runtime:\n  models:\n    - name: fast\n      provider: openai\n      model: x\n      api_key: ${env:NOBODY}",
    /^6 runtime\.models\[0\]\.api_key: the variable NOBODY is not set/,
  ],
  [
    "a parameter out of range",
    "runtime:\n  models:\n    - name: fast\n      provider: ollama\n      model: x\n      model_api_parameters:\n        top_p: 4",
    "7 runtime.models[0].model_api_parameters.top_p: is too large; write at most 1",
  ],
  [
    "an unknown prompt",
    "runtime:\n  models:\n    - name: fast\n      provider: ollama\n      model: x\n      prompts: [kind]",
    '6 runtime.models[0].prompts: there is no prompt "kind"; define one',
  ],
  [
    "an unknown server",
    "runtime:\n  models:\n    - name: fast\n      provider: ollama\n      model: x\n      mcp_servers: [files]",
    '6 runtime.models[0].mcp_servers[0]: there is no MCP server "files"; define one',
  ],
  ["no models", "runtime:\n  default_model: x", /^1 runtime\.models: there is no model/],
];

describe("loadConfig", () => {
  describe.each([
    ["our own format", ours],
    ["a registry", registry],
    ["a runtime", runtime],
  ])("tells of %s", (_, rows) => {
    it.each(rows)("%s", async (_what, text, said) => {
      const problems = await problemsOf(text, keys);
      const lines = problems.map(({ line, path, message }) => `${line} ${path}: ${message}`);
      if (typeof said === "string") expect(lines).toEqual([said]);
      else expect([lines.length, lines[0]]).toEqual([1, expect.stringMatching(said)]);
    });
  });

  it("tells everything at once, in the order of the file", async () => {
    const text = `models:
  a: { provider: openai, model: "\${NOBODY}" }
  b: { provider: opnai, model: x }
  c: { provider: openai, model: x, colour: red }
  d: { provider: google-vertexai, model: x }
  d: { provider: anthropic, model: x, parameters: { seed: 1 } }
  e: { provider: openrouter, model: x }
default: nobody
fallback: [a, zz]
graphs:
  g: { pattern: fallback, models: [a, h] }
  h: { pattern: fallback, models: [b, g] }
  i: { pattern: ensemble, models: [a, c], aggregate: longest, minimum: 9 }
  j: { pattern: router, models: [a], route: { always: q } }
`;
    const problems = await problemsOf(text, { ANTHROPIC_API_KEY: "x", OPENAI_API_KEY: "y" });
    expect(problems.map(({ line, path }) => `${line} ${path}`)).toEqual([
      "3 models.b.provider",
      "4 models.c.colour",
      "6 models.d",
      "6 models.d.parameters.seed",
      "8 default",
      "9 fallback[1]",
      "12 graphs.h.models[1]",
      "13 graphs.i.minimum",
      "14 graphs.j.route.always",
    ]);
  });

  it.each([
    [
      "a model",
      "a: { provider: anthropic, modell: x, parameters: { seed: 1, temperature: 3 }, prompt: nope }",
      ["modell", "parameters.seed", "parameters.temperature", "prompt"].map((field) => `models.a.${field}`),
    ],
    [
      "a graph",
      `${provided}graphs: { g: { pattern: cascade, models: [fast, nobody], verify: { judge: fats }, wat: 1 } }`,
      ["graphs.g.models[1]", "graphs.g.verify.judge", "graphs.g.wat"],
    ],
    [
      "a section",
      `${provided}routing: { table: { a: { simple: nobody } } }\nfallback: [3, noone]`,
      ["fallback[0]", "fallback[1]", "routing.default", "routing.table.a.simple"],
    ],
  ])("tells everything at once that is wrong within %s", async (_, entries, paths) => {
    const problems = await problemsOf(`models:\n  ${entries}`, {});
    expect(problems.map(({ path }) => path).sort()).toEqual(paths);
  });

  it("tells nothing that follows from something else: the example without keys lacks only keys", async () => {
    const example = readFileSync(new URL("../../../models.example.yaml", import.meta.url), "utf8");
    const problems = await problemsOf(example, {});
    expect(problems.map(({ path }) => path)).toEqual([
      "models.fast.apiKey",
      "models.strong.apiKey",
      "models.backup.apiKey",
    ]);
    for (const [model, env] of [
      ['{ provider: openai, model: x, timeout: "${T}" }', keys],
      ["{ provider: google-vertexai, model: x }", keys],
    ] as const) {
      const text = `models: { v: ${model} }\ngraphs: { g: { pattern: pipeline, stages: { a: { model: v, parameters: { temperature: 0.1 } } } } }`;
      expect((await problemsOf(text, env)).map(({ path }) => path.split(".")[0])).toEqual(["models"]);
    }
  });

  it("reads JSON, and tells its lines", async () => {
    const json = JSON.stringify({ models: { fast: { provider: "openai", model: "x", colour: 1 } } }, undefined, "\t");
    expect(await problemsOf(json)).toMatchObject([{ path: "models.fast.colour", line: 6 }]);
  });

  it("names no key, whatever is wrong where", async () => {
    const key = "sk-very-secret-value-0123456789";
    const spots = [
      "model: ${K}",
      "provider: ${K}",
      "timeout: ${K}",
      "baseUrl: ${K}",
      "capabilities: ['${K}']",
      "retry: ${K}",
      "tier: ${K}\n    tier: x",
      "prompt: ${K}",
    ];
    for (const spot of spots) {
      const text = `models:\n  fast:\n    ${spot}\n    parameters: { colour: 1 }\ndefault: \${K}\nfallback: ["\${K}", "\${K}"]\nroles: { a: { model: "x\${K}x" } }\ngraphs: { g: { pattern: "\${K}", models: [a] }, h: { pattern: fallback, models: ["\${K}"] } }`;
      const problems = await problemsOf(text, { K: key });
      expect(problems.length).toBeGreaterThan(4);
      expect(JSON.stringify(problems)).not.toContain("secret");
    }
  });

  it("says in one message what to mend, file and line first", async () => {
    const folder = mkdtempSync(join(tmpdir(), "config-"));
    const file = join(folder, "models.yaml");
    writeFileSync(file, "models:\n  fast: { provider: openai }\n");
    const error = await loadConfig(file, { env: keys }).catch((thrown: unknown) => thrown);
    expect(ConfigError.isInstance(error)).toBe(true);
    expect((error as ConfigError).file).toBe(file);
    expect((error as ConfigError).message).toBe(
      `${file} cannot be used; one thing is wrong:\n  ${file}:2: models.fast.model: is missing; openai needs it`,
    );
    rmSync(folder, { recursive: true });
  });

  it("tells of a file that is not there, a folder, one too long, and one that is no text", async () => {
    const folder = mkdtempSync(join(tmpdir(), "config-"));
    const said = async (file: string) => {
      const error = (await loadConfig(file).catch((thrown: unknown) => thrown)) as ConfigError;
      return error.problems.map(({ message }) => message);
    };
    expect(await said(join(folder, "none.yaml"))).toEqual(["there is no such file"]);
    expect(await said(folder)).toEqual(["is a folder; name the file in it"]);
    writeFileSync(join(folder, "long.yaml"), `${fast}${"# a long file\n".repeat(800_000)}`);
    expect(await said(join(folder, "long.yaml"))).toEqual([expect.stringContaining("is longer than 256 KiB")]);
    writeFileSync(join(folder, "binary.yaml"), Buffer.from([0xff, 0xfe, 0x00]));
    expect(await said(join(folder, "binary.yaml"))).toEqual(["is not UTF-8 text"]);
    rmSync(folder, { recursive: true });
  });

  it("gives up on aliases that stand for too much, and on nesting without end", async () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) => `l${level}: &l${level} [${Array(9).fill(level === 0 ? "x" : `*l${level - 1}`)}]`,
    );
    expect(await problemsOf(`${fast}${levels.join("\n")}`)).toMatchObject([
      { message: expect.stringContaining("once its aliases are expanded") },
    ]);
    for (const text of [
      "[".repeat(50_000),
      `a: ${"{a: ".repeat(20_000)}`,
      `${fast}a: ${"[".repeat(100)}${"]".repeat(100)}`,
    ]) {
      const [problem] = await problemsOf(text);
      expect(problem!.message).toMatch(/nested|closed/);
    }
  });
});

describe("parseConfig", () => {
  it.each([undefined, Buffer.from(fast)])("refuses what is no text: %o", async (text) => {
    await expect(parseConfig("models.yaml", text as unknown as string)).rejects.toThrow("give the text of a file");
  });
});

describe("loadModels", () => {
  it("builds no graph: options of graphs are not looked at", async () => {
    const folder = mkdtempSync(join(tmpdir(), "config-"));
    const file = join(folder, "models.yaml");
    writeFileSync(
      file,
      `${both}graphs:\n  g: { pattern: ensemble, models: [fast, strong], aggregate: longest, minimum: 5 }\n`,
    );
    expect(Object.keys(await loadModels(file, { env: keys }))).toEqual(["fast", "strong"]);
    await expect(loadConfig(file, { env: keys })).rejects.toThrow("graphs.g.minimum");
    rmSync(folder, { recursive: true });
  });
});
