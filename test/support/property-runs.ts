/** Share of the cases that `npm test` tries; `PROPERTY_SCALE=1 npx vitest run fuzz` tries all of them. */
const scale = Number(process.env.PROPERTY_SCALE ?? 0.2);

/** Scales a count of generated cases, or of outcomes expected among them, to the budget of this run. */
export const runsOf = (all: number): number => Math.max(1, Math.round(all * scale));
