/** Top-level domains that distinguish host names from model ids (`gpt-4.1-mini`). */
const domains =
  "com|net|org|io|ai|dev|cloud|app|co|us|uk|eu|de|fr|nl|cn|jp|in|internal|local|localdomain|lan|corp|home|intranet|private|svc|cluster|consul|arpa|test|example|invalid|localhost";

/** Patterns of network addresses and file paths. */
const places: readonly RegExp[] = [
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'<>`)\]}]+/gi, // URLs
  /(?<=\b(?:getaddrinfo|ENOTFOUND|EAI_AGAIN|ECONN[A-Z]+|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|[Hh]ost(?:name)?:) )(?!ENOTFOUND|EAI_AGAIN)\[?[\w.:-]*[\w.]/g, // `getaddrinfo ENOTFOUND ollama`
  /\[?(?<![\w:.])(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){7}|(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6}|(?![\w:])))(?![\w:])\]?(?::\d{1,5})?/gi,
  /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)(?::\d{1,5})?/g,
  new RegExp(`(?<![\\w@.-])(?:[a-z0-9-]{1,63}\\.){1,8}(?:${domains})\\.?(?![\\w-])(?::\\d{1,5})?`, "gi"),
  /(?<![\w@.-])(?:localhost(?::\d{1,5})?|[a-z][\w-]{0,62}:\d{4,5})(?![\w-])/gi, // a host with a port: `ollama:11434`
  /(?<![\w.:/])(?:~|\.{1,2})?\/[\w.@+-]+(?:\/[\w.@+-]*)+/g, // paths of files and URLs
  /(?<![\w])[a-z]:\\[^\s"'<>`]+/gi,
];

/** Replaces hosts, ports, URLs and paths by `[address]`, because callers of a server need not know where its models run. */
export function maskAddresses(text: string): string {
  return places.reduce((masked, pattern) => masked.replace(pattern, "[address]"), text);
}
