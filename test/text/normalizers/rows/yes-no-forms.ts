import type { Form } from "./number-forms.js";

/** Answers to a yes-no question; `""` where they leave it open. The comments name the public thread that reports the form. */
export const yesNoForms: readonly Form[] = [
  ["Yes", "yes"],
  ["Yes.", "yes"], // cuga-project/cuga-agent#757
  ["answer: Yes.", "yes"], // cuga-project/cuga-agent#757
  ["**Yes**", "yes"],
  ["YES", "yes"],
  ["yes!", "yes"], // rocketride-org/rocketride-server#690
  ['"Yes"', "yes"], // rocketride-org/rocketride-server#690
  ["Yes, but only on Sundays.", "yes"],
  ["Yes, there is a dog.", "yes"], // CRIPAC-DIG/LogicCheckGPT#1
  ["Yes, it is not prime.", "yes"],
  ["Yes - no remainder is left.", "yes"],
  ["Yeah", "yes"],
  ["Yep.", "yes"],
  ["True", "yes"],
  ["Correct.", "yes"],
  ["That's right: yes", "yes"],
  ["\\boxed{\\text{Yes}}", "yes"],
  ["\\boxed{yes}", "yes"],
  ['{"answer": true}', "yes"],
  ['{"answer": "yes", "valid": false}', "yes"],
  ['{"reasoning": "no remainder", "answer": "Yes"}', "yes"],
  ["The answer is yes.", "yes"],
  ["The answer is **yes**, with no doubt.", "yes"],
  ["Answer: yes (95% sure)", "yes"],
  ["There is no doubt: yes", "yes"],
  ["It is not incorrect", "yes"],
  ["Let me think. 91 = 7 * 13.\n\nYes", "yes"],
  ["No", "no"],
  ["No.", "no"],
  ["no, it isn't", "no"],
  ["**No**", "no"],
  ["No, there isn't a dog.", "no"], // CRIPAC-DIG/LogicCheckGPT#1
  ["No, but it is close.", "no"],
  ["No - yes would be wrong.", "no"],
  ["Nope", "no"],
  ["False", "no"],
  ["Incorrect.", "no"],
  ["Not true.", "no"],
  ["Not yes", "no"],
  ["It is not the case: false", "no"],
  ["\\boxed{\\text{No}}", "no"],
  ["\\boxed{\\text{False}}", "no"],
  ['{"answer": false}', "no"],
  ["The answer is no, not yes.", "no"],
  ["The answer is not yes.", "no"],
  ["It cannot be true", "no"],
  ["Ｎｏ", "no"],
  ["Yes and no.", ""],
  ["Yes or no", ""],
  ["yes/no", ""],
  ["Neither yes nor no", ""], // aldesantis/the-codeless-code#25
  ["No doubt it is prime", ""],
  ["No doubt.", ""],
  ["No idea.", ""],
  ["No native image generation", ""], // simstudioai/sim#5393
  ["No problem", ""],
  ["No one knows", ""],
  ["No. 5", ""],
  ["Maybe", ""], // AoiDragon/POPE#19
  ["Not sure", ""], // AoiDragon/POPE#19
  ["Maybe yes", ""],
  ["Perhaps no", ""],
  ["Probably yes, possibly no", ""],
  ["I'm not sure if it is true.", ""],
  ["It might be true", ""],
  ["It may be false", ""],
  ["It depends: yes for x > 0, no otherwise.", ""],
  ["If it rains, yes.", ""],
  ["Whether this is true is unknown.", ""],
  ["I cannot say yes or no.", ""],
  ["I don't know whether it is true or false", ""],
  ["The answer is unknown.", ""],
  ["Yesterday", ""], // rocketride-org/rocketride-server#690
  ["Nothing", ""],
  ["The photo is taken inside a greenhouse", ""], // BradyFU/Awesome-Multimodal-Large-Language-Models#86
  ["Yes. No.", ""],
  ["yes\nno", ""],
  ["Is it true? I can't tell.", ""],
  ["", ""],
];
