import type { z } from "zod";
import type { Path } from "./read-document.js";

/** Something a schema refuses. */
export interface Issue {
  readonly path: Path;
  readonly message: string;
}

type ZodIssue = z.ZodError["issues"][number];

/** The issues of a schema, each where it really is: of a union those of the branch that was meant. */
export function issuesOf({ issues }: z.ZodError, data: unknown): Issue[] {
  return issues.flatMap((issue) => flatten(issue, [], data));
}

function flatten(issue: ZodIssue, base: Path, data: unknown): Issue[] {
  const path = [...base, ...(issue.path as Path)];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: "is no field here; see the schema, or take it out",
    }));
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const meant = closest(issue.errors, keysAt(data, path));
    if (meant !== undefined) return meant.flatMap((inner) => flatten(inner, path, data));
  }
  return [{ path, message: issue.message }];
}

/** The branch that refuses least: one that knows the keys that are there. */
function closest(branches: readonly ZodIssue[][], keys: number): ZodIssue[] | undefined {
  const weight = (branch: readonly ZodIssue[]) =>
    branch.reduce((sum, issue) => {
      if (issue.path.length > 0) return sum + (issue.code === "invalid_type" ? 3 : 1);
      return sum + (issue.code === "unrecognized_keys" ? 2 * issue.keys.length : keys + 9);
    }, 0);
  const ranked = branches.map((branch) => ({ branch, weight: weight(branch) })).sort((a, b) => a.weight - b.weight);
  const [best] = ranked;
  return best === undefined || best.weight > keys + 8 ? undefined : best.branch;
}

function keysAt(data: unknown, path: Path): number {
  const value = path.reduce<unknown>(
    (inside, key) => (inside as Record<string, unknown> | undefined)?.[key as string],
    data,
  );
  return typeof value === "object" && value !== null ? Object.keys(value).length : 0;
}
