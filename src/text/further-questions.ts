const answered = /####\s?\S|\\boxed\s?\{|\b(?:final )?answer\s?(?:\*\*)?(?::|is\b)/i;
const question = /\n\s{0,3}[#*_ ]{0,6}(?:question|problem|q)\s?\d{0,4}[*_ ]{0,4}[:.]/i;

/** Cuts what a model adds behind its answer when it does not stop: further questions, with answers to them. */
export function withoutFurtherQuestions(text: string): string {
  const mark = answered.exec(text)?.index ?? text.length;
  const end = question.exec(text.slice(mark))?.index;
  return end === undefined ? text : text.slice(0, mark + end);
}
