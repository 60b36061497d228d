import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isBlank, isThought, withoutThoughts } from "../../src/text/thoughts.js";

/** Answers as models and servers write them: what it is, where it is from, the text, the answer in it. */
const forms: readonly (readonly [what: string, from: string, text: string, answer: string])[] = [
  ["think", "DeepSeek R1 (huggingface.co/deepseek-ai/DeepSeek-R1)", "<think>\nLyon? No.\n</think>\n\nParis", "Paris"],
  [
    "think without its beginning",
    "the chat template of DeepSeek R1 writes it",
    "Lyon? No.\n</think>\n\nParis",
    "Paris",
  ],
  ["the same on one line", "vLLM, deepseek_r1_reasoning_parser.py", "Lyon? No.</think>Paris", "Paris"],
  ["the same with blanks around it", "the same", "Easy. </think> Paris", "Paris"],
  ["think that thinks of nothing", "Qwen 3 with enable_thinking=False", "<think>\n\n</think>\n\nParis", "Paris"],
  ["think that never ends", "any of them, cut off", "<think>\nThe user wants", ""],
  ["think and nothing more", "any of them", "<think>\nLet me see\n</think>\n\n", ""],
  ["an end and nothing more", "any of them", "Let me see\n</think>\n", ""],
  [
    "think twice begun",
    "a template that writes it and a model that does",
    "<think>\n<think>\nHm\n</think>\nParis",
    "Paris",
  ],
  ["think twice ended", "the same", "<think>Hm</think>\n</think>\nParis", "Paris"],
  ["two thoughts", "GLM 4.5, interleaved", "<think>One.</think>\n<think>Two.</think>\nParis", "Paris"],
  ["capitals", "small models", "<THINK>Hm</Think>Paris", "Paris"],
  ["thinking", "Claude, prompted (docs.anthropic.com)", "<thinking>Hm</thinking>\nParis", "Paris"],
  ["thought", "EXAONE Deep (vLLM); Gemini over its OpenAI endpoint", "<thought>\nHm\n</thought>\n\nParis", "Paris"],
  ["seed:think", "Seed-OSS (vLLM, seedoss_reasoning_parser.py)", "<seed:think>Hm</seed:think>Paris", "Paris"],
  ["[THINK]", "Magistral (vLLM, mistral_reasoning_parser.py)", "[THINK]Hm[/THINK]Paris", "Paris"],
  ["◁think▷", "Kimi-VL-A3B-Thinking (huggingface.co/moonshotai)", "◁think▷Hm◁/think▷Paris", "Paris"],
  ["channel", "Gemma 4 (vLLM, gemma4_utils.py)", "<|channel>thought\nHm<channel|>Paris", "Paris"],
  [
    "START_THINKING",
    "Command A Reasoning (vLLM, cohere_command_reasoning_parser.py)",
    "<|START_THINKING|>Hm<|END_THINKING|><|START_RESPONSE|>Paris<|END_RESPONSE|>",
    "Paris",
  ],
  [
    "begin_of_thought",
    "Sky-T1, OpenThinker (huggingface.co/open-thoughts)",
    "<|begin_of_thought|>\n\nHm\n\n<|end_of_thought|>\n\n<|begin_of_solution|>\n\nParis\n\n<|end_of_solution|>",
    "Paris",
  ],
  [
    "answer",
    "Hunyuan A13B (vLLM, hunyuan_a13b_reasoning_parser.py)",
    "<think>\nHm\n</think>\n<answer>\nParis\n</answer>",
    "Paris",
  ],
  ["reasoning", "reasoning fine-tunes", "<reasoning>Hm</reasoning>\nParis", "Paris"],
  [
    "prose",
    "Granite 3.2 (vLLM, granite_reasoning_parser.py)",
    "Here is my thought process: Hm. Here is my response: Paris",
    "Paris",
  ],
  ["headings", "GLM-Z1 (docs.bigmodel.cn)", "###Thinking\nHm\n###Response\nParis", "Paris"],
  [
    "harmony",
    "gpt-oss (cookbook.openai.com, harmony response format)",
    "<|channel|>analysis<|message|>Hm<|end|><|start|>assistant<|channel|>final<|message|>Paris<|return|>",
    "Paris",
  ],
  ["harmony without an answer", "the same, cut off", "<|channel|>analysis<|message|>The user", ""],
  [
    "harmony that calls a tool",
    "the same, of a server that does not read it",
    "<|channel|>commentary to=functions.add <|constrain|>json<|message|>{}<|call|>",
    "",
  ],
  [
    "harmony with a preamble",
    "the same",
    "<|channel|>analysis<|message|>Hm<|end|><|start|>assistant<|channel|>commentary<|message|>One moment.<|end|>",
    "One moment.",
  ],
  [
    "harmony with a preamble and an answer",
    "the same",
    "<|channel|>commentary on the final<|message|>One moment.<|end|><|start|>assistant<|channel|>final<|message|>Paris",
    "Paris",
  ],
  ["harmony that begins earlier", "the same", "<|start|>assistant<|channel|>final<|message|>Paris", "Paris"],
  ["harmony with blanks", "the same", "<|start|>assistant <|channel|> final<|message|>Paris", "Paris"],
  ["harmony that thinks of its end", "the same", "<|channel|>analysis, not final<|message|>Hm<|end|>", ""],
  ["reasoning on one line", "reasoning fine-tunes", "<reasoning>Hm</reasoning>Paris", "Paris"],
  ["an end that is quoted in a thought", "any of them", '<think>The tag "</think>" ends it.</think>Paris', "Paris"],
  ["a quotation before the end", "any of them", 'Not "Lyon"</think>Paris', "Paris"],
  ["a small letter behind a sentence", "any of them", "Easy. </think> paris", "paris"],
  ["a capital behind a word", "any of them", "Easy </think> Paris", "Paris"],
  ["a short word behind the end", "any of them", "Easy </think>I am sure.", "I am sure."],
  [
    "harmony whose first mark the prompt wrote",
    "the same",
    "analysis<|message|>Hm<|end|><|start|>assistant<|channel|>final<|message|>Paris",
    "Paris",
  ],
  ["harmony without its marks, cut off", "the same", "analysisThe user asks for", ""],
  ["thoughts", "reasoning fine-tunes", "<thoughts>Hm</thoughts>\nParis", "Paris"],
  ["scratchpad", "Claude, prompted (docs.anthropic.com)", "<scratchpad>\nHm\n</scratchpad>\nParis", "Paris"],
  ["what ollama run prints", "github.com/ollama/ollama", "Thinking...\nHm\n...done thinking.\n\nParis", "Paris"],
  [
    "output",
    "Reflection (huggingface.co/mattshumer/Reflection-Llama-3.1-70B)",
    "<thinking>Hm <reflection>No.</reflection></thinking>\n<output>\nParis\n</output>",
    "Paris",
  ],
  ["think with an attribute", "templates", '<think id="1">Hm</think >Paris', "Paris"],
  ["think escaped as in HTML", "front ends", "&lt;think&gt;Hm&lt;/think&gt;Paris", "Paris"],
  ["think behind an invisible sign", "any of them", "\u200b\ufeff<think>Hm</think>Paris", "Paris"],
  ["antThinking", "Claude in its apps (docs.anthropic.com)", "<antThinking>Hm</antThinking>Paris", "Paris"],
  ["ant_thinking", "the same", "<ant_thinking>Hm</ant_thinking>\nParis", "Paris"],
  ["mm:think", "MiniMax M3 (huggingface.co/MiniMaxAI)", "<mm:think>Hm</mm:think>Paris", "Paris"],
  ["mm:think without its beginning", "the same", "Lyon? No.</mm:think>Paris", "Paris"],
  [
    "longcat_think",
    "LongCat Flash Thinking (github.com/ml-explore/mlx-lm)",
    "<longcat_think>Hm</longcat_think>Paris</longcat_s>",
    "Paris",
  ],
  [
    "think:opensource",
    "Hunyuan (github.com/ml-explore/mlx-lm)",
    "<think:opensource>Hm</think:opensource>Paris",
    "Paris",
  ],
  ["unused tokens", "openPangu (huggingface.co/openpangu)", "[unused16]Hm[unused17]Paris[unused10]", "Paris"],
  [
    "more unused tokens",
    "MedGemma (huggingface.co/google/medgemma-27b-text-it)",
    "<unused94>thought\nHm<unused95>Paris",
    "Paris",
  ],
  ["turns", "s1 (github.com/simplescaling/s1)", "<|im_start|>think\nHm\n<|im_start|>answer\nParis<|im_end|>", "Paris"],
  ["begin_of_reasoning", "fine-tunes", "<|begin_of_reasoning|>Hm<|end_of_reasoning|>Paris", "Paris"],
  [
    "begin_of_chain_of_thought",
    "fine-tunes",
    "<|begin_of_chain_of_thought|>Hm<|end_of_chain_of_thought|>\nParis",
    "Paris",
  ],
  [
    "details",
    "Open WebUI (github.com/open-webui/open-webui)",
    '<details type="reasoning" done="true" duration="3">\n<summary>Thought for 3 seconds</summary>\n> Hm\n</details>\nParis',
    "Paris",
  ],
  ["inner_monologue", "prompted models", "<inner_monologue>Hm</inner_monologue>Paris", "Paris"],
  ["a block of Markdown", "prompted models", "```thinking\nHm\n```\nParis", "Paris"],
  [
    "the turn of the assistant",
    "servers that keep special tokens",
    "<|im_start|>assistant\n<think>Hm</think>Paris<|im_end|>",
    "Paris",
  ],
  ["the turn of Llama 3", "the same", "<|start_header_id|>assistant<|end_header_id|>\n\nParis<|eot_id|>", "Paris"],
  ["the turn of DeepSeek", "the same", "<｜Assistant｜><think>Hm</think>Paris<｜end▁of▁sentence｜>", "Paris"],
  ["the name of the role", "templates", "assistant\n<think>Hm</think>Paris", "Paris"],
  ["the end of a text", "the same", "<think>Hm</think>Paris</s>", "Paris"],
  ["harmony without its marks", "vLLM that skips special tokens", "analysisThe user asks.assistantfinalParis", "Paris"],
];

/** Answers that are about thoughts, or look like one. */
const answers: readonly string[] = [
  "Paris",
  "",
  "  indented, and ended with blanks  ",
  "Models write `<think>` before they answer and `</think>` after it.",
  "Close it with `reasoning</think>answer`.",
  'The tag is "</think>"; it ends a thought.',
  "The </think> tag ends a thought.",
  "A thought ends with </think>.",
  "Like this:\n\n```xml\n<think>\nHm\n</think>\nParis\n```",
  "Like this:\n\n```\n</think>\n```\nas in R1.",
  "First some words, then <think>one</think> that belongs to them.",
  "<reasoning><step>1</step></reasoning>",
  "<reasoning>never ended",
  "<reason>never ended",
  "###Thinking\nis a heading.",
  "Here is my thought process: I like it.",
  "Here's my thought process: I like it.",
  "The tag is called reasoning.</reasoning> Paris",
  "The server wrote assistantfinal, and no mark.",
  "My analysis says assistantfinalParis.",
  "analysis of the assistant's final word",
  "Analysis: it is Paris.",
  "analysisResult = total / count",
  "Thinking... it must be Paris.",
  "<scratchpad>never ended",
  "final",
  "In Harmony, <|channel|>final<|message|> begins the answer.",
  "a < b and c > d",
  "<details>\n<summary>Why</summary>\nBecause.\n</details>\nParis",
  '<details type="reasoning">never ended',
  "The end of a text is written </s>",
  "<thinkpad>X1</thinkpad> is a laptop.",
  "[unused1] is a token of BERT.",
  "<analysis>Sales rose.</analysis><advice>Buy.</advice>",
  "assistant",
  "An assistant </details> once more.",
];

describe("withoutThoughts", () => {
  it.each([
    ["Paris<pad><pad> <pad>\n", "Paris"],
    ["<pad><pad><pad>", ""],
    ["<pad> is a token", "<pad> is a token"],
  ])("removes padding from the end of %j", (text, answer) => expect(withoutThoughts(text)).toBe(answer));

  it.each(forms)("reads %s (%s)", (_what, _from, text, answer) => {
    expect(withoutThoughts(text)).toBe(answer);
    expect(withoutThoughts(`\n ${text}`)).toBe(answer);
  });

  it.each(answers)("leaves %j as it is", (answer) => {
    expect(withoutThoughts(answer)).toBe(answer);
  });

  it.each(answers)("leaves %j as it is behind a thought, but for the blanks around it", (answer) => {
    expect(withoutThoughts(`<think>\nHm, \`</think>\` may be asked for.\n</think>\n${answer}`)).toBe(answer.trim());
  });

  const part = fc.constantFrom(
    ...[
      "<think>",
      "</think>",
      "<thought>",
      "[THINK]",
      "[/THINK]",
      "◁think▷",
      "<reasoning>",
      "</reasoning>",
      "`",
      "```",
    ],
    ...[
      "<|channel|>",
      "final",
      "analysis",
      "<|message|>",
      "<|end|>",
      "<|channel>",
      "<channel|>",
      "\n",
      " ",
      "a",
      ".",
      '"',
    ],
  );
  const soup = fc.array(part, { maxLength: 40 }).map((parts) => parts.join(""));

  it("throws at no text, adds nothing to it, and gives the end of one that has no channels", () => {
    fc.assert(
      fc.property(fc.oneof(soup, fc.string({ unit: "binary", maxLength: 200 })), (text) => {
        const answer = withoutThoughts(text);
        expect(answer.length).toBeLessThanOrEqual(text.length);
        if (!/<\|channel\|>|analysis/.test(text)) expect(text.trimEnd().endsWith(answer.trimEnd())).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("removes a thought of any words before an answer of any words", () => {
    const words = fc.string({ maxLength: 60 }).filter((text) => !/[<>[\]`"'“”‘’«»]|assistantfinal/.test(text));
    fc.assert(
      fc.property(words, words, (thought, answer) => {
        expect(withoutThoughts(`<think>${thought}</think>\n${answer}`)).toBe(answer.trim());
        expect(withoutThoughts(answer)).toBe(answer);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ...[
      "<think>",
      "</think>",
      "`</think>` ",
      "<think>x</think>",
      "<reasoning>",
      "<reasoning>x</reasoning>",
      "<|channel|>",
    ],
    ...["<|channel|>final<|message|>", "```", "\n", " ", "◁think▷", "analysis", "Here is my thought process:"],
  ])("reads a megabyte of %j in steps that grow with the text, not with its square", (sign) => {
    const once = stepsOf(sign.repeat(Math.ceil(20_000 / sign.length)));
    const twice = stepsOf(sign.repeat(Math.ceil(40_000 / sign.length)));
    expect(twice).toBeLessThanOrEqual(once * 2.2 + 50);
    expect(() => withoutThoughts(sign.repeat(Math.ceil(1_000_000 / sign.length)))).not.toThrow();
  });
});

/** How often a text is searched for a mark. */
function stepsOf(text: string): number {
  const { exec } = RegExp.prototype;
  let steps = 0;
  RegExp.prototype.exec = function counted(...given: Parameters<RegExp["exec"]>) {
    steps++;
    return exec.apply(this, given);
  };
  try {
    withoutThoughts(text);
  } finally {
    RegExp.prototype.exec = exec;
  }
  return steps;
}

describe("isBlank", () => {
  it.each(["", " \n\t", "\u200b\u200d\ufeff", "\u00ad", "\u2060\u200e", "\u0000", "\u3000", "\ufe0f"])(
    "is true for %j",
    (text) => {
      expect(isBlank(text)).toBe(true);
    },
  );

  it.each(["0", ".", "👍", "\u200bParis", "é"])("is false for %j", (text) => {
    expect(isBlank(text)).toBe(false);
  });
});

describe("isThought", () => {
  it("knows the blocks of thoughts, encrypted ones too", () => {
    const types = ["reasoning", "thinking", "redacted_thinking", "reasoning_content"];
    for (const type of types) expect(isThought({ type })).toBe(true);
    expect(isThought({ thought: true })).toBe(true);
    for (const type of ["text", "image_url", "tool_use", undefined]) expect(isThought({ type })).toBe(false);
  });
});
