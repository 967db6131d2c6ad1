package text

// Playground is what the page of `awslab playground` says.
type Playground struct {
	Title, Lead                 string
	Origin, OriginHint          string // of the page
	Copy, Copied                string
	Skip                        string // the link for keyboards and screen readers
	Request                     string // heading of the form
	Presets, NoPresets, Refresh string
	PresetAllowed               string
	PresetBlocked, CaseGoal     string
	CaseOrigin                  string
	Method, URLHint             string
	Options, Headers, AddHeader string
	HeaderName, HeaderValue     string
	RemoveHeader                string
	Body, BodyHint              string
	From, FromPage, FromFrame   string
	Send, Sending               string

	NotSent                       string // in place of the outcome, where the page refuses
	Idle, IdleHint                string // where the outcome will be
	Asking                        string // the verdict is on its way
	Browser, Wire, Verdict        string // headings of the three columns
	WireTrace, WireAsked          string // how awslab knows
	NothingSent, Unseen           string // of the wire
	Preflight, Actual, Answer     string
	NoCORS, Status, Type          string
	Readable, NothingReadable     string
	BodyStart, Took, Error        string
	Class, Reason, Decided        string // labels of the verdict
	PreflightLabel, Dropped       string
	Standard                      string
	Agree, Differ, Undecided      string
	NotJudged                     string
	Allowed, BlockedWord, Yes, No string
	Outcomes                      PlaygroundOutcomes
	Classes                       map[string]string // by cors.Class
	Preflights                    map[string]string // sent, cached, none
	Differences                   map[string]string // what browser and verdict differ in
	Unknown                       map[string]string // why there is no verdict
	Refused                       map[string]string // why a request is not sent
	Unreachable, OldPage          string            // what the page says of its own server
	FrameLost                     string
}

// PlaygroundOutcomes are the sentences that the eye meets first.
type PlaygroundOutcomes struct {
	Read, ReadHint           string
	Opaque, OpaqueHint       string
	Redirected, RedirectHint string
	Blocked, BlockedHint     string // there is no verdict, or another one
	Kept, KeptHint           string // the answer came, and the page does not get it
	Unsent, UnsentHint       string // the preflight did not allow it
	Refused, RefusedHint     string // fetch() refuses
	Failed, FailedHint       string // nothing answered
	Late, LateHint           string
}

func englishPlayground() Playground {
	return Playground{
		Title: "CORS playground", Lead: "Your own browser sends the request. awslab shows what went over the wire, and which rule decided.",
		Origin: "This page's origin", OriginHint: "what your API sees in Origin, and may allow",
		Copy: "Copy", Copied: "Copied", Skip: "Go to the outcome",
		Request: "Request", Presets: "Try what the lesson checks", NoPresets: "This lesson has no checks of kind cors. Write the address of an API of yours below.",
		Refresh: "Refresh the list", PresetAllowed: "should be allowed", PresetBlocked: "should be blocked",
		CaseGoal: "The lesson judges it from {origin}, where it {goal}.", CaseOrigin: "A page sends from its own origin only: here that is {own}.",

		Method: "Method", URLHint: "an address of one of the lesson's APIs", Options: "Headers, body and modes",
		Headers: "Headers", AddHeader: "Add a header", HeaderName: "Name", HeaderValue: "Value", RemoveHeader: "Remove the header",
		Body: "Body", BodyHint: "empty: none",
		From: "Send from", FromPage: "this page ({origin})", FromFrame: "a sandboxed frame (origin null)",
		Send: "Send", Sending: "The browser is sending …",

		NotSent: "Not sent", Idle: "Nothing was sent yet", IdleHint: "Choose a request and press Send. What your browser does with it stands here.",
		Asking:  "awslab is looking at what went over the wire …",
		Browser: "What the browser did", Wire: "What went over the wire", Verdict: "What the Fetch standard says",
		WireTrace: "as the emulator traced it", WireAsked: "awslab's own question: nobody here sees what your browser sent, so awslab asked the API the same once more",
		NothingSent: "Nothing reached an API.", Unseen: "Nothing is known of it.",
		Preflight: "preflight", Actual: "request", Answer: "answer",
		NoCORS: "no Access-Control-* header", Status: "Status", Type: "Type",
		Readable: "Headers the page may read", NothingReadable: "none", BodyStart: "Body, the beginning", Took: "Took", Error: "Error",
		Class: "This request is", Reason: "because", Decided: "What decided", PreflightLabel: "Preflight", Dropped: "Headers that the browser drops",
		Standard: "Fetch standard: {section}",
		Agree:    "The browser did what the standard says.", Differ: "The browser did something else than awslab expects:",
		Undecided: "There is no verdict", NotJudged: "The browser's own outcome stands all the same.",
		Outcomes: PlaygroundOutcomes{
			Read: "Allowed: the page can read the answer", ReadHint: "Status {status}. The page may read {count} of its headers.",
			Opaque: "Sent, but the answer is opaque", OpaqueHint: "With mode `no-cors` the page learns neither status nor headers nor body.",
			Redirected: "A redirect, and the page may not see where to", RedirectHint: "With `redirect: manual` the browser stops there and tells the page nothing more.",
			Blocked: "Blocked: fetch() ended with a {error}", BlockedHint: "awslab has no verdict on it. Why stands below.",
			Kept: "Blocked: the answer came, and the browser keeps it from the page", KeptHint: "The API did its work. It is the page that gets only a {error}.",
			Unsent: "Blocked: the preflight did not allow it", UnsentHint: "The request itself was never sent. The page gets a {error}.",
			Refused: "fetch() refuses the request", RefusedHint: "Nothing was sent: the browser does not even try. The page gets a {error}.",
			Failed: "No answer: the connection failed", FailedHint: "That is not CORS. Is the address right, and does something answer there?",
			Late: "No answer in {seconds} seconds", LateHint: "The page gave up waiting. That is not CORS.",
		},
		Classes: map[string]string{
			"refused": "one that fetch() refuses", "same-origin": "same-origin", "simple": "simple (no preflight)", "preflighted": "preflighted", "opaque": "`no-cors` (opaque)",
		},
		Preflights: map[string]string{
			"sent":   "sent",
			"cached": "not sent: the browser remembers the answer to an earlier one (Access-Control-Max-Age)",
			"none":   "none is needed",
		},
		Differences: map[string]string{
			"outcome":    "By the standard this request is {want}; in this browser it was {got}.",
			"preflight":  "The standard sends a preflight here: {want}. This browser sent one: {got}.",
			"remembered": "awslab took it that the browser still remembers an earlier preflight. It asked again, which the standard lets it do at any time.",
			"asked":      "The preflight should ask for the headers “{want}”; the browser asked for “{got}”.",
			"status":     "The page should see status {want}; it saw {got}.",
			"readable":   "The page should be able to read these headers: {want}. It could read: {got}.",
		},
		Allowed: "allowed", BlockedWord: "blocked", Yes: "yes", No: "no",
		Unknown: map[string]string{
			"unexpected":  "The browser sent a preflight where the standard sends none. What it decided on is not known.",
			"cached":      "The browser has an answer, and the emulator saw no request for it: it comes from the browser's own HTTP cache (Cache-Control, ETag). Nothing was sent that could be judged.",
			"unseen":      "The standard sends {method} {url} here, and the emulator saw no such request. An extension of the browser may have stopped it.",
			"remembered":  "The browser sent no preflight: it remembers the answer to one that this page has not seen, perhaps from before you started awslab. Open the page in a private window, or wait until that answer has expired.",
			"elsewhere":   "The answer leads to {url}. This page asks the lesson's APIs only, so it is not known what that one would have answered, and this page's own policy (CSP) keeps the browser from going there.",
			"unsafe":      "The preflight allows it. What the API answers to {method} is not known: awslab does not send it a second time, because it may change something.",
			"credentials": "What the API answers to your browser's cookies is not known: awslab does not have them.",
			"cut":         "The answer has more headers than a trace keeps.",
			"ended":       "The emulator ended before it told what went over the wire. Send the request again.",
			"late":        "The browser had no answer in time, so there is nothing to judge.",
		},
		Refused: map[string]string{
			"url":     "This is no address: {url}",
			"other":   "This page sends requests to the lesson's own APIs only, and {url} is none of them.",
			"scheme":  "An address begins with http:// or https://.",
			"user":    "fetch() takes no address with a user name or a password in it.",
			"bounds":  "That is more than this page sends: at most {headers} headers, and {bytes} characters in each field.",
			"busy":    "Another window of this page is sending right now. Try again in a moment.",
			"origin":  "A request is sent from this page or from its sandboxed frame, and from nowhere else.",
			"traces":  "The emulator does not answer: {cause}",
			"unknown": "awslab does not know this request any more. Send it again.",
			"field":   "The page asks for something that there is not.",
		},
		Unreachable: "awslab does not answer any more. Start `awslab playground` again, then load this page again.",
		OldPage:     "This page is of an earlier run of awslab. Load it again.", FrameLost: "The sandboxed frame did not load. Load the page again.",
	}
}
