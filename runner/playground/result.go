package playground

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"awslab/runner/check/cors"
	"awslab/runner/text"
)

// outcome is what the browser did, as the page saw it.
type outcome struct {
	// Kind is "response", "error" (fetch() was rejected) or "late" (the page waited no
	// longer).
	Kind   string   `json:"kind"`
	Type   string   `json:"type"` // of the response: basic, cors, opaque, opaqueredirect
	Status int      `json:"status"`
	Names  []string `json:"names"` // of the headers that the page can read
	Error  string   `json:"error"` // the error's name
}

// exchange is one request and its answer, as awslab knows of them.
type exchange struct {
	Preflight bool     `json:"preflight"`
	Method    string   `json:"method"`
	URL       string   `json:"url"`
	Status    int      `json:"status"` // 0: none came
	Sent      []Header `json:"sent"`
	Answer    []Header `json:"answer"`
	RequestID string   `json:"requestId"`
}

// result is what the page is told of an attempt.
type result struct {
	Headline headline     `json:"headline"`
	Wire     []exchange   `json:"wire"`
	Traced   bool         `json:"traced"` // the emulator saw it; else awslab asked
	Verdict  verdict      `json:"verdict"`
	Agree    *bool        `json:"agree"` // null: there is no verdict
	Differs  []difference `json:"differs"`
}

// headline is what the eye meets first.
type headline struct {
	Tone  string `json:"tone"` // good, bad, plain, unsure
	Title string `json:"title"`
	Hint  string `json:"hint"`
}

// verdict is that of the Fetch standard, in words and in its own terms.
type verdict struct {
	State     string     `json:"state"` // allowed, blocked, undecided
	Unknown   string     `json:"unknown"`
	Class     cors.Class `json:"class"`
	ClassName string     `json:"className"`
	Why       step       `json:"why"`
	// Preflight is "sent", "cached" or "none"; "" where that is not known.
	Preflight     string   `json:"preflight"`
	PreflightName string   `json:"preflightName"`
	Step          step     `json:"step"`
	Status        int      `json:"status"`
	Readable      []string `json:"readable"`
	Dropped       []string `json:"dropped"`
}

// step is a step of the standard.
type step struct {
	Code    string `json:"code"`
	Text    string `json:"text"`
	Section string `json:"section"`
	Address string `json:"address"`
}

// difference is what browser and verdict do not agree in, or what is to be known of
// how they do.
type difference struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// judgement is the verdict of an attempt.
type judgement struct {
	cors.Verdict
	unknown    *unknown
	wire       []exchange
	asked      []asked
	remembered bool // the model took it that the browser remembers, and it did not
	preflights bool // the browser sent one that the verdict does not have
}

// judge takes the browser's outcome and gives the verdict.
func (s *Server) judge(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Attempt uint64  `json:"attempt"`
		Page    string  `json:"page"`
		Outcome outcome `json:"outcome"`
	}
	if !take(w, r, &in) {
		return
	}
	if !known(in.Outcome.Kind, "response", "error", "late") {
		give(w, http.StatusUnprocessableEntity, map[string]string{"refused": s.says(&refusal{code: "field"})})
		return
	}
	a, refused := s.finish(in.Attempt, in.Page)
	if refused != nil {
		give(w, http.StatusConflict, map[string]string{"refused": s.says(refused)})
		return
	}
	defer a.stop()
	s.judging.Lock()
	defer s.judging.Unlock()
	judge := s.recall
	if s.cfg.Emulator == "" {
		judge = s.ask
	}
	j := judge(r.Context(), a, s.memory(a, r.UserAgent()), in.Outcome)
	give(w, http.StatusOK, s.result(a, j, in.Outcome))
}

// memory is the model of a browser's CORS-preflight cache. What the browser looked
// up it looked up when the attempt began; what it stored it stored later.
type memory struct {
	cache   *cors.Cache
	at      time.Time
	firefox bool
}

func (m *memory) forget() {
	now := func() time.Time { return m.at }
	if m.cache = cors.NewChromiumCache(now); m.firefox {
		m.cache = cors.NewCache(now, cors.MaxAgeFirefox)
	}
}

// memory finds the cache of a browser, for an origin: the frame's, which is null,
// is another for every loaded page.
func (s *Server) memory(a *attempt, browser string) *memory {
	key := a.request.Origin + " " + browser
	if a.request.Origin == "null" {
		key += " " + a.request.Page
	}
	m := s.memories[key]
	if m == nil {
		if len(s.memories) >= maxMemories {
			clear(s.memories) // a browser may forget too
		}
		m = &memory{firefox: strings.Contains(browser, "Firefox/")}
		m.forget()
		s.memories[key] = m
	}
	m.at = a.began
	return m
}

const maxMemories = 64

// recall judges an attempt by what the emulator saw.
func (s *Server) recall(ctx context.Context, a *attempt, m *memory, seen outcome) judgement {
	emulator, err := url.Parse(s.cfg.Emulator)
	if err != nil {
		return judgement{unknown: &unknown{code: "ended"}}
	}
	run := func() (*recorded, judgement) {
		r := &recorded{attempt: a, emulator: emulator, patience: s.cfg.Patience, memory: m, now: s.cfg.Now, answered: seen.Kind == "response"}
		if seen.Kind == "late" { // what came is shown; nothing is waited for
			return r, judgement{unknown: &unknown{code: "late"}, wire: r.wire()}
		}
		v, err := cors.Judge(ctx, a.request.fetch(), r, m.cache)
		return r, judgement{Verdict: v, unknown: unknownOf(err), wire: r.wire(), asked: r.asked}
	}
	r, j := run()
	if r.unexpected() && (j.PreflightCached || j.unknown != nil) {
		m.forget()
		m.at = a.began
		remembered := j.PreflightCached
		r, j = run()
		j.remembered = remembered
	}
	j.preflights = r.unexpected()
	return j
}

// ask judges an attempt by asking the API.
func (s *Server) ask(ctx context.Context, a *attempt, m *memory, seen outcome) judgement {
	if seen.Kind == "late" { // it would not answer awslab either
		return judgement{unknown: &unknown{code: "late"}}
	}
	q := &asking{server: s, credentials: a.request.Credentials == string(cors.CredentialsInclude)}
	v, err := cors.Judge(ctx, a.request.fetch(), q, m.cache)
	return judgement{Verdict: v, unknown: unknownOf(err), wire: q.exchanges}
}

// result puts an attempt into words.
func (s *Server) result(a *attempt, j judgement, seen outcome) result {
	say := s.cfg.Text.Playground
	out := result{Wire: j.wire, Traced: s.cfg.Emulator != "", Differs: []difference{}}
	if out.Wire == nil {
		out.Wire = []exchange{}
	}
	out.Verdict = verdict{
		State: "blocked", Class: j.Class, ClassName: say.Classes[string(j.Class)], Why: s.step(j.Why), Step: s.step(j.Step),
		Preflight: "none", Status: j.Status, Readable: list(j.Readable), Dropped: list(j.Dropped),
	}
	v := &out.Verdict
	switch {
	case j.PreflightSent:
		v.Preflight = "sent"
	case j.PreflightCached:
		v.Preflight = "cached"
	}
	if j.Allowed {
		v.State = "allowed"
	}
	if u := j.unknown; u != nil {
		if v.Preflight == "sent" && !slices.ContainsFunc(out.Wire, func(x exchange) bool { return x.Preflight }) {
			v.Preflight = "" // it should have been
		}
		v.State, v.Unknown, v.Readable = "undecided", u.args.Fill(say.Unknown[u.code]), []string{}
		if u.err != nil {
			v.Unknown = s.cfg.Text.CORSProblem(u.err)
		}
	}
	v.PreflightName = say.Preflights[v.Preflight]
	out.Differs = s.differences(j, v, seen)
	if v.State != "undecided" {
		agree := !slices.ContainsFunc(out.Differs, func(d difference) bool { return d.Code != "remembered" })
		out.Agree = &agree
	}
	out.Headline = s.headline(j, v, seen)
	return out
}

// differences holds the browser against the verdict.
func (s *Server) differences(j judgement, v *verdict, seen outcome) []difference {
	say := s.cfg.Text.Playground
	found := []difference{}
	add := func(code, want, got string) {
		found = append(found, difference{code, text.Args{"want": want, "got": got}.Fill(say.Differences[code])})
	}
	if j.remembered {
		add("remembered", "", "")
	}
	for _, a := range j.asked {
		add("asked", cors.Show(a.want), cors.Show(a.got))
	}
	if j.preflights {
		add("preflight", say.No, say.Yes)
	}
	if v.State == "undecided" {
		return found
	}
	answered := seen.Kind == "response"
	if j.Allowed != answered {
		add("outcome", s.word(j.Allowed), s.word(answered))
		return found
	}
	if !answered {
		return found
	}
	if j.Status != seen.Status {
		add("status", strconv.Itoa(j.Status), strconv.Itoa(seen.Status))
	}
	names := make([]string, len(seen.Names))
	for i, name := range seen.Names {
		names[i] = cors.Show(strings.ToLower(name))
	}
	slices.Sort(names)
	if names = slices.Compact(names); !slices.Equal(names, v.Readable) {
		add("readable", s.names(v.Readable), s.names(names))
	}
	return found
}

func (s *Server) word(allowed bool) string {
	if allowed {
		return s.cfg.Text.Playground.Allowed
	}
	return s.cfg.Text.Playground.BlockedWord
}

func (s *Server) names(names []string) string {
	if len(names) == 0 {
		return s.cfg.Text.Playground.NothingReadable
	}
	return strings.Join(names, ", ")
}

// headline says in a few words what happened.
func (s *Server) headline(j judgement, v *verdict, seen outcome) headline {
	say := s.cfg.Text.Playground.Outcomes
	args := text.Args{"status": strconv.Itoa(seen.Status), "count": strconv.Itoa(len(seen.Names)), "error": cors.Show(seen.Error), "seconds": strconv.Itoa(patience)}
	made := func(tone, title, hint string) headline { return headline{tone, args.Fill(title), args.Fill(hint)} }
	switch {
	case seen.Kind == "late":
		return made("unsure", say.Late, say.LateHint)
	case seen.Kind == "response" && seen.Type == "opaque":
		return made("plain", say.Opaque, say.OpaqueHint)
	case seen.Kind == "response" && seen.Type == "opaqueredirect":
		return made("plain", say.Redirected, say.RedirectHint)
	case seen.Kind == "response":
		return made("good", say.Read, say.ReadHint)
	case v.State != "blocked":
		hint := ""
		if v.State == "undecided" {
			hint = say.BlockedHint
		}
		return made("bad", say.Blocked, hint)
	case len(j.Exchanges) == 0:
		return made("bad", say.Refused, say.RefusedHint)
	}
	switch last := j.Exchanges[len(j.Exchanges)-1]; {
	case last.Err != nil:
		return made("unsure", say.Failed, say.FailedHint)
	case last.Preflight:
		return made("bad", say.Unsent, say.UnsentHint)
	}
	return made("bad", say.Kept, say.KeptHint)
}

// patience is how many seconds the page waits for an answer: longer than any API
// Gateway does for its integration.
const patience = 35

// step is a step of the standard in words, and where it stands.
func (s *Server) step(of cors.Step) step {
	out := step{Code: of.Code, Text: s.cfg.Text.CORSStep(of), Section: of.Section}
	if what, address, found := strings.Cut(of.Section, " (https://"); found {
		out.Section, out.Address = what, "https://"+strings.TrimSuffix(address, ")")
	}
	return out
}

func list(names []string) []string {
	if names == nil {
		return []string{}
	}
	return names
}
