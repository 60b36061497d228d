/** A text in quotes, or a comment after a space, a bracket, a comma or a quote: `http://` is none. */
const textOrComment = /("(?:[^"\\\n]|\\.)*"|'[^'\n]*')|(^|[\s{}[\],"'])(\/\/[^\n]*|\/\*[\s\S]*?\*\/)/g;

/**
 * Blanks the comments of JSON (`//` and block comments), which YAML reads as parts of names; lines keep their numbers. Other texts stay
 * as they are.
 */
export function withoutJsonComments(text: string): string {
  if (!/^\s*(\/\/|\/\*|\{)/.test(text)) return text;
  const blank = (comment: string) => comment.replace(/[^\n]/g, " ");
  const once = (given: string) =>
    given.replace(textOrComment, (whole, quoted: string | undefined, before = "", comment = "") =>
      quoted === undefined ? before + blank(comment) : whole,
    );
  return once(once(text)); // a comment right after another one
}
