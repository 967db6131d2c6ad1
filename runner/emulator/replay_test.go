package emulator

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/google/go-cmp/cmp"

	"awslab/runner/emulator/awsproto"
)

const (
	testAccount = "123456789012"
	testTrust   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com","AWS":"123456789012"},"Action":"sts:AssumeRole"}]}`
	testPolicy  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"logs:*","Resource":"*"}]}`
)

// player makes calls of all operations that change something, with inputs drawn
// from few values, so that many are right and many collide.
type player struct {
	*Emulator
	rand  *rand.Rand
	names []string // of the operations
	now   time.Time
	zips  [][]byte
	done  map[string]int      // calls that were not refused
	ids   map[string][]string // identifiers in answers, by member, the newest last
	rest  []*restAPI
	about *restAPI // the one that the call is about
	// service and op are those of the call that is being made.
	service string
	op      *awsproto.Operation
	// unusual is how often, in percent, a member is given that most calls lack.
	unusual int
}

func newPlayer(t testing.TB, dir string, seed uint64) *player {
	t.Helper()
	p := &player{rand: rand.New(rand.NewPCG(seed, seed)), now: time.Date(2026, 9, 24, 21, 18, 50, 0, time.UTC), done: map[string]int{}, ids: map[string][]string{}, unusual: 6}
	e, err := New(Config{Dir: dir, Account: testAccount, Region: "ap-northeast-2", Clock: func() time.Time { return p.now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	p.Emulator = e
	for _, name := range slices.Sorted(maps.Keys(e.operations)) {
		if e.operations[name].Effect == awsproto.Changes {
			p.names = append(p.names, name)
			if _, operation, _ := strings.Cut(name, ":"); strings.HasPrefix(operation, "De") {
				p.names = append(p.names, name, name) // deleting and detaching: what is in use cannot be deleted
			}
		}
	}
	for _, text := range []string{"", strings.Repeat("0123456789abcdef", 1) + fmt.Sprint(rand.New(rand.NewPCG(1, 2)).Perm(4000))} {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		f, err := z.Create("a.py")
		if err == nil {
			_, err = f.Write([]byte("def b(event, context): return 1\n# " + text))
		}
		if err == nil {
			err = z.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		p.zips = append(p.zips, b.Bytes())
	}
	return p
}

// play makes one call.
func (p *player) play(name string) error {
	p.now = p.now.Add(time.Duration(p.rand.IntN(4000)) * time.Millisecond)
	op := p.operations[name]
	input := reflect.New(op.Input)
	service, operation, _ := strings.Cut(name, ":")
	p.service, p.op = service, op
	p.aim()
	p.fill(input.Elem(), "", 0)
	call := &awsproto.Call{
		Service: service, Operation: operation, RequestID: awsproto.UUID(p.rand), Time: p.now, Rand: rand.New(rand.NewPCG(p.rand.Uint64(), 1)),
		Account: testAccount, Region: "ap-northeast-2", Principal: p.principal(), Lesson: "lambda",
	}
	output, err := p.do(awsproto.WithCall(context.Background(), call), op, input.Interface())
	if err == nil {
		p.done[name]++
		p.learn(reflect.ValueOf(output).Elem())
	}
	return err
}

// identifiers are members whose values are not known before a call gave them.
var identifiers = []string{"ApiId", "RouteId", "IntegrationId", "AuthorizerId", "DeploymentId"}

// learn keeps the identifiers of an answer.
func (p *player) learn(output reflect.Value) {
	if p.service == "apigateway" {
		p.learnREST(output)
		return
	}
	for _, name := range identifiers {
		member := output.FieldByName(name)
		if !member.IsValid() || member.IsZero() {
			continue
		}
		known := append(p.ids[name], member.Elem().String())
		p.ids[name] = known[max(0, len(known)-3):]
	}
}

// id is mostly the newest identifier.
func (p *player) id(member string) string {
	known := p.ids[member]
	switch {
	case len(known) == 0:
		return "none"
	case p.rand.IntN(5) > 0:
		return known[len(known)-1]
	}
	return p.pick(known...)
}

// gatewayText is a value for a member of API Gateway's.
func (p *player) gatewayText(member string) (string, bool) {
	const function = "arn:aws:lambda:ap-northeast-2:" + testAccount + ":function:a"
	if slices.Contains(identifiers, member) {
		return p.id(member), true
	}
	switch member {
	case "ProtocolType":
		return "HTTP", true
	case "RouteKey":
		return p.pick("GET /a", "GET /a", "GET /a", "ANY /b/{id}", "POST /{proxy+}", "$default", "no key"), true
	case "Target":
		if strings.HasSuffix(p.op.Name, "Api") {
			return p.pick(function, "https://example.com"), true
		}
		return "integrations/" + p.id("IntegrationId"), true
	case "IntegrationType":
		return p.pick("AWS_PROXY", "AWS_PROXY", "AWS_PROXY", "MOCK"), true
	case "IntegrationUri":
		return function, true
	case "IntegrationMethod":
		return p.pick("POST", "ANY"), true
	case "AuthorizerType":
		return "REQUEST", true
	case "AuthorizationType":
		return p.pick("NONE", "AWS_IAM", "CUSTOM"), true
	case "AuthorizerUri":
		return "arn:aws:apigateway:ap-northeast-2:lambda:path/2015-03-31/functions/" + function + "/invocations", true
	case "AuthorizerPayloadFormatVersion", "PayloadFormatVersion":
		return p.pick("1.0", "2.0"), true
	case "IdentitySource":
		return p.pick("$request.header.Auth", "$context.routeKey"), true
	case "AllowOrigins":
		return p.pick("*", "https://example.com"), true
	case "ResourceArn":
		return "arn:aws:apigateway:ap-northeast-2::/apis/" + p.id("ApiId"), true
	case "Format":
		return "$context.requestId", true
	case "DestinationArn":
		return "arn:aws:logs:ap-northeast-2:" + testAccount + ":log-group:a", true
	}
	return "", false
}

func (p *player) pick(values ...string) string { return values[p.rand.IntN(len(values))] }

// text is a value for a member of that name.
func (p *player) text(member string) string {
	if p.service == "apigatewayv2" {
		if text, ok := p.gatewayText(member); ok && p.rand.IntN(60) > 0 {
			return text
		}
	}
	if p.service == "apigateway" {
		if text, ok := p.restText(member); ok && p.rand.IntN(60) > 0 {
			return text
		}
	}
	switch {
	case p.rand.IntN(40) == 0:
		return p.pick("", "한글", "\x00", "\xff", strings.Repeat("x", 300), strings.Repeat("\xff", 900), "a b", "{}", "*")
	case strings.HasSuffix(member, "PolicyDocument") && member != "PolicyDocument":
		return testTrust
	case member == "PolicyDocument":
		return p.pick(testPolicy, testTrust)
	case member == "PermissionsBoundary":
		return p.pick("arn:aws:iam::aws:policy/AWSLambda_FullAccess", "arn:aws:iam::"+testAccount+":policy/a")
	case member == "PolicyArn":
		return p.pick("arn:aws:iam::aws:policy/AWSLambda_FullAccess", "arn:aws:iam::"+testAccount+":policy/a", "arn:aws:iam::"+testAccount+":policy/b")
	case member == "FunctionVersion":
		return p.pick("1", "2", "3", "$LATEST")
	case member == "Action":
		return p.pick("lambda:InvokeFunction", "lambda:*", "lambda:InvokeFunctionUrl")
	case member == "Principal":
		return p.pick("apigateway.amazonaws.com", testAccount, "*")
	case member == "SourceArn":
		return p.pick("arn:aws:execute-api:ap-northeast-2:"+testAccount+":a/*", "arn:aws:s3:::b")
	case member == "SourceAccount":
		return testAccount
	case member == "Qualifier":
		return p.pick("1", "2", "a", "b")
	case member == "VersionId":
		return p.pick("v1", "v2", "v3", "v4")
	case member == "RoleSessionName":
		return p.pick("one", "two")
	case member == "Role", member == "RoleArn":
		return "arn:aws:iam::" + testAccount + ":role/" + p.pick("a", "b")
	case strings.EqualFold(member, "resourceArn"), member == "Resource":
		return p.pick("arn:aws:lambda:ap-northeast-2:"+testAccount+":function:a", "arn:aws:logs:ap-northeast-2:"+testAccount+":log-group:a")
	case member == "Runtime":
		return p.pick("python3.14", "python3.13", "python3.7")
	case member == "Handler":
		return "a.b"
	case strings.HasSuffix(member, "Name"):
		return p.pick("a", "b")
	case member == "PackageType":
		return "Zip"
	case member == "Architectures":
		return p.pick("x86_64", "arm64")
	case member == "Path":
		return "/"
	}
	return p.pick("a", "b", "text")
}

// usual are the members that most calls carry; the others come rarely.
var usual = []string{
	"Name", "PolicyDocument", "PolicyArn", "Role", "Runtime", "Handler", "Code", "ZipFile", "Key", "Value", "Tags", "TagKeys",
	"resourceArn", "ResourceArn", "Resource", "RetentionInDays", "RoleName", "tags",
	"RoleArn", "PermissionsBoundary", "VersionId", "Description",
	"ProtocolType", "IntegrationType", "IntegrationUri", "AuthorizerType", "AuthorizerUri", "PayloadFormatVersion", "RouteKey", "RouteSettings",
	"FunctionVersion", "RoutingConfig", "StatementId", "Action", "Principal", "SourceArn", "ReservedConcurrentExecutions", "AdditionalVersionWeights",
}

func (p *player) fill(v reflect.Value, member string, depth int) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		p.fill(v.Elem(), member, depth)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(p.now))
			return
		}
		if v.Type() == reflect.TypeFor[types.PatchOperation]() {
			v.Set(reflect.ValueOf(p.restPatch()))
			return
		}
		for i := range v.NumField() {
			field := v.Type().Field(i)
			likely := slices.ContainsFunc(usual, func(name string) bool { return strings.HasSuffix(field.Name, name) }) || strings.Contains(p.op.Path, "{"+field.Name+"}")
			if strings.HasSuffix(v.Type().PkgPath(), "/sts") && (field.Name == "Tags" || field.Name == "TokenCode") {
				likely = false // STS refuses session tags and MFA
			}
			if p.service == "apigateway" && slices.Contains(restUsual, field.Name) {
				likely = true
			}
			if strings.HasPrefix(field.Name, "S3") {
				likely = false // Lambda takes no code from S3
			}
			odds := p.rand.IntN(100)
			if !field.IsExported() || field.Name == "ResultMetadata" || depth > 3 || (likely && odds < 2) || (!likely && odds >= p.unusual) {
				continue
			}
			if field.Name == "ZipFile" {
				v.Field(i).SetBytes(bytes.Clone(p.zips[p.rand.IntN(len(p.zips))]))
				continue
			}
			p.fill(v.Field(i), field.Name, depth+1)
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte(p.text(member)))
			return
		}
		n := p.rand.IntN(3)
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			p.fill(v.Index(i), member, depth+1)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range p.rand.IntN(3) {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			name := "Key"
			switch member {
			case "AdditionalVersionWeights":
				name = "FunctionVersion"
			case "RouteSettings":
				name = "RouteKey"
			}
			p.fill(key, name, depth+1)
			p.fill(value, "Value", depth+1)
			v.SetMapIndex(key, value)
		}
	case reflect.String:
		v.SetString(p.text(member))
	case reflect.Int32, reflect.Int64:
		v.SetInt([]int64{0, 1, 3, 7, 128, 256, 3008, -1}[p.rand.IntN(8)])
	case reflect.Bool:
		v.SetBool(p.rand.IntN(2) == 0)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(p.rand.Float64())
	}
}

// refused are the operations that an HTTP API refuses, whatever the call.
var refused = []string{"apigatewayv2:CreateIntegrationResponse", "apigatewayv2:CreateModel", "apigatewayv2:CreateRouteResponse"}

// missing are the operations of which no call was a right one yet, each once.
func (p *player) missing() []string {
	var names []string
	for _, name := range p.names {
		if p.done[name] == 0 && !slices.Contains(names, name) && !slices.Contains(refused, name) {
			names = append(names, name)
		}
	}
	return names
}

// towards makes what an operation may need, and then calls it.
func (p *player) towards(name string) {
	usually := p.unusual
	p.unusual = 1
	defer func() { p.unusual = usually }()
	for _, maker := range slices.Compact(slices.Clone(p.names)) {
		_, operation, _ := strings.Cut(maker, ":")
		for _, verb := range []string{"Create", "Publish", "Add", "Put"} {
			if strings.HasPrefix(operation, verb) {
				_ = p.play(maker)
			}
		}
	}
	_ = p.play(name)
}

func dumpOf(t testing.TB, e *Emulator) string {
	t.Helper()
	dump, err := e.Dump()
	if err != nil {
		t.Fatal(err)
	}
	return string(dump)
}

// Thousands of calls, right and wrong, of every operation that changes
// something: each replay gives the same answers and the same state, with a
// snapshot and without.
func TestAnythingReplaysTheSame(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		dir := t.TempDir()
		p := newPlayer(t, dir, seed)
		for range 25 * len(p.names) {
			_ = p.play(p.names[p.rand.IntN(len(p.names))])
		}
		// Chance rarely makes a right call of what needs much: it is helped until it
		// has, the rest of the world changing meanwhile.
		for tries := 0; len(p.missing()) > 0 && tries < 200; tries++ {
			_ = p.play(p.names[p.rand.IntN(len(p.names))])
			for _, name := range p.missing() {
				p.towards(name)
			}
		}
		for _, name := range p.missing() {
			t.Errorf("seed %d: no call of %s was a right one", seed, name)
		}
		for _, name := range refused {
			if p.done[name] > 0 {
				t.Errorf("seed %d: a call of %s was a right one", seed, name)
			}
		}
		want := dumpOf(t, p.Emulator)
		for round := range 20 {
			copied := t.TempDir()
			if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			if round%2 == 0 {
				if err := os.Remove(copied + "/snapshot"); err != nil {
					t.Fatal(err)
				}
			}
			again := newPlayer(t, copied, seed)
			if diff := cmp.Diff(want, dumpOf(t, again.Emulator)); diff != "" {
				t.Fatalf("seed %d, round %d: the replayed state differs:\n%s", seed, round, diff)
			}
			if !again.latest.Equal(p.latest) {
				t.Errorf("the last change was at %v, and is replayed at %v", p.latest, again.latest)
			}
		}
	}
}

// A handler that panics half-way leaves nothing behind.
func TestAPanicLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	p := newPlayer(t, t.TempDir(), 1)
	for range 50 {
		_ = p.play("iam:CreateRole")
	}
	want := dumpOf(t, p.Emulator)
	whole := *p.operations["iam:DeleteRole"]
	half := whole
	half.Do = func(ctx context.Context, input any) (any, error) {
		if _, err := whole.Do(ctx, input); err != nil {
			return nil, err
		}
		panic("half-way")
	}
	p.operations["iam:DeleteRole"] = &half
	panicked := func() (panicked bool) {
		defer func() { panicked = recover() != nil }()
		for range 20 {
			_ = p.play("iam:DeleteRole")
		}
		return false
	}()
	if !panicked {
		t.Fatal("no role was deleted")
	}
	p.operations["iam:DeleteRole"] = &whole
	if diff := cmp.Diff(want, dumpOf(t, p.Emulator)); diff != "" {
		t.Error(diff)
	}
}

// A clock that is set back does not turn the order of the records round.
func TestAClockThatIsSetBack(t *testing.T) {
	t.Parallel()
	p := newPlayer(t, "", 1)
	_ = p.play("iam:CreateRole")
	before := p.latest
	p.now = p.now.Add(-time.Hour)
	_ = p.play("iam:CreateRole")
	if p.latest.Before(before) {
		t.Errorf("%v comes after %v", p.latest, before)
	}
}
