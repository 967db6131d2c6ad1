package text_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"awslab/runner/check/cors"
	"awslab/runner/text"
)

// says is a server of another origin that gives one answer to preflights and one to
// all else, each as a status and headers: `200 Name: value|Name: value`.
type says struct{ preflight, answer string }

func (s says) Answer(_ context.Context, sent cors.Sent) (cors.Answer, error) {
	text := s.answer
	if sent.Method == http.MethodOptions {
		text = s.preflight
	}
	if text == "" || strings.Contains(sent.URL, "nowhere") {
		return cors.Answer{}, errors.New("connection refused")
	}
	status, headers, _ := strings.Cut(text, " ")
	answer := cors.Answer{Header: http.Header{}}
	answer.Status, _ = strconv.Atoi(status)
	for line := range strings.SplitSeq(headers, "|") {
		if name, value, ok := strings.Cut(line, ": "); ok {
			answer.Header.Add(name, value)
		}
	}
	return answer, nil
}

// Every step at which a browser may stop is reached by some request, and said in
// every language, with all its values.
func TestEveryCORSStepIsSaid(t *testing.T) {
	t.Parallel()
	const page, url = "https://shop.example", "https://api.example/v2/pets"
	const star, mine = "Access-Control-Allow-Origin: *", "Access-Control-Allow-Origin: " + page
	const methods, headers = "|Access-Control-Allow-Methods: ", "|Access-Control-Allow-Headers: "
	const userinfo = "|Location: https://u@other.example/"
	include, noCORS := cors.CredentialsInclude, cors.ModeNoCORS
	set := func(name, value string) []cors.Header { return []cors.Header{{Name: name, Value: value}} }
	long := strings.Repeat("a", 129)
	put, test := cors.Request{Method: "PUT"}, cors.Request{Headers: set("X-Test", "1")}
	type scene struct {
		request cors.Request
		server  says
	}
	scenes := []scene{
		{cors.Request{URL: "https://"}, says{}},
		{cors.Request{URL: "https://u@a/"}, says{}},
		{cors.Request{Method: "A B"}, says{}},
		{cors.Request{Method: "TRACE"}, says{}},
		{cors.Request{Method: "PUT", Mode: noCORS}, says{}},
		{cors.Request{Headers: set("A B", "")}, says{}},
		{cors.Request{Headers: set("A", "b\nc")}, says{}},
		{cors.Request{Headers: set("A", "고양이")}, says{}},
		{cors.Request{Body: true}, says{}},
		{cors.Request{URL: "http://a:25/"}, says{}},
		{cors.Request{Mode: cors.ModeSameOrigin}, says{}},
		{cors.Request{Mode: noCORS, Redirect: cors.RedirectError}, says{}},
		{cors.Request{URL: "ftp://a/"}, says{}},

		{cors.Request{Origin: "https://api.example"}, says{"", "200"}},
		{cors.Request{Mode: noCORS}, says{"", "200"}},
		{cors.Request{Mode: noCORS}, says{"", "200 Cross-Origin-Resource-Policy: same-origin"}},
		{cors.Request{}, says{}},
		{cors.Request{}, says{"", "200 " + star}},
		{cors.Request{}, says{"", "200 " + mine}},
		{cors.Request{Credentials: include}, says{"", "200 " + mine + "|Access-Control-Allow-Credentials: true"}},
		{cors.Request{Headers: set("Accept", "(")}, says{}},
		{cors.Request{Headers: set("Accept", long)}, says{}},
		{cors.Request{Headers: set("Accept-Language", "_")}, says{}},
		{cors.Request{Headers: set("Content-Type", "text/plain;\x7f")}, says{}},
		{cors.Request{Headers: set("Content-Type", "application/json")}, says{}},
		{cors.Request{Headers: set("Range", "bytes=-1")}, says{}},
		{cors.Request{Headers: slices.Repeat(set("Accept", long[:128]), 9)}, says{}},

		{put, says{}},
		{put, says{"404 " + star, ""}},
		{put, says{"302 " + star, ""}},
		{put, says{"200 " + star + methods + "A B", ""}},
		{put, says{"200 " + star + headers + "A B", ""}},
		{put, says{"200 " + star + methods + "GET", ""}},
		{put, says{"200 " + star, ""}},
		{put, says{"200 " + star + methods + "put", ""}},
		{cors.Request{Method: "PUT", Credentials: include}, says{"200 " + mine + methods + "*|Access-Control-Allow-Credentials: true", ""}},
		{test, says{"200 " + star + headers + "A", ""}},
		{test, says{"200 " + star, ""}},
		{cors.Request{Headers: test.Headers, Credentials: include}, says{"200 " + mine + headers + "*|Access-Control-Allow-Credentials: true", ""}},
		{cors.Request{Headers: set("Authorization", "x")}, says{"200 " + star + headers + "*", ""}},

		{cors.Request{Redirect: cors.RedirectError}, says{"", "302 " + star}},
		{cors.Request{Redirect: cors.RedirectManual}, says{"", "302 " + star}},
		{cors.Request{}, says{"", "302 " + star + "|Location: https://nowhere.example/"}},
		{cors.Request{}, says{"", "302 " + star + "|Location: https://:"}},
		{cors.Request{}, says{"", "302 " + star + "|Location: ftp://a/"}},
		{cors.Request{}, says{"", "302 " + star + "|Location: /"}},
		{cors.Request{}, says{"", "302 " + star + userinfo}},
		{cors.Request{}, says{"", "302 " + star + "|Location: https://u@shop.example/"}},
	}
	for _, check := range []string{
		"", star + "|" + star, mine + "/", "Access-Control-Allow-Origin: HTTPS://shop.example", "Access-Control-Allow-Origin: null",
	} {
		scenes = append(scenes, scene{put, says{"200 " + check, ""}}, scene{cors.Request{}, says{"", "403 " + check}}, scene{cors.Request{}, says{"", "302 " + check}})
	}
	for _, check := range []string{star, mine, mine + "|Access-Control-Allow-Credentials: TRUE"} {
		with := cors.Request{Credentials: include}
		scenes = append(scenes, scene{cors.Request{Method: "PUT", Credentials: include}, says{"200 " + check, ""}},
			scene{with, says{"", "200 " + check}}, scene{with, says{"", "302 " + check}})
	}
	said := map[string]bool{}
	judge := func(request cors.Request, server cors.Server) {
		if request.Origin == "" {
			request.Origin = page
		}
		if request.URL == "" {
			request.URL = url
		}
		verdict, err := cors.Judge(t.Context(), request, server, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range append([]cors.Step{verdict.Step, verdict.Why}, verdict.Reasons...) {
			said[step.Code] = true
			for _, language := range text.Languages() {
				words, _ := text.For(language)
				if got := words.CORSStep(step); got == step.Code || got == "" || strings.ContainsAny(got, "{}") {
					t.Errorf("%s: %s is said as %q", language, step.Code, got)
				}
			}
		}
	}
	for _, scene := range scenes {
		judge(scene.request, scene.server)
	}
	judge(cors.Request{}, tainted{"200"})
	judge(cors.Request{Method: "PUT"}, tainted{"200"})
	judge(cors.Request{}, tainted{"302"})
	for _, code := range cors.Codes() {
		if !said[code] {
			t.Errorf("nothing leads to %s", code)
		}
	}
	for _, language := range text.Languages() {
		words, _ := text.For(language)
		for code := range words.CORS.Steps {
			if !slices.Contains(cors.Codes(), code) {
				t.Errorf("%s: %s is no code", language, code)
			}
		}
	}
	if got := text.English().CORSStep(cors.Step{Code: "answer.newer"}); got != "answer.newer" {
		t.Errorf("a step of a newer awslab is said as %q", got)
	}
}

// tainted sends a request from one origin to another, which allows the page's.
type tainted struct{ status string }

func (s tainted) Answer(ctx context.Context, sent cors.Sent) (cors.Answer, error) {
	const page = "Access-Control-Allow-Origin: https://shop.example"
	last := says{"200 " + page, s.status + " " + page}
	if strings.Contains(sent.URL, "api.example") {
		last = says{"200 " + page + "|Access-Control-Allow-Methods: PUT", "307 " + page + "|Location: https://other.example/"}
	}
	return last.Answer(ctx, sent)
}

func TestCORSProblems(t *testing.T) {
	t.Parallel()
	for _, language := range text.Languages() {
		words, _ := text.For(language)
		for _, reason := range cors.OriginReasons() {
			got := words.CORSProblem(&cors.OriginError{Text: "https://a/", Reason: reason, Suggestion: "https://b.example"})
			if !strings.Contains(got, "https://b.example") || strings.ContainsAny(got, "{}") || strings.HasPrefix(got, " ") {
				t.Errorf("%s: %v is said as %q", language, reason, got)
			}
		}
		for _, class := range []cors.Class{cors.ClassRefused, cors.ClassSameOrigin, cors.ClassSimple, cors.ClassPreflighted, cors.ClassOpaque} {
			if words.CORS.Classes[string(class)] == "" {
				t.Errorf("%s: %s has no name", language, class)
			}
		}
		for _, err := range []error{cors.ErrTooLarge, cors.ErrLocal, cors.ErrMode, cors.ErrHostNotASCII, cors.ErrUnknown} {
			if got := words.CORSProblem(err); got == "" || strings.Contains(got, err.Error()) {
				t.Errorf("%s: %v is said as %q", language, err, got)
			}
		}
	}
	_, err := cors.ParseOrigin("https://shop.example/index.html")
	if got := text.English().CORSProblem(err); got != "“https://shop.example/index.html” is the URL of a page. An origin ends with the host and the port. Did you mean https://shop.example?" {
		t.Errorf("%s", got)
	}
}
