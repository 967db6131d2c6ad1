package sts_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"awslab/runner/awsmodel"
	"awslab/runner/emulator/awsproto"
	"awslab/runner/emulator/emulatortest"
	service "awslab/runner/emulator/sts"
)

func TestGetCallerIdentity(t *testing.T) {
	t.Parallel()
	model, _ := awsmodel.ServiceByName("sts")
	for principal, userID := range map[string]string{
		emulatortest.Principal:           "AIDAAWSLABSTUDENT0000",
		"arn:aws:iam::123456789012:root": emulatortest.Account,
	} {
		handler := awsproto.New(awsproto.Config{
			Services: []awsproto.Service{{Model: model, Operations: service.New(service.Config{}).Operations()}},
			Credentials: func(string) (string, string, bool) {
				return emulatortest.SecretAccessKey, principal, true
			},
			Account: emulatortest.Account,
		})
		out, err := sts.NewFromConfig(emulatortest.AWS(handler)).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
		if err != nil {
			t.Fatal(err)
		}
		if aws.ToString(out.Arn) != principal || aws.ToString(out.Account) != emulatortest.Account || aws.ToString(out.UserId) != userID {
			t.Errorf("%s is %s %s %s", principal, aws.ToString(out.Arn), aws.ToString(out.Account), aws.ToString(out.UserId))
		}
	}
}
