/** A text between tags, as material a model reads. It cannot leave them. */
export function tagged(tag: string, text: string, attributes: Readonly<Record<string, string>> = {}): string {
  const named = Object.entries(attributes).map(([name, value]) => ` ${name}="${value.replaceAll('"', "&quot;")}"`);
  return `<${tag}${named.join("")}>\n${withoutTag(tag, text)}\n</${tag}>`;
}

/** A text that neither opens nor closes a tag of that name: `<` before it is written `&lt;`. */
export function withoutTag(tag: string, text: string): string {
  return text.replace(new RegExp(`<(?=\\s*/?\\s*${tag}\\b)`, "gi"), "&lt;");
}
