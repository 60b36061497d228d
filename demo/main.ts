/** `npm run demo`: without a question the comparison on recorded answers, with one an answer of live models. */
const USAGE = `npm run demo                  compares strategies on recorded answers; needs no key
npm run demo -- "a question"  asks the models your keys or your Ollama server give access to
`;

async function main(words: readonly string[]): Promise<number> {
  const question = words.join(" ").trim();
  if (words.length === 0) {
    const { compareStrategies } = await import("./compare-strategies.js");
    return compareStrategies();
  }
  if (question === "--help" || question === "-h") {
    process.stdout.write(USAGE);
    return 0;
  }
  if (question === "" || question.startsWith("--")) {
    process.stderr.write(`${question === "" ? "The question is empty." : `Unknown option: ${question}`}\n\n${USAGE}`);
    return 1;
  }
  const { answerQuestion } = await import("./answer-question.js");
  return answerQuestion(question, process.env);
}

// A reader that closes early, such as `head`, is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});
process.exitCode = await main(process.argv.slice(2));
