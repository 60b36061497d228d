/** Node that answers beside a variant, and stage of its answer in `outputs`. */
export const shadowName = "shadow";
