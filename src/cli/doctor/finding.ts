/** One thing that was checked. */
export interface Finding {
  readonly ok: boolean;
  readonly what: string;
  readonly found: string;
  /** What to do about it. */
  readonly remedy?: string;
}
