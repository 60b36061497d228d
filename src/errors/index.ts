export {
  AllModelsFailedError,
  AnswerDiscardedError,
  CallTimeoutError,
  type Failure,
  ModelCallError,
  QuorumNotReachedError,
  StepLimitError,
} from "./call-errors.js";
export { type ErrorClass, type ErrorRule, errorClasses } from "./error-classes.js";
export {
  ConfigError,
  type ConfigProblem,
  InvalidInputError,
  InvalidModelError,
  InvalidModelNameError,
  InvalidOptionError,
  MissingPackageError,
  NoRouteError,
  UnknownRouteError,
} from "./option-errors.js";
export { OrchestrationError } from "./orchestration-error.js";
