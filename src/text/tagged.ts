/** Encloses a text in tags as material for a model; the text cannot close them. */
export function tagged(tag: string, text: string, attributes: Readonly<Record<string, string>> = {}): string {
  const named = Object.entries(attributes).map(([name, value]) => ` ${name}="${value.replaceAll('"', "&quot;")}"`);
  return `<${tag}${named.join("")}>\n${withoutTag(tag, text)}\n</${tag}>`;
}

/** Escapes opening and closing tags of that name: `<` becomes `&lt;`. */
export function withoutTag(tag: string, text: string): string {
  return text.replace(new RegExp(`<(?=\\s*/?\\s*${tag}\\b)`, "gi"), "&lt;");
}
