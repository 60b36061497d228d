// Hits and false hits of the semantic cache on labelled pairs, with the local embeddings: npm run bench:cache
import { localEmbeddings } from "../src/learned/index.js";
import { differenceOf } from "../src/text/questions/difference.js";
import { heldOutGroups } from "../test/text/questions/held-out.js";
import { type Pair, pairs, pairsOf } from "../test/text/questions/pairs.js";

const embeddings = localEmbeddings();
const percent = (part: readonly Pair[], of: readonly Pair[]) =>
  `${part.length} (${((100 * part.length) / of.length).toFixed(1)} %)`;

async function report(title: string, all: readonly Pair[]): Promise<void> {
  const texts = [...new Set(all.flatMap(({ one, other }) => [one, other]))];
  const embedded = await embeddings.embedDocuments(texts);
  const vectors = new Map(embedded.map((vector, index) => [texts[index]!, vector]));
  const similarity = ({ one, other }: Pair) =>
    vectors.get(one)!.reduce((sum, value, index) => sum + value * vectors.get(other)![index]!, 0);
  const same = all.filter((pair) => pair.same);
  const other = all.filter((pair) => !pair.same);
  const passes = (pair: Pair) => differenceOf(pair.one, pair.other) === undefined;
  console.log(`${title}: ${all.length} pairs, ${same.length} with one answer, ${other.length} near misses\n`);
  console.log("| threshold | hits by nearness alone | false hits by nearness alone | hits | false hits |");
  console.log("|---|---|---|---|---|");
  for (const threshold of [0.7, 0.8, 0.9]) {
    const near = (pair: Pair) => similarity(pair) >= threshold;
    const alone = [percent(same.filter(near), same), percent(other.filter(near), other)];
    const both = (pair: Pair) => near(pair) && passes(pair);
    console.log(
      `| ${[threshold, ...alone, percent(same.filter(both), same), percent(other.filter(both), other)].join(" | ")} |`,
    );
  }
  for (const pair of other.filter(passes)) {
    console.log(`\nnot told apart: ${pair.one} / ${pair.other} (${similarity(pair).toFixed(3)})`);
  }
  console.log();
}

await report("Pairs the comparison was made with", pairs);
await report("Pairs written afterwards", pairsOf(heldOutGroups));
