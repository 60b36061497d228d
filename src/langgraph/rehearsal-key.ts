/** Key of `configurable` under which the runs of an explanation, and those nested in them, find their rehearsal. */
export const rehearsalKey = "__multimodel_rehearsal";
