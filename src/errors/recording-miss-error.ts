import { maskKeys } from "../secrets/redact.js";
import { namespace, OrchestrationError } from "./orchestration-error.js";

/** A recorded model was asked something that its file does not hold. */
export class RecordingMissError extends namespace.brand(OrchestrationError, "recording-miss") {
  override readonly name = "RecordingMissError";
  readonly file: string;
  /** Name of the model in the file. */
  readonly model: string;
  /** Most similar recorded question; `undefined` if nothing is similar. */
  readonly nearest: string | undefined;
  constructor(at: {
    readonly file: string;
    readonly model: string;
    readonly asked: string;
    readonly nearest?: string;
  }) {
    const near = at.nearest === undefined ? "" : `; nearest recording: ${quoted(at.nearest)}`;
    super(
      `${at.file} has no answer of ${at.model} to ${quoted(at.asked)}${near}. Record it with record(model, "${at.file}"), or ask what was recorded`,
    );
    this.file = maskKeys(at.file);
    this.model = maskKeys(at.model);
    this.nearest = at.nearest === undefined ? undefined : maskKeys(at.nearest);
  }
}

const quoted = (text: string) => JSON.stringify(text.length > 200 ? `${text.slice(0, 199)}…` : text);
