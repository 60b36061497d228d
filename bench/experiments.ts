// Experiments that learn, in simulations with seeds: npm run bench:experiments
// How often two stop rules stop between equal variants and at the wrong one, and what the shares of `thompson` lose beside an even split.
import { beliefOf, probabilitiesOfBest, type Rewards } from "../src/routing/adapting/posterior.js";
import { winnerOf } from "../src/routing/adapting/stop-rule.js";
import { thompson } from "../src/routing/adapting/thompson.js";
import { drawn, seeded } from "../test/routing/adapting/simulated.js";

const names = ["a", "b"] as const;
type Means = Readonly<Record<(typeof names)[number], number>>;

/** Rules that watch 1,000 rewards of each variant; the better one is b. */
const rules: Readonly<Record<string, (rewards: Record<string, Rewards>) => string | undefined>> = {
  "posterior of 95 %": (rewards) => {
    if (rewards.a!.count < 10) return undefined;
    const [a = 0, b = 0] = probabilitiesOfBest(names.map((name) => beliefOf(rewards[name]!)));
    return Math.max(a, b) < 0.95 ? undefined : a > b ? "a" : "b";
  },
  thompson: (rewards) => winnerOf(rewards, { confidence: 0.95, margin: 0, least: 10 }),
};

function stops(means: Means, rule: (rewards: Record<string, Rewards>) => string | undefined, experiments = 300) {
  const winners = Array.from({ length: experiments }, (_, seed) => {
    const random = seeded(seed + 1);
    const rewards: Record<string, Rewards> = {};
    for (let count = 1; count <= 1_000; count++) {
      for (const name of names) {
        rewards[name] = { count, sum: (rewards[name]?.sum ?? 0) + Number(random() < means[name]) };
      }
      const winner = count % 2 === 0 ? rule(rewards) : undefined;
      if (winner !== undefined) return winner;
    }
    return undefined;
  });
  const share = (wanted: (winner: string | undefined) => boolean) => winners.filter(wanted).length / experiments;
  return { stopped: share((winner) => winner !== undefined), "at a": share((winner) => winner === "a") };
}

for (const means of [
  { a: 0.7, b: 0.7 },
  { a: 0.5, b: 0.55 },
]) {
  console.log(`\nStopped within 1,000 rewards of each, means ${means.a} and ${means.b}`);
  console.table(Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, stops(means, rule)])));
}

function learned(floor: number, experiments = 60) {
  const means: Means = { a: 0.6, b: 0.75 };
  const ends = Array.from({ length: experiments }, (_, seed) => {
    const random = seeded(seed + 1);
    const adapt = thompson({ floor });
    adapt.begin(names);
    let [lost, end] = [0, Infinity];
    for (let run = 0; run < 3_000 && (run < 1_000 || end === Infinity); run++) {
      const { shares } = adapt.shares({ a: 1, b: 1 });
      const name = drawn(shares, random) as keyof Means;
      if (end === Infinity && Math.min(...Object.values(shares)) === 0) end = run;
      if (run < 1_000) lost += means.b - means[name];
      adapt.assign(`${run}`, name);
      adapt.reward(`${run}`, Number(random() < means[name]));
    }
    return { lost, end };
  });
  const median = ends.map(({ end }) => end).sort((one, other) => one - other)[experiments / 2];
  return { "lost in 1,000 runs": ends.reduce((sum, { lost }) => sum + lost, 0) / experiments, "median runs": median };
}

console.log("\nthompson between means of 0.6 and 0.75; an even split loses 75");
console.table(Object.fromEntries([0.05, 0.1, 0.2].map((floor) => [`floor ${floor}`, learned(floor)])));
