package text

func englishCheck() Check {
	return Check{
		Findings: englishFindings(),
		Passed:   "passed", Failed: "failed", Undecided: "undecided", NotRun: "not run",
		Expected: "expected", Found: "found", Hint: "hint", Reproduce: "see for yourself",
		Score:    "{passed} of {total} checks passed, {failed} failed, {undecided} undecided, {notrun} not run",
		ByAwslab: "answered by awslab",
	}
}

func englishFindings() map[string]Finding {
	return map[string]Finding{
		"check.unset": {"This check needs {subject}, which has no value yet. {found}", "Do the step that makes it first, then check again."},

		"undecided.cancelled":   {"The check was interrupted.", "Check again when you are ready."},
		"undecided.deadline":    {"There was no answer in time: {found}", "Look whether your network is up, then check again."},
		"undecided.network":     {"The target could not be reached: {found}", "Look whether your network is up and whether the emulator runs (awslab doctor), then check again."},
		"undecided.credentials": {"AWS does not accept your credentials: {found}", "Sign in again (aws sso login, or aws configure), then check again."},
		"undecided.denied":      {"Your AWS identity may not look at this: {found}", "Ask for read permission, or use a profile that has it, then check again. Your work may well be right."},
		"undecided.throttled":   {"AWS asks to slow down: {found}", "Wait a minute, then check again."},
		"undecided.server":      {"The target had a problem of its own: {found}", "Check again in a moment. It says nothing about your work."},
		"undecided.lookup":      {"A value that this check needs could not be looked up: {found}", "Run the command that failed at the prompt and read what it says."},
		"undecided.too-much":    {"There is more here than a check reads.", "Clean up what you do not need, or use an account with less in it."},
		"undecided.broken":      {"This check cannot be carried out as it is written: {found}", "That is the lesson's fault, not yours: tell its author."},

		"lambda.missing":       {"There is no function named {subject}.", "Create it first. If you did, look at the region: functions live in one region only."},
		"lambda.near-miss":     {"There is no function named {expected}, but there is one named {found}.", "Names are case-sensitive and have to be the same to the letter. Create {expected}, and delete {found} if you do not need it."},
		"lambda.qualifier":     {"The function {subject} has no version or alias {expected}.", "List them with aws lambda list-versions-by-function and aws lambda list-aliases."},
		"lambda.pending":       {"The function {subject} is still being made: its state is {found}.", "Wait until it is Active: aws lambda wait function-active-v2 --function-name {subject}"},
		"lambda.failed":        {"Lambda could not make the function {subject}: {found}", "Read the reason, mend its cause, then delete the function and create it again."},
		"lambda.updating":      {"An update of the function {subject} is still under way.", "Wait for it: aws lambda wait function-updated-v2 --function-name {subject}"},
		"lambda.update-failed": {"The last update of the function {subject} failed: {found}", "Read the reason, mend its cause and update the function again."},
		"lambda.refused":       {"Lambda refused {call} for {subject}: {found}", "Read what AWS says: it names the setting that is wrong."},
		"lambda.import":        {"Lambda cannot load the code of {subject}: {message}", "The handler is {handler}: the part before the dot is a file that has to lie at the top of the zip file, not in a folder. Look inside with unzip -l."},
		"lambda.handler":       {"Lambda loaded the code of {subject}, but not its handler {handler}: {message}", "The part after the dot has to be a function in that file, spelt the same. Mend the code, or the handler with aws lambda update-function-configuration --handler."},
		"lambda.syntax":        {"The code of {subject} is not right Python: {message}", "Look at that line: a bracket, a quotation mark, a colon or the indentation. Then upload it again."},
		"lambda.timeout":       {"The function {subject} ran out of time: {message}", "Make it faster, or give it more time with aws lambda update-function-configuration --timeout."},
		"lambda.exit":          {"The process of {subject} ended before it answered: {message}", "Look in its log for the reason: too little memory, or a call of exit."},
		"lambda.raised":        {"The function {subject} raised an exception: {found}", "Look at where it happened ({line}) and mend it, then upload the code again."},
		"lambda.error-missing": {"The function {subject} answered, and should have failed here. It answered {found}.", "Is the code that fails uploaded? After update-function-code, wait until the update is done."},
		"lambda.error-other":   {"The function {subject} failed, but not as it should here: {found}", "It should fail with {expected}. Read its log to see what went wrong instead."},
		"lambda.status":        {"The function {function} answered, but with another {subject} than expected.", "Look at the statusCode in what your handler returns, then upload the code again."},
		"lambda.payload":       {"The function {function} answered, but its {subject} is not what is expected.", "Compare the two, mend what your handler returns, then upload the code again. body has to be text: json.dumps makes it."},
		"lambda.log":           {"The function {subject} did not log the line that is expected.", "Whatever the code prints goes to the log. Add the print, and upload the code again."},

		"logs.missing":     {"There is no log group named {subject}.", "Lambda makes it when the function runs for the first time, if its role may write logs. Invoke the function, then check again."},
		"logs.near-miss":   {"There is no log group named {expected}, but there is one named {found}.", "Names are case-sensitive. Is the function itself spelt as the lesson has it?"},
		"logs.none":        {"The log group {subject} has no such line yet.", "Invoke the function yourself, then check again. Logs may take a few seconds on AWS."},
		"logs.only-checks": {"The log group {subject} has such lines only from calls that awslab's own checks made.", "Those do not count: invoke the function yourself."},
		"logs.old":         {"The log group {subject} has such lines only from before this step.", "Invoke the function again, now."},
		"logs.count":       {"The log group {subject} has another number of such lines than expected.", "Invoke the function as the step says, then check again."},
		"logs.line":        {"The log group {subject} lacks a line that is expected.", "Read the log with aws logs tail {subject} and compare."},

		"call.not-found":   {"{subject} is not there: {found}", "Create it as the step says. If you did, look at its name and at the region."},
		"call.near-miss":   {"There is no {expected}, but there is {found}.", "Names are case-sensitive and have to be the same to the letter. Create {expected}, and delete {found} if you do not need it."},
		"call.refused":     {"AWS refused {call} for {subject}: {found}", "Read what AWS says: it names what is wrong."},
		"call.still-there": {"{subject} is still there.", "Delete it, then check again."},
		"call.other-error": {"AWS answered {call} for {subject} with another error than expected: {found}", "Read what AWS says. Expected is {expected}."},
		"call.value":       {"{of} is there, but this part of it differs: {subject}", "Compare the two, and change the setting. aws … help shows its option."},
		"call.absent":      {"{of} is there, but has no {subject}.", "Set it as the step says, then check again."},

		"http.status":    {"{subject} answered with another status than expected.", "Read the answer: {body}"},
		"http.header":    {"{subject} answered with another {what} header than expected.", "Compare the two. Header values are compared to the letter."},
		"http.no-header": {"{subject} answered without a {what} header.", "Add the header where the answer is made."},
		"http.body":      {"{subject} answered with another body than expected.", "Compare the two, and mend where the answer is made."},
		"http.json":      {"{subject} answered with other JSON than expected.", "Compare the two, and mend where the answer is made. The whole body: {body}"},
		"http.time":      {"{subject} took longer or shorter than expected (in seconds).", "Try again: the first call of a function is slower than the next ones."},
		"http.address":   {"“{subject}” is not a URL.", "Do the step that makes the address first, then check again."},

		"file.missing":    {"There is no file {subject} in your workspace.", "Create it, or restore the lesson's files with awslab reset."},
		"file.near-miss":  {"There is no file {expected} in your workspace, but there is {found}.", "Rename it: mv {found} {expected}"},
		"file.present":    {"The file {subject} is there, and should not be.", "Delete it: rm {subject}"},
		"file.not-a-file": {"{subject} is not a file.", "Move it away and put a plain file in its place."},
		"file.too-large":  {"The file {subject} is too large to be checked ({found} bytes).", "Keep it under {expected} bytes."},
		"file.text":       {"The file {subject} does not say what is expected.", "Open it and compare."},
		"file.undefined":  {"The file {subject} does not define {expected}.", "Add it at the margin of the file, not inside another function: def {expected}(event, context):"},
		"quiz.wrong":      {"“{found}” is not the answer.", "Read the step once more, and answer again."},

		"file.nearly-that": {"The file {subject} does not define {expected}, but it defines {found}.", "Rename it: names are case-sensitive in Python."},
	}
}
