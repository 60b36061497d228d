/** Sparse matrix in compressed rows. */
export interface SparseMatrix {
  readonly width: number;
  /** Start of each row in `columns` and `values`, plus the end. */
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

/** A least-squares problem over some rows of a matrix. */
export interface RidgeProblem {
  readonly matrix: SparseMatrix;
  readonly rows: readonly number[];
  /** One value for each row of the matrix. */
  readonly targets: Float64Array;
  /** Penalty on each squared weight; 0 for an intercept. */
  readonly penalties: Float64Array;
  /** Initial weights. @default all 0 */
  readonly start?: Float64Array;
  /** Stop criterion: remaining gradient relative to the gradient at 0. @default 1e-6 */
  readonly tolerance?: number;
}

/** Builds a matrix from its rows of `[column, value]` entries. */
export function toSparseMatrix(rows: readonly (readonly (readonly [number, number])[])[], width: number): SparseMatrix {
  const starts = new Int32Array(rows.length + 1);
  for (const [index, row] of rows.entries()) starts[index + 1] = starts[index]! + row.length;
  const columns = new Int32Array(starts[rows.length]!);
  const values = new Float64Array(columns.length);
  for (const [index, row] of rows.entries()) {
    for (const [offset, [column, value]] of row.entries()) {
      columns[starts[index]! + offset] = column;
      values[starts[index]! + offset] = value;
    }
  }
  return { width, starts, columns, values };
}

export function predictRow({ starts, columns, values }: SparseMatrix, row: number, weights: Float64Array): number {
  let sum = 0;
  for (let at = starts[row]!; at < starts[row + 1]!; at++) sum += values[at]! * weights[columns[at]!]!;
  return sum;
}

const MOST_ITERATIONS = 300;

/**
 * Computes weights that minimize squared error plus penalties (ridge regression, Hoerl and Kennard 1970), by conjugate gradients
 * with a diagonal preconditioner (Saad, "Iterative Methods for Sparse Linear Systems", 2003, algorithm 9.1).
 */
export function fitRidge(problem: RidgeProblem): Float64Array {
  const { matrix, rows, targets, penalties, start, tolerance = 1e-6 } = problem;
  const { width } = matrix;
  const weights = start === undefined ? new Float64Array(width) : Float64Array.from(start);
  const scale = diagonal(matrix, rows, penalties);
  const goal =
    tolerance ** 2 *
    scaledSquare(
      transposed(matrix, rows, (row) => targets[row]!),
      scale,
    );
  const error = transposed(matrix, rows, (row) => targets[row]! - predictRow(matrix, row, weights));
  for (let column = 0; column < width; column++) error[column]! -= penalties[column]! * weights[column]!;
  const direction = error.map((value, column) => value / scale[column]!);
  let size = scaledSquare(error, scale);
  for (let step = 0; step < MOST_ITERATIONS && size > goal && size > 0; step++) {
    const image = transposed(matrix, rows, (row) => predictRow(matrix, row, direction));
    for (let column = 0; column < width; column++) image[column]! += penalties[column]! * direction[column]!;
    const length = size / dot(direction, image);
    for (let column = 0; column < width; column++) {
      weights[column]! += length * direction[column]!;
      error[column]! -= length * image[column]!;
    }
    const next = scaledSquare(error, scale);
    for (let column = 0; column < width; column++)
      direction[column] = error[column]! / scale[column]! + (next / size) * direction[column]!;
    size = next;
  }
  return weights;
}

/** Multiplies the transposed matrix by one value per row. */
function transposed(matrix: SparseMatrix, rows: readonly number[], sourceOf: (row: number) => number): Float64Array {
  const { starts, columns, values } = matrix;
  const sums = new Float64Array(matrix.width);
  for (const row of rows) {
    const value = sourceOf(row);
    for (let at = starts[row]!; at < starts[row + 1]!; at++) sums[columns[at]!]! += values[at]! * value;
  }
  return sums;
}

/** Returns the diagonal of the system, with 1 for columns without entries and penalty. */
function diagonal(matrix: SparseMatrix, rows: readonly number[], penalties: Float64Array): Float64Array {
  const sums = Float64Array.from(penalties);
  for (const row of rows) {
    for (let at = matrix.starts[row]!; at < matrix.starts[row + 1]!; at++)
      sums[matrix.columns[at]!]! += matrix.values[at]! ** 2;
  }
  return sums.map((value) => (value > 0 ? value : 1));
}

function scaledSquare(vector: Float64Array, scale: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < vector.length; index++) sum += vector[index]! ** 2 / scale[index]!;
  return sum;
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index++) sum += one[index]! * other[index]!;
  return sum;
}
