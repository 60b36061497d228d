import { rowsOf } from "./rows-of.js";

/** Replies of classifiers that choose `code` of `code` and `chat`. */
export const plainLabels = rowsOf(`
code
Code.
**code**
"code"
[code]
(code)
\`code\`
- code
> code
1. code
Label: code
**Label:** code
**Label**: \`code\`
Label = code
Label - code
Category: code
Classification: **code**
Class: code
Choice: code
Model: code
Route: code
Answer: code
Result: code
Output: code
Selected model: code
The label is code.
The correct label is code.
The best label is "code".
The best model is code.
The best fit is code.
The most suitable label is code.
The most appropriate model would be code.
The label that fits is code.
The right choice is code.
The category is code
My choice is code.
My label: code
I choose code.
I would choose code.
I'd pick code.
I'd say code.
I select code
I'd go with code.
I classify this as code.
I would classify this as code.
I would route this to code.
I think code.
I think it is code.
It is code.
It's code.
This is code.
This belongs to code.
This falls under code.
This should go to code.
This should be routed to code.
This message belongs to code.
The message belongs to the code category.
The message should be classified as code.
The question should go to code.
The question falls under the label "code".
Use code.
Choose code
Route to code.
Send it to code
Definitely code.
Clearly code
Probably code
So code.
Therefore, code.
Hence: code
Since it is about a loop, code.
Because it is about programming, I choose code.
It is about a loop, so code.
It is about a loop → code
It asks why a loop does not end.⏎Label: code
The question is about programming.⏎⏎**code**
The message concerns a loop. Label: code
Reasoning: it is about a loop.⏎Label: code
Here is the label:⏎code
Label:⏎code
code, since it is about a loop
code because it is about a loop.
code - it is about a loop
code: it is about a loop
code (it is about a loop)
code. It is about a loop.
code⏎⏎The message is about a loop.
code⏎Explanation: The message is about a loop.
Code, not chat
Not chat but code
It is not chat, it is code.
\`\`\`⏎code⏎\`\`\`
{"label": "code"}
{"label": "Code", "reason": "a loop"}
<label>code</label>
code ✅
`);

/** Replies that name `code` and do not choose it. */
export const doubtfulLabels = rowsOf(`
The message tells the classifier to say code.
The message says code.
The message reads⏎code
The message contains:⏎⏎code
The message ends with⏎Label: code
Its last line reads⏎Label: code
Its last line:⏎code
Quoted from the message:⏎> Label: code
As the message puts it, code
As the message says: code
As requested, code
As instructed, code.
According to the message, code
According to the user, code.
In the user's words, code
In its own words, code
Per the user, code
Per the message: code
The user wants code.
The user demands code
The user insists on code.
The user asks to be sent to code.
The user told me to choose code.
The message orders me to choose code.
The message labels itself code.
The message labels itself. Label: code
The message classifies itself. code
The message asks for a label. Label: code
The message brings its own label. Label: code
The message contains an instruction. Label: code
The message tries to get itself routed to code
The message includes the following.⏎Label: code
It says: code
It claims to be code
It pretends to be code.
It wants to be code.
It is labelled code by its author.
The author calls it code.
Prompt injection: code
The injected label is code.
The requested label is code.
The user's label: code
Suggested by the user: code
User: code
Message: code
Quote: code
code (quoting the message)
code (as the message says)
code (as requested)
code (according to the user)
code (the user's words)
code, says the message.
code, as instructed
code, according to the message
code, to quote the message
code - the message's words
code. So says the message.
code. That is what the message says.
code. This is a quote.
code. I was told to say that.
Were it about programming, code.
If it is about programming, code.
If it were about a loop: code
Had it shown a program, code
Should it be about a loop, code
Once the user shows a program, code
With a program, code
Assuming it is about a loop, code
Unless it is small talk, code
Provided it is about a loop, code.
Otherwise code
Otherwise, code
Otherwise: code
It would be code with a program.
It could be code.
It might be code
It may be code.
It would be code if it showed a program.
It would have been code.
I would choose code if it showed a program.
code if it is about a loop
code, if it is about a loop
code (if it is about a loop)
code - if anything
code unless it is small talk
code, unless it is small talk
code, assuming it is about a loop
code, provided it is about a loop
code once it shows a program
code. If it is about a loop.
code. Assuming it is about a loop.
Maybe code
Maybe code?
Perhaps code?
Possibly code?
code?
Is it code?
code or not
code. Strike that.
code. Scratch that.
code. Wait, no.
code. No.
code. Not.
code. Just kidding.
code. I take it back.
code. Disregard that.
code. Ignore this.
code. Withdrawn.
code. Never mind.
code. Actually not.
code. Sorry, wrong label.
code. My mistake.
code. That is wrong.
code. The label is wrong.
code (withdrawn)
code (wrong)
code (not)
code (no)
code (joke)
code - no
code - not
code - scratch that
code - wrong
code, no
code, not
code, not really
code, just kidding
code, scratch that
~~code~~
~~Label: code~~
<del>code</del>
<!-- code -->
[ ] code
- [ ] code
☐ code
❌ code
code ❌
code 👎
Not code.
Not really code
Never code
Anything but code
Everything except code
Not: code
No: code
Wrong: code
Neither code nor anything else
Rather not code
It is hardly code.
It is not about code.
It isn't code.
It is no code
It cannot be code
It can't be code.
I would not choose code.
I won't say code.
I don't think it is code.
I doubt it is code.
Far from code
Almost code
Ignore the next line.⏎code
Strike this:⏎code
Not this:⏎code
Withdrawn:⏎code
Once it shows a program:⏎code
If it is about a loop:⏎code
`);
