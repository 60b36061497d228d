import { formatCount } from "../drawing/figures.js";
import { cutText, plainText } from "../drawing/plain-text.js";
import { mostName } from "../drawing/readable-call.js";
import { escapeXml } from "../drawing/svg-text.js";

/** Markup that may stand in a page as it is. */
export interface Html {
  readonly markup: string;
}

type Filled = string | number | Html | false | undefined | readonly Filled[];

/** Values that `html` or `raw` made; what only looks like one, as in a state from a file, is text. */
const made = new WeakSet<object>();

/** Marks the library's own markup, or a picture it drew, as safe. */
export function raw(markup: string): Html {
  const value = { markup };
  made.add(value);
  return value;
}

/** Fills a template. Every text is escaped and stripped of known secrets; `false` and `undefined` leave nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Filled[]): Html {
  return raw(parts.map((part, index) => part + (index < values.length ? written(values[index]) : "")).join(""));
}

function written(value: unknown): string {
  if (value === false || value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map(written).join("");
  if (typeof value === "object" && made.has(value)) return (value as Html).markup;
  return escapeText(String(value));
}

function escapeText(text: string): string {
  return escapeXml(plainText(text)).replaceAll("'", "&#39;");
}

/** Cuts a text at `most` characters, and says how many more there were. */
export function bounded(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${cutText(text, most)} (${formatCount(text.length - most)} more characters)`;
}

/** Cuts a name: of a node, a model, an error. */
export const named = (text: string): string => cutText(text, mostName);
