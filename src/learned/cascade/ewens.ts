/**
 * Returns the probability that wrong answers fall into groups of equal ones of these sizes; 1 where there is no wrong answer.
 *
 * Source: W. J. Ewens, Theoretical Population Biology 3 (1972) 87-112, for labelled answers: θ^groups ∏ (size − 1)! over the rising
 * factorial of θ.
 *
 * @param same probability that two wrong answers are equal, above 0 and below 1
 */
export function partitionWeight(sizes: readonly number[], same: number): number {
  const theta = (1 - same) / same;
  let weight = 1;
  let wrong = 0;
  for (const size of sizes) {
    weight *= theta;
    for (let factor = 2; factor < size; factor++) weight *= factor;
    for (let added = 0; added < size; added++) weight /= theta + wrong + added;
    wrong += size;
  }
  return weight;
}

/** Returns the smoothed share of pairs of wrong answers to one question, of different models, that are equal. */
export function shareOfSame(wrongAnswers: readonly (readonly string[])[]): number {
  let [pairs, same] = [0, 0];
  for (const keys of wrongAnswers) {
    for (const [index, key] of keys.entries()) {
      for (let other = index + 1; other < keys.length; other++) {
        pairs++;
        if (keys[other] === key) same++;
      }
    }
  }
  return (same + 0.5) / (pairs + 1);
}
