/** A text between tags, as material a model reads. It cannot leave them: `<` before the tag's own name is written `&lt;`. */
export function tagged(tag: string, text: string, attributes: Readonly<Record<string, string>> = {}): string {
  const named = Object.entries(attributes).map(([name, value]) => ` ${name}="${value.replaceAll('"', "&quot;")}"`);
  const inside = text.replace(new RegExp(`<(?=\\s*/?\\s*${tag}\\b)`, "gi"), "&lt;");
  return `<${tag}${named.join("")}>\n${inside}\n</${tag}>`;
}
