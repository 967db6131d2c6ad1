package check_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"awslab/runner/check"
	"awslab/runner/emulator/emulatortest"
)

// jwtSecret is 256 bytes in base64, as the lesson's is.
var jwtSecret = base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("awslab! "), 32))

// guardCode is an authorizer that is right: it takes HS256 alone, compares the
// signature, looks at the time and at the user.
const guardCode = `import base64, hashlib, hmac, json, os, time

def decode(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))

def claims_of(token, key):
    header, payload, signature = token.split(".")
    if json.loads(decode(header))["alg"] != "HS256":
        raise ValueError("alg")
    mac = hmac.new(key, f"{header}.{payload}".encode(), hashlib.sha256).digest()
    if not hmac.compare_digest(mac, decode(signature)):
        raise ValueError("signature")
    claims = json.loads(decode(payload))
    if claims["exp"] <= time.time():
        raise ValueError("exp")
    return claims

def lambda_handler(event, context):
    print("asked for", event["methodArn"])
    secret = os.environ.get("JWT_SECRET", "")
    token = event["authorizationToken"]
    try:
        claims = claims_of(token, secret.encode())
    except Exception as e:
        print("refused:", e)
        raise Exception("Unauthorized")
    user = claims["user_id"]
    effect = "Allow" if user == "student" else "Deny"
    action = "execute-api:Invoke"
    resource = "/".join(event["methodArn"].split("/")[:2]) + "/*"
    statement = {"Action": action, "Effect": effect, "Resource": resource}
    return {"principalId": user, "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
`

// guardWith is guardCode with some of its text changed, by pairs.
func guardWith(t testing.TB, pairs ...string) string {
	t.Helper()
	code := guardCode
	for i := 0; i+1 < len(pairs); i += 2 {
		if !strings.Contains(code, pairs[i]) {
			t.Fatalf("the code has no %s", pairs[i])
		}
		code = strings.ReplaceAll(code, pairs[i], pairs[i+1])
	}
	return code
}

const (
	wholeStage  = `"/".join(event["methodArn"].split("/")[:2]) + "/*"`
	methodAlone = `event["methodArn"]`
)

const guardNode = "authorizer: {api: shop, stage: PROD, path: /v2/pets, method: GET, function: LambdaAuthorizer, secret: $JWT_SECRET, claims: {user_id: student}, denied: {user_id: guest}}\n"

// guardWanting is a check with more in its fence.
func guardWanting(rest string) string {
	return strings.Replace(guardNode, "}}\n", "}, "+rest+"}\n", 1)
}

// guardCases is a check of other cases.
func guardCases(list string) string {
	node := guardWanting("cases: [" + list + "]")
	if !strings.Contains(list, "deny") {
		node = strings.Replace(node, "denied: {user_id: guest}, ", "", 1)
	}
	return node
}

// guard is a REST API whose GET /v2/pets and GET /pets ask a TOKEN authorizer, whole
// and right. Each test breaks one link.
type guard struct {
	*market
	authorizer string
}

func newGuard(t testing.TB) *guard {
	t.Helper()
	g := &guard{market: &market{shop: &shop{cloud: newCloud(t, anywhere), t: t}}}
	g.apis = apigateway.NewFromConfig(g.cfg)
	g.api = g.makeAPI("shop")
	g.mock("/v2/pets", "GET", "200", `[]`)
	g.mock("/pets", "GET", "200", `[]`)
	g.makeFunction("LambdaAuthorizer", guardCode, map[string]string{"JWT_SECRET": jwtSecret})
	g.authorizer = g.makeAuthorizer("LambdaAuthorizer", types.AuthorizerTypeToken, nil)
	g.attach("/v2/pets", "GET")
	g.attach("/pets", "GET")
	g.permitAuthorizer("LambdaAuthorizer", "s", g.authorizer)
	g.redeploy()
	g.w = g.world()
	g.w.Expand = func(_ context.Context, text string) (string, error) {
		return strings.NewReplacer("$JWT_SECRET", jwtSecret, "$ID", g.api).Replace(text), nil
	}
	return g
}

// zipOf is a zip file of one file.
func zipOf(t testing.TB, name, code string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.Create(name)
	if err == nil {
		_, err = f.Write([]byte(code))
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (g *guard) makeFunction(name, code string, environment map[string]string) {
	g.t.Helper()
	_, err := g.lambda.CreateFunction(g.t.Context(), &lambda.CreateFunctionInput{
		FunctionName: &name, Runtime: lambdatypes.RuntimePython314, Role: &g.role, Timeout: aws.Int32(60), Handler: aws.String("lambda_function.lambda_handler"),
		Code: &lambdatypes.FunctionCode{ZipFile: zipOf(g.t, "lambda_function.py", code)}, Environment: &lambdatypes.Environment{Variables: environment},
	})
	g.done(err)
}

// upload changes the function's code.
func (g *guard) upload(code string) {
	g.t.Helper()
	g.uploadAs("lambda_function.py", code)
}

func (g *guard) uploadAs(file, code string) {
	g.t.Helper()
	_, err := g.lambda.UpdateFunctionCode(g.t.Context(), &lambda.UpdateFunctionCodeInput{FunctionName: aws.String("LambdaAuthorizer"), ZipFile: zipOf(g.t, file, code)})
	g.done(err)
}

func (g *guard) timeout(seconds int32) {
	g.t.Helper()
	_, err := g.lambda.UpdateFunctionConfiguration(g.t.Context(), &lambda.UpdateFunctionConfigurationInput{FunctionName: aws.String("LambdaAuthorizer"), Timeout: &seconds})
	g.done(err)
}

// hardCoded is the code with a Python expression for its secret.
func hardCoded(t testing.TB, secret string) string {
	t.Helper()
	return guardWith(t, `os.environ.get("JWT_SECRET", "")`, secret)
}

// inLines is a text as base64 writes it.
func inLines(text string) string {
	var lines []string
	for ; len(text) > 76; text = text[76:] {
		lines = append(lines, text[:76])
	}
	return strings.Join(append(lines, text), "\n")
}

// workspace puts files into the student's folder.
func (g *guard) workspace(files map[string][]byte) {
	g.t.Helper()
	dir := g.t.TempDir()
	for name, data := range files {
		g.done(os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700))
		g.done(os.WriteFile(filepath.Join(dir, name), data, 0o600))
	}
	root, err := os.OpenRoot(dir)
	g.done(err)
	g.t.Cleanup(func() { _ = root.Close() })
	g.w.Workspace = root
}

// environment changes the function's variables.
func (g *guard) environment(variables map[string]string) {
	g.t.Helper()
	_, err := g.lambda.UpdateFunctionConfiguration(g.t.Context(), &lambda.UpdateFunctionConfigurationInput{
		FunctionName: aws.String("LambdaAuthorizer"), Environment: &lambdatypes.Environment{Variables: variables},
	})
	g.done(err)
}

func invocationsOf(function string) *string {
	return aws.String("arn:aws:apigateway:" + emulatortest.Region + ":lambda:path/2015-03-31/functions/" + functionARN + function + "/invocations")
}

func (g *guard) makeAuthorizer(function string, kind types.AuthorizerType, change func(*apigateway.CreateAuthorizerInput)) string {
	g.t.Helper()
	in := &apigateway.CreateAuthorizerInput{
		RestApiId: &g.api, Name: aws.String(function + string(kind)), Type: kind, AuthorizerUri: invocationsOf(function), IdentitySource: aws.String("method.request.header.Authorization"),
	}
	if change != nil {
		change(in)
	}
	out, err := g.apis.CreateAuthorizer(g.t.Context(), in)
	g.done(err)
	return *out.Id
}

// authorizerPatch changes the authorizer: a path and its value, "" to take it away.
// askWithRequests guards GET /v2/pets with a REQUEST authorizer instead.
func (g *guard) askWithRequests(change func(*apigateway.CreateAuthorizerInput)) {
	g.t.Helper()
	g.authorizer = g.makeAuthorizer("LambdaAuthorizer", types.AuthorizerTypeRequest, change)
	g.permitAuthorizer("LambdaAuthorizer", "r", g.authorizer)
	g.attach("/v2/pets", "GET")
	g.redeploy()
}

func (g *guard) authorizerPatch(path, value string) {
	g.t.Helper()
	op := types.OpReplace
	if value == "" {
		op = types.OpRemove
	}
	_, err := g.apis.UpdateAuthorizer(g.t.Context(), &apigateway.UpdateAuthorizerInput{RestApiId: &g.api, AuthorizerId: &g.authorizer, PatchOperations: patchOf(op, path, value)})
	g.done(err)
}

// attach lets a method ask the authorizer, and detach nobody.
func (g *guard) attach(path, method string) {
	g.t.Helper()
	g.patchMethod(path, method, "replace /authorizationType CUSTOM", "replace /authorizerId "+g.authorizer)
}

func (g *guard) detach(path, method string) {
	g.t.Helper()
	g.patchMethod(path, method, "replace /authorizationType NONE")
}

func (g *guard) patchMethod(path, method string, operations ...string) {
	g.t.Helper()
	id := g.resource(path)
	in := &apigateway.UpdateMethodInput{RestApiId: &g.api, ResourceId: &id, HttpMethod: &method}
	for _, o := range operations {
		words := strings.SplitN(o, " ", 3)
		in.PatchOperations = append(in.PatchOperations, types.PatchOperation{Op: types.Op(words[0]), Path: &words[1], Value: &words[2]})
	}
	_, err := g.apis.UpdateMethod(g.t.Context(), in)
	g.done(err)
}

func (g *guard) permitAuthorizer(function, statement, authorizer string) {
	g.t.Helper()
	_, err := g.lambda.AddPermission(g.t.Context(), &lambda.AddPermissionInput{
		FunctionName: &function, StatementId: &statement, Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("apigateway.amazonaws.com"),
		SourceArn: aws.String("arn:aws:execute-api:" + emulatortest.Region + ":" + emulatortest.Account + ":" + g.api + "/authorizers/" + authorizer),
	})
	g.done(err)
}

// permitSource lets somebody invoke the function on behalf of a part of the API.
func (g *guard) permitSource(statement, principal, part string) {
	g.t.Helper()
	g.permitSourceOf("LambdaAuthorizer", statement, principal, part)
}

func (g *guard) permitSourceOf(function, statement, principal, part string) {
	g.t.Helper()
	_, err := g.lambda.AddPermission(g.t.Context(), &lambda.AddPermissionInput{
		FunctionName: &function, StatementId: &statement, Action: aws.String("lambda:InvokeFunction"), Principal: &principal,
		SourceArn: aws.String("arn:aws:execute-api:" + emulatortest.Region + ":" + emulatortest.Account + ":" + g.api + part),
	})
	g.done(err)
}

// alias publishes the function, and lets the authorizer ask that version by a name.
func (g *guard) alias(name string) {
	g.t.Helper()
	function := aws.String("LambdaAuthorizer")
	version, err := g.lambda.PublishVersion(g.t.Context(), &lambda.PublishVersionInput{FunctionName: function})
	g.done(err)
	_, err = g.lambda.CreateAlias(g.t.Context(), &lambda.CreateAliasInput{FunctionName: function, Name: &name, FunctionVersion: version.Version})
	g.done(err)
	_, err = g.lambda.AddPermission(g.t.Context(), &lambda.AddPermissionInput{
		FunctionName: function, Qualifier: &name, StatementId: aws.String("s"), Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("apigateway.amazonaws.com"),
		SourceArn: aws.String("arn:aws:execute-api:" + emulatortest.Region + ":" + emulatortest.Account + ":" + g.api + "/authorizers/*"),
	})
	g.done(err)
	g.authorizerPatch("/authorizerUri", *invocationsOf("LambdaAuthorizer:" + name))
	g.redeploy()
}

func (g *guard) deleteFunction(name string) {
	g.t.Helper()
	_, err := g.lambda.DeleteFunction(g.t.Context(), &lambda.DeleteFunctionInput{FunctionName: &name})
	g.done(err)
}

func (g *guard) forbid(statement string) {
	g.t.Helper()
	_, err := g.lambda.RemovePermission(g.t.Context(), &lambda.RemovePermissionInput{FunctionName: aws.String("LambdaAuthorizer"), StatementId: &statement})
	g.done(err)
}

// answers changes a text in what the emulator answers to GETs of a path.
func (g *guard) answers(path, from, to string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.front = func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet || !strings.HasSuffix(r.URL.Path, path) {
				next.ServeHTTP(w, r)
				return
			}
			recorder := httptest.NewRecorder()
			next.ServeHTTP(recorder, r)
			maps.Copy(w.Header(), recorder.Header())
			w.Header().Del("Content-Length")
			w.WriteHeader(recorder.Code)
			_, _ = io.WriteString(w, strings.ReplaceAll(recorder.Body.String(), from, to)) // the check says if nothing came
		})
	}
}

func (g *guard) run(node string) check.Result {
	g.t.Helper()
	return check.Run(g.t.Context(), g.w, compile(g.t, "authorizer", node))
}
