/** Matches quoted text and comments. A comment follows a space, bracket, comma or quote, unlike the `//` of `http://`. */
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
