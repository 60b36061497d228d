import { escapeRegExp } from "./escape-reg-exp.js";

interface ThoughtMarks {
  readonly open: string;
  readonly close: string;
  /** True for words an answer may contain too: they mark a thought only if an answer follows. */
  readonly weak?: true;
}

/** Marks by model, from vLLM's reasoning parsers (github.com/vllm-project/vllm, `vllm/reasoning`) unless another source is given. */
const thoughtMarks: readonly ThoughtMarks[] = [
  { open: "<think>", close: "</think>" }, // DeepSeek R1, Qwen 3, QwQ, GLM 4.5, MiniMax M2, Hunyuan, Nemotron, OLMo 3, Phi 4, Step 3
  { open: "<thinking>", close: "</thinking>" }, // Claude and Nova where they are prompted to (docs.anthropic.com, "Let Claude think")
  { open: "<thought>", close: "</thought>" }, // EXAONE Deep; Gemini over its OpenAI endpoint (ai.google.dev, "OpenAI compatibility")
  { open: "<seed:think>", close: "</seed:think>" }, // Seed-OSS
  { open: "[THINK]", close: "[/THINK]" }, // Magistral
  { open: "◁think▷", close: "◁/think▷" }, // Kimi-VL, Kimi-Dev (huggingface.co/moonshotai/Kimi-VL-A3B-Thinking)
  { open: "<|channel>", close: "<channel|>" }, // Gemma 4
  { open: "<|START_THINKING|>", close: "<|END_THINKING|>" }, // Command A Reasoning
  { open: "<|begin_of_thought|>", close: "<|end_of_thought|>" }, // Sky-T1, OpenThinker (huggingface.co/open-thoughts)
  { open: "<reasoning>", close: "</reasoning>", weak: true },
  { open: "<reason>", close: "</reason>", weak: true },
  { open: "<thoughts>", close: "</thoughts>", weak: true },
  { open: "<scratchpad>", close: "</scratchpad>", weak: true }, // Claude where it is prompted to (docs.anthropic.com, "Let Claude think")
  { open: "Thinking...", close: "...done thinking.", weak: true }, // what `ollama run` prints (github.com/ollama/ollama)
  { open: "Here is my thought process:", close: "Here is my response:", weak: true }, // Granite 3.2
  { open: "Here's my thought process:", close: "Here's my response:", weak: true }, // the same, quantized
  { open: "###Thinking", close: "###Response", weak: true }, // GLM-Z1
];

/** Tags around the answer that follows a thought. */
const frames: readonly (readonly [open: string, close: string])[] = [
  ["<answer>", "</answer>"], // Hunyuan A13B
  ["<|begin_of_solution|>", "<|end_of_solution|>"], // Sky-T1, OpenThinker
  ["<|START_RESPONSE|>", "<|END_RESPONSE|>"], // Command A Reasoning
  ["<output>", "</output>"], // Reflection (huggingface.co/mattshumer/Reflection-Llama-3.1-70B)
];

const alternatives = (words: readonly string[]) => words.map(escapeRegExp).join("|");
const patterns = thoughtMarks.map(({ open, close, weak = false }) => ({
  begin: new RegExp(`\\s*${escapeRegExp(open)}`, "iy"),
  end: new RegExp(escapeRegExp(close), "gi"),
  weak,
}));
const strong = thoughtMarks.filter(({ weak }) => weak !== true);
const scanned = new RegExp(
  `(\`\`\`)|(\`)|(\\n)|(${alternatives(strong.map(({ open }) => open))})|${alternatives(strong.map(({ close }) => close))}`,
  "gi",
);

/**
 * Removes thoughts from the beginning of an answer: `<think>…</think>`, `[THINK]…[/THINK]`, the channels of gpt-oss and similar, also
 * without their end (then there is no answer) or their beginning. Later marks are part of the answer, which may be about them.
 */
export function withoutThoughts(text: string): string {
  const spoken = finalChannel(text);
  if (spoken !== undefined) return spoken;
  let from = 0;
  for (let end = endOfThought(text, from); end !== undefined; end = endOfThought(text, from)) from = end;
  const end = endOfHeadless(text, from);
  if (end === undefined && from === 0) return text;
  return withoutFrame(text.slice(end ?? from));
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
