package text

// englishAuthorizerFindings are the sentences of the authorizer check. {fix} and
// {deploy} are commands that can be pasted, {token} is one of [Check.Tokens].
func englishAuthorizerFindings() map[string]Finding {
	return map[string]Finding{
		"authorizer.api-missing":       {"There is no REST API named {subject}.", "Create or import it first. If you did, look at the region: APIs live in one region only. aws apigateway get-rest-apis lists them."},
		"authorizer.api-near-miss":     {"There is no REST API named {expected}, but there is one named {found}.", "Names have to be the same to the letter. Rename it with aws apigateway update-rest-api --patch-operations op=replace,path=/name,value={expected}, or create {expected}."},
		"authorizer.api-twice":         {"There are {found} REST APIs named {subject}: {ids}.", "AWS lets you use one name for many APIs. Delete those you do not need: aws apigateway delete-rest-api --rest-api-id {id}"},
		"authorizer.endpoint-disabled": {"The API {api} does not answer under its own address: disableExecuteApiEndpoint is on.", "Switch the address on again, then deploy: {fix}"},
		"authorizer.no-stage":          {"The API {api} has no stage named {subject}. Its stages: {found}", "Deploy to it, which makes it: {fix}"},
		"authorizer.no-stage/none":     {"The API {api} has no stages yet, so nobody can call it.", "Deploy it, which makes the stage: {fix}"},
		"authorizer.stage-near-miss":   {"The API {api} has no stage {expected}, but it has {found}. The name is part of the URL and has to be the same to the letter.", "A stage cannot be renamed. Deploy to {expected}, and delete {found} if you do not need it: {fix}"},

		"authorizer.path-missing":          {"The API {api} has no {subject}. It has: {found}", "Create the resource, its method and its integration (aws apigateway create-resource, put-method, put-integration), then deploy: {deploy}"},
		"authorizer.path-missing/method":   {"The API {api} has the resource {path}, but no method that takes {subject}.", "Create the method and its integration (aws apigateway put-method, put-integration), then deploy: {deploy}"},
		"authorizer.path-near-miss":        {"The API {api} has no {expected}, but it has {found}.", "Compare the two letter by letter. aws apigateway update-resource with op=replace,path=/pathPart,value=… renames a part of a path; then deploy: {deploy}"},
		"authorizer.path-near-miss/case":   {"The API {api} has no {expected}, but it has {found}: paths are case-sensitive.", "Rename the part that differs (aws apigateway update-resource with op=replace,path=/pathPart,value=…), then deploy: {deploy}"},
		"authorizer.path-near-miss/method": {"The API {api} has no {expected}, but it has {found}: the path is right, the method is another one.", "Create the method and its integration (aws apigateway put-method, put-integration), then deploy: {deploy}"},

		"authorizer.missing":                {"The API {api} has no authorizer: nothing asks the function {function} who may pass.", "Create one that reads the token from the header {header}: {fix}"},
		"authorizer.type":                   {"The authorizer {authorizer} is of type {found}: it looks at tokens of Cognito and asks no function.", "Create one of type TOKEN, which asks the function {function}: {fix}"},
		"authorizer.other-function":         {"The authorizer {authorizer} does not ask the function {expected}, but {found}.", "Let it ask {expected}, and deploy: {fix}"},
		"authorizer.other-function/case":    {"The authorizer {authorizer} does not ask the function {expected}, but {found}: names are case-sensitive.", "Let it ask {expected}, and deploy: {fix}"},
		"authorizer.token-source":           {"The authorizer {authorizer} looks for the token in {found}, and it comes in the header {header}. Where it finds none, API Gateway answers 401 and asks nobody.", "Let it look in that header, and deploy: {fix}"},
		"authorizer.token-source/kept":      {"The authorizer {authorizer} keeps its answers by {found}, and the token is not among that: whoever comes next gets the answer of another one's token.", "Let it keep them by the token, and deploy: {fix}"},
		"authorizer.validation":             {"The authorizer {authorizer} takes only what fits {expected} for a token, and the token does not fit. API Gateway answers 401 and asks nobody.", "Take the expression away, or let it fit, and deploy: {fix}"},
		"authorizer.not-attached":           {"{subject} asks no authorizer: its authorization type is {found}. Whoever comes gets in, with a token or without.", "Attach the authorizer {authorizer}, and deploy: {fix}"},
		"authorizer.not-attached/iam":       {"{subject} wants requests that are signed with an AWS identity ({found}), and asks no authorizer.", "Attach the authorizer {authorizer}, and deploy: {fix}"},
		"authorizer.not-attached/other":     {"{subject} asks another authorizer, {found}, and not {authorizer}.", "Attach {authorizer}, and deploy: {fix}"},
		"authorizer.not-attached/any":       {"{subject} is taken by the ANY method of {path}, and that asks no authorizer: its authorization type is {found}.", "Attach the authorizer {authorizer} to it, and deploy: {fix}"},
		"authorizer.not-deployed":           {"The settings for {subject} are right now, but the stage {stage} serves a deployment from before.", "A change reaches callers with the next deployment: {fix}"},
		"authorizer.not-deployed/canary":    {"The settings for {subject} are right now, but the stage {stage} itself serves a deployment from before. While it has a canary, new deployments go to the canary alone.", "Deploy, and let the stage take over what the canary serves: {fix}"},
		"authorizer.mixed":                  {"{subject} is answered in two ways: the stage {stage} has a canary, and one of the two deployments has the authorizer's settings that the other lacks. A token works now and then.", "Deploy once more, and let the stage take over what the canary serves: {fix}"},
		"authorizer.no-permission":          {"Nothing lets API Gateway invoke the function {subject} for the authorizer {authorizer}. Whoever comes with a token gets 500 and {\"message\":null}.", "Permit it: {fix}"},
		"authorizer.source-arn":             {"API Gateway may invoke the function {subject}, but for {found} only, and not for the authorizer {authorizer}. Whoever comes with a token gets 500 and {\"message\":null}.", "An authorizer asks for itself, not for a method: the SourceArn is {expected}. Permit it: {fix}"},
		"authorizer.function-error":         {"The function {subject} fails when it gets {token}: {found}. API Gateway then answers 500 and {\"message\":null}.", "Mend the function, then upload its code again. It happened here: {line}"},
		"authorizer.function-error/token":   {"The function {subject} fails when it gets {token}: {found}. An authorizer of type TOKEN gives it type, methodArn and authorizationToken, and no headers.", "Let it read event['authorizationToken'], then upload its code. It happened here: {line}"},
		"authorizer.function-error/request": {"The function {subject} fails when it gets {token}: {found}. An authorizer of type REQUEST gives it the whole request, with headers, and no authorizationToken.", "Let it read the header {header} in event['headers'], then upload its code. It happened here: {line}"},
		"authorizer.function-error/import":  {"Lambda cannot load the code of {subject}: {found}", "The handler is {handler}: the part before the dot is a file that has to lie at the top of the zip file. Look inside with unzip -l."},
		"authorizer.function-error/module":  {"Lambda cannot load the code of {subject}: {found}. The code imports a module that is not in the zip file, and Lambda has none of that name.", "Put the module into the zip file beside the code, or do without: Python's own hmac, hashlib, base64 and json can check a token. Then upload it."},
		"authorizer.function-error/handler": {"Lambda loaded the code of {subject}, but not its handler {handler}: {found}", "The part after the dot has to be a function in that file, spelt the same. Mend the code, or the handler with aws lambda update-function-configuration --handler."},
		"authorizer.function-error/syntax":  {"The code of {subject} is not right Python: {found}", "Look at that line: a bracket, a quotation mark, a colon or the indentation. Then upload it again."},
		"authorizer.function-error/timeout": {"The function {subject} ran out of time when it got {token}: {found}", "Let it answer faster, or give it more time: aws lambda update-function-configuration --function-name {subject} --timeout 10"},
		"authorizer.no-policy":              {"The function {subject} answers with something that is no policy when it gets {token}: {found}. API Gateway then answers 500 and {\"message\":null}.", "It has to return a principalId and a policyDocument with a Version and a list of Statement, each with Action, Effect and Resource. Its log says: {log}"},
		"authorizer.no-policy/status":       {"The function {subject} answers as if it stood behind a route when it gets {token}, with a statusCode: {found}. For an authorizer that is no policy, and API Gateway answers 500 and {\"message\":null}.", "To turn somebody away, raise Exception('Unauthorized'), which makes 401, or return a policy with \"Effect\": \"Deny\", which makes 403. Then upload the code."},
		"authorizer.no-policy/context":      {"The function {subject} answers with a context that holds a list or a mapping: {found}. API Gateway then answers 500 and {\"message\":null}.", "The values of context are texts, numbers and true or false. json.dumps makes a text of anything. Then upload the code."},

		"authorizer.scheme/alone":   {"The function {subject} refuses the token, because {scheme} and a blank stand in front of it: it takes the token alone.", "Let it take off what stands in front: token.split(' ')[-1] is the token either way. Then upload the code."},
		"authorizer.scheme":         {"The function {subject} refuses the token, because it wants {scheme} and a blank in front of it, and the token comes alone.", "Let it take the token as it is: token.split(' ')[-1] is the token either way. Then upload the code."},
		"authorizer.secret":         {"The function {subject} refuses the token, and the secret stands neither in its environment nor in its code.", "Give it the secret, as the step says."},
		"authorizer.secret/env":     {"The function {subject} refuses the token, and its environment variable {variable} holds something else than the secret.", "Give it the secret: {fix}"},
		"authorizer.secret/decoded": {"The function {subject} takes a token that is signed with the decoded secret: it decodes the base64 text before it uses it, and the token is signed with the text itself.", "Use the text as it stands: secret.encode(), not base64.b64decode(secret). Then upload the code."},
		"authorizer.secret/wrapped": {"The function {subject} takes a token that is signed with the secret in lines of 76 letters: the line breaks that base64 puts in have become a part of its key.", "Join the lines: openssl rand 256 | base64 | tr -d '\\n' makes one. Give the function the secret without line breaks."},
		"authorizer.secret/newline": {"The function {subject} takes a token that is signed with the secret and a line break behind it: the end of a line has become a part of its key.", "Take the line break off, in Python with secret.strip(). printf writes a text without one, and echo with."},
		"authorizer.secret/line":    {"The function {subject} takes a token that is signed with the first line of the secret alone, its first 76 letters.", "Give it the whole secret, in one line."},
		"authorizer.secret/quoted":  {"The function {subject} takes a token that is signed with the secret in quotation marks: they have become a part of its key.", "Take the quotation marks away where the function gets its secret from."},
		"authorizer.refused":        {"The function {subject} refuses the token that should be let in: {found}", "Its log says: {log} Look at what it asks of a token beside the signature: the algorithm ({algorithm}), the claims ({claims}), the time."},

		"authorizer.policy-resource":  {"The function {subject} lets the token in, but its policy covers {found}, and not {expected}. What no statement covers is refused.", "Let the policy's Resource cover what is asked for: event['methodArn'] is that very method. Then upload the code."},
		"authorizer.policy-action":    {"The function {subject} lets the token in, but its policy allows the action {found}, and API Gateway asks for {expected}.", "Write \"Action\": \"execute-api:Invoke\". Then upload the code."},
		"authorizer.policy-condition": {"The function {subject} lets the token in, but its policy has a condition that the request does not meet: {found}", "Take the Condition away, or let it fit. Then upload the code."},
		"authorizer.explicit-deny":    {"The function {subject} denies the token that should be let in: its policy has a statement of Effect Deny for {expected}. One of Deny beats any of Allow.", "Return \"Effect\": \"Allow\" for this token. The policy: {found}"},
		"authorizer.cached-policy":    {"The token that opens {first} is refused at {subject}. API Gateway keeps the policy of a token for {ttl} seconds and uses it for every method, and this one covers {found} only.", "Let the policy cover all that the token may ask for, such as {expected}, and upload the code. Or let it keep nothing, and deploy: {fix}"},

		"authorizer.too-open":           {"Whoever has {token} gets in: {subject} answered {found}.", "The function has to refuse it: with raise Exception('Unauthorized'), which makes 401, or a policy of Deny, which makes 403. Then upload the code."},
		"authorizer.too-open/deny":      {"Whoever has {token} gets in: {subject} answered {found}. The function looks whether the token is right, and not whose it is.", "Look at the claims ({claims}), and return a policy with \"Effect\": \"Deny\" for those who may not. Then upload the code."},
		"authorizer.too-open/malformed": {"Whoever has {token} gets in: {subject} answered {found}. The function lets in whoever sends anything.", "Take the text apart at its dots and check the signature; whatever goes wrong there means raise Exception('Unauthorized'). Then upload the code."},
		"authorizer.too-open/expired":   {"Whoever has {token} gets in: {subject} answered {found}. The function does not look at the claim exp.", "Refuse a token whose exp is not after time.time(). Then upload the code."},
		"authorizer.too-open/wrong-key": {"Whoever has {token} gets in: {subject} answered {found}. The function does not check the signature: anybody can make such a token.", "Make the signature anew with the secret and compare (hmac.compare_digest). Then upload the code."},
		"authorizer.too-open/unsigned":  {"Whoever has {token} gets in: {subject} answered {found}. The function believes the token's own word that it needs no signature.", "Take {algorithm} alone, whatever the token's header says. Then upload the code."},
		"authorizer.too-open/tampered":  {"Whoever has {token} gets in: {subject} answered {found}. The signature is not of these claims, and the function does not see it.", "Make the signature anew over header and payload, as they came, and compare. Then upload the code."},

		"authorizer.status":               {"{subject}, asked with {token}, answered with another status than expected.", "Look at what answers: {body}"},
		"authorizer.status/401":           {"{subject}, asked with {token}, answered 403, and 401 is expected: nobody knows who that is.", "Where a token cannot be trusted, let the function raise Exception('Unauthorized') and nothing else: API Gateway makes 401 of that word alone, and 403 of a policy that denies."},
		"authorizer.status/403":           {"{subject}, asked with {token}, answered 401, and 403 is expected: it is known who that is, and that they may not.", "Let the function return a policy with \"Effect\": \"Deny\" for these claims ({claims}): API Gateway makes 403 of it, and 401 of raise Exception('Unauthorized')."},
		"authorizer.principal":            {"The function {subject} lets the token in, but says that it is somebody else's: its principalId is another one.", "Return the user of the claims as principalId: {claims}. Then upload the code."},
		"authorizer.gateway-error":        {"{subject}, asked with {token}, answered {found}. That does not come from the authorizer.", "Look at what stands behind the method: its integration, and whether API Gateway may call it. In the terminal program, `t` and Enter on the request say why."},
		"authorizer.gateway-error/policy": {"{subject}, asked with {token}, answered {found}, though the function lets it in now. The API has a resource policy of its own, which may refuse it.", "Read that policy: aws apigateway get-rest-api --rest-api-id {id} --query policy. If it lets you in, deploy: {fix}"},
		"authorizer.gateway-error/key":    {"{subject} wants an API key beside the token, and answered {found}.", "Take that off the method, and deploy: {fix}"},
	}
}

// englishTokens are the tokens of the authorizer check's cases.
func englishTokens() map[string]string {
	return map[string]string{
		"allow": "a good token", "deny": "a good token of somebody who may not", "none": "no token", "malformed": "a text that is no token", "expired": "an expired token",
		"wrong-key": "a token signed with another key", "unsigned": "a token without a signature (alg none)", "tampered": "a token changed after it was signed",
	}
}

func englishAuthorizerRemarks() map[string]string {
	return map[string]string{
		"authorizer.row":       "{token}: {status}",
		"authorizer.principal": "{token}: {status}, principal {principal}",
		"authorizer.also":      "{request} with the same token: {status}",
		"authorizer.also-none": "{request} without a token: {status}",
		"authorizer.expected":  "status {expected}",
		"authorizer.answer":    "another answer",
	}
}
