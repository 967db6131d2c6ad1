package executeapi

import "strings"

// What an execution log says of an authorizer, in the words of public logs
// (aws/chalice#971 and #670, serverless/serverless#1784, sbarski/serverless-architectures-aws#11;
// that a token which fails the expression is logged like a missing one: AWS's
// knowledge center, "HTTP 403 Forbidden errors when using a Lambda authorizer"). Which lines need data tracing was not found: here those do that have
// what was sent and answered, as for integrations.

func (l *executionLog) authorizing(x *restExchange, a *restAuthorizer) {
	if l.info {
		l.line(x, "Starting authorizer: "+a.id()+" for request: "+x.id)
	}
}

func (l *executionLog) identified(x *restExchange, identity []string) {
	if l.info && len(identity) > 0 {
		l.line(x, "Incoming identity: "+mask(strings.Join(identity, ", "))) // of several sources no record was found
	}
}

func (l *executionLog) answered(x *restExchange, reply Reply) {
	if l.data {
		l.line(x, "Authorizer result body before parsing: "+strings.ToValidUTF8(string(reply.Payload[:min(len(reply.Payload), logLimit+1)]), "\uFFFD"))
	}
}

// judged writes that there is a policy, be it a cached one.
func (l *executionLog) judged(x *restExchange, said *verdict) {
	if l.info {
		l.line(x, "Using valid authorizer policy for principal: "+mask(said.principal))
		l.line(x, "Successfully completed authorizer execution")
	}
}

// turnAway writes why a request goes no further. There the log ends (a public log
// of January 2026).
func (l *executionLog) turnAway(x *restExchange, lines ...string) {
	l.turnedAway = true
	for _, text := range lines {
		l.failure(x, text)
	}
}
