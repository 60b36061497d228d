import { escapeRegExp } from "./escape-reg-exp.js";

/** How one family of models writes what it thinks into the text of its answer. */
interface ThoughtMarks {
  readonly open: string;
  readonly close: string;
  /**
   * True for words an answer may have as well: they enclose a thought only where something follows them. The others are a thought
   * without their end (the answer was cut off) and without their beginning (the prompt template wrote it), too.
   */
  readonly weak?: true;
}

/**
 * The marks of thoughts. Where nothing else is said, the reasoning parser of that name in vLLM documents them
 * (github.com/vllm-project/vllm, `vllm/reasoning`).
 */
const marks: readonly ThoughtMarks[] = [
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
  { open: "Here is my thought process:", close: "Here is my response:", weak: true }, // Granite 3.2
  { open: "Here's my thought process:", close: "Here's my response:", weak: true }, // the same, quantized
  { open: "###Thinking", close: "###Response", weak: true }, // GLM-Z1
];

/** What encloses the answer that follows a thought. */
const frames: readonly (readonly [open: string, close: string])[] = [
  ["<answer>", "</answer>"], // Hunyuan A13B
  ["<|begin_of_solution|>", "<|end_of_solution|>"], // Sky-T1, OpenThinker
  ["<|START_RESPONSE|>", "<|END_RESPONSE|>"], // Command A Reasoning
];

const anyOf = (words: readonly string[]) => words.map(escapeRegExp).join("|");
const patterns = marks.map(({ open, close, weak = false }) => ({
  begin: new RegExp(`\\s*${escapeRegExp(open)}`, "iy"),
  end: new RegExp(escapeRegExp(close), "gi"),
  weak,
}));
const strong = marks.filter(({ weak }) => weak !== true);
const scanned = new RegExp(
  `(\`\`\`)|(\`)|(\\n)|(${anyOf(strong.map(({ open }) => open))})|${anyOf(strong.map(({ close }) => close))}`,
  "gi",
);

/**
 * Removes what a model thought from the beginning of its answer: `<think>…</think>`, `[THINK]…[/THINK]`, the channels of gpt-oss and
 * their like, also without their end (then there is no answer) and without their beginning. What stands later in an answer is part
 * of it: a tag in a code block, or one that the answer is about.
 */
export function withoutThoughts(text: string): string {
  const spoken = finalChannel(text);
  if (spoken !== undefined) return spoken;
  let from = 0;
  for (let end = endOfThought(text, from); end !== undefined; end = endOfThought(text, from)) from = end;
  const end = endOfHeadless(text, from);
  if (end === undefined && from === 0) return text;
  return unframed(text.slice(end ?? from));
}

/** Finds where the thought that begins at `from` ends. */
function endOfThought(text: string, from: number): number | undefined {
  const found = patterns.find(({ begin }) => startsAt(begin, text, from));
  if (found === undefined) return undefined;
  const { begin, end, weak } = found;
  end.lastIndex = begin.lastIndex;
  for (let match = end.exec(text); match !== null; match = end.exec(text)) {
    if (isQuoted(text, match.index, end.lastIndex)) continue;
    return weak && !startsAt(something, text, end.lastIndex) ? undefined : end.lastIndex;
  }
  return weak ? undefined : text.length;
}

const something = /\s*\S/y;

function startsAt(pattern: RegExp, text: string, from: number): boolean {
  pattern.lastIndex = from;
  return pattern.test(text);
}

/** Finds where a thought ends whose beginning the prompt template wrote, so that the answer has its end only. */
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

/** True for a mark between quotation marks or backticks. */
function isQuoted(text: string, start: number, end: number): boolean {
  return /["'`“‘«]/.test(text[start - 1] ?? "") && /["'`”’»]/.test(text[end] ?? "");
}

/** True for a mark that a sentence goes on behind, as with any other word, or ends with. */
function isInSentence(text: string, start: number, end: number): boolean {
  if (/[.,;:!?)]/.test(text[end] ?? "")) return true;
  return /[^.!?:\s] $/.test(text.slice(Math.max(0, start - 2), start)) && /^ \p{Ll}/u.test(text.slice(end, end + 3));
}

/** Reads what is said to the user where an answer has channels (cookbook.openai.com, "OpenAI harmony response format"). */
function finalChannel(text: string): string | undefined {
  if (/^\s*analysis/.test(text)) {
    const bare = text.indexOf("assistantfinal"); // servers that drop special tokens leave their text
    if (bare >= 0) return text.slice(bare + "assistantfinal".length);
  }
  if (!/^\s*(?:<\|start\|>assistant\s*)?<\|channel\|>/.test(text)) return undefined;
  const said = text.split(/<\|channel\|>/).flatMap((part) => {
    const [header, ...rest] = part.split("<|message|>");
    if (!/^\s*(?:final|commentary)\b/.test(header!) || /\bto=/.test(header!)) return [];
    const [body] = rest.join("<|message|>").split(/<\|(?:end|return|call|start)\|>/);
    return [{ final: /^\s*final/.test(header!), body: body! }];
  });
  const final = said.filter((part) => part.final);
  return (final.length > 0 ? final : said).map(({ body }) => body).join("");
}

/** Takes the answer out of its frame, and off the blanks around it. */
function unframed(text: string): string {
  const answer = text.trim();
  for (const [open, close] of frames) {
    if (!answer.startsWith(open)) continue;
    return answer.slice(open.length, answer.endsWith(close) ? -close.length : undefined).trim();
  }
  return answer;
}

/** White space, control characters and what is not shown at all: zero-width spaces, joiners, marks of direction. */
const unseen = /^[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]*$/u;

/** True for a text in which there is nothing to read. */
export function isBlank(text: string): boolean {
  return unseen.test(text);
}

const thoughtTypes: ReadonlySet<string> = new Set([
  ...["reasoning", "thinking", "redacted_thinking"], // LangChain's own; Anthropic's; what Anthropic shows encrypted only
  "reasoning_content", // Bedrock
]);

/** True for a block of content that holds what a model thought. */
export function isThought(block: { readonly type?: unknown; readonly thought?: unknown }): boolean {
  return thoughtTypes.has(String(block.type)) || block.thought === true; // parts of Gemini
}
