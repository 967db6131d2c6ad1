package tui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// No frame shows a lesson's secret: not the console, not what a check found, not
// its evidence in full, not what was typed to print it.
func TestNoFrameShowsASecret(t *testing.T) {
	t.Parallel()
	for _, size := range sizes {
		w := newWorld(t, "en")
		l := w.lab(
			"minutes: 5", "minutes: 5\nsecrets: {JWT_SECRET: {bytes: 256}}",
			"aws iam create-role --role-name myFunc1-role --assume-role-policy-document file://trust-policy.json --description 'a line that is longer than the terminal is wide and must not be wrapped'",
			`aws iam create-role --role-name myFunc1-role --assume-role-policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}' --description "$JWT_SECRET"
printf %s "$JWT_SECRET" | base64 -d | base64`,
			"expect: {Role.RoleName: myFunc1-role}", "expect: {Role.Description: another, Role.RoleName: another}",
		)
		s, err := l.Lesson("role")
		if err != nil {
			t.Fatal(err)
		}
		all, err := s.Variables(t.Context())
		if err != nil || len(all) != 1 {
			t.Fatalf("%v, %v", all, err)
		}
		secret := all[0].Value
		d := drive(t, Config{Lab: l, Text: w.text, Lesson: "role"}, size.width, size.height)
		shown := ""
		look := func(keys ...tea.KeyPressMsg) {
			t.Helper()
			for _, k := range keys {
				d.press(k)
				shown += d.frame()
			}
		}
		look(key('n'), key('r'))
		if !strings.Contains(shown, "****") {
			t.Errorf("%dx%d: the console hides nothing:\n%s", size.width, size.height, d.frame())
		}
		ran := len(shown)
		look(key('e'))
		for range 40 {
			look(tea.KeyPressMsg{Code: tea.KeyDown})
		}
		if !strings.Contains(shown[ran:], "****") {
			t.Errorf("%dx%d: the evidence hides nothing:\n%s", size.width, size.height, d.frame())
		}
		look(esc, key('t'), esc, key(':'))
		for _, r := range `echo "$JWT_SECRET"` {
			look(key(r))
		}
		look(enter, tea.KeyPressMsg{Code: tea.KeyUp}, enter)
		for i := 0; i+12 <= len(secret); i++ {
			if strings.Contains(shown, secret[i:i+12]) {
				t.Fatalf("%dx%d: %q is shown in\n%s", size.width, size.height, secret[i:i+12], shown)
			}
		}
	}
}
