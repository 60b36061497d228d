import type { YAMLParseError } from "yaml";

const texts: Readonly<Partial<Record<YAMLParseError["code"], string>>> = {
  TAB_AS_INDENT: "is indented with a tab; use spaces",
  MULTIPLE_DOCS: "a second document begins here; remove the line ---",
  BAD_INDENT: "is not indented like the lines around it; start what belongs together in the same column",
  MISSING_CHAR: "something is missing: a closing quote or bracket, or the : after a name",
  UNEXPECTED_TOKEN: "YAML does not expect this here; put text with : # { } [ ] , & * in quotes",
  BLOCK_AS_IMPLICIT_KEY: "two names are on one line; start a new line for each",
  MULTILINE_IMPLICIT_KEY: "a name spans several lines; is the : after it missing, or the # before a comment?",
  BLOCK_IN_FLOW: "inside brackets, put lists and fields in brackets too",
  BAD_SCALAR_START: "text cannot begin with this character; put it in quotes",
  BAD_DQ_ESCAPE: "write a \\ inside \"…\" as \\\\, or put the text in '…'",
  BAD_ALIAS: "a * begins an alias; put the text in quotes",
  TAG_RESOLVE_FAILED: "a ! begins a tag; put the text in quotes",
  KEY_OVER_1024_CHARS: "a name has more than 1024 characters; is its : part of text that needs quotes?",
};

const unclosed = "a [ or { is not closed, or its content is not indented";

/** Words a syntax error without the parser's own message, which quotes the file and may show a key. */
export function syntaxText({ code, message }: YAMLParseError): string {
  if (code === "BAD_INDENT" && message.startsWith("Flow")) return unclosed;
  return texts[code] ?? "cannot be read as YAML or JSON; put text with special characters in quotes";
}
