import type { YAMLParseError } from "yaml";

const texts: Readonly<Partial<Record<YAMLParseError["code"], string>>> = {
  TAB_AS_INDENT: "is indented by a tab; YAML wants spaces",
  MULTIPLE_DOCS: "a second document begins here; take out the line ---",
  BAD_INDENT: "is not indented as the lines around it are; what belongs together begins in the same column",
  MISSING_CHAR: "something is not closed: a quote, a bracket, or the : after a name",
  UNEXPECTED_TOKEN: "there is something here that YAML does not expect; put texts with : # { } [ ] , & * in quotes",
  BLOCK_AS_IMPLICIT_KEY: "a name and its value are in one line with another name; begin a line for each",
  MULTILINE_IMPLICIT_KEY: "a name has more than one line; is the : after it missing?",
  BLOCK_IN_FLOW: "a list or a set of fields within brackets is written in brackets too",
  BAD_SCALAR_START: "a text cannot begin with this sign; put it in quotes",
  BAD_DQ_ESCAPE: "a \\ within \"…\" is written \\\\, or put the text in '…'",
  BAD_ALIAS: "a * begins an alias; put the text in quotes",
  TAG_RESOLVE_FAILED: "a ! begins a tag; put the text in quotes",
  KEY_OVER_1024_CHARS: "a name has more than 1024 signs; is the : in a text that is not in quotes?",
};

const unclosed = "a [ or { is not closed, or what it holds is not indented";

/** Words a syntax error without the parser's own message, which quotes the file and may show a key. */
export function syntaxText({ code, message }: YAMLParseError): string {
  if (code === "BAD_INDENT" && message.startsWith("Flow")) return unclosed;
  return texts[code] ?? "cannot be read as YAML or JSON; put texts with special signs in quotes";
}
