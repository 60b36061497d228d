/** How the variant beside a shadow ends, in one step of one run. */
export class Beside {
  private resolve!: (isAnswered: boolean) => void;
  /** Fulfilled as the variant ends; pending for good if that was before a pause. */
  readonly ended = new Promise<boolean>((resolve) => {
    this.resolve = resolve;
  });

  /** Notes the end of the variant, with or without an answer. */
  end(isAnswered: boolean): void {
    this.resolve(isAnswered);
  }
}
