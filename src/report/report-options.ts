import type { Price } from "../ledger/model-call.js";
import type { StepsPicture } from "./steps-picture.js";

export interface ReportOptions {
  /** Title of the page. @default the question */
  readonly title?: string;
  /** Picture of the steps, as `drawSteps(graph, steps, { animate: true })` gives it; both themes, or one. @default no picture */
  readonly steps?: StepsPicture;
  /** What the run is compared with: a model of the ledger or of the price catalogue, or a price. @default the dearest model of the run */
  readonly against?: string | Price;
}
