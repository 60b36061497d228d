import { escapeRegExp } from "./escape-reg-exp.js";

interface ThoughtMarks {
  /** Patterns, of which each is the source of a regular expression. */
  readonly open: string;
  readonly close: string;
  /** True for words an answer may contain too: they mark a thought only if an answer follows. */
  readonly weak?: true;
}

const literal = (open: string, close: string): ThoughtMarks => ({
  open: escapeRegExp(open),
  close: escapeRegExp(close),
});
const weak = (open: string, close: string): ThoughtMarks => ({ ...literal(open, close), weak: true });
/** Name of a tag: `think`, `thinking`, `thought`, also in a namespace. */
const thinkTag = "(?:[a-z]{2,16}[:_]|ant)?(?:think(?:ing)?|thought)(?::[a-z]{2,16})?";

/** Marks by model, from vLLM's reasoning parsers (github.com/vllm-project/vllm, `vllm/reasoning`) unless another source is given. */
const thoughtMarks: readonly ThoughtMarks[] = [
  /*
   * `<think>`: DeepSeek R1, Qwen 3, QwQ, GLM 4.5, MiniMax M2, Hunyuan, Nemotron, OLMo 3, Phi 4, Step 3; `<thinking>`, `<antThinking>`:
   * Claude and Nova where they are prompted to (docs.anthropic.com, "Let Claude think"); `<thought>`: EXAONE Deep, Gemini over its
   * OpenAI endpoint; `<seed:think>`: Seed-OSS; `<mm:think>`: MiniMax M3; `<longcat_think>`, `<think:opensource>`: LongCat, Hunyuan
   * (github.com/ml-explore/mlx-lm, `tokenizer_utils.py`)
   */
  { open: `(?:<|&lt;)${thinkTag}(?:\\s[^<>&]{0,80})?(?:>|&gt;)`, close: `(?:<|&lt;)/${thinkTag}\\s?(?:>|&gt;)` },
  literal("[THINK]", "[/THINK]"), // Magistral
  literal("◁think▷", "◁/think▷"), // Kimi-VL, Kimi-Dev (huggingface.co/moonshotai/Kimi-VL-A3B-Thinking)
  literal("<|channel>", "<channel|>"), // Gemma 4
  literal("<|START_THINKING|>", "<|END_THINKING|>"), // Command A Reasoning
  literal("[unused16]", "[unused17]"), // openPangu (huggingface.co/openpangu)
  literal("<unused94>", "<unused95>"), // MedGemma (huggingface.co/google/medgemma-27b-text-it)
  literal("<|im_start|>think", "<|im_start|>answer"), // s1 (github.com/simplescaling/s1)
  // Sky-T1, OpenThinker (huggingface.co/open-thoughts) and others that write the mark in words
  {
    open: "<\\|begin_of_(?:thought|thinking|reasoning|chain_of_thought)\\|>",
    close: "<\\|end_of_(?:thought|thinking|reasoning|chain_of_thought)\\|>",
  },
  { open: `<details\\s[^<>]{0,40}type="reasoning"[^<>]{0,80}>`, close: "</details>", weak: true }, // Open WebUI
  weak("<reasoning>", "</reasoning>"),
  weak("<reason>", "</reason>"),
  weak("<thoughts>", "</thoughts>"),
  weak("<inner_monologue>", "</inner_monologue>"),
  weak("<scratchpad>", "</scratchpad>"), // Claude where it is prompted to (docs.anthropic.com, "Let Claude think")
  weak("```thinking\n", "\n```\n"), // models that are prompted to, shown in a block of Markdown
  weak("Thinking...", "...done thinking."), // what `ollama run` prints (github.com/ollama/ollama)
  weak("Here is my thought process:", "Here is my response:"), // Granite 3.2
  weak("Here's my thought process:", "Here's my response:"), // the same, quantized
  weak("###Thinking", "###Response"), // GLM-Z1
];

/** Tags around the answer that follows a thought. */
const frames: readonly (readonly [open: string, close: string])[] = [
  ["<answer>", "</answer>"], // Hunyuan A13B
  ["<|begin_of_solution|>", "<|end_of_solution|>"], // Sky-T1, OpenThinker
  ["<|START_RESPONSE|>", "<|END_RESPONSE|>"], // Command A Reasoning
  ["<output>", "</output>"], // Reflection (huggingface.co/mattshumer/Reflection-Llama-3.1-70B)
];

const patterns = thoughtMarks.map(({ open, close, weak = false }) => ({
  begin: new RegExp(`[\\s\\p{Cf}]*${open}`, "iuy"),
  end: new RegExp(close, "giu"),
  weak,
}));
const strong = thoughtMarks.filter(({ weak }) => weak !== true);
const scanned = new RegExp(
  `(\`\`\`)|(\`)|(\\n)|(${strong.map(({ open }) => open).join("|")})|${strong.map(({ close }) => close).join("|")}`,
  "giu",
);

/**
 * Removes thoughts from the beginning of an answer: `<think>…</think>`, `[THINK]…[/THINK]`, the channels of gpt-oss and similar, also
 * without their end (then there is no answer) or their beginning. Later marks are part of the answer, which may be about them.
 */
export function withoutThoughts(answer: string): string {
  const text = withoutTokens(answer);
  const spoken = finalChannel(text);
  if (spoken !== undefined) return spoken;
  let from = 0;
  for (let end = endOfThought(text, from); end !== undefined; end = endOfThought(text, from)) from = end;
  const end = endOfHeadless(text, from);
  if (end === undefined && from === 0) return text;
  return withoutFrame(text.slice(end ?? from));
}

/** What templates write before an answer, in text of servers that do not drop it. */
const beginning =
  /^[\s\p{Cf}]*(?:(?:<\|(?:im_start|start_header_id)\|>assistant(?:<\|end_header_id\|>)?|<\|assistant\|>|<｜Assistant｜>|<start_of_turn>model|assistant(?=\s*<think))\s*)+/iu;
const endings = [
  ...["<|im_end|>", "<|eot_id|>", "<|endoftext|>", "<|end_of_text|>", "<|END_OF_TURN_TOKEN|>", "<｜end▁of▁sentence｜>"],
  ...["<end_of_turn>", "<|user|>", "[unused10]", "</longcat_s>", "</s>"],
];

/** Removes padding, which a server of Gemma may return instead of an answer. */
function withoutPadding(text: string): string {
  let said = text;
  while (said.trimEnd().endsWith("<pad>")) said = said.trimEnd().slice(0, -"<pad>".length);
  return said;
}

/** Removes the special tokens around an answer; `</s>` as a word of a sentence stays. */
function withoutTokens(text: string): string {
  const [begun = ""] = beginning.exec(text) ?? [];
  let said = withoutPadding(text.slice(begun.length));
  for (let left = 5; left > 0; left--) {
    const trimmed = said.trimEnd();
    const token = endings.find((ending) => trimmed.endsWith(ending));
    const rest = token && trimmed.slice(0, -token.length);
    if (rest === undefined || (token === "</s>" && /[^.!?\s]\s$/.test(rest.slice(-2)))) break;
    said = rest;
  }
  return said;
}

function endOfThought(text: string, from: number): number | undefined {
  const found = patterns.find(({ begin }) => startsAt(begin, text, from));
  if (found === undefined) return undefined;
  const { begin, end, weak } = found;
  end.lastIndex = begin.lastIndex;
  for (let match = end.exec(text); match !== null; match = end.exec(text)) {
    if (isQuoted(text, match.index, end.lastIndex)) continue;
    return weak && !startsAt(anyText, text, end.lastIndex) ? undefined : end.lastIndex;
  }
  return weak ? undefined : text.length;
}

const anyText = /\s*\S/y;

function startsAt(pattern: RegExp, text: string, from: number): boolean {
  pattern.lastIndex = from;
  return pattern.test(text);
}

/** Finds the end of a thought whose beginning the prompt template wrote, so that only its end is in the answer. */
function endOfHeadless(text: string, from: number): number | undefined {
  let block = false;
  let span = false;
  scanned.lastIndex = from;
  for (let match = scanned.exec(text); match !== null; match = scanned.exec(text)) {
    const [, fence, tick, line, open] = match;
    if (fence !== undefined) block = !block;
    else if (tick !== undefined) span = !span;
    else if (line !== undefined) span = false;
    else if (block || span || isQuoted(text, match.index, scanned.lastIndex)) continue;
    else if (open !== undefined)
      return undefined; // the answer is about thoughts
    else if (!isInSentence(text, match.index, scanned.lastIndex)) return scanned.lastIndex;
  }
  return undefined;
}

function isQuoted(text: string, start: number, end: number): boolean {
  return /["'`“‘«]/.test(text[start - 1] ?? "") && /["'`”’»]/.test(text[end] ?? "");
}

/** Tests for a mark used as a word of a sentence. */
function isInSentence(text: string, start: number, end: number): boolean {
  if (/[.,;:!?)]/.test(text[end] ?? "")) return true;
  return /[^.!?:\s] $/.test(text.slice(Math.max(0, start - 2), start)) && /^ \p{Ll}/u.test(text.slice(end, end + 3));
}

/** The beginning of a channel, whose own mark the prompt may have written. */
const channelFirst =
  /^\s*(?:<\|start\|>assistant\s*)?(?:<\|channel\|>|(?:analysis|commentary|final)\b[^<\n]{0,80}<\|message\|>)/;

/** Reads the part for the user from an answer with channels (cookbook.openai.com, "OpenAI harmony response format"). */
function finalChannel(text: string): string | undefined {
  if (/^\s*analysis/.test(text)) {
    const bare = text.indexOf("assistantfinal"); // servers that drop special tokens leave their text
    if (bare >= 0) return text.slice(bare + "assistantfinal".length);
    if (/^\s*analysis(?:We|The|This|User|I|Let|Need|Okay|So|They|It)\b/.test(text)) return ""; // cut off before its answer
  }
  if (!channelFirst.test(text)) return undefined;
  const said = text.split(/<\|channel\|>/).flatMap((part) => {
    const [header, ...rest] = part.split("<|message|>");
    if (!/^\s*(?:final|commentary)\b/.test(header!) || /\bto=/.test(header!)) return [];
    const [body] = rest.join("<|message|>").split(/<\|(?:end|return|call|start)\|>/);
    return [{ final: /^\s*final/.test(header!), body: body! }];
  });
  const final = said.filter((part) => part.final);
  return (final.length > 0 ? final : said).map(({ body }) => body).join("");
}

function withoutFrame(text: string): string {
  const answer = text.trim();
  for (const [open, close] of frames) {
    if (!answer.startsWith(open)) continue;
    return answer.slice(open.length, answer.endsWith(close) ? -close.length : undefined).trim();
  }
  return answer;
}

/** White space, control characters and invisible ones: zero-width spaces, joiners, direction marks. */
const invisible = /^[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]*$/u;

export function isBlank(text: string): boolean {
  return invisible.test(text);
}

const thoughtTypes: ReadonlySet<string> = new Set([
  ...["reasoning", "thinking", "redacted_thinking"], // LangChain; Anthropic; Anthropic, encrypted
  "reasoning_content", // Bedrock
]);

export function isThought(block: { readonly type?: unknown; readonly thought?: unknown }): boolean {
  return thoughtTypes.has(String(block.type)) || block.thought === true; // Gemini marks its parts so
}
