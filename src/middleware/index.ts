export { byPhase, type PhaseOptions } from "../routing/by-phase.js";
export { type BudgetMiddlewareOptions, budgetMiddleware } from "./budget-middleware.js";
export { type CascadeMiddlewareOptions, cascadeMiddleware } from "./cascade-middleware.js";
export { type FallbackMiddlewareOptions, fallbackMiddleware } from "./fallback-middleware.js";
export { type RouterMiddlewareOptions, routerMiddleware } from "./router-middleware.js";
export type { LedgerFields, LedgerMiddleware } from "./step-middleware.js";
