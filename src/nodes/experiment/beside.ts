import type { Scope } from "../../calls/scope.js";

/** What a variant and the shadow beside it know of each other, in one step of one run. */
export class Beside {
  /** Node of the shadow; unset until it calls its model. */
  shadow?: Scope;
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
