package text

import "regexp"

// foreignWords are the mistakes that libraries tell in English only and without
// a code (mvdan.cc/sh, goccy/go-yaml, go-jmespath) or with a code that is the
// sentence (regexp/syntax). Those that people make often have sentences of
// ours; what a library names, the sentence names too. The rest is quoted. The
// test has each library say each of them.
var foreignWords = []struct {
	words *regexp.Regexp
	kind  string
}{
	{regexp.MustCompile(`no such file or directory$`), "missing"},
	{regexp.MustCompile(`permission denied$`), "permission"},
	{regexp.MustCompile(`not a directory$`), "no-folder"},
	{regexp.MustCompile(`is a directory$`), "folder"},

	// runner/awsmodel's, which cannot import this package.
	{regexp.MustCompile(`unknown member "(?P<sign>[^"]+)" \(known: (?P<want>.*)\)$`), "no-member"},
	{regexp.MustCompile(`^(?:(?P<sign>\S+): )?(?:an? )?(?P<want>.+) is wanted, not `), "wrong-kind"},

	{regexp.MustCompile("without closing quote [`\"](?P<sign>[^ ]+)[`\"]$"), "quote-open"},
	{regexp.MustCompile("without matching `(?P<sign>[^`]+)` with `(?P<want>[^`]+)`"), "bracket-open"},
	{regexp.MustCompile("unclosed here-document `(?P<sign>[^`]*)`"), "heredoc-open"},
	{regexp.MustCompile("`(?P<sign>[^`]+)` statement must end with `(?P<want>[^`]+)`"), "statement-open"},
	{regexp.MustCompile("`foo\\(` must be followed by `(?P<want>[^`]+)`"), "function-open"},
	{regexp.MustCompile("`(?P<sign>[^`]+)` must be followed by `(?P<want>[^`]+)`"), "must-follow"},
	{regexp.MustCompile("`(?P<sign>[^`]+)` must be followed by "), "nothing-follows"},
	{regexp.MustCompile("`(?P<sign>[^`]+)` can only "), "out-of-place"},
	{regexp.MustCompile("`(?P<sign>[^`]+)` is not a valid (?:start for a statement|word)"), "out-of-place"},
	{regexp.MustCompile("a command can only contain words and redirects; encountered `(?P<sign>[^`]+)`"), "out-of-place"},
	{regexp.MustCompile("not a valid [a-z ]+: `(?P<sign>[^`]+)`"), "no-operator"},

	{regexp.MustCompile("^error parsing regexp: (?:missing closing \\)|unexpected \\)): `(?P<sign>.*)`$"), "regexp-bracket"},
	{regexp.MustCompile("^error parsing regexp: missing closing \\]: `(?P<sign>.*)`$"), "regexp-class"},
	{regexp.MustCompile("^error parsing regexp: missing argument to repetition operator: `(?P<sign>.*)`$"), "regexp-repeat"},
	{regexp.MustCompile("^error parsing regexp: invalid escape sequence: `(?P<sign>.*)`$"), "regexp-escape"},
	{regexp.MustCompile("^error parsing regexp: [^:]+: `(?P<sign>.*)`$"), "regexp-part"},

	{regexp.MustCompile(`^SyntaxError: (?:Incomplete expression|Expected \S+, received: TOKEOF|Expected identifier, )`), "jmespath-open"},
	{regexp.MustCompile(`^SyntaxError: Unclosed delimiter: (?P<sign>.+)$`), "quote-open"},
	{regexp.MustCompile(`^SyntaxError: Unknown char: '(?P<sign>.+)'`), "jmespath-sign"},
	{regexp.MustCompile(`^SyntaxError: `), "jmespath-part"},

	{regexp.MustCompile(`^mapping value is not allowed in this context|map key-value is pre-defined`), "yaml-colon"},
	{regexp.MustCompile(`^sequence end token '\]' not found|^',' or '\]' must be specified`), "yaml-list-open"},
	{regexp.MustCompile(`flow mapping end token '}'|^',' or '}' must be specified`), "yaml-map-open"},
	{regexp.MustCompile(`^could not find end character of (?:double|single)-quot`), "yaml-quote-open"},
	{regexp.MustCompile(`^'(?P<sign>.)' is a reserved character`), "yaml-sign"},
	{regexp.MustCompile(`^found character '\t' that cannot start|^found a tab character`), "yaml-tab"},
	{regexp.MustCompile(`^could not find '[\[{]' character corresponding to '(?P<sign>.)'`), "out-of-place"},
	{regexp.MustCompile(`^(?:non-map value is specified|unexpected key name|value is not allowed in this context|block sequence entries are not allowed)`), "yaml-indent"},
}

// Foreign says what a library or another program told, in the language of t:
// by a sentence of ours where there is one, and otherwise in its own words.
func (t *Text) Foreign(words string) string {
	for _, f := range foreignWords {
		found := f.words.FindStringSubmatch(words)
		if found == nil {
			continue
		}
		args := Args{}
		for i, name := range f.words.SubexpNames() {
			if name != "" && found[i] != "" {
				args[name] = found[i]
			}
		}
		if said, ok := t.Causes.System[f.kind]; ok {
			return said
		}
		return args.Fill(t.Causes.Foreign[f.kind])
	}
	return Args{"words": words}.Fill(t.Causes.Quoted)
}

func englishForeign() map[string]string {
	return map[string]string{
		"quote-open": "the quotation mark {sign} is not closed", "bracket-open": "{sign} is not closed by {want}", "heredoc-open": "the here-document does not end: a line {sign} is missing",
		"statement-open": "{sign} is not ended by {want}", "must-follow": "{want} is missing after {sign}", "nothing-follows": "something is missing after {sign}",
		"no-member": "{sign} is unknown; known are {want}", "wrong-kind": "{sign} takes: {want}", "out-of-place": "{sign} cannot stand here", "no-operator": "{sign} is no operator here",
		"regexp-bracket": "a bracket ( or ) has no partner: {sign}", "regexp-class": "a bracket [ is not closed: {sign}", "regexp-repeat": "there is nothing to repeat before {sign}",
		"regexp-escape": "there is no escape {sign}", "regexp-part": "this part cannot be read: {sign}",
		"jmespath-open": "the expression ends too early", "jmespath-sign": "the sign {sign} cannot stand here", "jmespath-part": "a part of the expression stands where it cannot",
		"yaml-colon": "a colon stands where no value can begin", "yaml-list-open": "a list [ is not closed by ]", "yaml-map-open": "a mapping { is not closed by }",
		"yaml-quote-open": "a quotation mark is not closed", "yaml-sign": "no text can begin with the sign {sign}", "yaml-tab": "a tab stands where spaces belong", "function-open": "the brackets of a function are empty: {want} is missing", "yaml-indent": "this line does not fit the lines before it: look at its indentation and at missing colons",
	}
}

func koreanForeign() map[string]string {
	return map[string]string{
		"quote-open": "닫지 않은 따옴표가 있습니다: {sign}", "bracket-open": "{sign}에 맞는 닫는 기호가 없습니다: {want}", "heredoc-open": "히어 도큐먼트가 끝나지 않았습니다. 끝을 나타내는 줄이 없습니다: {sign}",
		"statement-open": "{sign} 문이 끝나지 않았습니다. 빠진 것: {want}", "must-follow": "{sign} 다음에 있어야 할 것이 없습니다: {want}", "nothing-follows": "{sign} 다음에 있어야 할 것이 없습니다",
		"no-member": "{sign} 멤버가 없습니다. 있는 멤버: {want}", "wrong-kind": "{sign} 값의 종류가 다릅니다. 필요한 종류: {want}", "out-of-place": "이 자리에 올 수 없습니다: {sign}", "no-operator": "여기서 쓸 수 있는 연산자가 아닙니다: {sign}",
		"regexp-bracket": "짝이 없는 괄호가 있습니다: {sign}", "regexp-class": "닫지 않은 대괄호가 있습니다: {sign}", "regexp-repeat": "반복 기호 앞에 반복할 것이 없습니다: {sign}",
		"regexp-escape": "그런 이스케이프는 없습니다: {sign}", "regexp-part": "읽을 수 없는 부분이 있습니다: {sign}",
		"jmespath-open": "식이 중간에 끝났습니다", "jmespath-sign": "이 자리에 올 수 없는 문자입니다: {sign}", "jmespath-part": "식의 일부가 올 수 없는 자리에 있습니다",
		"yaml-colon": "값이 시작될 수 없는 곳에 콜론이 있습니다", "yaml-list-open": "목록을 여는 [ 에 맞는 ] 기호가 없습니다", "yaml-map-open": "매핑을 여는 { 에 맞는 } 기호가 없습니다",
		"yaml-quote-open": "닫지 않은 따옴표가 있습니다", "yaml-sign": "글은 이 기호로 시작할 수 없습니다: {sign}", "yaml-tab": "공백이 있어야 할 곳에 탭이 있습니다", "function-open": "함수의 괄호는 비워 둡니다. 빠진 것: {want}", "yaml-indent": "앞줄과 맞지 않는 줄입니다. 들여쓰기와 빠진 콜론이 없는지 확인하세요",
	}
}
