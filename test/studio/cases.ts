import type { Wire } from "./studio-client.js";

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

/** What a person changes while a run waits, and what becomes of it. */
export interface Edit {
  readonly question: string;
  /** The node the run waits before. */
  readonly before: string;
  /** The node the change is made as; needed where several ran at once. @default the one that ran last */
  readonly asNode?: string;
  readonly values: (paused: Wire) => object;
  readonly answer: string;
  readonly modelUsed: string;
  /** Paths of the calls made after the change: no other is paid. */
  readonly pays: readonly string[];
}

export interface GraphCase {
  readonly id: string;
  /** What Studio draws: `→` always, `⇢` if a node decides so. */
  readonly edges: readonly string[];
  /** The first two are asked on one thread, and at once. */
  readonly turns: readonly [Turn, Turn, ...Turn[]];
  readonly edit: Edit;
}

const asking = (content: string) => (paused: Wire) => ({ messages: [{ ...paused.messages.at(-1), content }] });
const ai = (content: string) => ({ type: "ai", content });
/** Lists are sent back whole, as Studio does. */
const answering = (content: string) => (paused: Wire) => ({
  candidates: paused.candidates.map((candidate) => ({ ...candidate, message: ai(content) })),
});
const giving = (content: string) => (paused: Wire) => ({
  outputs: [...paused.outputs.slice(0, -1), { ...paused.outputs.at(-1), message: ai(content) }],
});

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
    edit: {
      question: "hello there",
      before: "chat",
      values: asking("hello again"),
      answer: '(scripted) You said "hello again", how nice.',
      modelUsed: "chat",
      pays: ["chat"],
    },
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
        streamed: "live",
      },
      {
        question: "Name a color.",
        answer: '(scripted) A short answer to "Name a color.".',
        modelUsed: "small",
        steps: [["small"], ["verifier"]],
        streamed: "whole",
      },
    ],
    edit: {
      question: "Why is the sky blue?",
      before: "large",
      values: asking("Why is the sea blue?"),
      answer: '(scripted) A long answer to "Why is the sea blue?": first the cause, then the exceptions.',
      modelUsed: "large",
      pays: ["large"],
    },
  },
  {
    id: "approval",
    edges: ["__start__ → small", "small → verifier", "verifier ⇢ fallback", "verifier ⇢ __end__", "fallback → __end__"],
    turns: [
      {
        question: "Name a color.",
        answer: '(scripted) A short answer to "Name a color.".',
        modelUsed: "small",
        steps: [["small"], ["verifier"]],
        streamed: "whole",
      },
      {
        question: "And another one.",
        answer: '(scripted) A short answer to "And another one.".',
        modelUsed: "small",
        steps: [["small"], ["verifier"]],
        streamed: "whole",
      },
    ],
    edit: {
      question: "Why is the sky blue?",
      before: "verifier",
      values: answering("Scattering.\nConfidence: 90%"),
      answer: "Scattering.",
      modelUsed: "small",
      pays: [],
    },
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
    edit: {
      question: "Are you there?",
      before: "backup",
      values: asking("Is anybody there?"),
      answer: '(scripted) The backup answers "Is anybody there?".',
      modelUsed: "backup",
      pays: ["backup"],
    },
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
    edit: {
      question: "There are four words.",
      before: "aggregator",
      asNode: "thorough",
      values: answering("Words: 5"),
      answer: "Words: 5",
      modelUsed: "hasty",
      pays: [],
    },
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
    edit: {
      question: "rain",
      before: "revise",
      values: answering("Rain is water."),
      answer: "(scripted) Rain is water.\nSource: a script, not a model",
      modelUsed: "revise",
      pays: ["revise"],
    },
  },
  {
    id: "pipeline",
    edges: ["__start__ → plan", "plan → code", "code → review", "review ⇢ code", "review ⇢ refine", "refine → __end__"],
    turns: [
      {
        question: "Greet the reader",
        answer: '(scripted) const greetTheReader = () => "Greet the reader"; // tested, and named after what it does',
        modelUsed: "refine",
        steps: [["plan"], ["code"], ["review"], ["code"], ["review"], ["refine"]],
        streamed: "live",
      },
      {
        question: "Say goodbye",
        answer: '(scripted) const sayGoodbye = () => "Say goodbye"; // tested, and named after what it does',
        modelUsed: "refine",
        steps: [["plan"], ["code"], ["review"], ["code"], ["review"], ["refine"]],
        streamed: "live",
      },
    ],
    edit: {
      question: "Greet the reader",
      before: "review",
      values: giving("const f = 1; // tested"),
      answer: "(scripted) const greetTheReader = 1; // tested, and named after what it does",
      modelUsed: "refine",
      pays: ["review", "refine"],
    },
  },
  {
    id: "map_reduce",
    edges: ["__start__ → plan", "plan ⇢ worker", "plan ⇢ reduce", "worker → reduce", "reduce → __end__"],
    turns: [
      {
        question: "tides",
        answer: "(scripted) A report on tides in 3 parts.",
        modelUsed: "reduce",
        steps: [["plan"], ["worker", "worker", "worker"], ["reduce"]],
        streamed: "live",
      },
      {
        question: "wind",
        answer: "(scripted) A report on wind in 3 parts.",
        modelUsed: "reduce",
        steps: [["plan"], ["worker", "worker", "worker"], ["reduce"]],
        streamed: "live",
      },
    ],
    edit: {
      question: "tides",
      before: "reduce",
      values: asking("tides at sea"),
      answer: "(scripted) A report on tides at sea in 3 parts.",
      modelUsed: "reduce",
      pays: ["reduce"],
    },
  },
  {
    id: "experiment",
    edges: [
      "__start__ → assignment",
      "assignment ⇢ control",
      "assignment ⇢ candidate",
      "control ⇢ assignment",
      "control ⇢ __end__",
      "candidate ⇢ assignment",
      "candidate ⇢ __end__",
    ],
    turns: [
      {
        question: "Which one are you?",
        answer: '(scripted) The usual answer to "Which one are you?".',
        modelUsed: "control",
        steps: [["assignment"], ["control"]],
        streamed: "live",
      },
      {
        question: "Hello?",
        answer: '(scripted) A new answer to "Hello?".',
        modelUsed: "candidate",
        steps: [["assignment"], ["candidate"]],
        streamed: "live",
      },
    ],
    edit: {
      question: "Hello?",
      before: "candidate",
      values: asking("Hello again?"),
      answer: '(scripted) A new answer to "Hello again?".',
      modelUsed: "candidate",
      pays: ["candidate"],
    },
  },
  {
    id: "rag",
    edges: [
      "__start__ → retrieve",
      "retrieve → answer:small",
      "answer:small → answer:verifier",
      "answer:verifier ⇢ answer:large",
      "answer:verifier ⇢ answer:__end__",
      "answer:large → answer:verifier",
      "answer:__end__ → __end__",
    ],
    turns: [
      {
        question: "How do I descale the machine?",
        answer: "(scripted) Descale the machine every 3 months, or after 200 cups, whichever comes first.",
        modelUsed: "small",
        steps: [["retrieve"], ["answer"]],
        streamed: "whole",
      },
      {
        question: "How long is the warranty?",
        answer: "(scripted) The warranty is 3 years from the date of purchase, and 5 years for the boiler.",
        modelUsed: "large",
        steps: [["retrieve"], ["answer"]],
        streamed: "whole",
      },
    ],
    edit: {
      question: "How long is the warranty?",
      before: "answer",
      values: () => ({ passages: ["[note]\nThe warranty is 10 years."] }),
      answer: "(scripted) The warranty is 10 years.",
      modelUsed: "small",
      pays: ["small"],
    },
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
    edit: {
      question: "Count these four words.",
      before: "count",
      values: asking("Count these words."),
      answer: "(scripted) Words: 3",
      modelUsed: "count/panel/careful",
      pays: ["count/guess", "count/verifier", "count/panel/careful", "count/panel/hasty", "count/panel/thorough"],
    },
  },
  {
    id: "orchestration",
    edges: [
      "__start__ → router",
      "router ⇢ small:__start__",
      "router ⇢ large:__start__",
      "router ⇢ fallback",
      "small:__start__ → small:model",
      "small:model ⇢ small:tools",
      "small:model ⇢ small:__end__",
      "small:tools → small:model",
      "small:__end__ → verifier",
      "large:__start__ → large:model",
      "large:model → large:code",
      "large:code ⇢ large:model",
      "large:code ⇢ large:__end__",
      "large:__end__ → verifier",
      "verifier ⇢ fallback",
      "verifier ⇢ __end__",
      "fallback → __end__",
    ],
    turns: [
      {
        question: "What is the price of tea?",
        answer: "(scripted) The price of tea: 4 EUR.",
        modelUsed: "small",
        steps: [["router"], ["small"], ["verifier"]],
        streamed: "whole",
      },
      {
        question: "Write code that adds.",
        answer: "(scripted) ```js\nconst add = (a, b) => a + b;\n```",
        modelUsed: "large",
        steps: [["router"], ["large"], ["verifier"]],
        streamed: "whole",
      },
      {
        question: "What is the price of wine?",
        answer: '(scripted) I looked further for "What is the price of wine?".',
        modelUsed: "fallback",
        steps: [["router"], ["small"], ["verifier"], ["fallback"]],
        streamed: "live",
      },
    ],
    edit: {
      question: "What is the price of tea?",
      before: "small",
      values: asking("What is the price of coffee?"),
      answer: "(scripted) The price of coffee: 7 EUR.",
      modelUsed: "small",
      pays: ["small/model", "small/model"],
    },
  },
  {
    id: "local_first",
    edges: ["__start__ → local", "local → verifier", "verifier ⇢ fallback", "verifier ⇢ __end__", "fallback → __end__"],
    turns: [
      {
        question: "Why is it so?",
        answer: '(scripted) A short answer to "Why is it so?".',
        modelUsed: "local",
        steps: [["local"], ["verifier"]],
        streamed: "whole",
      },
      {
        question: "Why is it so, and what follows from that?",
        answer: '(scripted) The cloud\'s answer to "Why is it so, and what follows from that?".',
        modelUsed: "fallback",
        steps: [["local"], ["verifier"], ["fallback"]],
        streamed: "live",
      },
      {
        question: "Crash!",
        answer: '(scripted) The cloud\'s answer to "Crash!".',
        modelUsed: "fallback",
        steps: [["local"], ["verifier"], ["fallback"]],
        streamed: "live",
      },
    ],
    edit: {
      question: "Why is it so, and what follows from that?",
      before: "fallback",
      values: asking("Why?"),
      answer: '(scripted) The cloud\'s answer to "Why?".',
      modelUsed: "fallback",
      pays: ["fallback"],
    },
  },
  {
    id: "tiers",
    edges: [
      "__start__ → router",
      "router ⇢ small",
      "router ⇢ medium",
      "router ⇢ large",
      "router ⇢ premium",
      "small → __end__",
      "medium → __end__",
      "large → __end__",
      "premium → __end__",
    ],
    turns: [
      {
        question: "Describe the tavern.",
        answer: '(scripted) The small model: "Describe the tavern.".',
        modelUsed: "small",
        steps: [["router"], ["small"]],
        streamed: "live",
      },
      {
        question: "Describe a unique tavern.",
        answer: '(scripted) The large model: "Describe a unique tavern.".',
        modelUsed: "large",
        steps: [["router"], ["large"]],
        streamed: "live",
      },
      {
        question: "Translate this.",
        answer: '(scripted) The medium model: "Translate this.".',
        modelUsed: "medium",
        steps: [["router"], ["medium"]],
        streamed: "live",
      },
    ],
    edit: {
      question: "Describe the tavern.",
      before: "small",
      values: asking("Describe the inn."),
      answer: '(scripted) The small model: "Describe the inn.".',
      modelUsed: "small",
      pays: ["small"],
    },
  },
  {
    id: "specialists",
    edges: [
      "__start__ → specialist:router",
      "specialist:router ⇢ specialist:code",
      "specialist:router ⇢ specialist:math",
      "specialist:router ⇢ specialist:creative",
      "specialist:router ⇢ specialist:general",
      "specialist:code → specialist:__end__",
      "specialist:math → specialist:__end__",
      "specialist:creative → specialist:__end__",
      "specialist:general → specialist:__end__",
      "specialist:__end__ → merge",
      "merge → __end__",
    ],
    turns: [
      {
        question: "Write a function.",
        answer: '(scripted) In one voice: code for "Write a function.".',
        modelUsed: "merge",
        steps: [["specialist"], ["merge"]],
        streamed: "live",
      },
      {
        question: "Write a poem.",
        answer: '(scripted) In one voice: a verse on "Write a poem.".',
        modelUsed: "merge",
        steps: [["specialist"], ["merge"]],
        streamed: "live",
      },
      {
        question: "Hello?",
        answer: '(scripted) In one voice: a fact on "Hello?".',
        modelUsed: "merge",
        steps: [["specialist"], ["merge"]],
        streamed: "live",
      },
    ],
    edit: {
      question: "Write a poem.",
      before: "merge",
      values: giving("(scripted) a verse by hand"),
      answer: "(scripted) In one voice: a verse by hand.",
      modelUsed: "merge",
      pays: ["merge"],
    },
  },
  {
    id: "self_verification",
    edges: ["__start__ → draft", "draft → verifier", "verifier ⇢ revise", "verifier ⇢ __end__", "revise → verifier"],
    turns: [
      {
        question: "Count these four words.",
        answer: "(scripted) There are 4 words.",
        modelUsed: "revise",
        steps: [["draft"], ["verifier"], ["revise"], ["verifier"]],
        streamed: "whole",
      },
      {
        question: "And here?",
        answer: "(scripted) There are 2 words.",
        modelUsed: "revise",
        steps: [["draft"], ["verifier"], ["revise"], ["verifier"]],
        streamed: "whole",
      },
    ],
    edit: {
      question: "Count these four words.",
      before: "revise",
      values: asking("Count these words."),
      answer: "(scripted) There are 3 words.",
      modelUsed: "revise",
      pays: ["revise", "verifier"],
    },
  },
  {
    id: "mixture_of_agents",
    edges: [
      "__start__ → propose:fan_out",
      "propose:fan_out → propose:terse",
      "propose:fan_out → propose:bold",
      "propose:fan_out → propose:calm",
      "propose:terse → propose:aggregator",
      "propose:bold → propose:aggregator",
      "propose:calm → propose:aggregator",
      "propose:aggregator → refine:fan_out",
      "refine:fan_out → refine:terse",
      "refine:fan_out → refine:bold",
      "refine:fan_out → refine:calm",
      "refine:terse → refine:aggregator",
      "refine:bold → refine:aggregator",
      "refine:calm → refine:aggregator",
      "refine:aggregator → write",
      "write → __end__",
    ],
    turns: [
      {
        question: "How do I heat my house for less?",
        answer: "(scripted) Written from 3 proposals.",
        modelUsed: "write",
        steps: [["propose"], ["refine"], ["write"]],
        streamed: "live",
      },
      {
        question: "And for nothing?",
        answer: "(scripted) Written from 3 proposals.",
        modelUsed: "write",
        steps: [["propose"], ["refine"], ["write"]],
        streamed: "live",
      },
    ],
    edit: {
      question: "How do I heat my house for less?",
      before: "write",
      values: giving("- one\n- two"),
      answer: "(scripted) Written from 2 proposals.",
      modelUsed: "write",
      pays: ["write"],
    },
  },
];
