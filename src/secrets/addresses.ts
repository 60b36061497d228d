/** Names of top-level domains by which a name with dots is told from an id of a model (`gpt-4.1-mini`). */
const domains =
  "com|net|org|io|ai|dev|cloud|app|co|us|uk|eu|de|fr|nl|cn|jp|in|internal|local|localdomain|lan|corp|home|intranet|private|svc|cluster|consul|arpa|test|example|invalid|localhost";

/** Where something is on a network or a machine. */
const places: readonly RegExp[] = [
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'<>`)\]}]+/gi, // addresses with a scheme
  /(?<=\b(?:getaddrinfo|ENOTFOUND|EAI_AGAIN|ECONN[A-Z]+|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|[Hh]ost(?:name)?:) )(?!ENOTFOUND|EAI_AGAIN)\[?[\w.:-]*[\w.]/g, // `getaddrinfo ENOTFOUND ollama`
  /\[?(?<![\w:.])(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){7}|(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6}|(?![\w:])))(?![\w:])\]?(?::\d{1,5})?/gi,
  /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)(?::\d{1,5})?/g,
  new RegExp(`(?<![\\w@.-])(?:[a-z0-9-]{1,63}\\.){1,8}(?:${domains})\\.?(?![\\w-])(?::\\d{1,5})?`, "gi"),
  /(?<![\w@.-])(?:localhost(?::\d{1,5})?|[a-z][\w-]{0,62}:\d{4,5})(?![\w-])/gi, // a name with a port: `ollama:11434`
  /(?<![\w.:/])(?:~|\.{1,2})?\/[\w.@+-]+(?:\/[\w.@+-]*)+/g, // paths of files and requests
  /(?<![\w])[a-z]:\\[^\s"'<>`]+/gi,
];

/**
 * Puts `[address]` for hosts, ports, addresses and paths in a text for people who are not the operator's: whoever asks a server need not
 * know where its models are.
 */
export function maskAddresses(text: string): string {
  return places.reduce((masked, pattern) => masked.replace(pattern, "[address]"), text);
}
