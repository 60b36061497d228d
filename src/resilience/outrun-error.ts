/** Reason of an abort: the second request of a hedged call was faster. */
export class OutrunError extends Error {
  override readonly name = "OutrunError";

  constructor() {
    super("The second request of the call was faster");
  }
}
