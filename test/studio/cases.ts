/** One question, and what the graph does with it. */
export interface Turn {
  readonly question: string;
  readonly answer: string;
  readonly modelUsed: string;
  /** The nodes of each step. */
  readonly steps: readonly (readonly string[])[];
  /** `live`: the answer streams token by token; `whole`: it appears when it is accepted. */
  readonly streamed: "live" | "whole";
  /** Paths of the calls whose tokens are taken back. */
  readonly discarded?: readonly string[];
}

export interface GraphCase {
  readonly id: string;
  /** What Studio draws: `→` always, `⇢` if a node decides so. */
  readonly edges: readonly string[];
  /** The first two are asked on one thread, and at once. */
  readonly turns: readonly [Turn, Turn, ...Turn[]];
}

export const cases: readonly GraphCase[] = [
  {
    id: "router",
    edges: [
      "__start__ → router",
      "router ⇢ code",
      "router ⇢ chat",
      "router ⇢ fallback",
      "code ⇢ fallback",
      "code ⇢ __end__",
      "chat ⇢ fallback",
      "chat ⇢ __end__",
      "fallback → __end__",
    ],
    turns: [
      {
        question: "hello there",
        answer: '(scripted) You said "hello there", how nice.',
        modelUsed: "chat",
        steps: [["router"], ["chat"]],
        streamed: "live",
      },
      {
        question: "Find the bug!",
        answer: '(scripted) Here is code for "Find the bug!".',
        modelUsed: "code",
        steps: [["router"], ["code"]],
        streamed: "live",
      },
      {
        question: "What is truth?",
        answer: '(scripted) My best answer to "What is truth?".',
        modelUsed: "fallback",
        steps: [["router"], ["fallback"]],
        streamed: "live",
      },
    ],
  },
  {
    id: "cascade",
    edges: ["__start__ → small", "small → verifier", "verifier ⇢ large", "verifier ⇢ __end__", "large → verifier"],
    turns: [
      {
        question: "Why is the sky blue?",
        answer: '(scripted) A long answer to "Why is the sky blue?": first the cause, then the exceptions.',
        modelUsed: "large",
        steps: [["small"], ["verifier"], ["large"], ["verifier"]],
        streamed: "whole",
      },
      {
        question: "Name a color.",
        answer: '(scripted) A short answer to "Name a color.".',
        modelUsed: "small",
        steps: [["small"], ["verifier"]],
        streamed: "whole",
      },
    ],
  },
  {
    id: "fallback",
    edges: [
      "__start__ → primary",
      "primary ⇢ secondary",
      "primary ⇢ backup",
      "primary ⇢ __end__",
      "secondary ⇢ backup",
      "secondary ⇢ __end__",
      "backup ⇢ primary",
      "backup ⇢ secondary",
      "backup ⇢ __end__",
    ],
    turns: [
      {
        question: "Are you there?",
        answer: '(scripted) The backup answers "Are you there?".',
        modelUsed: "backup",
        steps: [["primary"], ["secondary"], ["backup"]],
        streamed: "live",
        discarded: ["secondary"],
      },
      {
        question: "And now?",
        answer: '(scripted) The backup answers "And now?".',
        modelUsed: "backup",
        steps: [["primary"], ["secondary"], ["backup"]],
        streamed: "live",
        discarded: ["secondary"],
      },
    ],
  },
  {
    id: "ensemble",
    edges: [
      "__start__ → fan_out",
      "fan_out → hasty",
      "fan_out → careful",
      "fan_out → thorough",
      "hasty → aggregator",
      "careful → aggregator",
      "thorough → aggregator",
      "aggregator → __end__",
    ],
    turns: [
      {
        question: "There are four words.",
        answer: "(scripted) Words: 4",
        modelUsed: "careful",
        steps: [["fan_out"], ["careful", "hasty", "thorough"], ["aggregator"]],
        streamed: "whole",
      },
      {
        question: "And here?",
        answer: "(scripted) Words: 2",
        modelUsed: "careful",
        steps: [["fan_out"], ["careful", "hasty", "thorough"], ["aggregator"]],
        streamed: "whole",
      },
    ],
  },
  {
    id: "quality_gate",
    edges: ["__start__ → draft", "draft → verifier", "verifier ⇢ revise", "verifier ⇢ __end__", "revise → verifier"],
    turns: [
      {
        question: "rain",
        answer: '(scripted) A sentence about "rain".\nSource: a script, not a model',
        modelUsed: "revise",
        steps: [["draft"], ["verifier"], ["revise"], ["verifier"]],
        streamed: "whole",
      },
      {
        question: "snow",
        answer: '(scripted) A sentence about "snow".\nSource: a script, not a model',
        modelUsed: "revise",
        steps: [["draft"], ["verifier"], ["revise"], ["verifier"]],
        streamed: "whole",
      },
    ],
  },
  {
    id: "hybrid",
    edges: [
      "__start__ → router",
      "router ⇢ chat:__start__",
      "router ⇢ report:draft",
      "router ⇢ count:guess",
      "chat:__start__ → chat:primary",
      "chat:primary ⇢ chat:secondary",
      "chat:primary ⇢ chat:backup",
      "chat:primary ⇢ chat:__end__",
      "chat:secondary ⇢ chat:backup",
      "chat:secondary ⇢ chat:__end__",
      "chat:backup ⇢ chat:primary",
      "chat:backup ⇢ chat:secondary",
      "chat:backup ⇢ chat:__end__",
      "chat:__end__ → __end__",
      "report:draft → report:verifier",
      "report:verifier ⇢ report:revise",
      "report:verifier ⇢ report:__end__",
      "report:revise → report:verifier",
      "report:__end__ → __end__",
      "count:guess → count:verifier",
      "count:verifier ⇢ count:panel:fan_out",
      "count:verifier ⇢ count:__end__",
      "count:panel:fan_out → count:panel:hasty",
      "count:panel:fan_out → count:panel:careful",
      "count:panel:fan_out → count:panel:thorough",
      "count:panel:hasty → count:panel:aggregator",
      "count:panel:careful → count:panel:aggregator",
      "count:panel:thorough → count:panel:aggregator",
      "count:panel:aggregator → count:verifier",
      "count:__end__ → __end__",
    ],
    turns: [
      {
        question: "Anybody there?",
        answer: '(scripted) The backup answers "Anybody there?".',
        modelUsed: "chat/backup",
        steps: [["router"], ["chat"]],
        streamed: "live",
        discarded: ["chat/secondary"],
      },
      {
        question: "Count these four words.",
        answer: "(scripted) Words: 4",
        modelUsed: "count/panel/careful",
        steps: [["router"], ["count"]],
        streamed: "whole",
      },
      {
        question: "Write about rain.",
        answer: '(scripted) A sentence about "Write about rain.".\nSource: a script, not a model',
        modelUsed: "report/revise",
        steps: [["router"], ["report"]],
        streamed: "whole",
      },
    ],
  },
];
