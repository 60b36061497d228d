import type { Attributes, MeterProvider, Span, Tracer, TracerProvider } from "@opentelemetry/api";
import { whenClosed } from "../../ledger/line.js";
import type { ModelCall } from "../../ledger/model-call.js";
import type { Decision } from "../../state/decision.js";
import { beginningAttributes, callName, endAttributes } from "./call-attributes.js";
import { decisionAttributes, taskOf } from "./decision-attributes.js";
import { noteFailure } from "./failure.js";
import { metersOf, type RecordCall, scopeName } from "./meters.js";
import { own } from "./names.js";
import type { BeginningRun, OpenRun, WholeRun } from "./open-run.js";
import { noteRun, runBefore } from "./thread-runs.js";

type Api = typeof import("@opentelemetry/api");

/** The spans of runs: opened and ended by callbacks, filled from the ledger. */
export class RunSpans {
  private readonly runs = new Map<string, OpenRun>();
  /** Calls that began and have no run in the callbacks yet. */
  private readonly begun = new Map<string, ModelCall>();
  private readonly tracer: Tracer;
  private readonly record: RecordCall;

  constructor(
    private readonly api: Api,
    tracerProvider: TracerProvider | undefined,
    meterProvider: MeterProvider | undefined,
  ) {
    this.tracer = (tracerProvider ?? api.trace).getTracer(scopeName);
    this.record = metersOf(meterProvider ?? api.metrics.getMeterProvider());
  }

  /** Opens the span of a run below that of its parent. */
  begin(run: BeginningRun): OpenRun {
    return this.beginBelow(run.parentId === undefined ? undefined : this.runs.get(run.parentId), run);
  }

  private beginBelow(parent: OpenRun | undefined, run: BeginningRun): OpenRun {
    const { id, isVisible = true, thread, provider } = run;
    const hidden = !isVisible && parent !== undefined;
    const span = hidden ? parent.span : this.open(run, parent);
    const above = parent?.context ?? this.api.context.active();
    const opened: OpenRun = {
      ...{ id, span, parent, provider, isVisible: !hidden, decisions: 0, isPaused: false, isOutside: false },
      isReserved: parent?.isReserved === true,
      context: hidden ? above : this.api.trace.setSpan(above, span),
      whole: parent?.whole ?? { open: new Map(), thread, costUsd: 0, tokens: 0 },
    };
    this.runs.set(id, opened);
    opened.whole.open.set(id, opened);
    return opened;
  }

  private open({ name, attributes, isRequest, startedAt, thread, isResumed }: BeginningRun, parent?: OpenRun): Span {
    const { SpanKind, context } = this.api;
    const kind = isRequest === true ? SpanKind.CLIENT : SpanKind.INTERNAL;
    const goesOn = parent === undefined && thread !== undefined && isResumed === true;
    const before = goesOn ? runBefore(thread) : undefined;
    const links = before === undefined ? [] : [{ context: before }];
    const span = this.tracer.startSpan(
      name,
      { kind, links, ...(startedAt !== undefined && { startTime: startedAt }) },
      parent?.context ?? context.active(),
    );
    if (span.isRecording()) span.setAttributes(attributes());
    return span;
  }

  find(id: string): OpenRun | undefined {
    return this.runs.get(id);
  }

  /** Returns a call of the ledger that has begun and is made by a run. */
  claim(id: string, parentId: string | undefined): ModelCall | undefined {
    const call = this.begun.get(id) ?? (parentId === undefined ? undefined : this.runs.get(parentId)?.call);
    this.begun.delete(id);
    return call;
  }

  /** Ends a run; a call whose line is open ends with the line. */
  end(run: OpenRun, attributes?: () => Attributes): void {
    if (attributes !== undefined && run.span.isRecording()) run.span.setAttributes(attributes());
    if (run.call === undefined) this.close(run);
    else run.endedAt ??= Date.now();
  }

  /** Ends a run with an error. */
  fail(run: OpenRun, error: unknown): void {
    if (run.isVisible && run.call === undefined) noteFailure(this.api, run.span, error);
    this.end(run);
  }

  /** Marks a run and those around it as paused. */
  pause(run: OpenRun): void {
    for (let each: OpenRun | undefined = run; each !== undefined; each = each.parent) each.isPaused = true;
    this.end(run);
  }

  /** Follows a call of the ledger to its end. */
  follow(call: ModelCall, nodeRunId: string | undefined): void {
    const run = this.runs.get(call.id);
    if (run === undefined) this.begun.set(call.id, call);
    else this.assign(run, call);
    const node = nodeRunId === undefined ? undefined : this.runs.get(nodeRunId);
    whenClosed(call, ({ silent }) => this.settle(call, node, silent === true));
  }

  /** Gives a run its line, which an agent's ledger opens after the run has begun. */
  private assign(run: OpenRun, call: ModelCall): void {
    Object.assign(run, { call, isOutside: false });
    if (!run.span.isRecording()) return;
    run.span.updateName(callName(call));
    run.span.setAttributes(beginningAttributes(call, run.provider));
  }

  /** Ends the spans of a call that ended; one that an interrupt paused is not counted, since it starts again. */
  settle(call: ModelCall, node?: OpenRun, isUncounted = false): void {
    this.begun.delete(call.id);
    const { whole } = this.runs.get(call.id) ?? node ?? {};
    const made = [...(whole?.open.values() ?? [])].filter((run) => run.call === call);
    if (!isUncounted) this.count(call, made.at(-1) ?? this.beginCall(call, node));
    for (const run of made) this.close(run);
  }

  private count(call: ModelCall, run: OpenRun): void {
    try {
      addTo(run.whole, call);
      if (run.span.isRecording()) {
        run.span.setAttributes(endAttributes(call));
        if (call.error !== undefined)
          noteFailure(this.api, run.span, run.isReserved ? { ...call.error, message: "" } : call.error);
      }
      this.record(call, run.provider);
    } finally {
      this.close(run); // whatever a provider throws, no span stays open
    }
  }

  /** Opens the span of a call that no callback reported. */
  private beginCall(call: ModelCall, node: OpenRun | undefined): OpenRun {
    const attributes = () => beginningAttributes(call, undefined);
    const { id, startedAt } = call;
    return this.beginBelow(node, { id, name: callName(call), attributes, startedAt, isRequest: true });
  }

  /** Adds a decision to the span of its node. */
  decide(decision: Decision, turnId: string, nodeRunId: string | undefined): void {
    const node = nodeRunId === undefined ? undefined : this.runs.get(nodeRunId);
    if (node?.span.isRecording() !== true) return;
    const name = taskOf(decision);
    if (name !== undefined) node.span.updateName(name);
    const attributes = decisionAttributes(decision, node.decisions++);
    node.span.setAttributes({ ...attributes, [own.path]: decision.node, [own.turn]: turnId });
  }

  private close(run: OpenRun): void {
    if (!this.runs.delete(run.id)) return;
    const { span, whole, parent, isPaused, isVisible, endedAt } = run;
    whole.open.delete(run.id);
    if (isVisible && span.isRecording()) {
      if (isPaused) span.setAttribute(own.paused, true);
      if (parent === undefined)
        span.setAttributes({ [own.tokens]: whole.tokens, [own.costUsd]: whole.costUsd ?? undefined });
    }
    if (parent === undefined) this.closeRoot(run);
    if (isVisible) span.end(endedAt);
  }

  /** Ends what an abort left open below a root; calls end with their lines. */
  private closeRoot({ whole, span }: OpenRun): void {
    for (const run of [...whole.open.values()].reverse()) if (run.call === undefined || run.isOutside) this.close(run);
    if (whole.thread !== undefined) noteRun(whole.thread, span.spanContext());
  }
}

function addTo(whole: WholeRun, { costUsd, usage }: ModelCall): void {
  whole.costUsd = costUsd === null || whole.costUsd === null ? null : whole.costUsd + costUsd;
  whole.tokens += (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0);
}
