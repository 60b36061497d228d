/** Stated confidence beside what came true. */
export interface Reliability {
  readonly bins: readonly ReliabilityBin[];
  /** Expected calibration error: mean distance of confidence and share of right answers over the bins, weighted by their size. */
  readonly ece: number;
  /** Mean squared distance of confidence and outcome; 0 is perfect, and always saying 0.5 gives 0.25. */
  readonly brier: number;
}

export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly confidence: number;
  readonly right: number;
}

const BINS = 10;

/**
 * Bins answers by their confidence, ten bins of equal width.
 *
 * Sources: G. W. Brier, Monthly Weather Review 78 (1950) 1-3; C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, arXiv:1706.04599.
 */
export function reliabilityOf(
  answers: readonly { readonly confidence: number; readonly right: boolean }[],
): Reliability {
  const binOf = (confidence: number) => Math.min(BINS - 1, Math.floor(confidence * BINS));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
  const bins = Array.from({ length: BINS }, (_, bin): ReliabilityBin => {
    const own = answers.filter(({ confidence }) => binOf(confidence) === bin);
    return {
      from: bin / BINS,
      to: (bin + 1) / BINS,
      count: own.length,
      confidence: mean(own.map(({ confidence }) => confidence)),
      right: mean(own.map(({ right }) => Number(right))),
    };
  }).filter(({ count }) => count > 0);
  return {
    bins,
    ece: mean(
      bins.map(({ confidence, right, count }) => (Math.abs(confidence - right) * count * bins.length) / answers.length),
    ),
    brier: mean(answers.map(({ confidence, right }) => (confidence - Number(right)) ** 2)),
  };
}
