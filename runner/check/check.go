// Package check judges. A check looks at the cloud, a URL or a file, follows
// every link of the chain in order, and says as data what it looked at, what it
// expected and what it found; package text makes sentences of it.
//
// Start at [Compile], which reads a `yaml check` fence, and at [Run], which
// judges it against a [World] and gives a [Result]. One file holds one kind:
// lambda.go, route.go (with routekey.go, permission.go and routeanswer.go), canary.go (with canarysample.go, canaryshare.go and canarywhy.go),
// cors.go (with corsfence.go, corsapi.go, corslive.go, corswhy.go, corsrest.go, corsrestanswer.go, corshttp.go, corsvalue.go, corsfix.go and corspage.go),
// authorizer.go (with authorizerfence.go, authorizertoken.go, authorizerlive.go, authorizerwhy.go, authorizerlinks.go, authorizersource.go, authorizerfunction.go, authorizerpolicy.go,
// authorizersecret.go and authorizercode.go),
// logs.go, call.go, http.go, file.go; their doc comments name the codes of what they find. matcher.go holds the vocabulary that all of them
// share, restapi.go (with restapiroute.go and restapifix.go) what canary, cors and authorizer read of a REST API and tell of it, run.go the waiting, aws.go the calls and when their errors leave a
// check undecided. Package cors is the browser.
//
// A check is read-only as far as AWS is concerned, and asks whichever cloud it
// is given: the package imports awsmodel and the SDK, and of a lesson only how
// its YAML is read.
package check

import (
	"context"
	"time"

	"awslab/runner/lesson/yamltree"
)

// Compiled is a check that is ready to run, any number of times and from any
// goroutine.
type Compiled struct {
	ID, Title, Kind, Hint string

	within time.Duration // 0: the default of the world
	looker looker
}

// looker is one kind of check. It looks once; [Run] decides whether to look
// again.
type looker interface {
	look(ctx context.Context, p *probe) verdict
}

// verdict is what one look came to.
type verdict struct {
	findings  []Finding // none: passed
	seen      []Remark
	undecided bool // the findings say why
	pending   bool // something is on its way: another look may differ
}

func failed(findings ...Finding) verdict { return verdict{findings: findings} }

// onItsWay is a failure that time alone may mend.
func onItsWay(f Finding) verdict { return verdict{findings: []Finding{f}, pending: true} }

func undecided(f Finding) verdict { return verdict{findings: []Finding{f}, undecided: true} }

// compilers are the kinds and how their fences are read.
func compilers() map[string]func(*reader) looker {
	return map[string]func(*reader) looker{
		"lambda":     compileLambda,
		"route":      compileRoute,
		"canary":     compileCanary,
		"cors":       compileCORS,
		"authorizer": compileAuthorizer,
		"logs":       compileLogs,
		"call":       compileCall,
		"http":       compileHTTP,
		"file":       compileFile,
	}
}

// Kinds are the kinds of check that can be judged.
func Kinds() []string {
	return []string{"lambda", "route", "canary", "cors", "authorizer", "logs", "call", "http", "file"}
}

// General reports whether a kind judges anything of its sort, and so knows less
// of what to do than a lesson's author does.
func General(kind string) bool {
	switch kind {
	case "lambda", "route", "canary", "cors", "authorizer":
		return false
	}
	return true
}

// Inventory reports whether a kind looks at what there is, and not at how it
// answers: neither a function nor an API is called for it.
func Inventory(kind string) bool { return kind == "call" || kind == "file" }

// Compile reads a check: kind is its kind, node the YAML of the whole fence,
// line the line of the fence itself, so that node begins on the next. Every
// mistake is given at once; the check is nil when there are any.
func Compile(kind string, node []byte, line int) (*Compiled, []yamltree.Mistake) {
	r := &reader{}
	c := r.compile(kind, node, line+1)
	if len(r.mistakes) == 0 {
		return c, nil
	}
	return nil, r.mistakes
}

// reader collects the mistakes of one check.
type reader struct {
	kind     string
	root     *yamltree.Node // the whole fence
	subject  *yamltree.Node // what stands under the kind
	mistakes []yamltree.Mistake
}

func (r *reader) wrong(n *yamltree.Node, rule string, args ...string) {
	r.mistakes = append(r.mistakes, yamltree.Mistake{Line: n.Line, Column: n.Column, Rule: rule, Args: yamltree.Args(args)})
}

// fields reads a mapping whose keys are known.
func (r *reader) fields(n *yamltree.Node, what string, known ...string) *yamltree.Fields {
	return n.Fields(what, known...)
}

// done takes over the mistakes of a mapping that was read.
func (r *reader) done(f *yamltree.Fields) { r.mistakes = append(r.mistakes, f.Mistakes...) }

// expect reads the `expect` of the check; it is empty when there is none.
func (r *reader) expect(known ...string) *yamltree.Fields {
	n, ok := r.root.Get("expect")
	if !ok {
		return (&yamltree.Node{Kind: yamltree.Map, Line: r.root.Line, Column: r.root.Column}).Fields("expect", known...)
	}
	return n.Fields("expect", known...)
}

func (r *reader) compile(kind string, node []byte, line int) *Compiled {
	tree, mistakes := yamltree.Parse(node, line)
	r.mistakes = mistakes
	if tree == nil || len(mistakes) > 0 {
		return nil
	}
	r.kind, r.root = kind, tree
	compiler, ok := compilers()[kind]
	if !ok {
		r.unknownKind(kind)
		return nil
	}
	r.subject, _ = tree.Get(kind)
	keys := []string{"id", "title", kind, "within", "hint"}
	switch kind {
	case "call":
		keys = append(keys, "expect", "with", "error")
	case "canary", "cors", "authorizer": // what they expect stands under the kind
	default:
		keys = append(keys, "expect")
	}
	fields := tree.Fields("check", keys...)
	c := &Compiled{
		Kind: kind, ID: fields.Required("id", "function-exists"), Title: fields.Required("title", "The function exists"),
		Hint: fields.Text("hint"),
	}
	if text := fields.Text("within"); text != "" {
		var err error
		if c.within, err = time.ParseDuration(text); err != nil || c.within < 0 || c.within > 15*time.Minute {
			fields.Wrong(fields.Get("within"), "check.within", "within", text)
		}
	}
	r.done(fields)
	if r.subject == nil {
		r.wrong(tree, "yaml.missing-key", "in", "check", "key", kind, "example", "…")
		return nil
	}
	c.looker = compiler(r)
	return c
}

func (r *reader) unknownKind(kind string) {
	at := r.root
	if n, ok := r.root.Get(kind); ok {
		at = n
	}
	for _, m := range r.root.Members {
		if m.Key == kind {
			at = &yamltree.Node{Line: m.Line, Column: m.Column}
		}
	}
	if kind == "" {
		r.wrong(at, "check.no-kind")
		return
	}
	r.wrong(at, "check.unknown-kind", append(yamltree.Suggest(kind, Kinds()), "kind", kind)...)
}
