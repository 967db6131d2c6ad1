package awscli

import (
	"embed"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
)

// facts are what the AWS CLI knows of an API and the SDK's types do not say:
// the order of members, which are required, their least length or value, how
// answers are paged and what waiters look at. The files were made from the
// service descriptions of botocore 1.43 (Apache-2.0) by facts_test.go.
//
//go:embed facts/*.json
var factFiles embed.FS

// elsewhere are the commands of AWS CLI 2.9.19 that are not here, a line each.
//
//go:embed facts/elsewhere.txt
var elsewhere string

// facts of one service. It is immutable.
type facts struct {
	// Shapes by the name of the SDK's type: members in order, each as
	// "Name", with "!" if it is required, "~" if the SDK fills it in and
	// "<n" if n is its least length or value.
	Shapes map[string][]string `json:"shapes"`
	// Streams are operations whose answer's body goes to a file, by name, with
	// the member that holds it.
	Streams map[string]string `json:"streams"`
	Pages   map[string]page   `json:"pages"`
	Waiters map[string]waiter `json:"waiters"`
}

// page says how an operation's answers follow one another.
type page struct {
	Input  []string `json:"input"`           // members that carry the token
	Output []string `json:"output"`          // members of the answer that give it
	Limit  string   `json:"limit,omitempty"` // the page's size
	More   string   `json:"more,omitempty"`  // true while there are more
	Result []string `json:"result"`          // members that are joined
	Once   []string `json:"once,omitempty"`  // members taken from the first page
}

// waiter says what to poll and what to make of it.
type waiter struct {
	Operation   string     `json:"operation"`
	Delay       int        `json:"delay"` // seconds
	MaxAttempts int        `json:"maxAttempts"`
	Acceptors   []acceptor `json:"acceptors"`
}

// acceptor is one rule of a waiter; the first that matches decides.
type acceptor struct {
	Matcher  string `json:"matcher"`            // path, pathAll, pathAny, status, error
	Argument string `json:"argument,omitempty"` // JMESPath
	State    string `json:"state"`              // success, failure, retry
	Expected any    `json:"expected"`
}

// member is what a facts file says of one member.
type member struct {
	name     string
	required bool
	token    bool // an idempotency token: the client fills it in
	policy   bool // a policy document, URL-encoded in answers
	least    int  // noLeast: none
}

// noLeast is the least length or value of what has none. A number's may be 0 or
// below, as the -1 of CorsConfiguration.MaxAge.
const noLeast = math.MinInt

func parseMember(s string) member {
	m := member{least: noLeast}
	s, least, ok := strings.Cut(s, "<")
	if ok {
		if n, err := strconv.Atoi(least); err == nil {
			m.least = n
		}
	}
	s, m.policy = strings.CutSuffix(s, "%")
	s, m.token = strings.CutSuffix(s, "~")
	s, m.required = strings.CutSuffix(s, "!")
	m.name = s
	return m
}

// library loads facts when they are first asked for. They never change, so one
// library serves every run.
var library = struct {
	load func(service string) (*facts, error)
}{
	load: func() func(string) (*facts, error) {
		once := map[string]func() (*facts, error){}
		for _, name := range []string{"apigateway", "apigatewayv2", "iam", "lambda", "logs", "sts"} {
			once[name] = sync.OnceValues(func() (*facts, error) { return readFacts(name) })
		}
		return func(name string) (*facts, error) {
			if load, ok := once[name]; ok {
				return load()
			}
			return &facts{}, nil
		}
	}(),
}

func readFacts(service string) (*facts, error) {
	data, err := factFiles.ReadFile("facts/" + service + ".json")
	if err != nil {
		return nil, err
	}
	f := &facts{}
	if err := json.Unmarshal(data, f); err != nil {
		return nil, fmt.Errorf("facts of %s: %w", service, err)
	}
	return f, nil
}
