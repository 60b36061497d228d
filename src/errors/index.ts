export {
  AllModelsFailedError,
  AnswerDiscardedError,
  CallTimeoutError,
  CircuitOpenError,
  type Failure,
  isCallFailure,
  ModelCallError,
  QuorumNotReachedError,
  StepLimitError,
  type Thrown,
} from "./call-errors.js";
export { type ErrorClass, type ErrorRule, errorClasses } from "./error-classes.js";
export { ForeignError } from "./foreign-error.js";
export { BudgetExceededError, DeadlineExceededError, isLimit } from "./limit-errors.js";
export { LimitReachedError } from "./limit-reached.js";
export { NotAllowedError } from "./not-allowed-error.js";
export {
  ConfigError,
  type ConfigProblem,
  InvalidInputError,
  InvalidModelError,
  InvalidModelNameError,
  InvalidOptionError,
  MissingPackageError,
  NoRouteError,
  UnavailableModelError,
  UnknownRouteError,
} from "./option-errors.js";
export { OrchestrationError } from "./orchestration-error.js";
export { RecordingMissError } from "./recording-miss-error.js";
export { isReplyTooLarge, ReplyTooLargeError } from "./reply-too-large.js";
export { safeCause } from "./safe-cause.js";
export { withMaskedKeys } from "./with-masked-keys.js";
export { withoutSecrets } from "./without-secrets.js";
