package emulator

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/smithy-go"

	"awslab/runner/emulator/emulatortest"
)

// account is an emulator whose clock a test sets.
type account struct {
	*testing.T
	*Emulator
	dir string
	now time.Time
}

func newAccount(t *testing.T) *account {
	t.Helper()
	a := &account{T: t, dir: t.TempDir(), now: time.Now()} // the SDK signs with the time of the machine
	a.open()
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

func (a *account) open() {
	a.Helper()
	e, err := New(Config{
		Dir: a.dir, Account: emulatortest.Account, Region: emulatortest.Region,
		AccessKeyID: emulatortest.AccessKeyID, SecretAccessKey: emulatortest.SecretAccessKey,
		Clock: func() time.Time { return a.now },
	})
	if err != nil {
		a.Fatal(err)
	}
	a.Emulator = e
}

// config is the configuration of whoever has a temporary key; nil is the student.
func (a *account) config(key *ststypes.Credentials) aws.Config {
	cfg := emulatortest.AWS(a)
	if key != nil {
		cfg.Credentials = credentials.NewStaticCredentialsProvider(*key.AccessKeyId, *key.SecretAccessKey, *key.SessionToken)
	}
	return cfg
}

func (a *account) role(name, trust string) {
	a.Helper()
	_, err := iam.NewFromConfig(a.config(nil)).CreateRole(a.Context(), &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: &trust})
	if err != nil {
		a.Fatal(err)
	}
}

func (a *account) assume(as *ststypes.Credentials, name string, with func(*sts.AssumeRoleInput)) (*sts.AssumeRoleOutput, error) {
	in := &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::" + emulatortest.Account + ":role/" + name), RoleSessionName: aws.String("lesson")}
	if with != nil {
		with(in)
	}
	return sts.NewFromConfig(a.config(as)).AssumeRole(a.Context(), in)
}

func (a *account) must(as *ststypes.Credentials, name string) *ststypes.Credentials {
	a.Helper()
	out, err := a.assume(as, name, nil)
	if err != nil {
		a.Fatal(err)
	}
	return out.Credentials
}

// wantCode wants an answer of AWS's with a code and a sentence.
func wantCode(t *testing.T, err error, code, message string) {
	t.Helper()
	var said smithy.APIError
	if !errors.As(err, &said) || said.ErrorCode() != code || said.ErrorMessage() != message {
		t.Errorf("the answer is %v, want %s: %s", err, code, message)
	}
}

func trusting(principal, condition string) string {
	if condition != "" {
		condition = `,"Condition":` + condition
	}
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":` + principal + `,"Action":"sts:AssumeRole"` + condition + `}]}`
}

const (
	student      = `{"AWS":"arn:aws:iam::123456789012:user/student"}`
	wholeAccount = `{"AWS":"123456789012"}`
	invalidToken = "The security token included in the request is invalid."
	expiredToken = "The security token included in the request is expired"
)

// A temporary key signs, is who it says, outlives a restart, expires, and dies
// with its role.
func TestAssumedRolesKeySigns(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.role("reader", trusting(student, ""))
	out, err := a.assume(nil, "reader", nil)
	if err != nil {
		t.Fatal(err)
	}
	const arn = "arn:aws:sts::123456789012:assumed-role/reader/lesson"
	key := out.Credentials
	if *out.AssumedRoleUser.Arn != arn || !strings.HasPrefix(*out.AssumedRoleUser.AssumedRoleId, "AROA") || !strings.HasSuffix(*out.AssumedRoleUser.AssumedRoleId, ":lesson") {
		t.Errorf("the user is %s, %s", *out.AssumedRoleUser.Arn, *out.AssumedRoleUser.AssumedRoleId)
	}
	if want := a.now.Add(time.Hour).UTC().Truncate(time.Second); !key.Expiration.Equal(want) || !strings.HasPrefix(*key.AccessKeyId, "ASIA") || len(*key.AccessKeyId) != 20 {
		t.Errorf("%s expires %v, want %v", *key.AccessKeyId, *key.Expiration, want)
	}
	whoami := func() error {
		me, err := sts.NewFromConfig(a.config(key)).GetCallerIdentity(t.Context(), nil)
		if err == nil && (*me.Arn != arn || *me.UserId != *out.AssumedRoleUser.AssumedRoleId) {
			t.Errorf("the caller is %s, %s", *me.Arn, *me.UserId)
		}
		return err
	}
	for range 2 {
		if err := whoami(); err != nil {
			t.Error(err)
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		a.open()
	}
	info, err := sts.NewFromConfig(a.config(nil)).GetAccessKeyInfo(t.Context(), &sts.GetAccessKeyInfoInput{AccessKeyId: key.AccessKeyId})
	if err != nil || *info.Account != emulatortest.Account {
		t.Errorf("the key's account is %v, %v", info, err)
	}
	presigned, err := sts.NewPresignClient(sts.NewFromConfig(a.config(key))).PresignGetCallerIdentity(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), presigned.Method, presigned.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := emulatortest.Transport{Handler: a}.RoundTrip(request)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Errorf("a presigned call is answered %v, %v", answer, err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Error(err)
	}

	wrong := *key
	wrong.SessionToken = aws.String("another")
	_, err = sts.NewFromConfig(a.config(&wrong)).GetCallerIdentity(t.Context(), nil)
	wantCode(t, err, "InvalidClientTokenId", invalidToken)
	lasting := ststypes.Credentials{AccessKeyId: aws.String(emulatortest.AccessKeyID), SecretAccessKey: aws.String(emulatortest.SecretAccessKey), SessionToken: key.SessionToken}
	_, err = sts.NewFromConfig(a.config(&lasting)).GetCallerIdentity(t.Context(), nil)
	wantCode(t, err, "InvalidClientTokenId", invalidToken)

	began := a.now
	a.now = *key.Expiration
	wantCode(t, whoami(), "ExpiredToken", expiredToken)
	_, err = cloudwatchlogs.NewFromConfig(a.config(key)).DescribeLogGroups(t.Context(), nil)
	wantCode(t, err, "ExpiredTokenException", expiredToken)
	a.now = began
	if _, err := iam.NewFromConfig(a.config(nil)).DeleteRole(t.Context(), &iam.DeleteRoleInput{RoleName: aws.String("reader")}); err != nil {
		t.Fatal(err)
	}
	a.role("reader", trusting(student, ""))
	wantCode(t, whoami(), "InvalidClientTokenId", invalidToken)
}

// The trust policy says who may; the caller's own policies say it where the trust
// policy leaves it to the account.
func TestTrustIsEnforced(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.role("named", trusting(student, ""))
	a.role("account", trusting(wholeAccount, ""))
	a.role("service", trusting(`{"Service":"lambda.amazonaws.com"}`, ""))
	a.role("other", trusting(`{"AWS":"arn:aws:iam::123456789012:user/other"}`, ""))
	a.role("external", trusting(wholeAccount, `{"StringEquals":{"sts:ExternalId":"secret"}}`))
	a.role("session", trusting(student, `{"StringLike":{"sts:RoleSessionName":"${aws:username}-*"}}`))
	a.role("over", trusting(student, `{"DateLessThan":{"aws:CurrentTime":"2020-01-01T00:00:00Z"}}`))
	a.role("denied", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":`+student+`,"Action":"sts:AssumeRole"},{"Effect":"Deny","Principal":`+wholeAccount+`,"Action":"sts:*"}]}`)
	a.role("next", trusting(`{"AWS":"arn:aws:iam::123456789012:role/named"}`, ""))
	denied := func(who, name string) string {
		return "User: " + who + " is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/" + name
	}
	named := a.must(nil, "named")
	for _, c := range []struct {
		name string
		as   *ststypes.Credentials
		with func(*sts.AssumeRoleInput)
		may  bool
	}{
		{name: "named", may: true},
		{name: "account", may: true},
		{name: "service"},
		{name: "other"},
		{name: "none"},
		{name: "external"},
		{name: "external", with: func(in *sts.AssumeRoleInput) { in.ExternalId = aws.String("wrong") }},
		{name: "external", with: func(in *sts.AssumeRoleInput) { in.ExternalId = aws.String("secret") }, may: true},
		{name: "session"},
		{name: "session", with: func(in *sts.AssumeRoleInput) { in.RoleSessionName = aws.String("student-1") }, may: true},
		{name: "over"},
		{name: "denied"},
		{name: "next"},
		{name: "next", as: named, may: true},
		{name: "named", as: named},
		{name: "account", as: named}, // the role has no policy that allows it
	} {
		_, err := a.assume(c.as, c.name, c.with)
		who := a.principal()
		if c.as != nil {
			who = "arn:aws:sts::123456789012:assumed-role/named/lesson"
		}
		if !c.may {
			wantCode(t, err, "AccessDenied", denied(who, c.name))
		} else if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	_, err := iam.NewFromConfig(a.config(nil)).PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
		RoleName: aws.String("named"), PolicyName: aws.String("p"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::*:role/account"},{"Effect":"Deny","Action":"*","Resource":"arn:aws:iam::*:role/next"}]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	a.must(named, "account")
	_, err = a.assume(named, "next", nil)
	wantCode(t, err, "AccessDenied", denied("arn:aws:sts::123456789012:assumed-role/named/lesson", "next"))
}

// What a session may not be is refused, and what is not emulated is said.
func TestSessionLimits(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.role("r", trusting(wholeAccount, ""))
	a.role("next", trusting(`{"AWS":"arn:aws:iam::123456789012:role/r"}`, ""))
	session := a.must(nil, "r")
	for _, c := range []struct {
		as            *ststypes.Credentials
		name          string
		with          func(*sts.AssumeRoleInput)
		code, message string
	}{
		{nil, "r", func(in *sts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(3601) }, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."},
		{session, "next", func(in *sts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(3601) }, "ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."},
		{nil, "r", func(in *sts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(899) }, "ValidationError", "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900"},
		{nil, "r", func(in *sts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(43201) }, "ValidationError", "1 validation error detected: Value '43201' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200"},
		{nil, "r", func(in *sts.AssumeRoleInput) { in.RoleSessionName = aws.String("a b") }, "ValidationError", `1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*`},
		{nil, "r", func(in *sts.AssumeRoleInput) { in.RoleSessionName = aws.String("a") }, "ValidationError", "1 validation error detected: Value 'a' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2"},
		{nil, "r", func(in *sts.AssumeRoleInput) { in.Policy = aws.String(testPolicy) }, "NotImplementedException", "awslab does not emulate session policies in STS"},
		{nil, "r", func(in *sts.AssumeRoleInput) {
			in.Tags = []ststypes.Tag{{Key: aws.String("a"), Value: aws.String("b")}}
		}, "NotImplementedException", "awslab does not emulate session tags in STS"},
	} {
		_, err := a.assume(c.as, c.name, c.with)
		wantCode(t, err, c.code, c.message)
	}
}

func TestGetSessionToken(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.role("r", trusting(student, ""))
	out, err := sts.NewFromConfig(a.config(nil)).GetSessionToken(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := a.now.Add(12 * time.Hour).UTC().Truncate(time.Second); !out.Credentials.Expiration.Equal(want) {
		t.Errorf("it expires %v, want %v", *out.Credentials.Expiration, want)
	}
	mine := sts.NewFromConfig(a.config(out.Credentials))
	me, err := mine.GetCallerIdentity(t.Context(), nil)
	if err != nil || *me.Arn != a.principal() {
		t.Errorf("the caller is %v, %v", me, err)
	}
	session := a.must(out.Credentials, "r") // AssumeRole is allowed
	for _, key := range []*ststypes.Credentials{out.Credentials, session} {
		_, err = sts.NewFromConfig(a.config(key)).GetSessionToken(t.Context(), nil)
		wantCode(t, err, "AccessDenied", "Cannot call GetSessionToken with session credentials")
	}
	_, err = iam.NewFromConfig(a.config(out.Credentials)).ListRoles(t.Context(), nil)
	wantCode(t, err, "InvalidClientTokenId", "The security token included in the request is invalid")
	// What was refused for the key alone is not in the journal, which does not tell
	// keys: it opens again.
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	a.open()
	if me, err := mine.GetCallerIdentity(t.Context(), nil); err != nil || *me.Arn != a.principal() {
		t.Errorf("the caller is %v, %v", me, err)
	}
}
