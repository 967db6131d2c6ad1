package shell

import (
	"maps"
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"awslab/runner/awscli"
	"awslab/runner/shell/command"
)

// Complete reports whether a text can be run as it is; it cannot if a quote, a
// bracket, a here-document or a keyword still waits for its end, or if the
// last line ends with a backslash.
func Complete(text string) bool {
	line := strings.TrimSuffix(text, "\n")
	if n := len(line) - len(strings.TrimRight(line, `\`)); n%2 == 1 {
		return false
	}
	// The newline makes a here-document count that has no line yet.
	_, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(text+"\n"), "")
	return !syntax.IsIncomplete(err)
}

// keywords start a command, too.
var keywords = []string{"cd", "if", "for", "while", "export", "read", "set", "unset", "wait"}

// Candidates proposes ends for the last word of text, the part of a line
// before the cursor: commands where one is due, else variables after a $, else
// what aws or jwt knows behind that word, else files of the workspace, folders with a slash. Each candidate replaces
// text[from:]; there are none if nothing fits.
func (s *Shell) Candidates(text string) (candidates []string, from int) {
	from = strings.LastIndexAny(text, " \t\n;|&<>()'\"=`") + 1
	word := text[from:]
	if i := strings.LastIndexByte(word, '$'); i >= 0 && !strings.Contains(word[i:], "/") {
		lead := word[:i+1]
		if strings.HasPrefix(word[i+1:], "{") {
			lead += "{"
		}
		for _, name := range s.Names() {
			candidates = append(candidates, lead+name)
		}
		return fitting(candidates, word), from
	}
	before := strings.TrimRight(text[:from], " \t")
	if (before == "" || strings.ContainsAny(before[len(before)-1:], "\n;|&(`")) && !strings.Contains(word, "/") {
		return fitting(append(command.Names(s.commands), keywords...), word), from
	}
	if words := strings.Fields(before[strings.LastIndexAny(before, "\n;|&(`")+1:]); len(words) > 0 && words[0] == "aws" {
		if found := awscli.Candidates(words[1:], word); len(found) > 0 {
			return found, from
		}
		if i := strings.Index(word, "://"); i >= 0 { // file:// and fileb://
			word, from = word[i+3:], from+i+3
		}
	}
	if words := strings.Fields(before[strings.LastIndexAny(before, "\n;|&(`")+1:]); len(words) > 0 && words[0] == "jwt" {
		if len(words) == 1 || strings.HasPrefix(word, "-") {
			return fitting(command.JWTCandidates(words[1:]), word), from
		}
		if file, ok := strings.CutPrefix(word, "@"); ok { // with a key
			word, from = file, from+1
		}
	}
	folder, _ := path.Split(word)
	place := folder
	if place == "" {
		place = "."
	}
	entries, err := s.space.At(s.space.Dir()).ReadDir(strings.Replace(place, "~", s.space.Dir(), 1))
	if err != nil {
		return nil, from
	}
	for _, e := range entries {
		name := folder + e.Name()
		if e.IsDir() {
			name += "/"
		}
		if !strings.HasPrefix(e.Name(), ".") || strings.HasPrefix(word, folder+".") {
			candidates = append(candidates, name)
		}
	}
	return fitting(candidates, word), from
}

func fitting(all []string, word string) []string {
	set := make(map[string]bool)
	for _, c := range all {
		if strings.HasPrefix(c, word) {
			set[c] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}
